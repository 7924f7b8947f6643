import assert from 'node:assert/strict';
import { writeLocalDescription, type LocalDescription } from '../../src/sdp/local-description.js';
import { acceptOffer } from '../../src/sdp/negotiated-media.js';
import { parseRemoteDescription } from '../../src/sdp/remote-description.js';
import { chromeOffer } from '../support/sdp-fixtures.js';

const FINGERPRINT = Array.from({ length: 32 }, () => 'C5').join(':');

const OFFER = parseRemoteDescription(
  chromeOffer({ lines: [{ kind: 'application' }, { kind: 'audio' }, { kind: 'video' }] }),
  'offer',
);

function answer(overrides: Partial<LocalDescription> = {}): string {
  const [, audio, video] = acceptOffer(OFFER);
  assert.ok(audio !== undefined && video !== undefined);
  const stream = { streamId: 'alice', cname: 'c', rtxSsrc: 0 };
  return writeLocalDescription({
    sessionId: '9007199254740993123',
    version: 1,
    iceLite: true,
    ufrag: 'ufragufr',
    pwd: 'pwdpwdpwdpwdpwdpwdpwdpwd',
    fingerprint: FINGERPRINT,
    setup: 'passive',
    candidates: [
      { foundation: '1', priority: 2130706431, ip: '192.0.2.1', port: 5000 },
      { foundation: '2', priority: 2130706175, ip: '127.0.0.1', port: 5000 },
    ],
    extmapAllowMixed: true,
    bundled: true,
    media: [
      {
        rejected: true,
        mid: '0',
        type: 'application',
        protocol: 'UDP/DTLS/SCTP',
        formats: 'webrtc-datachannel',
      },
      {
        ...audio,
        rejected: false,
        direction: 'sendrecv',
        stream: { ...stream, trackId: 'a', ssrc: 11 },
      },
      {
        ...video,
        rejected: false,
        direction: 'sendonly',
        stream: { ...stream, trackId: 'v', ssrc: 21, rtxSsrc: 22 },
      },
    ],
    ...overrides,
  });
}

/** Session, application, audio and video section, each as its lines. */
function sections(sdp: string): [string[], string[], string[], string[]] {
  const found = sdp.split(/(?=^m=)/m).map((section) => section.trimEnd().split('\r\n'));
  assert.equal(found.length, 4);
  return found as [string[], string[], string[], string[]];
}

describe('writeLocalDescription', () => {
  it('ends every line with CRLF and begins with v=0', () => {
    const sdp = answer();
    assert.match(sdp, /^v=0\r\no=- 9007199254740993123 1 IN IP4 127\.0\.0\.1\r\ns=-\r\nt=0 0\r\n/);
    assert.ok(sdp.endsWith('\r\n') && !/[^\r]\n/.test(sdp));
  });

  it('bundles the accepted m-lines only, and keeps the rejected one in its place with port 0', () => {
    const [session, application] = sections(answer());
    assert.ok(session.includes('a=group:BUNDLE 1 2'));
    assert.equal(application[0], 'm=application 0 UDP/DTLS/SCTP webrtc-datachannel');
    assert.ok(application.includes('a=mid:0'));
    assert.ok(!application.some((line) => /ice-|candidate|fingerprint|setup/.test(line)));
  });

  it('says at the session level that it is lite and who it is', () => {
    const [session] = sections(answer());
    for (const line of [
      'a=ice-lite',
      `a=fingerprint:sha-256 ${FINGERPRINT}`,
      'a=extmap-allow-mixed',
    ]) {
      assert.ok(session.includes(line), line);
    }
    assert.doesNotMatch(answer({ iceLite: false, extmapAllowMixed: false }), /lite|mixed/);
  });

  it('has a BUNDLE group unless the offer had none', () => {
    assert.match(answer(), /^a=group:BUNDLE /m);
    assert.doesNotMatch(answer({ bundled: false }), /BUNDLE/);
  });

  it('puts all candidates and their end into the tagged m-line only', () => {
    const [, , audio, video] = sections(answer());
    assert.ok(audio[0]?.startsWith('m=audio 5000 UDP/TLS/RTP/SAVPF 111 63 0 8 '));
    assert.ok(audio.includes('c=IN IP4 192.0.2.1'));
    assert.ok(audio.includes('a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host'));
    assert.ok(audio.includes('a=candidate:2 1 udp 2130706175 127.0.0.1 5000 typ host'));
    assert.ok(audio.includes('a=end-of-candidates'));
    assert.ok(!video.some((line) => line.includes('candidate')));
    assert.ok(video.includes('a=ice-ufrag:ufragufr'));
  });

  it("keeps the offerer's payload types, order, formats, feedback and extension ids", () => {
    const [, , , video] = sections(answer());
    assert.equal(
      video[0],
      'm=video 5000 UDP/TLS/RTP/SAVPF 96 97 102 103 104 105 106 107 45 46 98 99 100 101',
    );
    for (const line of [
      'a=rtpmap:96 VP8/90000',
      'a=rtcp-fb:96 nack pli',
      'a=rtcp-fb:96 goog-remb',
      'a=rtpmap:97 rtx/90000',
      'a=fmtp:97 apt=96',
      'a=fmtp:98 profile-id=0',
      'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=sendonly',
      'a=setup:passive',
    ]) {
      assert.ok(video.includes(line), line);
    }
    assert.ok(!video.some((line) => /ulpfec|flexfec|rtp-stream-id|simulcast/.test(line)));
  });

  it('names what it sends: stream, track, SSRCs and the RTX pair', () => {
    const [, , audio, video] = sections(answer());
    assert.ok(audio.includes('a=msid:alice a'));
    assert.ok(audio.includes('a=ssrc:11 cname:c'));
    assert.ok(!audio.some((line) => line.startsWith('a=ssrc-group')));
    assert.ok(video.includes('a=ssrc-group:FID 21 22'));
    assert.ok(video.includes('a=ssrc:22 cname:c'));
  });

  it('can be read back with nothing lost', () => {
    const parsed = parseRemoteDescription(answer(), 'answer');
    const [, audio, video] = acceptOffer(OFFER);
    const [first, second, third] = parsed.media;
    assert.equal(first?.rejected, true);
    assert.deepEqual(second?.codecs, audio?.codecs);
    assert.deepEqual(third?.codecs, video?.codecs);
    assert.deepEqual(third?.headerExtensions, video?.headerExtensions);
    assert.deepEqual(third?.encodings, [{ ssrc: 21, rtxSsrc: 22, rid: '' }]);
    assert.equal(parsed.iceLite, true);
    assert.equal(parsed.transport?.candidates.length, 2);
  });
});
