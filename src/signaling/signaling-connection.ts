/**
 * One accepted WebSocket: takes JSON-RPC messages apart, has the hub carry them out and answers in the
 * peer's dialect; keeps the limits that are per connection.
 */
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';

import { Heartbeat } from './heartbeat.js';
import {
  classify,
  encodeCall,
  errorResponse,
  resultResponse,
  type IncomingItem,
  type JsonRpcResponse,
} from './json-rpc.js';
import type { SignalingLimits } from './limits.js';
import type { PeerLeftReason } from './local-endpoint.js';
import type { Command, Dialect, PeerNotification } from './messages.js';
import type { RemoteParticipant } from './participant.js';
import { plainDialect } from './plain-dialect.js';
import { isPrefixed, prefixedDialect } from './prefixed-dialect.js';
import type { Caller, Reply, SignalingHub } from './signaling-hub.js';
import { SignalingFault, toErrorObject, toFault } from './signaling-fault.js';
import { TokenBucket } from './token-bucket.js';
import { traceMessage } from './trace.js';

/** WebSocket close codes (RFC 6455 section 7.4.1). */
const CLOSE_GOING_AWAY = 1001;
const CLOSE_POLICY_VIOLATION = 1008;

/** A response, and what is to happen once it has been sent. */
interface Handled {
  readonly response?: JsonRpcResponse;
  readonly afterwards?: () => void;
}

export class SignalingConnection implements Caller {
  participant: RemoteParticipant | undefined;

  /** Follows the requests until the peer is announced, and stays as it is from then on. */
  private dialect: Dialect = plainDialect;
  private readonly bucket: TokenBucket;
  private readonly heartbeat: Heartbeat;
  private announceTimer: NodeJS.Timeout | undefined;
  private leaveReason: PeerLeftReason = 'connection-closed';

  constructor(
    private readonly socket: WebSocket,
    private readonly hub: SignalingHub,
    private readonly limits: SignalingLimits,
    private readonly logger: Logger,
  ) {
    this.bucket = new TokenBucket(limits.messagesPerSecond, limits.messageBurst);
    this.heartbeat = new Heartbeat(socket, limits, () => {
      this.end(CLOSE_POLICY_VIOLATION, 'no sign of life', 'idle');
    });
    socket.on('message', (data, isBinary) => {
      if (socket.readyState === socket.OPEN) this.receive(data, isBinary);
    });
    socket.on('error', (error) => {
      logger.debug({ err: error }, 'Signaling connection broke');
    });
    socket.once('close', () => {
      clearTimeout(this.announceTimer);
      hub.leave(this, this.leaveReason);
    });
  }

  notify(notification: PeerNotification): void {
    const call = this.dialect.encodeNotification(notification);
    if (call !== undefined) this.send(encodeCall(call.method, call.params));
  }

  probe(): void {
    this.heartbeat.probe(this.limits.probeTimeoutMs);
  }

  /** Closes the connection because the server closes; resolves when it is closed. */
  goAway(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('close', () => {
        resolve();
      });
      this.end(CLOSE_GOING_AWAY, 'server is shutting down', 'shutdown');
    });
  }

  private receive(data: RawData, isBinary: boolean): void {
    const isAllowed = this.bucket.take(1);
    const text = isBinary ? '' : (data as Buffer).toString();
    if (isAllowed) traceMessage(this.logger, 'received', text);
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      if (!isAllowed) {
        this.refuseForRate(null);
        return;
      }
      const fault = new SignalingFault(
        'parse_error',
        isBinary ? 'The message is binary: send JSON as text.' : 'The message is not JSON.',
      );
      this.reply(errorResponse(null, toErrorObject(fault, this.dialect.name)));
      return;
    }
    if (!isAllowed) this.refuseForRate(message);
    else if (Array.isArray(message)) void this.handleBatch(message);
    else void this.handleSingle(classify(message));
  }

  private async handleSingle(item: IncomingItem): Promise<void> {
    const { response, afterwards } = await this.handle(item);
    if (response !== undefined) this.reply(response);
    afterwards?.();
  }

  private async handleBatch(batch: readonly unknown[]): Promise<void> {
    if (batch.length === 0 || batch.length > this.limits.maxBatchLength) {
      const why = `a batch must have 1 to ${this.limits.maxBatchLength} requests, and this one has ${batch.length}`;
      this.reply(this.invalidRequest(null, why));
      return;
    }
    if (!this.bucket.take(batch.length - 1)) {
      this.refuseForRate(batch[0]);
      return;
    }
    const handled = await Promise.all(batch.map((value) => this.handle(classify(value))));
    const responses = handled.flatMap(({ response }) => response ?? []);
    if (responses.length > 0) this.send(JSON.stringify(responses));
    for (const { afterwards } of handled) afterwards?.();
  }

  private async handle(item: IncomingItem): Promise<Handled> {
    switch (item.kind) {
      case 'invalid':
        return { response: this.invalidRequest(item.id, item.why) };
      case 'result':
      case 'error':
        return {};
      case 'notification':
      case 'request':
        break;
    }
    const requested = isPrefixed(item.method) ? prefixedDialect : plainDialect;
    if (this.participant === undefined) this.dialect = requested;
    let command: Command | undefined;
    let reply: Reply;
    try {
      command = requested.decodeCommand(item.method, item.params);
      reply = await this.execute(command, item.kind === 'request');
    } catch (error) {
      const fault = this.explain(error, command);
      if (item.kind === 'notification') return {};
      return { response: errorResponse(item.id, toErrorObject(fault, this.dialect.name)) };
    }
    const { outcome, afterwards } = reply;
    return {
      ...(item.kind === 'request'
        ? { response: resultResponse(item.id, this.dialect.encodeOutcome(outcome)) }
        : {}),
      ...(afterwards === undefined ? {} : { afterwards }),
    };
  }

  private execute(command: Command, isRequest: boolean): Promise<Reply> {
    const wantsAnswerInResult =
      isRequest &&
      command.kind === 'offer' &&
      (command.to === undefined || this.dialect.answersInResult);
    const reply = this.hub.execute(this, command, wantsAnswerInResult);
    if (this.participant !== undefined) {
      clearTimeout(this.announceTimer);
      this.announceTimer = undefined;
    }
    return reply;
  }

  private explain(error: unknown, command: Command | undefined): SignalingFault {
    const fault = toFault(error, command?.kind === 'answer' ? 'bad_answer' : 'bad_offer');
    const peerId = this.participant?.info.peerId;
    if (fault.reason === 'internal_error') {
      this.logger.error(
        { err: error, peerId, command: command?.kind },
        'A signaling request failed',
      );
    } else {
      this.logger.debug(
        { peerId, reason: fault.reason, message: fault.message },
        'Request refused',
      );
    }
    if (fault.reason === 'not_announced' && command?.kind === 'offer') this.expectAnnounce();
    return fault;
  }

  /** An offer was refused for want of an announcement: it has to come soon. */
  private expectAnnounce(): void {
    this.announceTimer ??= setTimeout(() => {
      this.end(CLOSE_POLICY_VIOLATION, 'announce first', 'policy');
    }, this.limits.announceTimeoutMs).unref();
  }

  private refuseForRate(message: unknown): void {
    const item = classify(message);
    const fault = new SignalingFault(
      'rate_limited',
      `This connection sends more than ${this.limits.messagesPerSecond} messages a second: send fewer.`,
    );
    this.reply(
      errorResponse('id' in item ? item.id : null, toErrorObject(fault, this.dialect.name)),
    );
    this.logger.warn({ peerId: this.participant?.info.peerId }, 'Too many signaling messages');
    this.end(CLOSE_POLICY_VIOLATION, 'too many messages', 'policy');
  }

  private invalidRequest(id: string | number | null, why: string): JsonRpcResponse {
    const fault = new SignalingFault('invalid_request', `This is no JSON-RPC 2.0 request: ${why}.`);
    return errorResponse(id, toErrorObject(fault, this.dialect.name));
  }

  private reply(response: JsonRpcResponse): void {
    this.send(JSON.stringify(response));
  }

  private send(text: string): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    traceMessage(this.logger, 'sent', text);
    socket.send(text);
    if (socket.bufferedAmount <= this.limits.maxBufferedBytes) return;
    this.logger.warn({ peerId: this.participant?.info.peerId }, 'Signaling peer reads too slowly');
    this.leaveReason = 'policy';
    socket.terminate();
  }

  private end(code: number, text: string, reason: PeerLeftReason): void {
    this.leaveReason = reason;
    this.socket.close(code, text);
    setTimeout(() => {
      this.socket.terminate();
    }, this.limits.closeTimeoutMs).unref();
  }
}
