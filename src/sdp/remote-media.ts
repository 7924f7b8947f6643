/** One m-line of a remote description. */
import { SdpError } from '../errors.js';
import type { EncodingParameters, HeaderExtension, MediaKind } from '../native/binding.js';
import type { Codec } from './codec.js';
import { findHeaderExtension } from './header-extension.js';
import type { RawDescription, RawMedia, Token } from './raw.js';
import { parseCodecs, parsePayloadTypes } from './remote-codecs.js';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface RemoteMedia {
  /** '' when the m-line has none. */
  readonly mid: string;
  /** The media type as written. Only `audio` and `video` can be accepted. */
  readonly type: string;
  readonly protocol: string;
  /** The formats of the m= line as written. */
  readonly formats: string;
  /** Port 0 without bundle-only (RFC 8843 section 6), or outside of the one transport there is. */
  readonly rejected: boolean;
  readonly direction: Direction;
  /** Those that we know, in the remote peer's order of preference. */
  readonly codecs: readonly Codec[];
  readonly headerExtensions: readonly HeaderExtension[];
  /** Every id in use, ours to accept or not. */
  readonly headerExtensionIds: readonly number[];
  /** Every payload type in use, ours to accept or not. */
  readonly payloadTypes: readonly number[];
  /** The streams the m-line names; empty when they are to be told by MID. */
  readonly encodings: readonly EncodingParameters[];
  readonly rtcpRsize: boolean;
}

const MAX_UINT32 = 0xffff_ffff;

/** @throws SdpError when an m-line in use lacks what every WebRTC m-line has. */
export function parseRemoteMedia(
  raw: RawMedia,
  session: RawDescription,
  index: number,
): RemoteMedia {
  if (raw.type === undefined || typeof raw.port !== 'number' || raw.protocol === undefined) {
    throw new SdpError(`The m= line at index ${index} is malformed.`);
  }
  const mid = parseMid(raw.mid, index);
  const type = String(raw.type);
  const protocol = String(raw.protocol);
  const rejected = raw.port === 0 && raw.bundleOnly === undefined;
  const isRtp = isMediaKind(type);
  if (isRtp && !rejected) requireRtpProfile(raw, protocol, describe(type, mid, index));
  const extensions = [...(raw.ext ?? []), ...(session.ext ?? [])].filter(
    ({ value }) => typeof value === 'number' && value >= 1 && value <= 255,
  );
  return {
    mid,
    type,
    protocol,
    formats: String(raw.payloads ?? ''),
    rejected,
    direction: parseDirection(raw.direction ?? session.direction),
    codecs: isRtp ? parseCodecs(raw, type) : [],
    headerExtensions: parseHeaderExtensions(extensions),
    headerExtensionIds: extensions.map(({ value }) => Number(value)),
    payloadTypes: isRtp ? parsePayloadTypes(raw) : [],
    encodings: parseEncodings(raw),
    rtcpRsize: raw.rtcpRsize !== undefined,
  };
}

export function isMediaKind(type: string): type is MediaKind {
  return type === 'audio' || type === 'video';
}

/** MIDs go into a header extension: RFC 8843 section 15 keeps them short, RFC 5888 makes them tokens. */
function parseMid(raw: Token | undefined, index: number): string {
  const mid = String(raw ?? '');
  if (mid.length > 16 || !/^[\w!#$%&'*+.^`{|}~-]*$/.test(mid)) {
    throw new SdpError(
      `The m= line at index ${index} has the mid "${mid}": use up to 16 token chars.`,
    );
  }
  return mid;
}

function requireRtpProfile(raw: RawMedia, protocol: string, line: string): void {
  if (protocol !== 'UDP/TLS/RTP/SAVPF') {
    throw new SdpError(`${line} uses ${protocol}: only UDP/TLS/RTP/SAVPF is supported.`);
  }
  if (raw.rtcpMux === undefined) {
    throw new SdpError(`${line} has no a=rtcp-mux: RTP and RTCP share one port here.`);
  }
}

function describe(type: string, mid: string, index: number): string {
  return `The m=${type} line ${mid === '' ? `at index ${index}` : `with mid "${mid}"`}`;
}

function parseDirection(raw: string | undefined): Direction {
  return raw === 'sendonly' || raw === 'recvonly' || raw === 'inactive' ? raw : 'sendrecv';
}

/** Extensions for one direction only are left out: a description may always take fewer (RFC 8285). */
function parseHeaderExtensions(extensions: RawDescription['ext'] & object): HeaderExtension[] {
  const accepted = new Map<number, HeaderExtension>();
  for (const { value, direction = 'sendrecv', uri } of extensions) {
    const name = findHeaderExtension(String(uri));
    const id = Number(value);
    if (name === undefined || direction !== 'sendrecv' || accepted.has(id)) continue;
    if ([...accepted.values()].some((extension) => extension.name === name)) continue;
    accepted.set(id, { name, id });
  }
  return [...accepted.values()];
}

/**
 * The stream of `a=ssrc` with its retransmissions (`a=ssrc-group:FID`, RFC 5576). Only one encoding an
 * m-line is accepted, so of several streams the first counts.
 */
function parseEncodings(raw: RawMedia): EncodingParameters[] {
  const ssrcs = (raw.ssrcs ?? []).map(({ id }) => id).filter(isSsrc);
  const pairs = (raw.ssrcGroups ?? [])
    .filter(({ semantics }) => semantics === 'FID')
    .map((group) => String(group.ssrcs).split(' ').map(Number));
  const first = ssrcs[0];
  if (first === undefined) return [];
  const rtxSsrc = pairs.find(([media]) => media === first)?.[1];
  const hasRtx = isSsrc(rtxSsrc) && rtxSsrc !== first;
  return [{ ssrc: first, rtxSsrc: hasRtx ? rtxSsrc : 0, rid: '' }];
}

function isSsrc(value: Token | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_UINT32;
}
