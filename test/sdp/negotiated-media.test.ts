import assert from 'node:assert/strict';
import { CodecMismatchError, SdpError } from '../../src/errors.js';
import { acceptOffer } from '../../src/sdp/negotiated-media.js';
import { parseRemoteDescription } from '../../src/sdp/remote-description.js';
import { chromeOffer, type OfferLine } from '../support/sdp-fixtures.js';

function accept(lines: readonly OfferLine[]): ReturnType<typeof acceptOffer> {
  return acceptOffer(parseRemoteDescription(chromeOffer({ lines }), 'offer'));
}

describe('acceptOffer', () => {
  it('turns the direction around: what the peer sends and what it takes', () => {
    const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
    const accepted = accept(directions.map((direction) => ({ kind: 'audio', direction })));
    assert.deepEqual(
      accepted.map((line) => [line?.remoteSends, line?.remoteReceives]),
      [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
      ],
    );
  });

  it('rejects data channels beside media', () => {
    const accepted = accept([{ kind: 'audio' }, { kind: 'application' }, { kind: 'video' }]);
    assert.deepEqual(
      accepted.map((line) => line?.kind),
      ['audio', undefined, 'video'],
    );
  });

  it('rejects an m-line without a codec that we know, and accepts the others', () => {
    const accepted = accept([{ kind: 'audio' }, { kind: 'video', codecs: [] }]);
    assert.deepEqual(
      accepted.map((line) => line?.kind),
      ['audio', undefined],
    );
  });

  it('reports a codec mismatch when no m-line has a codec that we know', () => {
    assert.throws(() => accept([{ kind: 'video', codecs: [] }]), CodecMismatchError);
  });

  it('refuses an offer of data channels alone', () => {
    assert.throws(() => accept([{ kind: 'application' }]), SdpError);
  });

  it('refuses an offer in which every m-line is stopped', () => {
    assert.throws(() => accept([{ kind: 'audio', rejected: true }]), SdpError);
  });

  it('refuses another ICE-lite agent, because nobody would send checks', () => {
    const sdp = chromeOffer().replace('t=0 0', 't=0 0\r\na=ice-lite');
    assert.throws(() => acceptOffer(parseRemoteDescription(sdp, 'offer')), SdpError);
  });

  it('takes a telephone-event m-line for one without a codec', () => {
    const sdp = chromeOffer({ lines: [{ kind: 'audio' }] }).replace(
      /SAVPF 111 63 9 0 8 13 110 126/,
      'SAVPF 110 126',
    );
    assert.throws(() => acceptOffer(parseRemoteDescription(sdp, 'offer')), CodecMismatchError);
  });
});
