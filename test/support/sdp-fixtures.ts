/** Offers as browsers write them, shortened where nothing hangs on it. */

const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');

const CHROME_AUDIO = [
  'a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
];

const CHROME_AUDIO_CODECS = [
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
];

const CHROME_VIDEO = [
  'a=extmap:1 urn:ietf:params:rtp-hdrext:toffset',
  'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:13 urn:3gpp:video-orientation',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
];

interface VideoCodec {
  readonly payloadType: number;
  readonly rtpmap: string;
  readonly fmtp?: string;
}

const CHROME_VIDEO_CODECS: readonly VideoCodec[] = [
  { payloadType: 96, rtpmap: 'VP8/90000' },
  { payloadType: 102, rtpmap: 'H264/90000', fmtp: h264('42001f', 1) },
  { payloadType: 104, rtpmap: 'H264/90000', fmtp: h264('42001f', 0) },
  { payloadType: 106, rtpmap: 'H264/90000', fmtp: h264('42e01f', 1) },
  { payloadType: 45, rtpmap: 'AV1/90000', fmtp: 'level-idx=5;profile=0;tier=0' },
  { payloadType: 98, rtpmap: 'VP9/90000', fmtp: 'profile-id=0' },
  { payloadType: 100, rtpmap: 'VP9/90000', fmtp: 'profile-id=2' },
];

const CHROME_FEC = [
  'a=rtpmap:114 red/90000',
  'a=rtpmap:116 ulpfec/90000',
  'a=rtpmap:35 flexfec-03/90000',
];

export interface OfferOptions {
  readonly ufrag?: string;
  readonly pwd?: string;
  readonly fingerprint?: string;
  readonly sessionId?: string;
  readonly setup?: string;
  /** First SSRC; the others follow. */
  readonly ssrc?: number;
  /** One m-line each, with mids 0, 1, ... */
  readonly lines?: readonly OfferLine[];
}

export interface OfferLine {
  readonly kind: 'audio' | 'video' | 'application';
  readonly direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  readonly rejected?: boolean;
  readonly mid?: string;
  /** Names of the video codecs to offer; all of Chrome's without it. */
  readonly codecs?: readonly string[];
  /** Lines to add at the end. */
  readonly extra?: readonly string[];
}

/** An offer like Chrome's: audio and video in both directions unless told otherwise. */
export function chromeOffer(options: OfferOptions = {}): string {
  const lines = options.lines ?? [{ kind: 'audio' }, { kind: 'video' }];
  const mids = lines.map((line, index) => line.mid ?? String(index));
  const bundled = mids.filter((_, index) => lines[index]?.rejected !== true);
  return [
    'v=0',
    `o=- ${options.sessionId ?? '4611731400430051336'} 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${bundled.join(' ')}`,
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS stream',
    ...lines.flatMap((line, index) => mediaSection(line, mids[index] ?? '', index, options)),
    '',
  ].join('\r\n');
}

function mediaSection(
  line: OfferLine,
  mid: string,
  index: number,
  options: OfferOptions,
): string[] {
  const port = line.rejected === true ? 0 : 9;
  const common = [
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    `a=ice-ufrag:${options.ufrag ?? 'abcd'}`,
    `a=ice-pwd:${options.pwd ?? 'abcdefghijklmnopqrstuvwx'}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${options.fingerprint ?? FINGERPRINT}`,
    `a=setup:${options.setup ?? 'actpass'}`,
    `a=mid:${mid}`,
  ];
  if (line.kind === 'application') {
    return [
      `m=application ${port} UDP/DTLS/SCTP webrtc-datachannel`,
      ...common,
      'a=sctp-port:5000',
      'a=max-message-size:262144',
    ];
  }
  const direction = line.direction ?? 'sendrecv';
  const sends = direction === 'sendrecv' || direction === 'sendonly';
  const ssrc = (options.ssrc ?? 1000) + index * 10;
  const sources = sends ? [`a=msid:stream track${mid}`, ...ssrcLines(line.kind, ssrc)] : [];
  const [formats, codecs] = line.kind === 'audio' ? audioCodecs() : videoCodecs(line.codecs);
  return [
    `m=${line.kind} ${port} UDP/TLS/RTP/SAVPF ${formats}`,
    ...common,
    ...(line.kind === 'audio' ? CHROME_AUDIO : CHROME_VIDEO),
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...codecs,
    ...sources,
    ...(line.extra ?? []),
  ];
}

function ssrcLines(kind: string, ssrc: number): string[] {
  if (kind === 'audio') return [`a=ssrc:${ssrc} cname:x`];
  const rtx = ssrc + 1;
  return [`a=ssrc-group:FID ${ssrc} ${rtx}`, `a=ssrc:${ssrc} cname:x`, `a=ssrc:${rtx} cname:x`];
}

function audioCodecs(): [string, string[]] {
  return ['111 63 9 0 8 13 110 126', CHROME_AUDIO_CODECS];
}

function videoCodecs(names: readonly string[] | undefined): [string, string[]] {
  const chosen = CHROME_VIDEO_CODECS.filter(
    ({ rtpmap }) => names?.includes(rtpmap.split('/')[0] ?? '') ?? true,
  );
  const lines = chosen.flatMap(({ payloadType, rtpmap, fmtp }) => [
    `a=rtpmap:${payloadType} ${rtpmap}`,
    ...['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'].map(
      (feedback) => `a=rtcp-fb:${payloadType} ${feedback}`,
    ),
    ...(fmtp === undefined ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
    `a=rtpmap:${payloadType + 1} rtx/90000`,
    `a=fmtp:${payloadType + 1} apt=${payloadType}`,
  ]);
  const formats = chosen.flatMap(({ payloadType }) => [payloadType, payloadType + 1]);
  return [[...formats, 114, 116, 35].join(' '), [...lines, ...CHROME_FEC]];
}

function h264(profile: string, packetizationMode: number): string {
  return `level-asymmetry-allowed=1;packetization-mode=${packetizationMode};profile-level-id=${profile}`;
}

/** An offer like Firefox's: session-level fingerprint, bundle-only m-lines, other payload types. */
export const FIREFOX_OFFER = [
  'v=0',
  'o=mozilla...THIS_IS_SDPARTA-99.0 5834572463857298745 0 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'a=sendrecv',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  'a=group:BUNDLE 0 1',
  'a=ice-options:trickle',
  'a=msid-semantic:WMS *',
  'm=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101',
  'c=IN IP4 0.0.0.0',
  'a=sendrecv',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level',
  'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1',
  'a=fmtp:101 0-15',
  'a=ice-pwd:0123456789abcdef0123456789abcdef',
  'a=ice-ufrag:12345678',
  'a=mid:0',
  'a=msid:{2d7a4f6d-1f9e-4e43-8e9b-000000000001} {2d7a4f6d-1f9e-4e43-8e9b-000000000002}',
  'a=rtcp-mux',
  'a=rtpmap:109 opus/48000/2',
  'a=rtpmap:9 G722/8000/1',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=setup:actpass',
  'a=ssrc:2655508255 cname:{b6a7e1d0-0000-4000-8000-000000000000}',
  'm=video 0 UDP/TLS/RTP/SAVPF 120 124 126 127 97 98',
  'c=IN IP4 0.0.0.0',
  'a=bundle-only',
  'a=sendrecv',
  'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1',
  'a=fmtp:97 profile-level-id=42e01f;level-asymmetry-allowed=1',
  'a=fmtp:120 max-fs=12288;max-fr=60',
  'a=fmtp:124 apt=120',
  'a=fmtp:127 apt=126',
  'a=fmtp:98 apt=97',
  'a=ice-pwd:0123456789abcdef0123456789abcdef',
  'a=ice-ufrag:12345678',
  'a=mid:1',
  'a=rtcp-fb:120 nack',
  'a=rtcp-fb:120 nack pli',
  'a=rtcp-fb:120 ccm fir',
  'a=rtcp-fb:120 goog-remb',
  'a=rtcp-fb:120 transport-cc',
  'a=rtcp-fb:126 nack',
  'a=rtcp-fb:126 nack pli',
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=rtpmap:120 VP8/90000',
  'a=rtpmap:124 rtx/90000',
  'a=rtpmap:126 H264/90000',
  'a=rtpmap:127 rtx/90000',
  'a=rtpmap:97 H264/90000',
  'a=rtpmap:98 rtx/90000',
  'a=setup:actpass',
  'a=ssrc:1555678412 cname:{b6a7e1d0-0000-4000-8000-000000000000}',
  'a=ssrc:3555678412 cname:{b6a7e1d0-0000-4000-8000-000000000000}',
  'a=ssrc-group:FID 1555678412 3555678412',
  '',
].join('\r\n');
