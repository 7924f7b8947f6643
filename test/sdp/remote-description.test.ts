import assert from 'node:assert/strict';
import { SdpError } from '../../src/errors.js';
import { MAX_SDP_BYTES, parseRemoteDescription } from '../../src/sdp/remote-description.js';
import { chromeOffer, FIREFOX_OFFER } from '../support/sdp-fixtures.js';

const OFFER = chromeOffer();

function parse(sdp: string): ReturnType<typeof parseRemoteDescription> {
  return parseRemoteDescription(sdp, 'offer');
}

function without(pattern: RegExp): string {
  return OFFER.replace(pattern, '');
}

describe('parseRemoteDescription', () => {
  it('reads the transport of a Chrome offer', () => {
    const { transport, sessionId, iceLite, extmapAllowMixed } = parse(OFFER);
    assert.equal(transport?.ufrag, 'abcd');
    assert.equal(transport.pwd, 'abcdefghijklmnopqrstuvwx');
    assert.equal(transport.setup, 'actpass');
    assert.equal(transport.fingerprint.algorithm, 'sha-256');
    assert.equal(sessionId, '4611731400430051336');
    assert.equal(iceLite, false);
    assert.equal(extmapAllowMixed, true);
  });

  it('keeps known codecs in the order of the m= line, with their feedback and RTX', () => {
    const [audio, video] = parse(OFFER).media;
    assert.deepEqual(
      audio?.codecs.map(({ name, payloadType }) => `${name} ${payloadType}`),
      ['opus 111', 'red 63', 'PCMU 0', 'PCMA 8', 'telephone-event 110', 'telephone-event 126'],
    );
    assert.deepEqual(
      video?.codecs.map(({ name, payloadType, rtxPayloadType }) => [
        name,
        payloadType,
        rtxPayloadType,
      ]),
      [
        ['VP8', 96, 97],
        ['H264', 102, 103],
        ['H264', 104, 105],
        ['H264', 106, 107],
        ['AV1', 45, 46],
        ['VP9', 98, 99],
        ['VP9', 100, 101],
      ],
    );
    assert.deepEqual(video.codecs[0]?.feedback, [
      'nack',
      'nack pli',
      'ccm fir',
      'goog-remb',
      'transport-cc',
    ]);
    assert.deepEqual(audio.codecs[0], {
      name: 'opus',
      payloadType: 111,
      clockRate: 48000,
      channels: 2,
      format: 'minptime=10;useinbandfec=1',
      feedback: ['transport-cc'],
      rtxPayloadType: 0,
    });
  });

  it('reads streams with their retransmissions, and known header extensions only', () => {
    const video = parse(OFFER).media[1];
    assert.deepEqual(video?.encodings, [{ ssrc: 1010, rtxSsrc: 1011, rid: '' }]);
    assert.deepEqual(
      video.headerExtensions.map(({ name, id }) => `${name} ${id}`),
      [
        'abs-send-time 2',
        'video-orientation 13',
        'transport-wide-cc 3',
        'playout-delay 5',
        'mid 4',
      ],
    );
    assert.ok(video.headerExtensionIds.includes(1), 'unknown extensions keep their id');
  });

  it('reads a Firefox offer: session-level fingerprint, bundle-only m-line, one-way extensions', () => {
    const { media, transport } = parse(FIREFOX_OFFER);
    assert.equal(transport?.ufrag, '12345678');
    assert.deepEqual(
      media.map(({ rejected }) => rejected),
      [false, false],
    );
    assert.equal(media[0]?.headerExtensions.length, 2);
    assert.equal(media[1]?.codecs[0]?.rtxPayloadType, 124);
    assert.deepEqual(media[1].encodings, [{ ssrc: 1555678412, rtxSsrc: 3555678412, rid: '' }]);
  });

  it('applies feedback for all payload types to each of them', () => {
    const offer = OFFER.replace(/a=rtcp-fb:96 [^\r]*\r\n/g, '').replace(
      'a=rtpmap:96',
      'a=rtcp-fb:* nack\r\na=rtpmap:96',
    );
    assert.deepEqual(parse(offer).media[1]?.codecs[0]?.feedback, ['nack']);
  });

  it('knows the static payload types without an rtpmap', () => {
    const offer = without(/a=rtpmap:[08] [^\r]*\r\n/g);
    const names = parse(offer).media[0]?.codecs.map(({ name }) => name);
    assert.ok(names?.includes('PCMU') && names.includes('PCMA'));
  });

  it('takes a mid, a user fragment and a password made of digits for text', () => {
    const { media, transport } = parse(
      chromeOffer({ ufrag: '1234', pwd: '1234567890123456789012', lines: [{ kind: 'audio' }] }),
    );
    assert.equal(media[0]?.mid, '0');
    assert.equal(transport?.ufrag, '1234');
    assert.equal(transport.pwd, '1234567890123456789012');
  });

  it('reads UDP candidates and leaves out TCP, RTCP and mDNS ones', () => {
    const candidates = [
      'a=candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host generation 0',
      'a=candidate:2 1 udp 2113937150 4f0c1d2e.local 50001 typ host',
      'a=candidate:3 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active',
      'a=candidate:4 2 udp 2113937149 192.0.2.7 50002 typ host',
    ];
    const offer = chromeOffer({ lines: [{ kind: 'audio', extra: candidates }] });
    assert.deepEqual(parse(offer).transport?.candidates, [
      { ip: '192.0.2.7', port: 50000, priority: 2113937151 },
    ]);
  });

  it('treats m-lines outside of the BUNDLE group as rejected', () => {
    const offer = OFFER.replace('BUNDLE 0 1', 'BUNDLE 0');
    assert.deepEqual(
      parse(offer).media.map(({ rejected }) => rejected),
      [false, true],
    );
  });

  it('keeps the first m-line when there is no BUNDLE group', () => {
    const offer = without(/a=group[^\r]*\r\n/);
    assert.deepEqual(
      parse(offer).media.map(({ rejected }) => rejected),
      [false, true],
    );
  });

  it('has no transport when every m-line has port 0', () => {
    const lines = [{ kind: 'audio', rejected: true }] as const;
    assert.equal(parse(chromeOffer({ lines })).transport, undefined);
  });

  const refusals: readonly [what: string, sdp: string, message: RegExp][] = [
    ['an empty text', '', /v=0/],
    ['a text that is no SDP', 'hello', /v=0/],
    [
      'a description without media',
      'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n',
      /no m= line/,
    ],
    ['a description that is too long', OFFER + 'a=x\r\n'.repeat(MAX_SDP_BYTES / 5), /bytes/],
    ['too many m-lines', `v=0\r\n${'m=audio 0 X 0\r\n'.repeat(300)}`, /300 m= lines/],
    ['a malformed m= line', OFFER.replace('m=audio 9', 'm=audio nine'), /malformed/],
    ['a missing user fragment', without(/a=ice-ufrag[^\r]*\r\n/g), /a=ice-ufrag/],
    ['a user fragment that is too short', OFFER.replaceAll('ufrag:abcd', 'ufrag:ab'), /"ab"/],
    ['a missing password', without(/a=ice-pwd[^\r]*\r\n/g), /a=ice-pwd/],
    ['a missing fingerprint', without(/a=fingerprint[^\r]*\r\n/g), /a=fingerprint/],
    ['a fingerprint of another length', OFFER.replaceAll('sha-256 AB:', 'sha-256 '), /no sha-256/],
    ['a fingerprint of md5', OFFER.replaceAll('sha-256', 'md5'), /"md5"/],
    ['an unknown DTLS role', OFFER.replaceAll('setup:actpass', 'setup:holdconn'), /holdconn/],
    ['a line without rtcp-mux', without(/a=rtcp-mux\r\n/), /m=audio.*rtcp-mux/],
    ['another profile', OFFER.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), /RTP\/AVP/],
    ['a mid used twice', OFFER.replace('a=mid:1', 'a=mid:0'), /"0" is used by two/],
    ['a mid that is too long', OFFER.replace('a=mid:1', 'a=mid:abcdefghijklmnopqr'), /token chars/],
  ];
  for (const [what, sdp, message] of refusals) {
    it(`refuses ${what}, naming it`, () => {
      assert.throws(
        () => parse(sdp),
        (error) => error instanceof SdpError && message.test(error.message),
      );
    });
  }

  it('refuses an answer that leaves the DTLS role open', () => {
    assert.throws(() => parseRemoteDescription(OFFER, 'answer'), SdpError);
  });

  it('throws nothing but SdpError, however an offer is damaged', () => {
    const random = mulberry32(20_240_611);
    let accepted = 0;
    for (let round = 0; round < 3_000; round++) {
      const damaged = damage(round % 2 === 0 ? OFFER : FIREFOX_OFFER, random);
      try {
        parse(damaged);
        accepted++;
      } catch (error) {
        if (!(error instanceof SdpError)) {
          assert.fail(`round ${round}: ${String(error)}\n${damaged}`);
        }
      }
    }
    assert.ok(accepted > 100 && accepted < 3_000, `${accepted} accepted: the damage is not varied`);
  });
});

/** A small seeded generator of numbers in [0, 1), so that a failure replays. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Drops, repeats, swaps and cuts lines, and replaces characters. */
function damage(sdp: string, random: () => number): string {
  const lines = sdp.split('\r\n');
  const pick = (): number => Math.floor(random() * lines.length);
  for (let count = 1 + Math.floor(random() * 6); count > 0; count--) {
    const index = pick();
    const line = lines[index] ?? '';
    const position = Math.floor(random() * (line.length + 1));
    const kind = Math.floor(random() * 6);
    if (kind === 0) lines.splice(index, 1);
    else if (kind === 1) lines.splice(pick(), 0, line);
    else if (kind === 2) lines[index] = line.slice(0, position);
    else if (kind === 3)
      lines[index] = line.slice(0, position) + '99999999999' + line.slice(position);
    else if (kind === 4) {
      const character = String.fromCodePoint(1 + Math.floor(random() * 0x2fff));
      lines[index] = line.slice(0, position) + character + line.slice(position + 1);
    } else lines[index] = `${line.slice(0, 2)}__proto__:constructor`;
  }
  return lines.join('\r\n');
}
