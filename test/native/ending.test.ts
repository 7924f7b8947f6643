/** Processes and workers that end while an engine runs, in every way there is. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { EngineOptions, TransportOptions } from '../../src/native/binding.js';
import { addonCandidates, loadAddon } from '../../src/native/load.js';

const OPTIONS: EngineOptions = {
  listenIps: ['127.0.0.1'],
  udpPort: 0,
  consentTimeoutMs: 8_000,
  srtpProfiles: ['AEAD_AES_128_GCM'],
};

const TRANSPORT: TransportOptions = {
  id: 1,
  iceRole: 'lite',
  localUfrag: 'server',
  localPwd: 's'.repeat(24),
};

describe('ending with a running engine', () => {
  const START = `
    const { Engine } = require(${JSON.stringify(addonPath())});
    const options = ${JSON.stringify(OPTIONS)};
    let engine = new Engine(options, () => {});
    engine.addTransport(${JSON.stringify(TRANSPORT)});
    for (let i = 0; i < 1000; ++i) engine.requestEngineStats(i);`;

  const endings: [name: string, script: string][] = [
    ['the process ends when nothing else is to do', START],
    ['process.exit works', `${START} process.exit(0);`],
    [
      'process.exit works in the middle of a batch of events',
      `${START} new Engine(options, () => process.exit(0)).requestEngineStats(1);
       setInterval(() => {}, 1000);`,
    ],
    [
      'an engine can be closed by its own events',
      `${START}
       const other = new Engine(options, () => { other.close(); process.exit(0); });
       other.requestEngineStats(1);
       setInterval(() => {}, 1000);`,
    ],
    [
      'a forgotten engine is collected and frees its port',
      `${START}
       const udpPort = engine.addresses[0].port;
       engine = undefined;
       global.gc();
       setImmediate(() => new Engine({ ...options, udpPort }, () => {}));`,
    ],
    [
      'a worker can be terminated',
      `const { Worker } = require('node:worker_threads');
       const worker = new Worker(${JSON.stringify(
         `${START} require('node:worker_threads').parentPort.postMessage(1);
          setInterval(() => {}, 1000);`,
       )}, { eval: true });
       worker.once('message', () => worker.terminate());`,
    ],
  ];
  for (const [name, script] of endings) {
    it(`does not crash: ${name}`, () => {
      const child = spawnSync(process.execPath, ['--expose-gc', '-e', script], {
        encoding: 'utf8',
        timeout: 9_000,
      });
      assert.deepEqual(
        { status: child.status, signal: child.signal, stderr: child.stderr },
        { status: 0, signal: null, stderr: '' },
      );
    });
  }
});

function addonPath(): string {
  const path = addonCandidates().find((candidate) => {
    try {
      loadAddon([candidate]);
      return true;
    } catch {
      return false;
    }
  });
  assert.ok(path);
  return path;
}
