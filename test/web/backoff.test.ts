import assert from 'node:assert/strict';
import { backoffDelay, delay } from '../../web/js/backoff.js';

describe('the wait before another attempt', () => {
  it('doubles from half a second up to ten seconds', () => {
    const longest = [1, 2, 3, 5, 6, 100].map((attempt) => backoffDelay(attempt, () => 1));
    assert.deepEqual(longest, [500, 1000, 2000, 8000, 10_000, 10_000]);
  });

  it('is at least half of that', () => {
    assert.equal(
      backoffDelay(1, () => 0),
      250,
    );
  });

  it('ends early when it is aborted', async () => {
    const controller = new AbortController();
    const waiting = delay(3_600_000, controller.signal);
    controller.abort();
    await waiting;
    await delay(3_600_000, controller.signal);
  });
});
