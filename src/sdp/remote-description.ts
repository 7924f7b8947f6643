/**
 * A session description of a remote peer, parsed and checked: from here on nobody reads SDP text.
 * JSEP (RFC 8829) with BUNDLE (RFC 8843), rtcp-mux (RFC 5761), ICE (RFC 8839) and DTLS-SRTP (RFC 8842).
 */
import { parse } from 'sdp-transform';
import { SdpError } from '../errors.js';
import { parseRemoteMedia, type RemoteMedia } from './remote-media.js';
import { parseRemoteTransport, type RemoteTransport } from './remote-transport.js';
import type { RawDescription } from './raw.js';

/** The longest description that is looked at, in bytes. */
export const MAX_SDP_BYTES = 64 * 1024;

/** Far above what fits in {@link MAX_SDP_BYTES} with media worth the name. */
const MAX_MEDIA_LINES = 256;

export type DescriptionType = 'offer' | 'answer';

export interface RemoteDescription {
  /** The sess-id of the o= line; it stays the same as long as the remote connection object lives. */
  readonly sessionId: string;
  readonly iceLite: boolean;
  readonly extmapAllowMixed: boolean;
  /** Whether there is a BUNDLE group. */
  readonly bundled: boolean;
  /** Where to reach the remote peer; undefined when it rejects or has stopped every m-line. */
  readonly transport: RemoteTransport | undefined;
  /** In the order of the m-lines. */
  readonly media: readonly RemoteMedia[];
}

/**
 * Parses and checks a description.
 * @throws SdpError naming what is wrong with it.
 */
export function parseRemoteDescription(sdp: string, type: DescriptionType): RemoteDescription {
  const raw = parseText(sdp);
  const sections = raw.media ?? [];
  const bundle = bundledMids(raw);
  const parsed = sections.map((section, index) => parseRemoteMedia(section, raw, index));
  requireUniqueMids(parsed);
  const media = parsed.map((line, index) => ({
    ...line,
    rejected: line.rejected || !sharesTransport(line, index, bundle, parsed),
  }));
  const tagged = media.findIndex(({ rejected }) => !rejected);
  return {
    sessionId: String(raw.origin?.sessionId ?? ''),
    iceLite: raw.icelite !== undefined,
    extmapAllowMixed: raw.extmapAllowMixed !== undefined,
    bundled: bundle.length > 0,
    transport: tagged === -1 ? undefined : parseRemoteTransport(raw, sections, tagged, type),
    media,
  };
}

function parseText(sdp: string): RawDescription {
  const bytes = Buffer.byteLength(sdp);
  if (bytes > MAX_SDP_BYTES) {
    throw new SdpError(`The SDP has ${bytes} bytes: at most ${MAX_SDP_BYTES} are accepted.`);
  }
  if (!/^v=0\r?\n/.test(sdp)) {
    throw new SdpError(
      'The SDP does not begin with "v=0": send the description as it was created.',
    );
  }
  // The text is looked at by a parser that promises nothing about its values: see raw.ts.
  const raw = parse(sdp) as unknown as RawDescription;
  const count = raw.media?.length ?? 0;
  if (count === 0) {
    throw new SdpError('The SDP has no m= line: add a track or a transceiver before offering.');
  }
  if (count > MAX_MEDIA_LINES) {
    throw new SdpError(`The SDP has ${count} m= lines: at most ${MAX_MEDIA_LINES} are accepted.`);
  }
  return raw;
}

/** The mids of the BUNDLE group; the first one is the tagged m-line (RFC 8843 section 7.2). */
function bundledMids(raw: RawDescription): string[] {
  const group = raw.groups?.find(({ type }) => type === 'BUNDLE');
  return group === undefined ? [] : String(group.mids).split(' ');
}

/**
 * There is one transport a peer. Without BUNDLE the first usable m-line gets it; m-lines outside of the
 * group would need a transport of their own and are rejected, as with JSEP's "max-bundle" policy.
 */
function sharesTransport(
  line: RemoteMedia,
  index: number,
  bundle: readonly string[],
  media: readonly RemoteMedia[],
): boolean {
  if (bundle.length > 0) return bundle.includes(line.mid);
  return media.findIndex(({ rejected }) => !rejected) === index;
}

function requireUniqueMids(media: readonly RemoteMedia[]): void {
  const mids = new Set<string>();
  for (const { mid } of media) {
    if (mid !== '' && mids.has(mid))
      throw new SdpError(`The mid "${mid}" is used by two m= lines.`);
    mids.add(mid);
  }
}
