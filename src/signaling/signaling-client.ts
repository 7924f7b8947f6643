/**
 * Connects the media server to an external signaling server as a peer like any other: announces it,
 * answers the offers that arrive, and comes back with the same id when the connection is lost.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from 'pino';

import {
  InvalidConfigError,
  OperationTimeoutError,
  PeerNotFoundError,
  SignalingError,
} from '../errors.js';
import { backoffDelay, DEFAULT_BACKOFF, type BackoffOptions } from './backoff.js';
import { CLIENT_DIALECTS } from './client-dialects.js';
import { ClientConnection, SignalingRefusedError } from './client-connection.js';
import { DEFAULT_SIGNALING_LIMITS, type SignalingLimits } from './limits.js';
import type {
  LocalEndpoint,
  PeerCapabilities,
  RemotePeerInfo,
  SignalingChannel,
} from './local-endpoint.js';
import { LocalParticipant } from './local-participant.js';
import type { ClientDialect, IncomingNotification, WireCall } from './messages.js';
import { OfferExchanges } from './offer-exchanges.js';
import { capabilitiesOf, checkSdp } from './session-text.js';
import { SignalingFault, type DialectName } from './signaling-fault.js';

/** The close code of a connection that was ended on purpose (RFC 6455 section 7.4.1). */
const CLOSE_NORMAL = 1000;

export interface SignalingClientOptions {
  /** A `ws:` or `wss:` URL. */
  readonly url: string;
  /**
   * The id to announce, 1 to 64 of a-z, A-Z, 0-9, _ and -. As `remotemedia-server` it is found by
   * peers that offer without naming a target.
   */
  readonly peerId: string;
  readonly endpoint: LocalEndpoint;
  /** What to announce; default: audio and video. */
  readonly capabilities?: PeerCapabilities;
  /** JSON of at most 1 KB to announce; only the prefixed dialect carries it. */
  readonly metadata?: unknown;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** Default: `plain`, which the guide's signaling server speaks. */
  readonly dialect?: DialectName;
  /** Changes to the waiting times 1,000 ms, doubled each time up to 30,000 ms. */
  readonly backoff?: Partial<BackoffOptions>;
  /** Time for `start` to succeed, milliseconds; default 10,000. */
  readonly startTimeoutMs?: number;
  /** Time for the handshake and for each answer of the server, milliseconds; default 10,000. */
  readonly requestTimeoutMs?: number;
  /** Changes to the default limits, as far as they concern a client. */
  readonly limits?: Partial<SignalingLimits>;
  readonly logger: Logger;
}

/** Events of a {@link SignalingClient}. */
export interface SignalingClientEvents {
  /** Connected and announced, for the first time or again. */
  connected: [];
  /** The connection is gone; the media of connected peers goes on. */
  disconnected: [reason: string];
  /** The next attempt to connect follows after the delay; the first attempt is number 1. */
  reconnecting: [attempt: number, delayMs: number];
}

export class SignalingClient
  extends EventEmitter<SignalingClientEvents>
  implements SignalingChannel
{
  private readonly dialect: ClientDialect;
  private readonly limits: SignalingLimits;
  private readonly backoff: BackoffOptions;
  private readonly local: LocalParticipant;
  private readonly exchanges: OfferExchanges;
  private readonly announced = new Map<string, RemotePeerInfo>();
  private readonly closing = new AbortController();
  private connection: ClientConnection | undefined;
  private running: Promise<void> | undefined;

  /** @throws InvalidConfigError for a URL that is none. */
  constructor(private readonly options: SignalingClientOptions) {
    super();
    checkUrl(options.url);
    this.dialect = CLIENT_DIALECTS[options.dialect ?? 'plain'];
    this.limits = { ...DEFAULT_SIGNALING_LIMITS, ...options.limits };
    this.backoff = { ...DEFAULT_BACKOFF, ...options.backoff };
    const capabilities = options.capabilities ?? { audio: true, video: true, data: false };
    this.local = new LocalParticipant(
      { peerId: options.peerId, capabilities },
      options.endpoint,
      this.limits,
      options.logger,
    );
    this.exchanges = new OfferExchanges(this.limits.answerTimeoutMs);
  }

  /**
   * Connects and announces; tries again in between until the time is over. From then on the client
   * comes back by itself until {@link close}.
   * @throws (rejects with) SignalingError when the server refuses, OperationTimeoutError when it cannot be
   *   reached in time; both name the URL.
   */
  async start(): Promise<void> {
    const timeoutMs = this.options.startTimeoutMs ?? 10_000;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      await this.connect(0, AbortSignal.any([timeout, this.closing.signal]));
    } catch (error) {
      const subject = `Failed to connect to signaling server ${redact(this.options.url)}`;
      const why = messageOf(error);
      if (error instanceof SignalingRefusedError) {
        throw new SignalingError(`${subject}: it refuses the media server: ${why}`, {
          cause: error,
          suggestion:
            'Each media server needs a WEBRTC_PEER_ID of its own, and the WEBRTC_TOKEN if there is one.',
        });
      }
      if (this.closing.signal.aborted) {
        throw new SignalingError(`${subject}: no success before the client was closed: ${why}`, {
          cause: error,
        });
      }
      throw new OperationTimeoutError(`${subject}: no success in ${timeoutMs} ms: ${why}`, {
        cause: error,
        suggestion: 'Check that it is running and that WEBRTC_SIGNALING_URL names it.',
      });
    }
    this.running = this.keepConnected();
  }

  /** Leaves the signaling server for good; peers see the media server leave. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.connection?.close(this.limits.closeTimeoutMs);
    await this.running;
  }

  async sendOffer(peerId: string, sdp: string): Promise<void> {
    const self = this.options.peerId;
    this.local.adopt(peerId);
    this.exchanges.open(self, peerId, (answer) => this.local.answer(peerId, answer));
    try {
      await this.call(this.dialect.encodeOffer(self, peerId, sdp));
    } catch (error) {
      const why = messageOf(error);
      this.exchanges.cancel(self, peerId, new SignalingFault('bad_offer', why));
      if (error instanceof SignalingRefusedError && error.reason === 'peer_not_found') {
        throw new PeerNotFoundError(why, { cause: error });
      }
      throw error;
    }
  }

  notifyStateChange(): void {
    // A peer is told of its state by its own signaling server only.
  }

  notifyPeerDisconnected(peerId: string, reason: string): void {
    if (this.local.forget(peerId)) this.disconnect(peerId, reason);
  }

  private async keepConnected(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const { connection } = this;
      if (connection === undefined) {
        await this.connect(1, this.closing.signal).catch((error: unknown) => {
          this.options.logger.debug({ err: error }, 'Reconnecting to signaling was ended');
        });
        continue;
      }
      const { code, reason } = await connection.closed;
      this.connection = undefined;
      this.announced.clear();
      const why = reason === '' ? `code ${code}` : `code ${code}, ${reason}`;
      this.options.logger[code === CLOSE_NORMAL ? 'info' : 'warn'](
        { url: redact(this.options.url), why },
        'Signaling connection ended',
      );
      this.emit('disconnected', why);
    }
  }

  /**
   * Tries until it is connected and announced. A refusal ends the very first series only: later
   * ones may be due to what the server still remembers of the connection before.
   * @param firstAttempt 0 for an attempt without a delay before it.
   */
  private async connect(firstAttempt: 0 | 1, signal: AbortSignal): Promise<void> {
    let lastError: unknown;
    for (let attempt: number = firstAttempt; ; attempt++) {
      try {
        if (attempt > 0) {
          const delayMs = backoffDelay(this.backoff, attempt, Math.random());
          this.emit('reconnecting', attempt, delayMs);
          await sleep(delayMs, undefined, { signal });
        }
        await this.connectOnce(signal);
        break;
      } catch (error) {
        // Being cut short says nothing about why the attempts before failed.
        if (signal.aborted) throw lastError ?? error;
        if (firstAttempt === 0 && error instanceof SignalingRefusedError) throw error;
        lastError = error;
        this.options.logger.debug({ err: error, attempt }, 'No signaling connection');
      }
    }
    this.emit('connected');
  }

  private async connectOnce(signal: AbortSignal): Promise<void> {
    const { options, limits } = this;
    const connection = await ClientConnection.open(
      {
        url: options.url,
        token: options.token,
        requestTimeoutMs: options.requestTimeoutMs ?? limits.announceTimeoutMs,
        pingIntervalMs: limits.pingIntervalMs,
        idleTimeoutMs: limits.idleTimeoutMs,
        maxMessageBytes: limits.maxMessageBytes,
        logger: options.logger,
        onNotification: (method, params) => {
          this.receive(method, params);
        },
      },
      signal,
    );
    const abort = (): void => void connection.close(limits.closeTimeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    // Offers may follow the announcement at once, and their answers need the connection.
    this.connection = connection;
    try {
      const { capabilities } = this.local.info;
      await connection.call(
        this.dialect.encodeAnnounce(options.peerId, capabilities, options.metadata),
      );
    } catch (error) {
      this.connection = undefined;
      await connection.close(limits.closeTimeoutMs);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  private receive(method: string, params: unknown): void {
    let notification: IncomingNotification | undefined;
    try {
      notification = this.dialect.decodeNotification(method, params);
      if (notification !== undefined) this.handle(notification);
    } catch (error) {
      this.options.logger.debug({ err: error, method }, 'A signaling message could not be used');
    }
  }

  private handle(notification: IncomingNotification): void {
    switch (notification.kind) {
      case 'offer':
        void this.answerOffer(notification.from, notification.sdp);
        return;
      case 'answer':
        void this.takeAnswer(notification.from, notification.sdp);
        return;
      case 'candidate':
        this.local.candidate(notification.from, notification.candidate);
        return;
      case 'peer-joined': {
        const { peerId, capabilities, metadata } = notification;
        this.announced.set(peerId, { peerId, capabilities, metadata });
        return;
      }
      case 'peer-left':
        this.announced.delete(notification.peerId);
        this.local.peerLeft(notification.peerId, 'connection-closed');
        return;
      case 'peer-disconnected':
        this.local.callEnded(notification.peerId);
    }
  }

  private async answerOffer(from: string, sdp: string): Promise<void> {
    try {
      checkSdp(sdp, 'bad_offer');
      const info = this.announced.get(from) ?? { peerId: from, capabilities: capabilitiesOf(sdp) };
      const answer = await this.local.offer(info, { offerId: '', sdp, hints: {} });
      await this.call(this.dialect.encodeAnswer(this.options.peerId, from, answer));
    } catch (error) {
      this.options.logger.warn({ err: error, peerId: from }, 'An offer was not answered');
      const isBusy = error instanceof SignalingFault && error.reason === 'negotiation_in_progress';
      if (!isBusy) this.disconnect(from, messageOf(error));
    }
  }

  private async takeAnswer(from: string, sdp: string): Promise<void> {
    try {
      checkSdp(sdp, 'bad_answer');
      await this.exchanges.answer(this.options.peerId, from, sdp);
    } catch (error) {
      this.options.logger.warn({ err: error, peerId: from }, 'An answer was refused');
    }
  }

  private disconnect(peerId: string, reason: string): void {
    this.call(this.dialect.encodeDisconnect(peerId, reason.slice(0, 256))).catch(
      (error: unknown) => {
        this.options.logger.debug({ err: error, peerId }, 'A peer could not be told of its end');
      },
    );
  }

  private call(call: WireCall): Promise<unknown> {
    if (this.connection !== undefined) return this.connection.call(call);
    return Promise.reject(
      new SignalingError(
        `${call.method} cannot be sent: there is no connection to ${redact(this.options.url)}.`,
      ),
    );
  }
}

function checkUrl(url: string): void {
  if (URL.canParse(url) && ['ws:', 'wss:'].includes(new URL(url).protocol)) return;
  throw new InvalidConfigError(
    `The signaling URL ${JSON.stringify(url)} is no WebSocket URL: it must be like ws://localhost:8080 or wss://host/path.`,
  );
}

/** The URL without what may be secret in it. */
function redact(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
