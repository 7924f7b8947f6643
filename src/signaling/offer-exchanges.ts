/**
 * The offers that wait for their answer. One ordered pair of peers has at most one: an offer is
 * answered once and within the time limit, and a newer offer replaces an older one.
 */
import { SignalingFault } from './signaling-fault.js';

interface Exchange {
  readonly deliverAnswer: (sdp: string) => void | Promise<void>;
  readonly fail: ((fault: SignalingFault) => void) | undefined;
  readonly timer: NodeJS.Timeout;
}

export class OfferExchanges {
  /** By offerer, then answerer. */
  private readonly waiting = new Map<string, Map<string, Exchange>>();

  constructor(private readonly answerTimeoutMs: number) {}

  /**
   * @param deliverAnswer hands the answer to the offerer; may reject to refuse it.
   * @param fail told when there will be no answer; not called after `deliverAnswer`.
   */
  open(
    offerer: string,
    answerer: string,
    deliverAnswer: (sdp: string) => void | Promise<void>,
    fail?: (fault: SignalingFault) => void,
  ): void {
    this.cancel(
      offerer,
      answerer,
      new SignalingFault(
        'negotiation_in_progress',
        `A newer offer to ${answerer} replaced this one.`,
      ),
    );
    const timer = setTimeout(() => {
      const fault = new SignalingFault(
        'answer_timeout',
        `${answerer} did not answer the offer within ${this.answerTimeoutMs} ms: offer again.`,
      );
      this.cancel(offerer, answerer, fault);
    }, this.answerTimeoutMs).unref();
    const byAnswerer = this.waiting.get(offerer) ?? new Map<string, Exchange>();
    this.waiting.set(offerer, byAnswerer.set(answerer, { deliverAnswer, fail, timer }));
  }

  /** True while an offer of `offerer` waits for the answer of `answerer`. */
  has(offerer: string, answerer: string): boolean {
    return this.waiting.get(offerer)?.has(answerer) ?? false;
  }

  /**
   * Gives the answer to the offer that waits for it.
   * @throws SignalingFault `bad_answer` when none does; whatever the offerer throws to refuse it.
   */
  async answer(offerer: string, answerer: string, sdp: string): Promise<void> {
    const exchange = this.take(offerer, answerer);
    if (exchange === undefined) {
      throw new SignalingFault(
        'bad_answer',
        `No offer from ${offerer} waits for an answer: it was answered already, was withdrawn, ` +
          `or is older than ${this.answerTimeoutMs} ms.`,
      );
    }
    await exchange.deliverAnswer(sdp);
  }

  /** Ends the wait for one answer, if there is one. */
  cancel(offerer: string, answerer: string, fault: SignalingFault): void {
    this.take(offerer, answerer)?.fail?.(fault);
  }

  /** Ends every wait a peer has part in, because it is gone. */
  cancelAll(peerId: string, fault: SignalingFault): void {
    for (const answerer of [...(this.waiting.get(peerId)?.keys() ?? [])]) {
      this.cancel(peerId, answerer, fault);
    }
    for (const offerer of [...this.waiting.keys()]) this.cancel(offerer, peerId, fault);
  }

  private take(offerer: string, answerer: string): Exchange | undefined {
    const byAnswerer = this.waiting.get(offerer);
    const exchange = byAnswerer?.get(answerer);
    if (byAnswerer === undefined || exchange === undefined) return undefined;
    clearTimeout(exchange.timer);
    byAnswerer.delete(answerer);
    if (byAnswerer.size === 0) this.waiting.delete(offerer);
    return exchange;
  }
}
