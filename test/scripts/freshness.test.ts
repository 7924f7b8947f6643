/** The decision whether set-up has to build or install anything again. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, isFresh, markFresh, npmIsFresh } from '../../scripts/lib/freshness.mjs';

describe('freshness of what set-up builds', () => {
  let root: string;
  let digest: () => string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'freshness-'));
    mkdirSync(join(root, 'src/deep'), { recursive: true });
    writeFileSync(join(root, 'src/a.ts'), 'one');
    writeFileSync(join(root, 'src/deep/b.ts'), 'two');
    digest = () => digestOf(['src', 'missing.json'], ['x64'], root);
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('does not depend on the time of the last change, which a checkout sets', () => {
    const before = digest();
    utimesSync(join(root, 'src/a.ts'), 1, 1);
    assert.equal(digest(), before);
  });

  it('ends when a source changes', () => {
    const before = digest();
    writeFileSync(join(root, 'src/deep/b.ts'), 'owt');
    assert.notEqual(digest(), before);
  });

  it('ends when a source is added', () => {
    const before = digest();
    writeFileSync(join(root, 'src/c.ts'), '');
    assert.notEqual(digest(), before);
  });

  it('ends when a source is renamed', () => {
    const before = digest();
    renameSync(join(root, 'src/a.ts'), join(root, 'src/aa.ts'));
    assert.notEqual(digest(), before);
  });

  it('ends when an input that did not exist appears', () => {
    const before = digest();
    writeFileSync(join(root, 'missing.json'), '{}');
    assert.notEqual(digest(), before);
  });

  it('ends when another fact the result depends on changes', () => {
    assert.notEqual(digestOf(['src'], ['x64'], root), digestOf(['src'], ['arm64'], root));
  });

  it('holds while stamp, digest and outputs are all in place', () => {
    const stamp = join(root, '.inputs');
    const output = join(root, 'output');
    assert.equal(isFresh(stamp, digest(), [output]), false);
    markFresh(stamp, digest());
    assert.equal(isFresh(stamp, digest(), [output]), false);
    writeFileSync(output, '');
    assert.equal(isFresh(stamp, digest(), [output]), true);
    assert.equal(isFresh(stamp, 'of other inputs', [output]), false);
  });
});

describe('freshness of node_modules', () => {
  const everythingExists = () => true;
  const ws = { version: '8.0.0', integrity: 'sha512-a' };
  const binding = { version: '1.0.0', integrity: 'sha512-b', optional: true };
  const wanted = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/ws': ws,
      'node_modules/binding-for-another-platform': binding,
    },
  };

  it('is given when npm installed what the lock file asks for', () => {
    const installed = { packages: { 'node_modules/ws': ws } };
    assert.equal(npmIsFresh(wanted, installed, everythingExists), true);
  });

  it('is not given in a fresh clone', () => {
    assert.equal(npmIsFresh(wanted, undefined, everythingExists), false);
  });

  it('ends when the lock file asks for another version', () => {
    const installed = { packages: { 'node_modules/ws': { ...ws, version: '7.0.0' } } };
    assert.equal(npmIsFresh(wanted, installed, everythingExists), false);
  });

  it('ends when the lock file asks for a package that was never installed', () => {
    assert.equal(npmIsFresh(wanted, { packages: {} }, everythingExists), false);
  });

  it('ends when the folder of a package is deleted', () => {
    const installed = { packages: { 'node_modules/ws': ws } };
    assert.equal(
      npmIsFresh(wanted, installed, (path) => path !== 'node_modules/ws'),
      false,
    );
  });
});
