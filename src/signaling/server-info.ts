/** The addresses of this host for `server.info`, so that a client on the same network can find it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { hostname, networkInterfaces } from 'node:os';

import type { JsonObject } from './json-rpc.js';

/** An address for documentation (RFC 5737): it has a route on every host with a default route. */
const ANY_PUBLIC_ADDRESS = '192.0.2.1';

/** `{addresses: [{ip, is_default}], hostname}`, loopback and link-local addresses left out. */
export async function readServerInfo(): Promise<JsonObject> {
  const defaultIp = await readDefaultSourceAddress();
  const addresses = Object.values(networkInterfaces())
    .flatMap((addressesOfOne) => addressesOfOne ?? [])
    .filter(({ address, internal }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
    .map(({ address }) => ({ ip: address, is_default: address === defaultIp }));
  return { addresses, hostname: hostname() };
}

/** The source address the system would use towards the internet; connecting UDP sends no packet. */
async function readDefaultSourceAddress(): Promise<string | undefined> {
  const socket = createSocket('udp4');
  try {
    socket.connect(9, ANY_PUBLIC_ADDRESS);
    await once(socket, 'connect');
    return socket.address().address;
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}
