/**
 * What a connected peer that sends nothing costs in resident memory: 500 of them, beyond the first ten.
 * Measured after a garbage collection; the clients are in another process.
 *
 *   npm run bench -- memory [--json]
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Load } from './support/load.js';
import { progress, report, verdict } from './support/report.js';

const FIRST = 10;
const PEERS = 500;
const MAX_KB = 60;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Resident memory of this process, in KB. */
async function residentKb(): Promise<number> {
  for (let i = 0; i < 3; ++i) {
    collectGarbage();
    await sleep(200);
  }
  const match = /^Rss:\s+(\d+) kB/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'));
  if (match?.[1] === undefined) throw new Error('/proc/self/smaps_rollup tells no Rss.');
  return Number(match[1]);
}

const ids = Array.from({ length: PEERS }, (_, i) => `peer-${i}`);
const load = await Load.start();
try {
  progress(`connecting ${PEERS} peers`);
  await load.connect(ids.slice(0, FIRST), 'idle');
  const before = await residentKb();
  await load.connect(ids.slice(FIRST), 'idle');
  const after = await residentKb();
  const connected = load.server.peers.list().filter((peer) => peer.state === 'connected').length;
  if (connected !== PEERS) throw new Error(`${connected} of ${PEERS} peers are connected.`);
  const perPeer = (after - before) / (PEERS - FIRST);
  report(
    `memory: ${perPeer.toFixed(1)} KB a peer (at most ${MAX_KB}: ${verdict(perPeer, MAX_KB)}),` +
      ` ${PEERS} peers, process ${(after / 1_024).toFixed(0)} MB`,
    { scenario: 'memory', peers: PEERS, kbPerPeer: perPeer, residentKb: after },
  );
} finally {
  await load.stop();
}
