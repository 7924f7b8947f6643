/** The configuration: what can be set, the values allowed, and the defaults. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { parseStunServer, parseTurnServer } from './ice-servers.js';
import { LOG_LEVELS } from './log-level.js';

/** How a `WebRtcTransport` is configured; everything may be left out. */
export interface WebRtcTransportConfig {
  /**
   * A signaling server to connect to, `ws:` or `wss:`. Without it the transport serves signaling
   * itself, on `host` and `port`.
   */
  readonly signalingUrl?: string | undefined;
  /** The id to announce at an external signaling server. Default `remotemedia-server`. */
  readonly peerId?: string | undefined;
  /** Bearer token: asked of those who connect to us, and sent to an external signaling server. */
  readonly token?: string | undefined;
  /** Origins of foreign web pages that may use the signaling server without a token; `*` for all. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Where the web server listens. Default `127.0.0.1`, which only this machine can reach. */
  readonly host?: string | undefined;
  /**
   * TCP port of the web server, 0-65535; 0 lets the system choose. Default 8080; with an external
   * signaling server there is a web server only if the port is given, and it answers `/healthz` only.
   */
  readonly port?: number | undefined;
  /** UDP port of all media, 0-65535. Default 0, which lets the system choose. */
  readonly udpPort?: number | undefined;
  /** Addresses to receive media on. Default: all of this machine but link-local ones. */
  readonly listenIps?: readonly string[] | undefined;
  /** Addresses under which a 1:1 NAT makes us reachable, announced in place of our own. */
  readonly announcedIps?: readonly string[] | undefined;
  /** `stun:host[:port]`, asked for the address under which the internet sees us. Default none. */
  readonly stunServers?: readonly string[] | undefined;
  /** `turn:host:port:username:credential`, for connections that this server makes outwards. */
  readonly turnServers?: readonly string[] | undefined;
  /** Peers at the same time, 1-10,000. Default 100. */
  readonly maxPeers?: number | undefined;
  /** The session that peers join when they connect. Default `default`. */
  readonly session?: string | undefined;
  /** Whether peers may open data channels. Default true. */
  readonly enableDataChannel?: boolean | undefined;
  /**
   * Delay of the jitter buffer for media taken out of the stream, 50-200 ms. Default 100. Media that
   * is forwarded from peer to peer is not delayed.
   */
  readonly jitterBufferMs?: number | undefined;
}

const ID = /^[a-zA-Z0-9_-]{1,64}$/;
/** A name or an IPv4 address; IPv6 addresses are looked at by `isIP`. */
const HOST_NAME = /^[a-zA-Z0-9._-]{1,253}$/;
const ORIGIN = /^(\*|null|[a-z][a-z0-9+.-]*:\/\/[^\s/?#]*)$/i;

const port = z.int().min(0).max(65_535);
const listOf = (isRight: (entry: string) => boolean) =>
  z.array(z.string().refine(isRight)).readonly().default([]);

const transportFields = {
  signalingUrl: z.string().refine(isWebSocketUrl).optional(),
  peerId: z.string().regex(ID).default('remotemedia-server'),
  token: z.string().regex(/^\S+$/).optional(),
  allowedOrigins: listOf((origin) => ORIGIN.test(origin)),
  host: z
    .string()
    .refine((host) => HOST_NAME.test(host) || isIP(host) !== 0)
    .default('127.0.0.1'),
  port: port.optional(),
  udpPort: port.default(0),
  listenIps: listOf((ip) => isIP(ip) !== 0),
  announcedIps: listOf((ip) => isIP(ip) !== 0 && ip !== '0.0.0.0' && ip !== '::'),
  stunServers: listOf((url) => parseStunServer(url) !== undefined),
  turnServers: listOf((url) => parseTurnServer(url) !== undefined),
  maxPeers: z.int().min(1).max(10_000).default(100),
  session: z.string().regex(ID).default('default'),
  enableDataChannel: z.boolean().default(true),
  jitterBufferMs: z.int().min(50).max(200).default(100),
};

/** Of a `WebRtcTransport`. */
export const transportSchema = z.strictObject(transportFields) satisfies z.ZodType<
  unknown,
  WebRtcTransportConfig
>;

/** Of `webrtc-server`. */
export const serverSchema = z.strictObject({
  ...transportFields,
  logLevel: z.enum(LOG_LEVELS).default('info'),
});

/** A checked configuration with its defaults filled in; it is itself a valid configuration. */
export type TransportSettings = z.output<typeof transportSchema>;
export type ServerSettings = z.output<typeof serverSchema>;

function isWebSocketUrl(text: string): boolean {
  if (!/^wss?:\/\//i.test(text) || !URL.canParse(text)) return false;
  return new URL(text).hash === '';
}
