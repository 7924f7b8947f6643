/**
 * Asks a STUN server under which address the internet sees this machine: one Binding request over UDP,
 * repeated until it is answered (RFC 8489 sections 5, 6.2.1 and 14.2).
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { OperationTimeoutError } from '../errors.js';

export interface StunQuery {
  readonly host: string;
  readonly port: number;
  /** Ends the query early; its promise is rejected then. */
  readonly signal: AbortSignal;
  /** Waiting times after each of the requests, in ms. Default: 0.5, 1, 2 and 4 s. */
  readonly waitsMs?: readonly number[];
}

const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const XOR_MAPPED_ADDRESS = 0x0020;
const DEFAULT_WAITS_MS = [500, 1_000, 2_000, 4_000];

/**
 * @returns the IP address in the server's answer.
 * @throws (rejects with) OperationTimeoutError when no request is answered; a system error when the name
 *   cannot be resolved or the server cannot be reached.
 */
export async function queryPublicAddress(query: StunQuery): Promise<string> {
  const { host, port, signal, waitsMs = DEFAULT_WAITS_MS } = query;
  // IPv4 first: that is where the NATs are.
  const { address, family } = await lookup(host, { order: 'ipv4first' });
  signal.throwIfAborted();
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4').unref();
  try {
    socket.connect(port, address);
    await once(socket, 'connect', { signal });
    const transactionId = randomBytes(12);
    const answer = new Promise<string>((resolve, reject) => {
      socket.on('message', (message) => {
        const ip = readMappedAddress(message, transactionId);
        if (ip !== undefined) resolve(ip);
      });
      socket.on('error', reject);
    });
    for (const waitMs of waitsMs) {
      socket.send(bindingRequest(transactionId));
      const ip = await Promise.race([answer, elapsed(waitMs, signal)]);
      if (ip !== undefined) return ip;
    }
    throw new OperationTimeoutError(`${host} answered none of ${waitsMs.length} STUN requests.`);
  } finally {
    socket.close();
  }
}

function bindingRequest(transactionId: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(BINDING_REQUEST, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  return Buffer.concat([header, transactionId]);
}

/** The XOR-MAPPED-ADDRESS of the success response to our request; undefined in anything else. */
function readMappedAddress(message: Buffer, transactionId: Buffer): string | undefined {
  if (message.length < HEADER_BYTES || message.readUInt16BE(0) !== BINDING_SUCCESS)
    return undefined;
  if (message.readUInt32BE(4) !== MAGIC_COOKIE) return undefined;
  if (!message.subarray(8, HEADER_BYTES).equals(transactionId)) return undefined;
  for (let offset = HEADER_BYTES; offset + 4 <= message.length;) {
    const length = message.readUInt16BE(offset + 2);
    const value = message.subarray(offset + 4, offset + 4 + length);
    if (value.length < length) return undefined;
    if (message.readUInt16BE(offset) === XOR_MAPPED_ADDRESS) {
      return readXorAddress(value, message.subarray(4, HEADER_BYTES));
    }
    // Values are padded to a multiple of four bytes.
    offset += 4 + Math.ceil(length / 4) * 4;
  }
  return undefined;
}

/** @param mask the magic cookie and the transaction id, with which the address is XORed. */
function readXorAddress(value: Buffer, mask: Buffer): string | undefined {
  const address = value.subarray(4).map((byte, index) => byte ^ (mask[index] ?? 0));
  if (value[1] === 1 && address.length === 4) return address.join('.');
  if (value[1] !== 2 || address.length !== 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, i) => Buffer.from(address).readUInt16BE(i * 2));
  const text = groups.map((group) => group.toString(16)).join(':');
  return isIPv6(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : undefined;
}

/** Resolves with nothing after a time, which does not keep the process alive. */
function elapsed(ms: number, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve(undefined);
    }, ms).unref();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}
