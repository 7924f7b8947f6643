// The CMake builds beside the addon's own: tests under sanitizers, fuzzers, micro-benchmarks.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { runQuietly } from './run.mjs';
import { findCommand } from '../packages.mjs';

/**
 * Configures and builds a folder below build/.
 * @param {string} name The folder's name.
 * @param {Record<string, string>} definitions CMake variables.
 * @returns {Promise<{code: number, output: string}>} of the step that failed, or of the last one.
 */
export async function buildNative(name, definitions) {
  const folder = join(ROOT, 'build', name);
  dropForeignCache(folder);
  const generator = findCommand('ninja') === undefined ? 'Unix Makefiles' : 'Ninja';
  const variables = Object.entries(definitions).map(([key, value]) => `-D${key}=${value}`);
  const configured = await runQuietly('cmake', [
    ...['-S', ROOT, '-B', folder],
    ...(existsSync(join(folder, 'CMakeCache.txt')) ? [] : ['-G', generator]),
    ...variables,
  ]);
  if (configured.code !== 0) return configured;
  return runQuietly('cmake', ['--build', folder, '--parallel', String(availableParallelism())]);
}

/**
 * CMake's cache holds absolute paths and refuses to work from anywhere else, for example after the
 * clone was renamed: then the build starts anew.
 * @param {string} folder
 */
export function dropForeignCache(folder) {
  const cache = join(folder, 'CMakeCache.txt');
  if (!existsSync(cache)) return;
  if (readFileSync(cache, 'utf8').includes(`CMAKE_HOME_DIRECTORY:INTERNAL=${ROOT}\n`)) return;
  rmSync(folder, { recursive: true, force: true });
}
