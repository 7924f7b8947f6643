/** The transport part of a remote description: ICE credentials, candidates, fingerprint, DTLS role. */
import { isIP } from 'node:net';
import { SdpError } from '../errors.js';
import type { RemoteCandidate } from '../native/binding.js';
import type { RawCandidate, RawDescription, RawMedia, RawShared, Token } from './raw.js';

export type Setup = 'actpass' | 'active' | 'passive';

export interface RemoteTransport {
  readonly ufrag: string;
  readonly pwd: string;
  /** `algorithm` in lower case, `value` in colon-separated hex. */
  readonly fingerprint: { readonly algorithm: string; readonly value: string };
  readonly setup: Setup;
  /** UDP candidates of the RTP component that are IP addresses; names (mDNS) are left out. */
  readonly candidates: readonly RemoteCandidate[];
}

/** Hash functions of RFC 8122 section 5 that are still good enough, with their length in bytes. */
const FINGERPRINT_BYTES: Readonly<Record<string, number>> = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

/**
 * @param tagged the m-line whose transport is used; what it does not say stands at the session level or,
 *   with descriptions that name the transport once only, in another m-line.
 */
export function parseRemoteTransport(
  session: RawDescription,
  sections: readonly RawMedia[],
  tagged: number,
  type: 'offer' | 'answer',
): RemoteTransport {
  const sources: RawShared[] = [...sections.slice(tagged, tagged + 1), session, ...sections];
  return {
    ufrag: iceChars('a=ice-ufrag', firstOf(sources, 'iceUfrag'), 4),
    pwd: iceChars('a=ice-pwd', firstOf(sources, 'icePwd'), 22),
    fingerprint: parseFingerprint(firstOf(sources, 'fingerprint')),
    setup: parseSetup(firstOf(sources, 'setup'), type),
    candidates: sections.flatMap(({ candidates = [] }) => candidates).flatMap(parseCandidate),
  };
}

function firstOf<Key extends keyof RawShared>(
  sources: readonly RawShared[],
  key: Key,
): RawShared[Key] | undefined {
  return sources.find((source) => source[key] !== undefined)?.[key];
}

function iceChars(attribute: string, value: Token | undefined, min: number): string {
  if (value === undefined) throw new SdpError(`The SDP has no ${attribute}.`);
  const text = String(value);
  if (text.length < min || text.length > 256 || !/^[A-Za-z0-9+/]+$/.test(text)) {
    throw new SdpError(
      `${attribute} is "${text}": ${min} to 256 ice-chars are allowed (RFC 8839).`,
    );
  }
  return text;
}

function parseFingerprint(raw: RawShared['fingerprint']): RemoteTransport['fingerprint'] {
  if (raw?.type === undefined || raw.hash === undefined) {
    throw new SdpError('The SDP has no a=fingerprint: media is accepted over DTLS-SRTP only.');
  }
  const algorithm = String(raw.type).toLowerCase();
  const value = String(raw.hash).toUpperCase();
  const bytes = Object.hasOwn(FINGERPRINT_BYTES, algorithm)
    ? FINGERPRINT_BYTES[algorithm]
    : undefined;
  if (bytes === undefined) {
    throw new SdpError(`a=fingerprint uses "${algorithm}": use sha-256.`);
  }
  if (!/^[0-9A-F]{2}(:[0-9A-F]{2})*$/.test(value) || value.length !== bytes * 3 - 1) {
    throw new SdpError(`a=fingerprint is no ${algorithm} fingerprint: "${value}".`);
  }
  return { algorithm, value };
}

/** RFC 8842 section 5: an offer that says nothing is active (RFC 4145), an answer must choose. */
function parseSetup(raw: Token | undefined, type: 'offer' | 'answer'): Setup {
  if (raw === undefined) return 'active';
  if (raw === 'active' || raw === 'passive') return raw;
  if (raw === 'actpass' && type === 'offer') return raw;
  throw new SdpError(
    type === 'offer'
      ? `a=setup is "${raw}": use actpass, active or passive.`
      : `a=setup of the answer is "${raw}": use active or passive.`,
  );
}

function parseCandidate(raw: RawCandidate): RemoteCandidate[] {
  const ip = String(raw.ip);
  const { port, priority } = raw;
  const usable =
    raw.component === 1 &&
    String(raw.transport).toLowerCase() === 'udp' &&
    isIP(ip) !== 0 &&
    isIntegerUpTo(port, 65535) &&
    isIntegerUpTo(priority, 0x7fff_ffff);
  return usable ? [{ ip, port, priority }] : [];
}

function isIntegerUpTo(value: Token | undefined, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= max;
}
