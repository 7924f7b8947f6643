/**
 * How long to wait before the next attempt to reach a server that is gone.
 */

const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/**
 * Exponential with jitter, so that everyone thrown out at once does not come back at once.
 *
 * @param {number} attempt 1 for the first attempt.
 * @param {() => number} [random] Uniform in [0, 1).
 * @returns {number} Milliseconds, from half of to all of the current step.
 */
export function backoffDelay(attempt, random = Math.random) {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(step * (0.5 + random() / 2));
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal Ends the wait early.
 * @returns {Promise<void>}
 */
export function delay(ms, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
