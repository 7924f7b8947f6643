// The test suites: what each one runs, and how its outcome is read. A suite is a list of checks; a
// check runs without output and reports counts.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from '../packages.mjs';
import { buildNative } from './cmake.mjs';
import { digestOf, filesBelow, isFresh, markFresh } from './freshness.mjs';
import { readExitCode, readGoogleTest, readMocha } from './results.mjs';
import { ROOT } from './root.mjs';
import { runQuietly } from './run.mjs';

/**
 * @typedef {import('./results.mjs').Counts} Counts
 *
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<{counts: Counts, output: string}>} run
 */

const SANITIZER_ENVIRONMENT = {
  ASAN_OPTIONS: 'detect_stack_use_after_return=1:strict_string_checks=1',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  TSAN_OPTIONS: 'halt_on_error=1:second_deadlock_stack=1',
};

/**
 * A check that passes when a program exits with 0.
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @returns {Check}
 */
function program(name, command, args) {
  return {
    name,
    run: async () => {
      const { code, output } = await runQuietly(command, args);
      return { counts: readExitCode(code), output };
    },
  };
}

/**
 * @param {string} name Of a command that comes with an npm package.
 */
const bin = (name) => join(ROOT, 'node_modules/.bin', name);

/** @returns {string[]} all C++ files. */
export function nativeSources() {
  return ['native', 'test/native', 'bench/native']
    .flatMap((folder) => filesBelow(join(ROOT, folder)))
    .filter((file) => /\.(cc|h)$/.test(file));
}

/** @returns {Check[]} formatting and static checks of both languages. */
export function lintChecks() {
  return [
    program('prettier', bin('prettier'), ['--check', '--log-level', 'warn', '.']),
    program('eslint', bin('eslint'), ['--max-warnings', '0', '.']),
    program('tsc', bin('tsc'), ['-p', 'tsconfig.json']),
    program('tsc, tests', bin('tsc'), ['-p', 'test/tsconfig.json']),
    program('tsc, demo page', bin('tsc'), ['-p', 'test/web/tsconfig.json']),
    program('knip', bin('knip'), ['--no-progress']),
    clangTool('clang-format', () => {
      return runQuietly('clang-format', ['--dry-run', '--Werror', ...nativeSources()]);
    }),
    clangTool('clang-tidy', tidy),
  ];
}

/** Another version formats differently and finds other things, so only this one has a say. */
const CLANG_TOOLS_VERSION = 14;

/**
 * @param {'clang-format' | 'clang-tidy'} tool
 * @param {() => Promise<{code: number, output: string}>} check
 * @returns {Check}
 */
function clangTool(tool, check) {
  return {
    name: tool,
    run: async () => {
      const version = (await runQuietly(tool, ['--version'])).output;
      if (!version.includes(`version ${CLANG_TOOLS_VERSION}.`)) {
        return { counts: { passed: 0, failed: 0, skipped: 1 }, output: version };
      }
      const { code, output } = await check();
      return { counts: readExitCode(code), output };
    },
  };
}

/** Takes a while, so it is left out when no native source changed since it last found nothing. */
async function tidy() {
  const stamp = join(ROOT, 'build/.tidy');
  const digest = digestOf(['native', '.clang-tidy']);
  if (isFresh(stamp, digest)) return { code: 0, output: '' };

  const sources = filesBelow(join(ROOT, 'native')).filter((file) => file.endsWith('.cc'));
  // The addon's build knows the flags; some of them only GCC understands.
  const flags = ['-p', 'build', '--quiet', '--extra-arg=-Wno-unknown-warning-option'];
  const result = await runQuietly('clang-tidy', [...flags, ...sources]);
  if (result.code === 0) markFresh(stamp, digest);
  // It also counts what it found in system headers and does not show.
  return { ...result, output: result.output.replace(/^\d+ warnings.* generated\.\n/gm, '') };
}

/**
 * @param {string[]} files Chosen test files; all but the browser tests when empty.
 * @returns {Check[]}
 */
export function typescriptChecks(files) {
  const chosen = files.length > 0 ? files : ['test/**/*.test.ts', '--ignore', 'test/e2e/**'];
  return [{ name: 'TypeScript tests', run: () => mocha(chosen) }];
}

/**
 * The tests learn where the browsers are from CHROMIUM_PATH and FIREFOX_PATH; those that need a
 * browser that is not there skip themselves.
 * @param {string[]} files Chosen test files; all browser tests when empty.
 * @returns {Check[]}
 */
export function browserChecks(files) {
  const chosen = files.length > 0 ? files : ['test/e2e/**/*.test.ts'];
  const run = async () => {
    const paths = { CHROMIUM_PATH: findBrowser('chromium'), FIREFOX_PATH: findBrowser('firefox') };
    return mocha(chosen, paths);
  };
  return [{ name: 'browser tests', run }];
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function mocha(args, env) {
  const options = ['--no-color', '--reporter', 'dot'];
  const { code, output } = await runQuietly(bin('mocha'), [...options, ...args], { env });
  return { counts: readMocha(output, code), output };
}

/**
 * The build of the C++ tests and fuzzers, so that it can go on beside other checks.
 * @param {'asan' | 'tsan' | 'fuzz'} kind
 * @returns {Check}
 */
export function nativeBuild(kind) {
  const definitions = {
    asan: { RTC_TESTS: 'ON', RTC_SANITIZE: 'address,undefined' },
    tsan: { RTC_TESTS: 'ON', RTC_SANITIZE: 'thread' },
    fuzz: {
      RTC_FUZZERS: 'ON',
      RTC_SANITIZE: 'address,undefined',
      CMAKE_C_COMPILER: 'clang',
      CMAKE_CXX_COMPILER: 'clang++',
    },
  };
  return {
    name: `C++ build, ${kind}`,
    run: async () => {
      const build = { CMAKE_BUILD_TYPE: 'Debug', ...definitions[kind] };
      const { code, output } = await buildNative(kind, build);
      return { counts: readExitCode(code), output };
    },
  };
}

/**
 * @param {'asan' | 'tsan'} kind
 * @param {string[]} args For the test program, such as --gtest_filter=Srtp*.
 * @returns {Check[]}
 */
export function nativeChecks(kind, args) {
  return [
    {
      name: `C++ tests, ${kind}`,
      run: async () => {
        const tests = join(ROOT, 'build', kind, 'native/native_tests');
        const command = [...(await fixedAddresses(kind)), tests, '--gtest_brief=1', ...args];
        const { code, output } = await runQuietly(command[0], command.slice(1), {
          env: SANITIZER_ENVIRONMENT,
        });
        return { counts: readGoogleTest(output, code), output };
      },
    },
  ];
}

/**
 * ThreadSanitizer before GCC 14 fails at start where the kernel randomizes addresses too widely.
 * @param {'asan' | 'tsan'} kind
 * @returns {Promise<string[]>} the start of a command line.
 */
async function fixedAddresses(kind) {
  if (kind !== 'tsan') return [];
  const isAllowed = (await runQuietly('setarch', ['-R', 'true'])).code === 0;
  return isAllowed ? ['setarch', '-R'] : [];
}

/**
 * @param {number} seconds How long each fuzzer searches.
 * @returns {Check[]} one check for each fuzzer.
 */
export function fuzzChecks(seconds) {
  const suffix = '_fuzzer.cc';
  return readdirSync(join(ROOT, 'test/native/fuzz'))
    .filter((file) => file.endsWith(suffix))
    .map((file) => fuzzer(file.slice(0, -suffix.length), seconds));
}

/**
 * Starts from the seed corpus; what the fuzzer finds interesting stays in the build folder.
 * @param {string} name
 * @param {number} seconds
 * @returns {Check}
 */
function fuzzer(name, seconds) {
  return {
    name: `fuzzer ${name}`,
    run: async () => {
      const found = join(ROOT, 'build/fuzz/corpus', name);
      const seeds = join(ROOT, 'test/native/fuzz/corpus', name);
      mkdirSync(found, { recursive: true });
      const { code, output } = await runQuietly(
        join(ROOT, 'build/fuzz/native', `${name}_fuzzer`),
        [`-max_total_time=${seconds}`, `-artifact_prefix=${found}-`, found, seeds],
        { env: SANITIZER_ENVIRONMENT },
      );
      return { counts: readExitCode(code), output };
    },
  };
}
