import assert from 'node:assert/strict';
import { History, sparklinePaths } from '../../web/js/sparkline.js';

const SCALE = { width: 40, height: 10, capacity: 5, atLeast: 100 };

describe('a sparkline', () => {
  it('ends at the right edge and grows to the left', () => {
    assert.equal(sparklinePaths([50, 100], SCALE).line, 'M30 5L40 0');
  });

  it('fills the area down to the base line', () => {
    assert.equal(sparklinePaths([50, 100], SCALE).area, 'M30 10L30 5L40 0L40 10Z');
  });

  it('scales to the largest value once that is beyond the least scale', () => {
    assert.equal(sparklinePaths([100, 400], SCALE).line, 'M30 7.5L40 0');
  });

  it('leaves a gap where a value is unknown, and shows a value between two gaps as a dot', () => {
    const { line } = sparklinePaths([0, 100, null, 50, null], SCALE);
    assert.equal(line, 'M0 10L10 0M30 5h0');
  });

  it('is empty without values', () => {
    assert.deepEqual(sparklinePaths([], SCALE), { line: '', area: '' });
  });
});

describe('a history', () => {
  it('forgets the oldest value when it is full', () => {
    const history = new History(3);
    for (const value of [1, 2, null, 4]) history.push(value);
    assert.deepEqual(history.values, [2, null, 4]);
  });
});
