/** Writes our own session descriptions, offers and answers (RFC 8829 section 5). */
import { isIPv6 } from 'node:net';
import { write, type MediaDescription, type SessionDescription } from 'sdp-transform';
import type { HeaderExtension, MediaKind } from '../native/binding.js';
import type { LocalCandidate } from './candidates.js';
import type { Codec } from './codec.js';
import { headerExtensionUri } from './header-extension.js';
import type { RejectedMedia } from './negotiated-media.js';
import type { Direction } from './remote-media.js';
import type { Setup } from './remote-transport.js';

export interface LocalDescription {
  /** Decimal; the same in all descriptions of a connection. */
  readonly sessionId: string;
  /** Counts the descriptions of a connection (RFC 3264 section 5). */
  readonly version: number;
  readonly iceLite: boolean;
  readonly ufrag: string;
  readonly pwd: string;
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string;
  readonly setup: Setup;
  /** All there will be; an ICE-lite agent has at least one. */
  readonly candidates: readonly LocalCandidate[];
  readonly extmapAllowMixed: boolean;
  /** Whether there is a BUNDLE group: an answer has none when the offer had none (RFC 8843 7.3). */
  readonly bundled: boolean;
  readonly media: readonly LocalMedia[];
}

export type LocalMedia = ActiveMedia | (RejectedMedia & { readonly rejected: true });

export interface ActiveMedia {
  readonly rejected: false;
  readonly mid: string;
  readonly kind: MediaKind;
  readonly direction: Direction;
  readonly codecs: readonly Codec[];
  readonly headerExtensions: readonly HeaderExtension[];
  readonly rtcpRsize: boolean;
  /** What we send; needed if and only if the direction says that we do. */
  readonly stream?: StreamDescription | undefined;
}

/** An outgoing stream as receivers see it. */
export interface StreamDescription {
  /** Tracks with the same stream id play together (RFC 8830). */
  readonly streamId: string;
  readonly trackId: string;
  readonly cname: string;
  readonly ssrc: number;
  /** 0 without RTX. */
  readonly rtxSsrc: number;
}

/** Where media would go without ICE: nowhere (RFC 8829 section 5.2.1). */
const NO_ADDRESS = { ip: '0.0.0.0', port: 9 };

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The description as text. */
export function writeLocalDescription(local: LocalDescription): string {
  const active = local.media.filter((line) => !line.rejected);
  const tagged = active[0];
  const session: Writable<SessionDescription> = {
    version: 0,
    origin: {
      username: '-',
      sessionId: local.sessionId,
      sessionVersion: local.version,
      netType: 'IN',
      ipVer: 4,
      address: '127.0.0.1',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    msidSemantic: { semantic: 'WMS', token: '*' },
    fingerprint: { type: 'sha-256', hash: local.fingerprint },
    media: local.media.map((line) =>
      line.rejected ? writeRejected(line) : writeActive(line, local, line === tagged),
    ),
  };
  if (local.iceLite) session.icelite = 'ice-lite';
  if (local.extmapAllowMixed) session.extmapAllowMixed = 'extmap-allow-mixed';
  const mids = active.map(({ mid }) => mid).filter((mid) => mid !== '');
  if (local.bundled && mids.length > 0) {
    session.groups = [{ type: 'BUNDLE', mids: mids.join(' ') }];
  }
  return write(session);
}

/** RFC 8829 section 5.3.1: a rejected m-line keeps its place, protocol and formats, with port 0. */
function writeRejected(line: RejectedMedia): MediaDescription {
  return {
    type: line.type,
    port: 0,
    protocol: line.protocol,
    payloads: line.formats,
    connection: { version: 4, ip: NO_ADDRESS.ip },
    direction: 'inactive',
    rtp: [],
    fmtp: [],
    ...(line.mid === '' ? {} : { mid: line.mid }),
  };
}

/** Candidates stand in the tagged m-line only: the others share its transport (RFC 8843 section 7.1.3). */
function writeActive(
  line: ActiveMedia,
  local: LocalDescription,
  isTagged: boolean,
): MediaDescription {
  const { ip, port } = local.candidates[0] ?? NO_ADDRESS;
  const media: Writable<MediaDescription> = {
    type: line.kind,
    port,
    protocol: 'UDP/TLS/RTP/SAVPF',
    payloads: line.codecs.flatMap(payloadTypes).join(' '),
    connection: { version: isIPv6(ip) ? 6 : 4, ip },
    iceUfrag: local.ufrag,
    icePwd: local.pwd,
    iceOptions: 'trickle ice2',
    setup: local.setup,
    direction: line.direction,
    rtcpMux: 'rtcp-mux',
    ext: line.headerExtensions.map(({ name, id }) => ({
      value: id,
      uri: headerExtensionUri(name),
    })),
    ...writeCodecs(line.codecs),
  };
  if (line.mid !== '') media.mid = line.mid;
  if (line.rtcpRsize) media.rtcpRsize = 'rtcp-rsize';
  if (isTagged && local.candidates.length > 0) {
    media.candidates = local.candidates.map(writeCandidate);
    media.endOfCandidates = 'end-of-candidates';
  }
  return line.stream === undefined ? media : { ...media, ...writeStream(line.stream) };
}

function writeCandidate(candidate: LocalCandidate): NonNullable<MediaDescription['candidates']>[0] {
  const { foundation, priority, ip, port } = candidate;
  return { foundation, component: 1, transport: 'udp', priority, ip, port, type: 'host' };
}

function payloadTypes({ payloadType, rtxPayloadType }: Codec): number[] {
  return rtxPayloadType === 0 ? [payloadType] : [payloadType, rtxPayloadType];
}

function writeCodecs(codecs: readonly Codec[]): Pick<MediaDescription, 'rtp' | 'fmtp' | 'rtcpFb'> {
  const rtp: MediaDescription['rtp'] = [];
  const fmtp: MediaDescription['fmtp'] = [];
  const rtcpFb: NonNullable<MediaDescription['rtcpFb']> = [];
  for (const {
    name,
    payloadType,
    clockRate,
    channels,
    format,
    feedback,
    rtxPayloadType,
  } of codecs) {
    const rtpmap = { payload: payloadType, codec: name, rate: clockRate };
    rtp.push(channels > 1 ? { ...rtpmap, encoding: channels } : rtpmap);
    if (format !== '') fmtp.push({ payload: payloadType, config: format });
    for (const entry of feedback) {
      const [type = '', subtype] = entry.split(' ');
      rtcpFb.push({ payload: payloadType, type, ...(subtype === undefined ? {} : { subtype }) });
    }
    if (rtxPayloadType !== 0) {
      rtp.push({ payload: rtxPayloadType, codec: 'rtx', rate: clockRate });
      fmtp.push({ payload: rtxPayloadType, config: `apt=${payloadType}` });
    }
  }
  return { rtp, fmtp, rtcpFb };
}

/** RFC 8830 for the stream, RFC 5576 for its SSRCs. */
function writeStream(
  stream: StreamDescription,
): Pick<MediaDescription, 'msid' | 'ssrcs' | 'ssrcGroups'> {
  const { streamId, trackId, cname, ssrc, rtxSsrc } = stream;
  const ids = rtxSsrc === 0 ? [ssrc] : [ssrc, rtxSsrc];
  return {
    msid: [{ id: streamId, appdata: trackId }],
    ssrcs: ids.map((id) => ({ id, attribute: 'cname', value: cname })),
    ...(rtxSsrc === 0 ? {} : { ssrcGroups: [{ semantics: 'FID', ssrcs: ids.join(' ') }] }),
  };
}
