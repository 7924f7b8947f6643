/** Which addresses of this machine media is received on. */
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** Link-local addresses need a zone that a candidate cannot carry (RFC 8445 section 5.1.1.1). */
const LINK_LOCAL = /^(fe[89ab][0-9a-f]:|169\.254\.)/i;

/**
 * The addresses to listen on, loopback last.
 * @param chosen IP addresses; `0.0.0.0` and `::` stand for all of their family, an empty list for all.
 * @param interfaces the network interfaces of this machine.
 */
export function listenAddresses(
  chosen: readonly string[],
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string[] {
  const usable = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address }) => !LINK_LOCAL.test(address))
    .sort((a, b) => Number(a.internal) - Number(b.internal));
  const all = (family: 'IPv4' | 'IPv6'): string[] =>
    usable.filter((info) => info.family === family).map(({ address }) => address);
  if (chosen.length === 0) return [...new Set(usable.map(({ address }) => address))];
  const expanded = chosen.flatMap((ip) => {
    if (ip === '0.0.0.0') return all('IPv4');
    return ip === '::' ? all('IPv6') : [ip];
  });
  return [...new Set(expanded)];
}
