/** The signaling server: accepts WebSocket upgrades of an HTTP server and serves both dialects on them. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';

import { AccessControl } from './access-control.js';
import { DEFAULT_SIGNALING_LIMITS, type SignalingLimits } from './limits.js';
import {
  MEDIA_SERVER_PEER_ID,
  type ConnectionState,
  type LocalEndpoint,
  type SignalingChannel,
} from './local-endpoint.js';
import { LocalParticipant } from './local-participant.js';
import { SignalingConnection } from './signaling-connection.js';
import { SignalingHub } from './signaling-hub.js';

export interface SignalingServerOptions {
  /**
   * The media server behind the peer id `remotemedia-server`. Without it the server only connects
   * peers with each other; a media server may then announce itself under that id.
   */
  readonly endpoint?: LocalEndpoint;
  /** Changes to the default limits. */
  readonly limits?: Partial<SignalingLimits>;
  /** When given, connections need it, as `?token=` or as `Authorization: Bearer`. */
  readonly token?: string;
  /**
   * Origins of web pages that may connect without a token, beside the server's own, those of this
   * machine and `file://`; `*` for every origin, `null` for sandboxed frames and Firefox's local files.
   */
  readonly allowedOrigins?: readonly string[];
  /** Most announced peers; default: no limit but that of connections. */
  readonly maxPeers?: number;
  readonly logger: Logger;
}

/**
 * JSON-RPC 2.0 signaling over WebSocket, on every path of an HTTP server.
 *
 * ```ts
 * const signaling = new SignalingServer({ endpoint, logger });
 * httpServer.on('upgrade', (request, socket, head) => signaling.handleUpgrade(request, socket, head));
 * ```
 */
export class SignalingServer implements SignalingChannel {
  private readonly sockets: WebSocketServer;
  private readonly connections = new Set<SignalingConnection>();
  private readonly access: AccessControl;
  private readonly hub: SignalingHub;
  private readonly limits: SignalingLimits;
  private readonly logger: Logger;
  private closing: Promise<void> | undefined;

  constructor(options: SignalingServerOptions) {
    this.limits = { ...DEFAULT_SIGNALING_LIMITS, ...options.limits };
    this.logger = options.logger;
    this.access = new AccessControl({
      allowedOrigins: options.allowedOrigins ?? [],
      ...(options.token === undefined ? {} : { token: options.token }),
    });
    this.hub = new SignalingHub({
      ...(options.endpoint === undefined ? {} : { local: this.makeLocal(options.endpoint) }),
      limits: this.limits,
      maxPeers: options.maxPeers ?? Number.POSITIVE_INFINITY,
      logger: options.logger,
    });
    this.sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: this.limits.maxMessageBytes,
    });
  }

  /** Announced peers. */
  get peerCount(): number {
    return this.hub.peerCount;
  }

  /** Open connections, announced or not. */
  get connectionCount(): number {
    return this.connections.size;
  }

  /** Takes over an HTTP upgrade request: for the `upgrade` event of an `http.Server`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.access.check(request);
    if (refusal !== undefined) {
      this.logger.warn(
        { origin: request.headers.origin, address: request.socket.remoteAddress },
        refusal.message,
      );
      refuseUpgrade(socket, refusal.status, refusal.message);
    } else if (this.closing !== undefined) {
      refuseUpgrade(socket, 503, 'The server is shutting down.');
    } else if (this.connections.size >= this.limits.maxConnections) {
      this.logger.warn({ connections: this.connections.size }, 'Too many signaling connections');
      refuseUpgrade(socket, 503, `All ${this.limits.maxConnections} connections are taken.`);
    } else {
      this.sockets.handleUpgrade(request, socket, head, (accepted) => {
        this.accept(accepted);
      });
    }
  }

  sendOffer(peerId: string, sdp: string): Promise<void> {
    return new Promise((resolve) => {
      this.hub.sendLocalOffer(peerId, sdp);
      resolve();
    });
  }

  notifyStateChange(peerId: string, state: ConnectionState): void {
    this.hub.notifyStateChange(peerId, state);
  }

  notifyPeerDisconnected(peerId: string, reason: string): void {
    this.hub.notifyPeerDisconnected(peerId, reason);
  }

  /** Closes every connection with code 1001; resolves when all are gone. The HTTP server stays as it is. */
  close(): Promise<void> {
    this.closing ??= this.dismissAll();
    return this.closing;
  }

  private async dismissAll(): Promise<void> {
    this.hub.dismissAll();
    await Promise.all([...this.connections].map((connection) => connection.goAway()));
  }

  private makeLocal(endpoint: LocalEndpoint): LocalParticipant {
    const info = {
      peerId: MEDIA_SERVER_PEER_ID,
      capabilities: { audio: true, video: true, data: false },
    };
    return new LocalParticipant(info, endpoint, this.limits, this.logger);
  }

  private accept(socket: WebSocket): void {
    const connection = new SignalingConnection(socket, this.hub, this.limits, this.logger);
    this.connections.add(connection);
    socket.once('close', () => {
      this.connections.delete(connection);
    });
  }
}

/** Answers an upgrade request with an HTTP error; the text is for people with a terminal. */
function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const body = `${message}\n`;
  socket.on('error', () => socket.destroy());
  // Nobody else looks after an upgraded socket, and its client may keep its side open for good.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
      'Connection: close\r\n' +
      'Content-Type: text/plain; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
