/** The RTP header extensions that can be negotiated (RFC 8285), by URI. */
import type { HeaderExtensionName, MediaKind } from '../native/binding.js';

const WEBRTC = 'http://www.webrtc.org/experiments/rtp-hdrext';

const URIS: Readonly<Record<HeaderExtensionName, string>> = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'repaired-rid': 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'audio-level': 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'abs-send-time': `${WEBRTC}/abs-send-time`,
  'transport-wide-cc': 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'video-orientation': 'urn:3gpp:video-orientation',
  'dependency-descriptor':
    'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'abs-capture-time': `${WEBRTC}/abs-capture-time`,
  'playout-delay': `${WEBRTC}/playout-delay`,
  'video-content-type': `${WEBRTC}/video-content-type`,
  'video-timing': `${WEBRTC}/video-timing`,
  'color-space': `${WEBRTC}/color-space`,
};

const NAMES: ReadonlyMap<string, HeaderExtensionName> = new Map(
  (Object.keys(URIS) as HeaderExtensionName[]).map((name) => [URIS[name], name]),
);

/** RID extensions go with simulcast, which is not accepted: without them a browser sends one layer. */
const NOT_NEGOTIATED: ReadonlySet<HeaderExtensionName> = new Set(['rid', 'repaired-rid']);

/** Offered on an m-line the remote peer has shown nothing similar to; no more than forwarding needs. */
const OFFERED: Readonly<Record<MediaKind, readonly HeaderExtensionName[]>> = {
  audio: ['mid', 'transport-wide-cc', 'audio-level'],
  video: [
    'mid',
    'transport-wide-cc',
    'abs-send-time',
    'video-orientation',
    'dependency-descriptor',
  ],
};

/** The extension behind a URI, when it is one we accept. */
export function findHeaderExtension(uri: string): HeaderExtensionName | undefined {
  const name = NAMES.get(uri);
  return name === undefined || NOT_NEGOTIATED.has(name) ? undefined : name;
}

export function headerExtensionUri(name: HeaderExtensionName): string {
  return URIS[name];
}

/** The extensions of an m-line that we offer ourselves. */
export function offeredHeaderExtensions(kind: MediaKind): readonly HeaderExtensionName[] {
  return OFFERED[kind];
}
