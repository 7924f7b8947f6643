/** How the summary of `npm test` reads what the runners print. */
import assert from 'node:assert/strict';
import {
  describe as inWords,
  readGoogleTest,
  readMocha,
  total,
} from '../../scripts/lib/results.mjs';

describe('the summary of npm test', () => {
  it("reads mocha's counts", () => {
    const output = '\n  ✔ says 5 failing things\n\n  12 passing (2s)\n  1 pending\n  2 failing\n';
    assert.deepEqual(readMocha(output, 2), { passed: 12, failed: 2, skipped: 1 });
  });

  it("reads GoogleTest's counts", () => {
    const output = [
      '[==========] 4 tests from 1 test suite ran. (0 ms total)',
      '[  PASSED  ] 2 tests.',
      '[  SKIPPED ] 1 test, listed below:',
      '[  SKIPPED ] A.B',
      '[  FAILED  ] 1 test, listed below:',
      '[  FAILED  ] A.C',
    ].join('\n');
    assert.deepEqual(readGoogleTest(output, 1), { passed: 2, failed: 1, skipped: 1 });
  });

  it('counts a crash as a failure although the runner reported none', () => {
    assert.deepEqual(readGoogleTest('', 128), { passed: 0, failed: 1, skipped: 0 });
    assert.deepEqual(readMocha('  3 passing (1s)\n', 1), { passed: 3, failed: 1, skipped: 0 });
  });

  it('adds up all runners and mentions skipped tests only where there are any', () => {
    const counts = total([
      { passed: 2, failed: 0, skipped: 0 },
      { passed: 3, failed: 1, skipped: 0 },
    ]);
    assert.equal(inWords(counts), '5 passed, 1 failed');
    assert.equal(inWords({ passed: 5, failed: 0, skipped: 2 }), '5 passed, 0 failed, 2 skipped');
  });
});
