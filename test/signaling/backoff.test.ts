import assert from 'node:assert/strict';

import { backoffDelay, DEFAULT_BACKOFF } from '../../src/signaling/backoff.js';

describe('Backoff', () => {
  it('doubles from 1 s up to 30 s', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 2_000].map((n) => backoffDelay(DEFAULT_BACKOFF, n, 0));
    assert.deepEqual(delays, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('leaves up to a quarter to chance', () => {
    assert.equal(backoffDelay(DEFAULT_BACKOFF, 1, 0.999_999), 750);
    assert.equal(backoffDelay(DEFAULT_BACKOFF, 3, 0.5), 3_500);
  });
});
