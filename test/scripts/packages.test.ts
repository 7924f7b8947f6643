/** What set-up asks of the distribution, and what it tells a user it cannot help. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import {
  clangRuntimePackage,
  divide,
  findBrowser,
  findCommand,
  notRootMessage,
  otherDistributionMessage,
} from '../../scripts/packages.mjs';

const cmake = { what: 'cmake', isMet: () => false, debian: () => 'cmake' };
const chromium = {
  what: 'Chromium',
  isMet: () => false,
  debian: () => 'chromium',
  isSnapOnUbuntu: true,
};

describe('distribution packages', () => {
  it('prints the exact command to a user who is not root', () => {
    const lines = notRootMessage(['cmake', 'libssl-dev']).split('\n');
    assert.ok(
      lines.includes(
        '  sudo apt-get update && sudo apt-get install -y --no-install-recommends cmake libssl-dev',
      ),
      lines.join('\n'),
    );
  });

  it('names what is needed where there is no apt', () => {
    assert.match(otherDistributionMessage([cmake, chromium]), /Chromium \(Debian: chromium\)/);
  });

  it('installs browsers on Debian', () => {
    const system = { hasApt: true, isUbuntu: false, isRoot: true };
    assert.deepEqual(divide([cmake, chromium], system), {
      installable: [cmake, chromium],
      leftOut: [],
    });
  });

  it('leaves out browsers on Ubuntu, where they are snaps', () => {
    const system = { hasApt: true, isUbuntu: true, isRoot: true };
    assert.deepEqual(divide([cmake, chromium], system), {
      installable: [cmake],
      leftOut: [chromium],
    });
  });

  it("finds the package of clang's libraries by the version that clang stands for", () => {
    const debian13 = (verb: string, name: string) =>
      verb === 'depends' ? 'clang\n  Depends: clang-19\n' : `Package: ${name}`;
    assert.equal(clangRuntimePackage(debian13), 'libclang-rt-19-dev');
  });

  it("finds the package of clang's libraries where it has no name of its own", () => {
    const ubuntu2204 = (verb: string) => (verb === 'depends' ? 'clang\n  Depends: clang-14\n' : '');
    assert.equal(clangRuntimePackage(ubuntu2204), 'libclang-common-14-dev');
  });
});

describe('finding programs', () => {
  const variable = process.env['CHROMIUM_PATH'];

  afterEach(() => {
    if (variable === undefined) delete process.env['CHROMIUM_PATH'];
    else process.env['CHROMIUM_PATH'] = variable;
  });

  it('looks through PATH', () => {
    const path = findCommand('sh');
    assert.ok(path !== undefined && existsSync(path));
    assert.equal(findCommand('there-is-no-such-command'), undefined);
  });

  it('takes the browser that the environment names', () => {
    process.env['CHROMIUM_PATH'] = process.execPath;
    assert.equal(findBrowser('chromium'), process.execPath);
  });

  it('says which variable names a browser that does not exist', () => {
    process.env['CHROMIUM_PATH'] = '/no/such/browser';
    assert.throws(() => findBrowser('chromium'), /CHROMIUM_PATH is '\/no\/such\/browser'/);
  });
});
