/** The waiting times between attempts to reconnect. */
export interface BackoffOptions {
  /** First waiting time, milliseconds. */
  readonly initialDelayMs: number;
  /** Longest waiting time, milliseconds. */
  readonly maxDelayMs: number;
  /** What each waiting time is multiplied with to get the next. */
  readonly factor: number;
  /** Share of each waiting time that is left to chance, 0 to 1, so that clients do not come in step. */
  readonly jitter: number;
}

export const DEFAULT_BACKOFF: BackoffOptions = {
  initialDelayMs: 1_000,
  maxDelayMs: 30_000,
  factor: 2,
  jitter: 0.25,
};

/**
 * The time to wait before an attempt, milliseconds.
 * @param attempt from 1.
 * @param random a number from 0 up to 1.
 */
export function backoffDelay(
  { initialDelayMs, maxDelayMs, factor, jitter }: BackoffOptions,
  attempt: number,
  random: number,
): number {
  const delay = Math.min(maxDelayMs, initialDelayMs * factor ** (attempt - 1));
  return Math.round(delay * (1 - jitter * random));
}
