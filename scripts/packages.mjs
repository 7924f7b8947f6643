// What has to come from the distribution, for building and for testing: the one list of it.
import { accessSync, constants, existsSync, readFileSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ScriptError } from './lib/errors.mjs';
import { runVisibly } from './lib/run.mjs';

const CPU = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

/**
 * @typedef {object} Requirement
 * @property {string} what What is needed, in words, for people whose distribution is not Debian's.
 * @property {() => boolean} isMet Looks at the machine itself, so that a compiler or cmake that did
 *     not come as a distribution package counts too.
 * @property {() => string} debian The name of the Debian package that brings it.
 * @property {boolean} [isSnapOnUbuntu] True where Ubuntu's package of that name installs a snap, which
 *     works neither in containers nor with the profile folders that tests use.
 */

/** @type {Requirement[]} */
const FOR_BUILDING = [
  { what: 'a C++20 compiler', isMet: () => hasCommand('c++'), debian: () => 'g++' },
  { what: 'cmake', isMet: () => hasCommand('cmake'), debian: () => 'cmake' },
  {
    what: 'make or ninja',
    isMet: () => hasCommand('ninja') || hasCommand('make'),
    debian: () => 'make',
  },
  {
    what: 'OpenSSL 3 with headers and static libraries',
    isMet: () => hasFile('include/openssl/ssl.h') && hasLibrary('libssl.a'),
    debian: () => 'libssl-dev',
  },
];

/** @type {Requirement[]} */
const FOR_TESTING = [
  {
    what: 'GoogleTest',
    isMet: () => hasFile('include/gtest/gtest.h') && hasLibrary('libgtest.a'),
    debian: () => 'libgtest-dev',
  },
  {
    what: 'GoogleMock',
    isMet: () => hasFile('include/gmock/gmock.h') && hasLibrary('libgmock.a'),
    debian: () => 'libgmock-dev',
  },
  { what: 'clang', isMet: () => hasCommand('clang++'), debian: () => 'clang' },
  {
    what: "clang's sanitizer and fuzzer libraries",
    isMet: clangHasFuzzer,
    debian: () => clangRuntimePackage(aptCache),
  },
  {
    what: 'clang-format',
    isMet: () => hasCommand('clang-format'),
    debian: () => 'clang-format',
  },
  { what: 'clang-tidy', isMet: () => hasCommand('clang-tidy'), debian: () => 'clang-tidy' },
  {
    what: 'Chromium or Google Chrome (or its path in CHROMIUM_PATH)',
    isMet: () => findBrowser('chromium') !== undefined,
    debian: () => 'chromium',
    isSnapOnUbuntu: true,
  },
  {
    what: 'Firefox (or its path in FIREFOX_PATH)',
    isMet: () => findBrowser('firefox') !== undefined,
    debian: () => 'firefox-esr',
    isSnapOnUbuntu: true,
  },
  {
    what: "libavcodec with x264, Firefox's H.264 codecs",
    isMet: () => hasLibrary(/^libavcodec\.so\.\d+$/) && hasLibrary(/^libx264\.so\.\d+$/),
    debian: () => 'libavcodec-extra',
  },
];

/** @type {Requirement[]} */
const FOR_BENCHMARKS = [
  {
    what: 'Google Benchmark',
    isMet: () => hasFile('include/benchmark/benchmark.h'),
    debian: () => 'libbenchmark-dev',
  },
];

const REQUIREMENTS = {
  start: FOR_BUILDING,
  test: [...FOR_BUILDING, ...FOR_TESTING],
  bench: [...FOR_BUILDING, ...FOR_BENCHMARKS],
};

const BROWSERS = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    commands: ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'],
  },
  firefox: { variable: 'FIREFOX_PATH', commands: ['firefox-esr', 'firefox'] },
};

/**
 * @typedef {object} System
 * @property {boolean} hasApt
 * @property {boolean} isUbuntu
 * @property {boolean} isRoot
 */

/**
 * Sees to it that everything from the distribution is there: installs it with apt when this user may.
 * @param {'start' | 'test' | 'bench'} purpose
 * @param {(line: string) => void} log
 * @throws {ScriptError} naming what is missing and what to type, when it cannot be installed from here.
 */
export async function ensurePackages(purpose, log) {
  const missing = REQUIREMENTS[purpose].filter((requirement) => !requirement.isMet());
  if (missing.length === 0) return;

  const system = thisSystem();
  const { installable, leftOut } = divide(missing, system);
  for (const requirement of leftOut) log(ubuntuNote(requirement));
  if (installable.length === 0) return;
  if (!system.hasApt) throw new ScriptError(otherDistributionMessage(installable));
  if (!system.isRoot) throw new ScriptError(notRootMessage(packageNames(installable)));

  log('Updating the list of distribution packages');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runVisibly('apt-get', ['update', '-q'], { env });
  const names = packageNames(installable);
  log(`Installing the distribution packages ${names.join(' ')}`);
  await runVisibly('apt-get', installArguments(names), { env });
}

/**
 * Like `ensurePackages`, for where installing packages of the distribution is not ours to do.
 * @param {'start' | 'test' | 'bench'} purpose
 * @throws {ScriptError} naming what is missing and what to type.
 */
export function requirePackages(purpose) {
  const missing = REQUIREMENTS[purpose].filter((requirement) => !requirement.isMet());
  if (missing.length === 0) return;
  const { hasApt } = thisSystem();
  throw new ScriptError(
    hasApt ? notRootMessage(packageNames(missing)) : otherDistributionMessage(missing),
  );
}

/**
 * Path of an installed browser, which may be set by CHROMIUM_PATH or FIREFOX_PATH.
 * @param {'chromium' | 'firefox'} name
 * @returns {string | undefined}
 */
export function findBrowser(name) {
  const { variable, commands } = BROWSERS[name];
  const chosen = process.env[variable];
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new ScriptError(`${variable} is '${chosen}', but there is no such file.`);
  }
  return commands.map(findCommand).find((path) => path !== undefined);
}

/**
 * Tells apart what apt can bring and what must be left out on Ubuntu.
 * @param {Requirement[]} missing
 * @param {System} system
 * @returns {{installable: Requirement[], leftOut: Requirement[]}}
 */
export function divide(missing, system) {
  const isLeftOut = (requirement) => system.isUbuntu && requirement.isSnapOnUbuntu === true;
  return {
    installable: missing.filter((requirement) => !isLeftOut(requirement)),
    leftOut: missing.filter(isLeftOut),
  };
}

/**
 * What a user without the right to install packages is told.
 * @param {string[]} names
 * @returns {string}
 */
export function notRootMessage(names) {
  return [
    'Some distribution packages are missing. Type this, then try again:',
    '',
    `  sudo apt-get update && sudo apt-get ${installArguments(names).join(' ')}`,
  ].join('\n');
}

/**
 * @param {Requirement[]} missing
 * @returns {string}
 */
export function otherDistributionMessage(missing) {
  const lines = missing.map(({ what, debian }) => `  ${what} (Debian: ${debian()})`);
  return ["Install these with your system's package manager, then try again:", '', ...lines].join(
    '\n',
  );
}

/**
 * The package with clang's run-time libraries carries clang's version in its name, and before
 * Debian 12 and in Ubuntu 22.04 they are part of another package.
 * @param {(...args: string[]) => string} queryApt apt-cache's output for these arguments, '' if none.
 * @returns {string}
 */
export function clangRuntimePackage(queryApt) {
  const version = /clang-(\d+)/.exec(queryApt('depends', 'clang'))?.[1] ?? '14';
  const own = `libclang-rt-${version}-dev`;
  return queryApt('show', own) === '' ? `libclang-common-${version}-dev` : own;
}

/** @returns {System} */
function thisSystem() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return {
    hasApt: hasCommand('apt-get'),
    isUbuntu: /^ID(_LIKE)?=.*ubuntu/m.test(release),
    isRoot: process.getuid?.() === 0,
  };
}

/** @param {Requirement} requirement */
function ubuntuNote({ what }) {
  return (
    `Missing: ${what}. Ubuntu has it as a snap only, which cannot be driven by tests; install a ` +
    '.deb of its maker. The tests that need it are skipped.'
  );
}

/** @param {Requirement[]} requirements */
function packageNames(requirements) {
  return requirements.map((requirement) => requirement.debian());
}

/** @param {string[]} names */
function installArguments(names) {
  return ['install', '-y', '--no-install-recommends', ...names];
}

/** @param {string} name */
function hasCommand(name) {
  return findCommand(name) !== undefined;
}

/**
 * @param {string} name
 * @returns {string | undefined} the path of a program, as a shell would find it.
 */
export function findCommand(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} path Relative to an installation prefix. */
function hasFile(path) {
  return ['/usr', '/usr/local'].some((prefix) => existsSync(join(prefix, path)));
}

/** @param {string | RegExp} name A pattern where the name carries a version. */
function hasLibrary(name) {
  const folders = ['lib64', 'lib', `lib/${CPU}-linux-gnu`];
  if (typeof name === 'string') return folders.some((folder) => hasFile(join(folder, name)));
  return folders
    .flatMap((folder) => ['/usr', '/usr/local'].map((prefix) => join(prefix, folder)))
    .filter((folder) => existsSync(folder))
    .some((folder) => readdirSync(folder).some((file) => name.test(file)));
}

function clangHasFuzzer() {
  if (!hasCommand('clang++')) return false;
  // clang prints the path of a file it has, and the bare name of one it does not have.
  return [`libclang_rt.fuzzer-${CPU}.a`, 'libclang_rt.fuzzer.a'].some((name) =>
    existsSync(execFileSync('clang++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim()),
  );
}

/** @param {string[]} args */
function aptCache(...args) {
  try {
    return execFileSync('apt-cache', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}
