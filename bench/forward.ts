/**
 * What it costs to forward a packet: one sender of 1,100-byte video packets, 1 to 100 viewers, AES-128-GCM.
 * CPU time of the whole server process per packet sent, beside that of the least a program could do: a
 * loop of EVP and `sendto` in the same rhythm (bench/yardstick/raw_forward.cc), run right after it.
 *
 *   npm run bench -- forward [--json]
 */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Load } from './support/load.js';
import type { SendPattern } from './support/load-messages.js';
import { median, progress, report, verdict } from './support/report.js';

const PAYLOAD_BYTES = 1_100;
const SECONDS = 4;
const RUNS = 3;
const MAX_RATIO = 1.6;

/** Few viewers get a faster stream, so that work and not waking up is what is measured. */
const CASES = [
  { viewers: 1, packetsPerFrame: 10, framesPerSecond: 300 },
  { viewers: 10, packetsPerFrame: 10, framesPerSecond: 100 },
  { viewers: 100, packetsPerFrame: 10, framesPerSecond: 30 },
];

type Case = (typeof CASES)[number];

async function measureServer({ viewers, ...rhythm }: Case): Promise<number> {
  const pattern: SendPattern = { ...rhythm, payloadBytes: PAYLOAD_BYTES };
  const load = await Load.start();
  try {
    await load.connect(['sender'], 'sender');
    await load.connect(
      Array.from({ length: viewers }, (_, i) => `viewer-${i}`),
      'viewer',
    );
    load.send('sender', pattern);
    await sleep(1_000);

    const before = await load.countForwarded();
    const receivedBefore = await load.countReceived();
    const cpu = process.cpuUsage();
    await sleep(SECONDS * 1_000);
    const { user, system } = process.cpuUsage(cpu);
    const forwarded = (await load.countForwarded()) - before;
    const received = (await load.countReceived()) - receivedBefore;

    const expected = viewers * pattern.packetsPerFrame * pattern.framesPerSecond * SECONDS;
    if (forwarded < 0.9 * expected || received < 0.95 * forwarded) {
      throw new Error(
        `${viewers} viewers: ${forwarded} packets were sent and ${received} arrived, of ${expected}.`,
      );
    }
    return (user + system) / forwarded;
  } finally {
    await load.stop();
  }
}

async function measureYardstick({
  viewers,
  packetsPerFrame,
  framesPerSecond,
}: Case): Promise<number> {
  const program = fileURLToPath(new URL('../build/bench/native/raw_forward', import.meta.url));
  const args = [viewers, packetsPerFrame, framesPerSecond, PAYLOAD_BYTES, SECONDS].map(String);
  const { stdout } = await promisify(execFile)(program, args);
  const { sent, received, cpuMicros } = JSON.parse(stdout) as Record<string, number>;
  if (sent === undefined || received === undefined || cpuMicros === undefined) {
    throw new Error(`raw_forward printed ${stdout}`);
  }
  if (received < 0.95 * sent) throw new Error(`Of ${sent} packets, ${received} arrived.`);
  return cpuMicros / sent;
}

for (const scenario of CASES) {
  const server: number[] = [];
  const yardstick: number[] = [];
  for (let run = 0; run < RUNS; ++run) {
    progress(`${scenario.viewers} viewers, run ${run + 1} of ${RUNS}`);
    server.push(await measureServer(scenario));
    yardstick.push(await measureYardstick(scenario));
  }
  const ratio = median(server.map((cost, run) => cost / (yardstick[run] ?? NaN)));
  const micros = median(server);
  const raw = median(yardstick);
  report(
    `forward ${String(scenario.viewers).padStart(4)} viewers: ratio ${ratio.toFixed(2)}` +
      ` (at most ${MAX_RATIO}: ${verdict(ratio, MAX_RATIO)}),` +
      ` ${micros.toFixed(2)} µs a packet beside ${raw.toFixed(2)} µs for EVP and sendto alone`,
    { scenario: 'forward', viewers: scenario.viewers, ratio, micros, yardstickMicros: raw },
  );
}
