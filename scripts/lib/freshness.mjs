// Decides whether something built from files is still what those files would build. A digest of the
// inputs is kept inside what was built, so that deleting the one deletes the other.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * A digest of the names and contents of files, and of what else the result depends on.
 * @param {string[]} paths Files and folders, relative to `root`; one that does not exist is left out.
 * @param {string[]} [facts] Anything else that should make the result stale when it changes.
 * @param {string} [root]
 * @returns {string}
 */
export function digestOf(paths, facts = [], root = ROOT) {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(facts));
  for (const path of paths) {
    for (const file of filesBelow(join(root, path))) {
      const content = readFileSync(file);
      hash.update(`\n${relative(root, file)} ${content.length}\n`);
      hash.update(content);
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} path A file or a folder.
 * @returns {string[]} all files below, in a stable order.
 */
export function filesBelow(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (stats.isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * @param {string} stamp The file that `markFresh` wrote.
 * @param {string} digest
 * @param {string[]} outputs Files that must exist.
 * @returns {boolean}
 */
export function isFresh(stamp, digest, outputs = []) {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) return false;
  return outputs.every((output) => existsSync(output));
}

/**
 * Records what the outputs were built from. Take the digest before building, so that a file that
 * changes meanwhile makes them stale.
 * @param {string} stamp
 * @param {string} digest
 */
export function markFresh(stamp, digest) {
  writeFileSync(stamp, digest);
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes what it installed to
 * node_modules/.package-lock.json; packages for other platforms are rightly missing from it.
 * @param {{packages: Record<string, LockedPackage>}} wanted package-lock.json
 * @param {{packages: Record<string, LockedPackage>} | undefined} installed
 * @param {(path: string) => boolean} exists Whether a folder such as `node_modules/ws` exists.
 * @returns {boolean}
 *
 * @typedef {{version?: string, integrity?: string, optional?: boolean}} LockedPackage
 */
export function npmIsFresh(wanted, installed, exists) {
  if (installed === undefined) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity && exists(path);
  });
}
