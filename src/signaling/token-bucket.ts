/** A rate limit that allows bursts: tokens come in at a steady rate and every message takes some. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /**
   * @param ratePerSecond tokens added a second.
   * @param capacity tokens it holds at most, and at first.
   * @param now milliseconds of a monotonic clock.
   */
  constructor(
    private readonly ratePerSecond: number,
    private readonly capacity: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.tokens = capacity;
    this.filledAt = now();
  }

  /** Takes `count` tokens, or none and returns false when there are not enough. */
  take(count: number): boolean {
    const now = this.now();
    const added = ((now - this.filledAt) / 1000) * this.ratePerSecond;
    this.tokens = Math.min(this.capacity, this.tokens + added);
    this.filledAt = now;
    if (this.tokens < count) return false;
    this.tokens -= count;
    return true;
  }
}
