// npm test: does what is missing of the set-up, then runs every suite and adds up the results.
//
//   --only <suite>   one of lint, ts, native, fuzz, e2e, tsan; what follows -- goes to its runner
//   --fuzz           fuzz as long as continuous integration does (30 s a fuzzer instead of 3 s)
import { parseArgs } from 'node:util';
import { ScriptError, runMain } from './lib/errors.mjs';
import { describe, total } from './lib/results.mjs';
import { setUp, setUpTools } from './lib/set-up.mjs';
import {
  browserChecks,
  fuzzChecks,
  lintChecks,
  nativeBuild,
  nativeChecks,
  typescriptChecks,
} from './lib/suites.mjs';

/** @typedef {import('./lib/suites.mjs').Check} Check */
/** @typedef {import('./lib/results.mjs').Counts} Counts */

/** Suites that do without the addon and the TypeScript build. */
const NEEDS_TOOLS_ONLY = new Set(['native', 'tsan', 'fuzz']);

await runMain(async () => {
  const { values, positionals } = parseArgs({
    options: { only: { type: 'string' }, fuzz: { type: 'boolean' } },
    allowPositionals: true,
  });
  const isLong = values.fuzz === true || process.env.CI === 'true';
  const stages = planOf(values.only, positionals, isLong ? 30 : 3);
  if (NEEDS_TOOLS_ONLY.has(values.only)) await setUpTools('test');
  else await setUp('test');
  const results = [];
  for (const lanes of stages) {
    results.push(...(await Promise.all(lanes.map(runInTurn))).flat());
  }
  const counts = total(results);
  if (counts.failed > 0) process.exitCode = 1;
  console.log(`\n${describe(counts)}`);
});

/**
 * What runs when. Stages follow one another; the lanes of a stage run side by side, which two cores
 * bear. The browser tests measure and come alone.
 * @param {string | undefined} only
 * @param {string[]} args
 * @param {number} fuzzSeconds
 * @returns {Check[][][]} stages of lanes of checks.
 */
function planOf(only, args, fuzzSeconds) {
  const halves = (checks) => [0, 1].map((half) => checks.filter((_, i) => i % 2 === half));
  const suites = {
    lint: () => [[lintChecks()]],
    ts: () => [[typescriptChecks(args)]],
    native: () => [[[nativeBuild('asan')]], [nativeChecks('asan', args)]],
    tsan: () => [[[nativeBuild('tsan')]], [nativeChecks('tsan', args)]],
    fuzz: () => [[[nativeBuild('fuzz')]], halves(fuzzChecks(fuzzSeconds))],
    e2e: () => [[browserChecks(args)]],
  };
  if (only === undefined) {
    return [
      [lintChecks(), [nativeBuild('asan'), nativeBuild('fuzz')]],
      [typescriptChecks([]), nativeChecks('asan', [])],
      halves(fuzzChecks(fuzzSeconds)),
      [browserChecks([])],
    ];
  }
  if (!(only in suites)) {
    throw new ScriptError(`--only is '${only}': use one of ${Object.keys(suites).join(', ')}.`);
  }
  return suites[only]();
}

/**
 * Runs checks one after another and tells how each went; what a failed one printed is shown.
 * @param {Check[]} checks
 * @returns {Promise<Counts[]>}
 */
async function runInTurn(checks) {
  const results = [];
  for (const { name, run } of checks) {
    const started = performance.now();
    const { counts, output } = await run().catch(asFailure);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const mark = counts.failed > 0 ? 'FAILED ' : 'ok     ';
    if (counts.failed > 0) console.log(`\n${output.trimEnd()}\n`);
    console.log(`${mark}${name}: ${describe(counts)} (${seconds} s)`);
    results.push(counts);
  }
  return results;
}

/**
 * A program that cannot even be started fails its check and no other.
 * @param {unknown} error
 */
function asFailure(error) {
  if (!(error instanceof ScriptError)) throw error;
  return { counts: { passed: 0, failed: 1, skipped: 0 }, output: error.message };
}
