// Makes a clone ready to run: distribution packages, npm packages, the addon, the TypeScript build.
// Each step looks whether it has anything to do, so a second run costs next to nothing. Only Node's
// own modules may be used here and in what this file imports: in a fresh clone there are no others.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { dropForeignCache } from './cmake.mjs';
import { digestOf, isFresh, markFresh, npmIsFresh } from './freshness.mjs';
import { ROOT } from './root.mjs';
import { runVisibly } from './run.mjs';
import { ensurePackages } from '../packages.mjs';

const NATIVE_INPUTS = ['CMakeLists.txt', 'native', 'package-lock.json'];
const TYPESCRIPT_INPUTS = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/**
 * Does what is missing of the whole set-up.
 * @param {'start' | 'test' | 'bench'} purpose
 */
export async function setUp(purpose) {
  await setUpTools(purpose);
  await buildAddon();
  await buildTypeScript();
}

/**
 * The part of the set-up that the C++ tests need: packages, but no build of the product.
 * @param {'start' | 'test' | 'bench'} purpose
 */
export async function setUpTools(purpose) {
  await ensurePackages(purpose, announce);
  await installNpmPackages();
}

/**
 * What programs need that use the TypeScript part alone, such as the signaling server example.
 * @public
 */
export async function setUpTypeScript() {
  await installNpmPackages();
  await buildTypeScript();
}

async function installNpmPackages() {
  const readLock = (path) => {
    const file = join(ROOT, path);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  };
  const isThere = (path) => existsSync(join(ROOT, path));
  const wanted = readLock('package-lock.json');
  if (npmIsFresh(wanted, readLock('node_modules/.package-lock.json'), isThere)) return;

  announce('Installing npm packages');
  // No dependency needs its install script, and ours would build the addon a second time.
  await runVisibly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

/** Builds build/Release/remotemedia_webrtc.node if any native source changed since the last time. */
export async function buildAddon() {
  const folder = join(ROOT, 'build/Release');
  const addon = join(folder, 'remotemedia_webrtc.node');
  const stamp = join(folder, '.inputs');
  const digest = digestOf(NATIVE_INPUTS, [ROOT, process.arch]);
  if (isFresh(stamp, digest, [addon])) return;

  announce('Building the addon');
  const cmakeJs = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  dropForeignCache(join(ROOT, 'build'));
  const quiet = ['--log-level', 'warn'];
  const jobs = ['--parallel', String(availableParallelism())];
  await runVisibly(process.execPath, [cmakeJs, 'configure', '--out', 'build', ...quiet]);
  await runVisibly(process.execPath, [cmakeJs, 'build', '--out', 'build', ...quiet, ...jobs]);
  markFresh(stamp, digest);
}

async function buildTypeScript() {
  const output = join(ROOT, 'dist');
  const stamp = join(output, '.inputs');
  const digest = digestOf(TYPESCRIPT_INPUTS);
  if (isFresh(stamp, digest)) return;

  announce('Building the TypeScript sources');
  rmSync(output, { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  await runVisibly(process.execPath, [tsc, '-p', 'tsconfig.build.json']);
  markFresh(stamp, digest);
}

/** @param {string} step */
function announce(step) {
  console.log(`set-up: ${step}`);
}
