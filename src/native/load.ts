/** Finds the native addon and loads it. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InternalError } from '../errors.js';
import type { NativeAddon } from './binding.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = 'remotemedia_webrtc.node';

/** What a binary is made for: `linux-x64`, `linux-arm64-musl`, ... */
function platformName(): string {
  const libc = process.platform === 'linux' && !runsOnGlibc() ? '-musl' : '';
  return `${process.platform}-${process.arch}${libc}`;
}

/** Where the addon may lie, best first: shipped with the package, or built on this machine. */
export function addonCandidates(root = ROOT): string[] {
  return [join(root, 'prebuilds', platformName(), FILE), join(root, 'build', 'Release', FILE)];
}

/**
 * Loads the first candidate that works and is of this package's version.
 * @throws InternalError that names the platform, what was tried and what to do about it.
 */
export function loadAddon(candidates = addonCandidates()): NativeAddon {
  const failures: unknown[] = [];
  const tried: string[] = [];
  for (const path of candidates) {
    if (!existsSync(path)) {
      tried.push(`${path}: not there`);
      continue;
    }
    try {
      return requireAddon(path);
    } catch (error) {
      failures.push(error);
      tried.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new InternalError(
    [
      `The native addon for ${platformName()} (Node.js ${process.version}) cannot be loaded. Tried:`,
      ...tried.map((line) => `  ${line}`),
    ].join('\n'),
    { cause: failures[0], suggestion: remedy(failures.length > 0) },
  );
}

function requireAddon(path: string): NativeAddon {
  const addon: unknown = createRequire(import.meta.url)(path);
  if (!isNativeAddon(addon)) throw new Error('it is not the addon of this package');
  const wanted = packageVersion();
  if (addon.version !== wanted) {
    throw new Error(`it is of version ${addon.version}, this package of version ${wanted}`);
  }
  return addon;
}

function isNativeAddon(value: unknown): value is NativeAddon {
  if (typeof value !== 'object' || value === null) return false;
  const { version, Engine } = value as Partial<Record<keyof NativeAddon, unknown>>;
  return typeof version === 'string' && typeof Engine === 'function';
}

/** Build scripts are needed because the addon is compiled when the package is installed. */
function remedy(isBuilt: boolean): string {
  const what = isBuilt ? 'Build it again for this machine' : 'Build it';
  return (
    `${what}: 'npm run setup' in a clone, 'npm rebuild remotemedia-webrtc --foreground-scripts' ` +
    'where the package is a dependency (and let its install script run: no --ignore-scripts). ' +
    'This needs a C++20 compiler, CMake and OpenSSL 3 with static libraries.'
  );
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

function runsOnGlibc(): boolean {
  const { header } = process.report.getReport() as {
    header: { glibcVersionRuntime?: string };
  };
  return header.glibcVersionRuntime !== undefined;
}
