/** The whole media server as one object: engine, peers, sessions, signaling and web server. */
import { EventEmitter } from 'node:events';
import { pino, type Logger } from 'pino';
import { explainBindError } from './config/bind-error.js';
import { checkTransportConfig } from './config/check.js';
import type { TransportSettings, WebRtcTransportConfig } from './config/config.js';
import { parseStunServer } from './config/ice-servers.js';
import { VERSION } from './config/version.js';
import { InvalidStateError } from './errors.js';
import { WebServer } from './http/web-server.js';
import { MediaServer } from './media-server.js';
import { listenAddresses } from './media/listen-addresses.js';
import { MediaEngine } from './media/media-engine.js';
import { queryPublicAddress } from './media/public-address.js';
import type { EngineStats, ListenAddress, NativeAddon } from './native/binding.js';
import { loadAddon } from './native/load.js';
import type { PeerManager, PeerRemovalReason } from './peer/peer-manager.js';
import type { Peer } from './peer/peer.js';
import type { Track } from './peer/track.js';
import type { SessionManager } from './session/session-manager.js';
import { MEDIA_SERVER_PEER_ID } from './signaling/local-endpoint.js';
import { SignalingClient } from './signaling/signaling-client.js';
import { SignalingServer } from './signaling/signaling-server.js';

export type { EngineStats, ListenAddress } from './native/binding.js';

/** What a transport works with; each has a default. */
export interface WebRtcTransportDependencies {
  /** Where signaling logs its details. Default: nowhere. */
  readonly logger?: Logger;
  /** Default: the addon of this package. */
  readonly addon?: NativeAddon;
}

export interface WebRtcTransportEvents {
  /** A peer has made its first offer; its media is not up yet. */
  peerJoined: [peer: Peer];
  /** Media can flow from and to a peer. */
  peerConnected: [peer: Peer];
  /** A peer is gone, whether its media ever was up or not. */
  peerDisconnected: [peer: Peer, reason: PeerRemovalReason];
  /** A track of another peer is not sent to this one. */
  trackNotSent: [peer: Peer, track: Track, reason: string];
  /** A STUN server has told our public address, which is announced from now on. */
  publicAddress: [ip: string, server: string];
  /** Connected to the external signaling server, for the first time or again. */
  signalingConnected: [];
  /** The connection to the external signaling server is gone; the media of connected peers goes on. */
  signalingDisconnected: [reason: string];
  /** The next attempt to reach the external signaling server follows after the delay, in ms. */
  signalingReconnecting: [attempt: number, delayMs: number];
  /** Something did not work as it should; the rest goes on. */
  warning: [message: string];
}

const DEFAULT_PORT = 8080;
/** RFC 7675 asks for a sign of life at least every 5 s; some are lost. */
const CONSENT_TIMEOUT_MS = 8_000;

/**
 * A WebRTC media server. It can be started once.
 *
 * ```ts
 * const transport = new WebRtcTransport({ port: 8080, maxPeers: 50 });
 * transport.on('peerConnected', (peer) => console.log(`${peer.id} is here`));
 * await transport.start();
 * ...
 * await transport.shutdown();
 * ```
 */
export class WebRtcTransport extends EventEmitter<WebRtcTransportEvents> {
  /** The configuration with its defaults. */
  readonly settings: TransportSettings;
  private readonly logger: Logger;
  private readonly server: MediaServer;
  private readonly stopping = new AbortController();
  private engine: MediaEngine | undefined;
  private signaling: SignalingServer | SignalingClient | undefined;
  private web: WebServer | undefined;
  private port: number | undefined;
  private started: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;

  /** @throws InvalidConfigError naming the setting, its value and what would be right. */
  constructor(
    config: WebRtcTransportConfig = {},
    private readonly dependencies: WebRtcTransportDependencies = {},
  ) {
    super();
    this.settings = checkTransportConfig(config);
    this.logger = dependencies.logger ?? pino({ enabled: false });
    const engine = (): MediaEngine => this.requireEngine();
    this.server = new MediaServer({
      // Peers come when the transport has started: the engine is there by then.
      get engine() {
        return engine();
      },
      maxPeers: this.settings.maxPeers,
      announcedIps: this.settings.announcedIps,
      defaultSessionId: this.settings.session,
    });
    this.passOnServerEvents();
  }

  /** The peers of this server. */
  get peerManager(): PeerManager {
    return this.server.peers;
  }

  /** The sessions of this server; they may be created before it is started. */
  get sessionManager(): SessionManager {
    return this.server.sessions;
  }

  /** The id under which peers reach this server through signaling. */
  get localPeerId(): string {
    return this.settings.signalingUrl === undefined ? MEDIA_SERVER_PEER_ID : this.settings.peerId;
  }

  /** The TCP port of the web server; undefined while there is none. */
  get webPort(): number | undefined {
    return this.port;
  }

  /**
   * Where media is received.
   * @throws InvalidStateError before the start and after the end.
   */
  get mediaAddresses(): readonly ListenAddress[] {
    return this.requireEngine().addresses;
  }

  /**
   * Counters of the engine.
   * @throws InvalidStateError before the start and after the end.
   */
  getStats(): Promise<EngineStats> {
    return this.requireEngine().getStats();
  }

  /**
   * Starts the engine, serves signaling or connects to the external server, and asks the STUN servers
   * in the background. When it fails, nothing is left running.
   * @throws (rejects with) InvalidConfigError for an address or port that cannot be used; SignalingError or
   *   OperationTimeoutError when the external signaling server refuses or cannot be reached within 10 s;
   *   InternalError when the addon cannot be loaded; InvalidStateError after `shutdown`.
   */
  start(): Promise<void> {
    this.started ??= this.open();
    return this.started;
  }

  /** Says goodbye to signaling and to all peers, and closes everything. Idempotent. */
  shutdown(): Promise<void> {
    this.stopped ??= this.close();
    return this.stopped;
  }

  private async open(): Promise<void> {
    this.requireNotStopping();
    try {
      this.engine = this.createEngine();
      await this.openSignaling();
      this.requireNotStopping();
    } catch (error) {
      await this.shutdown();
      throw error;
    }
    for (const server of this.settings.stunServers) void this.askForPublicAddress(server);
  }

  private async close(): Promise<void> {
    this.stopping.abort();
    // Peers learn from signaling that it is the server that goes, before they miss its media.
    const farewell = this.signaling?.close();
    this.server.close();
    this.engine?.close();
    await farewell;
    await this.web?.close();
  }

  private createEngine(): MediaEngine {
    const { listenIps, udpPort } = this.settings;
    const addresses = listenAddresses(listenIps);
    try {
      const engine = new MediaEngine(this.dependencies.addon ?? loadAddon(), {
        listenIps: addresses,
        udpPort,
        consentTimeoutMs: CONSENT_TIMEOUT_MS,
        srtpProfiles: ['AEAD_AES_128_GCM', 'AEAD_AES_256_GCM', 'SRTP_AES128_CM_HMAC_SHA1_80'],
      });
      engine.on('warning', (message) => this.emit('warning', message));
      return engine;
    } catch (error) {
      throw explainBindError(error, {
        hostName: 'listenIps',
        host: addresses.join(','),
        portName: 'udpPort',
        port: udpPort,
      });
    }
  }

  private openSignaling(): Promise<void> {
    const { signalingUrl } = this.settings;
    return signalingUrl === undefined ? this.serveSignaling() : this.joinSignaling(signalingUrl);
  }

  private async serveSignaling(): Promise<void> {
    const { token, allowedOrigins, port } = this.settings;
    const signaling = new SignalingServer({
      endpoint: this.server,
      allowedOrigins,
      ...(token === undefined ? {} : { token }),
      logger: this.logger,
    });
    this.signaling = signaling;
    this.server.useSignaling(signaling);
    this.web = new WebServer({
      health: () => this.health(),
      handleUpgrade: (request, socket, head) => {
        signaling.handleUpgrade(request, socket, head);
      },
    });
    await this.listen(this.web, port ?? DEFAULT_PORT);
  }

  private async joinSignaling(url: string): Promise<void> {
    const { token, peerId, port } = this.settings;
    const signaling = new SignalingClient({
      url,
      peerId,
      endpoint: this.server,
      ...(token === undefined ? {} : { token }),
      logger: this.logger,
    });
    this.signaling = signaling;
    this.server.useSignaling(signaling);
    signaling.on('connected', () => this.emit('signalingConnected'));
    signaling.on('disconnected', (reason) => this.emit('signalingDisconnected', reason));
    signaling.on('reconnecting', (attempt, delayMs) => {
      this.emit('signalingReconnecting', attempt, delayMs);
    });
    if (port !== undefined) {
      this.web = new WebServer({ health: () => this.health() });
      await this.listen(this.web, port);
    }
    await signaling.start();
  }

  private async listen(web: WebServer, port: number): Promise<void> {
    const { host } = this.settings;
    try {
      this.port = await web.listen(host, port);
    } catch (error) {
      throw explainBindError(error, { hostName: 'host', host, portName: 'port', port });
    }
  }

  private async askForPublicAddress(url: string): Promise<void> {
    const server = parseStunServer(url);
    if (server === undefined) return;
    const { signal } = this.stopping;
    try {
      const ip = await queryPublicAddress({ ...server, signal });
      this.server.peers.addPublicIp(ip);
      this.emit('publicAddress', ip, url);
    } catch (error) {
      if (signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      this.emit('warning', `${url} did not tell our public address: ${why}`);
    }
  }

  private passOnServerEvents(): void {
    const { server } = this;
    server.on('peerAdded', (peer) => this.emit('peerJoined', peer));
    server.on('peerConnected', (peer) => this.emit('peerConnected', peer));
    server.on('peerRemoved', (peer, reason) => this.emit('peerDisconnected', peer, reason));
    server.on('trackNotSent', (...args) => this.emit('trackNotSent', ...args));
    server.on('warning', (message) => this.emit('warning', message));
  }

  private health(): Readonly<Record<string, string | number>> {
    const { peers, sessions } = this.server;
    return { version: VERSION, peers: peers.count, sessions: sessions.count };
  }

  private requireEngine(): MediaEngine {
    if (this.engine !== undefined && !this.engine.closed) return this.engine;
    throw new InvalidStateError('The transport is not running: it is so from start to shutdown.');
  }

  private requireNotStopping(): void {
    if (!this.stopping.signal.aborted) return;
    throw new InvalidStateError('The transport was shut down: create another one.');
  }
}
