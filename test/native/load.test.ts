import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InternalError } from '../../src/errors.js';
import { addonCandidates, loadAddon } from '../../src/native/load.js';

describe('loadAddon', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'load-addon-'));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  it('looks for a prebuilt addon of this platform before one that was built here', () => {
    const [prebuilt, built] = addonCandidates('/package');
    assert.match(
      prebuilt ?? '',
      new RegExp(
        `^/package/prebuilds/${process.platform}-${process.arch}(-musl)?/remotemedia_webrtc\\.node$`,
      ),
    );
    assert.equal(built, '/package/build/Release/remotemedia_webrtc.node');
  });

  it('goes on to the next candidate when one is missing or broken', () => {
    const broken = write('broken.node', 'not a binary');
    const addon = loadAddon([join(folder, 'missing.node'), broken, ...addonCandidates()]);
    assert.equal(typeof addon.Engine, 'function');
  });

  it('names the platform, what it tried and the remedy when nothing can be loaded', () => {
    const missing = join(folder, 'missing.node');
    const broken = write('broken.node', 'not a binary');
    assert.throws(
      () => loadAddon([missing, broken]),
      (error) => {
        assert.ok(error instanceof InternalError);
        assert.match(error.message, new RegExp(`${process.platform}-${process.arch}`));
        assert.ok(error.message.includes(`${missing}: not there`));
        assert.ok(error.message.includes(`${broken}: `));
        assert.match(error.suggestion, /Build it again.*npm run setup.*npm rebuild/);
        assert.ok(error.cause instanceof Error);
        return true;
      },
    );
  });

  it('refuses an addon of another version', () => {
    const old = write('old.cjs', 'module.exports = { version: "0.0.1", Engine: class {} };');
    assert.throws(() => loadAddon([old]), /it is of version 0\.0\.1, this package of version/);
  });

  it('refuses a module that is something else', () => {
    const other = write('other.cjs', 'module.exports = { version: 1 };');
    assert.throws(() => loadAddon([other]), /it is not the addon of this package/);
  });
});
