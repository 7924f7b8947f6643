// npm run bench -- <scenario> [arguments]: runs bench/<scenario>.ts after the set-up; the scenario
// `native` is the C++ micro-benchmarks, and its arguments are Google Benchmark's.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildNative } from './lib/cmake.mjs';
import { ScriptError, runMain } from './lib/errors.mjs';
import { ROOT } from './lib/root.mjs';
import { runVisibly } from './lib/run.mjs';
import { setUp } from './lib/set-up.mjs';

await runMain(async () => {
  const [scenario, ...args] = process.argv.slice(2);
  const scripts = readdirSync(join(ROOT, 'bench')).filter((file) => file.endsWith('.ts'));
  const scenarios = [...scripts.map((file) => file.slice(0, -'.ts'.length)), 'native'];
  if (scenario === undefined || !scenarios.includes(scenario)) {
    throw new ScriptError(`Usage: npm run bench -- <${scenarios.join(' | ')}> [arguments]`);
  }
  await setUp(scenario === 'native' ? 'bench' : 'start');
  if (scenario === 'native') await runNative(args);
  else await runVisibly(process.execPath, ['--import', 'tsx', `bench/${scenario}.ts`, ...args]);
});

/** @param {string[]} args */
async function runNative(args) {
  const { code, output } = await buildNative('bench', { RTC_BENCHES: 'ON' });
  if (code !== 0) throw new ScriptError(output);
  await runVisibly(join(ROOT, 'build/bench/native/native_benches'), args);
}
