/** STUN and TURN servers as the configuration names them. */

export interface StunServer {
  /** A name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface TurnServer extends StunServer {
  readonly scheme: 'turn' | 'turns';
  readonly username: string;
  readonly credential: string;
}

/** RFC 8489 section 14. */
const DEFAULT_STUN_PORT = 3478;

const HOST = String.raw`(\[[0-9a-fA-F:.]+\]|[^\s:/?@[\]]+)`;
const STUN = new RegExp(String.raw`^stun:${HOST}(?::(\d{1,5}))?$`, 'i');
const TURN = new RegExp(String.raw`^(turns?):${HOST}:(\d{1,5}):([^\s:]+):(\S+)$`, 'i');

/** Reads `stun:host[:port]`; undefined when it is none. */
export function parseStunServer(text: string): StunServer | undefined {
  const [, host, port = DEFAULT_STUN_PORT] = STUN.exec(text) ?? [];
  return host === undefined ? undefined : checked({ host: bare(host), port: Number(port) });
}

/** Reads `turn:host:port:username:credential`; undefined when it is none. */
export function parseTurnServer(text: string): TurnServer | undefined {
  const [, scheme, host, port, username, credential] = TURN.exec(text) ?? [];
  if (host === undefined || username === undefined || credential === undefined) return undefined;
  return checked({
    scheme: scheme?.toLowerCase() === 'turns' ? 'turns' : 'turn',
    host: bare(host),
    port: Number(port),
    username,
    credential,
  });
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function checked<Server extends StunServer>(server: Server): Server | undefined {
  return server.port >= 1 && server.port <= 65_535 ? server : undefined;
}
