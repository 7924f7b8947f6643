// What the test runners print, turned into counts.

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * A runner that ended badly without reporting a failure (a crash, a sanitizer report, a syntax
 * error) counts as one failed test.
 * @param {Counts} counts
 * @param {number} exitCode
 * @returns {Counts}
 */
function withExitCode(counts, exitCode) {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {string} output mocha's, with one of its reporters for people.
 * @param {number} exitCode
 * @returns {Counts}
 */
export function readMocha(output, exitCode) {
  const count = (word) => Number(new RegExp(`^ +(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);
  return withExitCode(
    { passed: count('passing'), failed: count('failing'), skipped: count('pending') },
    exitCode,
  );
}

/**
 * @param {string} output GoogleTest's.
 * @param {number} exitCode
 * @returns {Counts}
 */
export function readGoogleTest(output, exitCode) {
  const count = (word) =>
    Number(new RegExp(`^\\[ +${word} +\\] (\\d+) tests?[.,]`, 'm').exec(output)?.[1] ?? 0);
  return withExitCode(
    { passed: count('PASSED'), failed: count('FAILED'), skipped: count('SKIPPED') },
    exitCode,
  );
}

/**
 * @param {number} exitCode Of a check that is one test by itself.
 * @returns {Counts}
 */
export function readExitCode(exitCode) {
  return exitCode === 0
    ? { passed: 1, failed: 0, skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function total(all) {
  const sum = (key) => all.reduce((result, counts) => result + counts[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/**
 * @param {Counts} counts
 * @returns {string} such as '12 passed, 0 failed' or '12 passed, 0 failed, 1 skipped'.
 */
export function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
