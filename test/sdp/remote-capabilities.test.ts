import assert from 'node:assert/strict';
import { parseRemoteDescription } from '../../src/sdp/remote-description.js';
import { RemoteCapabilities } from '../../src/sdp/remote-capabilities.js';
import { chromeOffer, FIREFOX_OFFER, type OfferLine } from '../support/sdp-fixtures.js';

function capabilitiesOf(sdp: string): RemoteCapabilities {
  const capabilities = new RemoteCapabilities();
  capabilities.learn(parseRemoteDescription(sdp, 'offer'));
  return capabilities;
}

function codecsOf(line: OfferLine): NonNullable<ReturnType<typeof firstLine>>['codecs'] {
  return firstLine(chromeOffer({ lines: [line] }))?.codecs ?? [];
}

function firstLine(sdp: string): ReturnType<typeof parseRemoteDescription>['media'][0] | undefined {
  return parseRemoteDescription(sdp, 'offer').media[0];
}

const VP8 = codecsOf({ kind: 'video', codecs: ['VP8'] });
const AV1 = codecsOf({ kind: 'video', codecs: ['AV1'] });
const H264 = codecsOf({ kind: 'video', codecs: ['H264'] });
const OPUS = codecsOf({ kind: 'audio' });

describe('RemoteCapabilities', () => {
  it("offers what is sent with the receiver's own payload types and extension ids", () => {
    const parameters = capabilitiesOf(FIREFOX_OFFER).parametersFor('video', VP8);
    assert.deepEqual(
      parameters?.codecs.map(({ name, payloadType, rtxPayloadType }) => [
        name,
        payloadType,
        rtxPayloadType,
      ]),
      [['VP8', 120, 124]],
    );
    const ids = new Map(parameters.headerExtensions.map(({ name, id }) => [name, id]));
    assert.equal(ids.get('mid'), 3);
    assert.equal(ids.get('transport-wide-cc'), 7);
  });

  it('finds the closest H.264 profile', () => {
    const parameters = capabilitiesOf(FIREFOX_OFFER).parametersFor('video', H264);
    assert.equal(parameters?.codecs[0]?.payloadType, 126);
  });

  it('offers nothing for a codec that the receiver has shown it does not know', () => {
    assert.equal(capabilitiesOf(FIREFOX_OFFER).parametersFor('video', AV1), undefined);
  });

  it('offers a kind the receiver has shown nothing of with free numbers, the same every time', () => {
    const capabilities = capabilitiesOf(chromeOffer({ lines: [{ kind: 'audio' }] }));
    const first = capabilities.parametersFor('video', VP8);
    const taken = [111, 63, 9, 0, 8, 13, 110, 126];
    const payloadTypes = first?.codecs.flatMap((codec) => [
      codec.payloadType,
      codec.rtxPayloadType,
    ]);
    assert.equal(payloadTypes?.length, 2);
    assert.ok(payloadTypes.every((payloadType) => !taken.includes(payloadType)));
    const ids = first?.headerExtensions.map(({ id }) => id) ?? [];
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(capabilities.parametersFor('video', VP8), first);
    const second = capabilities.parametersFor('video', AV1);
    assert.ok(second?.codecs.every(({ payloadType }) => !payloadTypes.includes(payloadType)));
  });

  it('does not give away an id that an extension unknown to us uses', () => {
    const sdp = chromeOffer({ lines: [{ kind: 'video' }] });
    const audio = capabilitiesOf(sdp).parametersFor('audio', OPUS);
    const level = audio?.headerExtensions.find(({ name }) => name === 'audio-level');
    assert.ok(level !== undefined && ![1, 2, 3, 4, 5, 10, 11, 13].includes(level.id));
  });
});
