/** The HTTP side of the server: the demo page, `/healthz`, and the way in for WebSockets. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { SECURITY_HEADERS } from './security-headers.js';

/** What `/healthz` answers, beside `status`. */
export type Health = Readonly<Record<string, string | number>>;

export interface WebServerOptions {
  /** Called for each request of `/healthz`. */
  readonly health: () => Health;
  /** Takes over requests for a WebSocket, on any path. Without it there are neither these nor a page. */
  readonly handleUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

const PAGE_FOLDER = fileURLToPath(new URL('../../web/', import.meta.url));
/** Nobody has to send us more than a request line and headers. */
const MAX_BODY_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;

export class WebServer {
  private readonly app: FastifyInstance;

  constructor({ health, handleUpgrade }: WebServerOptions) {
    this.app = Fastify({
      bodyLimit: MAX_BODY_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      forceCloseConnections: true,
    });
    // With a callback: to await a reply is to wait until it has been sent.
    this.app.addHook('onSend', (_request, reply, _payload, done) => {
      reply.headers(SECURITY_HEADERS);
      done();
    });
    this.app.setNotFoundHandler((request, reply) => {
      return sendProblem(reply, 404, `There is nothing at ${request.url}.`);
    });
    this.app.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
      const status = error.statusCode ?? 500;
      return sendProblem(reply, status, status < 500 ? error.message : undefined);
    });
    this.app.get('/healthz', (_request, reply) => {
      return reply.header('cache-control', 'no-store').send({ status: 'ok', ...health() });
    });
    if (handleUpgrade !== undefined) {
      this.app.register(fastifyStatic, { root: PAGE_FOLDER, cacheControl: false });
      this.app.server.on('upgrade', handleUpgrade);
    }
  }

  /**
   * @param port 0 lets the system choose.
   * @returns the port.
   * @throws (rejects with) the system's error, such as EADDRINUSE, when it cannot listen there.
   */
  async listen(host: string, port: number): Promise<number> {
    await this.app.listen({ host, port });
    return (this.app.server.address() as AddressInfo).port;
  }

  /** Stops listening and cuts connections, WebSockets excepted. Idempotent. */
  async close(): Promise<void> {
    await this.app.close();
  }
}

/** RFC 9457. */
function sendProblem(
  reply: FastifyReply,
  status: number,
  detail: string | undefined,
): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: STATUS_CODES[status], status, detail });
}
