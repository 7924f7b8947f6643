/** The file .env, in all the states it may be in. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDotenv } from '../../src/config/dotenv-file.js';
import { InvalidConfigError } from '../../src/errors.js';

describe('the file .env', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dotenv-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('may be missing', () => {
    assert.deepEqual(readDotenv(folder), {});
  });

  it('gives variables, with comments, quotes and `export`', () => {
    writeFileSync(join(folder, '.env'), '# limits\nexport WEBRTC_MAX_PEERS=5 # few\nA="b c"\n');
    assert.deepEqual(readDotenv(folder), { WEBRTC_MAX_PEERS: '5', A: 'b c' });
  });

  it('is refused when it cannot be read', () => {
    mkdirSync(join(folder, '.env'));
    assert.throws(
      () => readDotenv(folder),
      (error: unknown) => {
        assert.ok(error instanceof InvalidConfigError);
        assert.match(error.message, /^The file .*\.env cannot be read \(EISDIR\): make it/);
        return true;
      },
    );
  });

  it('is refused when it is no text', () => {
    writeFileSync(join(folder, '.env'), Buffer.from([0xff, 0xfe, 0x41]));
    assert.throws(() => readDotenv(folder), InvalidConfigError);
  });
});
