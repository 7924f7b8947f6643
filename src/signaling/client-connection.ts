/** One connection to an external signaling server: calls with time limits, and notifications. */
import { once } from 'node:events';

import type { Logger } from 'pino';
import { WebSocket, type RawData } from 'ws';

import { OperationTimeoutError, SignalingError } from '../errors.js';
import { Heartbeat } from './heartbeat.js';
import { classify, encodeCall } from './json-rpc.js';
import type { WireCall } from './messages.js';
import { traceMessage } from './trace.js';

/** The other side answered, and the answer is no; trying the same again will not help. */
export class SignalingRefusedError extends SignalingError {
  /** `error.data.reason` of a server that gives one. */
  readonly reason: string | undefined;

  constructor(message: string, reason?: string) {
    super(message, {
      suggestion: 'Correct what the message names; the server refuses it as it is.',
    });
    this.reason = reason;
  }
}

export interface ClientConnectionOptions {
  /** A ws: or wss: URL. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Time for the handshake and for every call, milliseconds. */
  readonly requestTimeoutMs: number;
  readonly pingIntervalMs: number;
  readonly idleTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly logger: Logger;
  readonly onNotification: (method: string, params: unknown) => void;
}

interface PendingCall {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: SignalingError | OperationTimeoutError) => void;
  readonly timer: NodeJS.Timeout;
}

export class ClientConnection {
  /** Resolves with the close code, and the reason the server gave. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  private readonly pending = new Map<number, PendingCall>();
  private nextId = 1;

  /**
   * @param signal cuts the attempt short.
   * @throws (rejects with) SignalingRefusedError when the server answers the handshake with a 4xx
   *   status, SignalingError when it cannot be reached.
   */
  static async open(
    options: ClientConnectionOptions,
    signal: AbortSignal,
  ): Promise<ClientConnection> {
    signal.throwIfAborted();
    const socket = new WebSocket(options.url, {
      handshakeTimeout: options.requestTimeoutMs,
      maxPayload: options.maxMessageBytes,
      headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` },
    });
    const connection = new ClientConnection(socket, options);
    const abort = (): void => {
      socket.terminate();
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      await once(socket, 'open');
      return connection;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const status = /^Unexpected server response: (\d+)$/.exec(why)?.[1] ?? '';
      if (!status.startsWith('4')) throw new SignalingError(why, { cause: error });
      throw new SignalingRefusedError(`the handshake was answered with HTTP status ${status}`);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  private constructor(
    private readonly socket: WebSocket,
    private readonly options: ClientConnectionOptions,
  ) {
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.failPending();
        resolve({ code, reason: reason.toString() });
      });
    });
    socket.on('error', (error) => {
      options.logger.debug({ err: error }, 'Signaling connection broke');
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.receive(data);
    });
    socket.once('open', () => {
      new Heartbeat(socket, options, () => {
        socket.terminate();
      });
    });
  }

  /**
   * Calls a method of the server.
   * @throws (rejects with) SignalingRefusedError when the server answers with an error, SignalingError when the
   *   connection is lost, OperationTimeoutError when no answer comes.
   */
  call({ method, params }: WireCall): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      if (this.socket.readyState !== WebSocket.OPEN) {
        reject(new SignalingError(`${method} cannot be sent: the signaling connection is closed.`));
        return;
      }
      const timer = setTimeout(() => {
        this.pending.delete(id);
        const limit = this.options.requestTimeoutMs;
        reject(
          new OperationTimeoutError(
            `The signaling server did not answer ${method} in ${limit} ms.`,
          ),
        );
      }, this.options.requestTimeoutMs);
      this.pending.set(id, { method, resolve, reject, timer });
      const text = encodeCall(method, params, id);
      traceMessage(this.options.logger, 'sent', text);
      this.socket.send(text);
    });
  }

  /** Closes the connection; resolves when it is closed, at the latest after `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    this.socket.close(1000);
    const timer = setTimeout(() => {
      this.socket.terminate();
    }, timeoutMs);
    await this.closed;
    clearTimeout(timer);
  }

  private receive(data: RawData): void {
    const text = (data as Buffer).toString();
    traceMessage(this.options.logger, 'received', text);
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'The signaling server sent no JSON');
      return;
    }
    for (const value of Array.isArray(message) ? message : [message]) this.take(value);
  }

  private take(value: unknown): void {
    const item = classify(value);
    switch (item.kind) {
      case 'notification':
      case 'request':
        this.options.onNotification(item.method, item.params);
        return;
      case 'result':
        this.settle(item.id)?.resolve(item.result);
        return;
      case 'error': {
        const call = this.settle(item.id);
        const { message, reason } = readError(item.error);
        if (call === undefined)
          this.options.logger.warn({ message }, 'Signaling server reports an error');
        else
          call.reject(new SignalingRefusedError(`${call.method} was refused: ${message}`, reason));
        return;
      }
      case 'invalid':
        this.options.logger.warn({ why: item.why }, 'The signaling server sent no JSON-RPC');
    }
  }

  private settle(id: string | number | null): PendingCall | undefined {
    if (typeof id !== 'number') return undefined;
    const call = this.pending.get(id);
    this.pending.delete(id);
    clearTimeout(call?.timer);
    return call;
  }

  private failPending(): void {
    for (const [id, { method, reject }] of [...this.pending]) {
      this.settle(id);
      reject(
        new SignalingError(`The signaling connection was lost before ${method} was answered.`),
      );
    }
  }
}

function readError(error: unknown): { readonly message: string; readonly reason?: string } {
  const field = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  const message = field(error, 'message');
  const reason = field(field(error, 'data'), 'reason');
  return {
    message: typeof message === 'string' ? message : 'no message was given',
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}
