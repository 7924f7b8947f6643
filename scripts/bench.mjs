// npm run bench -- <scenario> [arguments]: runs bench/<scenario>.ts after the set-up; the scenario
// `native` is the C++ micro-benchmarks, and its arguments are Google Benchmark's.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildNative } from './lib/cmake.mjs';
import { ScriptError, runMain } from './lib/errors.mjs';
import { ROOT } from './lib/root.mjs';
import { runVisibly } from './lib/run.mjs';
import { setUp } from './lib/set-up.mjs';

const BINARIES = join(ROOT, 'build/bench/native');

/** Scenarios that run, or run beside, a program made of bench/native or bench/yardstick. */
const NEEDS_NATIVE = new Set(['native', 'forward']);

await runMain(async () => {
  const [scenario, ...args] = process.argv.slice(2);
  const scripts = readdirSync(join(ROOT, 'bench')).filter((file) => file.endsWith('.ts'));
  const scenarios = [...scripts.map((file) => file.slice(0, -'.ts'.length)), 'native'];
  if (scenario === undefined || !scenarios.includes(scenario)) {
    throw new ScriptError(`Usage: npm run bench -- <${scenarios.join(' | ')}> [arguments]`);
  }
  const isNative = NEEDS_NATIVE.has(scenario);
  await setUp(isNative ? 'bench' : 'start');
  if (isNative) await buildBenches();
  if (scenario === 'native') await runVisibly(join(BINARIES, 'native_benches'), args);
  else await runVisibly(process.execPath, ['--import', 'tsx', `bench/${scenario}.ts`, ...args]);
});

async function buildBenches() {
  const { code, output } = await buildNative('bench', { RTC_BENCHES: 'ON' });
  if (code !== 0) throw new ScriptError(output);
}
