/** The ICE candidates of this server (RFC 8839 section 5.1): every address, loopback last. */
import { BlockList, isIPv6 } from 'node:net';
import { InvalidConfigError } from '../errors.js';
import type { ListenAddress } from '../native/binding.js';

/** A host candidate of the RTP component over UDP. */
export interface LocalCandidate {
  readonly foundation: string;
  readonly priority: number;
  readonly ip: string;
  readonly port: number;
}

/** RFC 8445 section 5.1.2.2: the recommended type preference of host candidates. */
const HOST_TYPE_PREFERENCE = 126;
const RTP_COMPONENT = 1;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * One candidate an address, best first.
 * @param addresses what the engine's sockets are bound to.
 * @param announcedIps addresses under which a 1:1 NAT passes everything on to us: each takes the place
 *   of all addresses of its family but loopback. Empty without such a NAT.
 * @param publicIps addresses under which others see us, added to our own: some NATs let peers in.
 * @throws InvalidConfigError when nothing is left that a peer could send to.
 */
export function localCandidates(
  addresses: readonly ListenAddress[],
  announcedIps: readonly string[],
  publicIps: readonly string[],
): LocalCandidate[] {
  const reachable = addresses.flatMap((address) => announce(address, announcedIps));
  for (const ip of publicIps) {
    const own = addresses.find((address) => !isLoopback(address.ip) && sameFamily(address.ip, ip));
    if (own !== undefined) reachable.push({ ip, port: own.port });
  }
  const unique = new Map(reachable.map((address) => [`${address.ip} ${address.port}`, address]));
  const ordered = [...unique.values()].sort(
    (a, b) => Number(isLoopback(a.ip)) - Number(isLoopback(b.ip)),
  );
  if (ordered.length === 0) {
    throw new InvalidConfigError(
      `The engine listens on ${addresses.map(({ ip }) => ip).join(', ')}, which no peer can send to: ` +
        'listen on the addresses of the network interfaces, or set WEBRTC_ANNOUNCED_IP.',
    );
  }
  return ordered.map(({ ip, port }, index) => ({
    foundation: String(index + 1),
    priority: hostPriority(65535 - index),
    ip,
    port,
  }));
}

function announce(address: ListenAddress, announcedIps: readonly string[]): ListenAddress[] {
  const { ip, port } = address;
  if (isLoopback(ip)) return [address];
  const announced = announcedIps.filter((candidate) => sameFamily(candidate, ip));
  if (announced.length > 0) return announced.map((announcedIp) => ({ ip: announcedIp, port }));
  return isUnspecified(ip) ? [] : [address];
}

function sameFamily(a: string, b: string): boolean {
  return isIPv6(a) === isIPv6(b);
}

function isLoopback(ip: string): boolean {
  return LOOPBACK.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}

function isUnspecified(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}

/** RFC 8445 section 5.1.2.1. */
function hostPriority(localPreference: number): number {
  return HOST_TYPE_PREFERENCE * 2 ** 24 + localPreference * 2 ** 8 + (256 - RTP_COMPONENT);
}
