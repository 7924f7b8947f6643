/**
 * Who may open a signaling connection.
 *
 * With a token: whoever has it. Without one: native clients, and web pages whose origin is trusted.
 * Browsers let any page open a WebSocket to any host, loopback included, so without this check a
 * page on the internet could join the sessions of a server that listens on 127.0.0.1 only. Trusted are
 * the server's own origin, pages from this machine (`http://localhost:3000`, `file://`), and what the
 * configuration names. The origin `null` is not trusted by itself: any page can have it, by way of a
 * sandboxed frame.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** A refusal, as the HTTP answer to the upgrade request. */
export interface AccessRefusal {
  readonly status: 401 | 403;
  readonly message: string;
}

export interface AccessOptions {
  readonly token?: string;
  /** Further trusted origins, for example `https://app.example.com`; `*` trusts every one. */
  readonly allowedOrigins: readonly string[];
}

export class AccessControl {
  private readonly allowedOrigins: ReadonlySet<string>;
  private readonly tokenDigest: Buffer | undefined;

  constructor({ token, allowedOrigins }: AccessOptions) {
    this.allowedOrigins = new Set(allowedOrigins.map((origin) => origin.toLowerCase()));
    this.tokenDigest = token === undefined ? undefined : digest(token);
  }

  /** Undefined when the request may be upgraded. */
  check(request: IncomingMessage): AccessRefusal | undefined {
    if (this.tokenDigest !== undefined) return this.checkToken(request, this.tokenDigest);
    const { origin } = request.headers;
    if (origin === undefined || this.isTrusted(origin.toLowerCase(), request)) return undefined;
    return {
      status: 403,
      message:
        `The origin ${JSON.stringify(origin)} may not use this signaling server: ` +
        'add it to the allowed origins, or protect the server with a token.',
    };
  }

  /** Digests are compared, so that neither the length nor the content of the token shows in the time. */
  private checkToken(request: IncomingMessage, expected: Buffer): AccessRefusal | undefined {
    const token = readToken(request);
    if (token !== undefined && timingSafeEqual(digest(token), expected)) return undefined;
    return {
      status: 401,
      message:
        `${token === undefined ? 'A token is missing' : 'The token is wrong'}: ` +
        'give it as ?token=... or as "Authorization: Bearer ...".',
    };
  }

  private isTrusted(origin: string, request: IncomingMessage): boolean {
    if (this.allowedOrigins.has('*') || this.allowedOrigins.has(origin)) return true;
    if (origin === 'file://') return true;
    if (!URL.canParse(origin)) return false;
    const { hostname, host } = new URL(origin);
    if (isLoopbackName(hostname)) return true;
    return host === request.headers.host?.toLowerCase() && !mayBeRebound(hostname, request);
  }
}

/**
 * True when a page of a foreign name may have pointed that name at this machine (DNS rebinding), which
 * makes the page look like the server's own. Addresses cannot be pointed elsewhere; a reverse proxy adds
 * a forwarding header, and a page cannot add one.
 */
function mayBeRebound(hostname: string, request: IncomingMessage): boolean {
  const isForwarded = 'x-forwarded-for' in request.headers || 'forwarded' in request.headers;
  return !isForwarded && isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
}

function readToken(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  // Not parsed as a URL: a stranger may ask for a target that is none.
  const query = (request.url ?? '').split('?', 2)[1] ?? '';
  return bearer ?? new URLSearchParams(query).get('token') ?? undefined;
}

function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
