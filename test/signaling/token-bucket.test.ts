import assert from 'node:assert/strict';

import { TokenBucket } from '../../src/signaling/token-bucket.js';

describe('TokenBucket', () => {
  it('allows a burst, then the steady rate', () => {
    let now = 0;
    const bucket = new TokenBucket(10, 5, () => now);
    assert.equal(bucket.take(5), true);
    assert.equal(bucket.take(1), false);
    now = 99;
    assert.equal(bucket.take(1), false);
    now = 101;
    assert.equal(bucket.take(1), true);
    assert.equal(bucket.take(1), false);
  });

  it('never holds more than its capacity', () => {
    let now = 0;
    const bucket = new TokenBucket(10, 5, () => now);
    now = 60_000;
    assert.equal(bucket.take(6), false);
    assert.equal(bucket.take(5), true);
  });
});
