/** Matches answers of the engine to the questions they belong to. */
import { InternalError, OperationTimeoutError } from '../errors.js';

interface Waiting<Stats> {
  readonly resolve: (stats: Stats) => void;
  readonly reject: (error: Error) => void;
}

/** Promises of statistics, by request id. Several instances share one source of ids. */
export class StatsRequests<Stats> {
  private readonly waiting = new Map<number, Waiting<Stats>>();

  constructor(private readonly nextRequestId: () => number) {}

  /** @param send asks the engine; its answer comes back through {@link settle}. */
  ask(send: (requestId: number) => void): Promise<Stats> {
    const requestId = this.nextRequestId();
    return new Promise((resolve, reject) => {
      this.waiting.set(requestId, { resolve, reject });
      send(requestId);
    });
  }

  settle(requestId: number, stats: Stats): void {
    this.waiting.get(requestId)?.resolve(stats);
    this.waiting.delete(requestId);
  }

  /** Answers may have been lost: everybody who waits asks again or goes without. */
  rejectLost(): void {
    this.rejectAll(
      new OperationTimeoutError('The engine dropped events, perhaps the statistics asked for.'),
    );
  }

  rejectClosed(): void {
    this.rejectAll(new InternalError('The media engine was closed before it could answer.'));
  }

  private rejectAll(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
