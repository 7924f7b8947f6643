/** Waits for what a page shows. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * Asks until the answer is the expected one.
 * @throws AssertionError with the last answer when that takes longer than `timeoutMs`.
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  expected: T,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    try {
      assert.deepEqual(answer, expected);
      return;
    } catch (difference) {
      if (Date.now() > deadline) throw difference;
    }
    await sleep(POLL_MS);
  }
}
