/** The checks that any two tabs have to pass, whatever their browsers and codec. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller, Report } from './caller.js';

/** Of joining and of a codec's ramp-up, in which frame rates say nothing. */
const SETTLING_MS = 4_000;
const YARDSTICK_MS = 6_000;
const MAX_JOIN_MS = 2_000;
const MAX_FREEZE_MS = 500;
const MIN_FRAME_RATE_RATIO = 0.95;

export interface CallUnderTest {
  readonly callers: readonly [Caller, Caller];
  readonly codec: string;
  readonly signalingUrl: string;
  /** How long to watch the call through the server. */
  readonly seconds: number;
}

type Pair = readonly [Report, Report];

/**
 * Watches a call between two tabs without a server, the same through it, and again without: both ends of
 * the comparison see the machine as it is.
 */
export async function compareWithDirectCall(test: CallUnderTest): Promise<void> {
  const { callers, codec, signalingUrl, seconds } = test;
  const [first, second] = callers;

  const before = await watchDirectCall(callers, codec);
  await prepare(callers);
  await first.join(signalingUrl, 'first', codec);
  await second.join(signalingUrl, 'second', codec);
  const forwarded = await watch(callers, seconds * 1_000);
  const after = await watchDirectCall(callers, codec);
  await Promise.all(callers.map((caller) => caller.hangUp()));

  const joinedAt = forwarded[1].startedAt;
  forwarded.forEach((report, i) => {
    const direct = [before[i]!, after[i]!] as const;
    const context = JSON.stringify({ tab: i + 1, forwarded: report, direct });
    const yardstick = {
      frameRate: mean(direct, (report) => report.frameRate),
      loudShare: mean(direct, (report) => report.loudShare),
      target: mean(direct, (report) => report.target),
    };
    assert.equal(report.codec.toLowerCase(), `video/${codec.toLowerCase()}`, context);
    assert.deepEqual([report.width, report.height], [640, 360], context);
    assert.ok(report.frameRate >= MIN_FRAME_RATE_RATIO * yardstick.frameRate, context);
    assert.ok(report.longestGapMs <= MAX_FREEZE_MS, context);
    assert.ok(report.differentPictures > seconds, context);
    assert.ok(
      report.firstFrameAt !== null && report.firstFrameAt - joinedAt <= MAX_JOIN_MS,
      context,
    );
    assert.ok(
      report.firstSoundAt !== null && report.firstSoundAt - joinedAt <= MAX_JOIN_MS,
      context,
    );
    assert.ok(report.loudShare >= 0.5 * yardstick.loudShare && report.loudShare > 0, context);
    // The sender may use what it has use for: our feedback does not hold its estimate back.
    assert.ok(report.target >= 0.9 * yardstick.target, context);
  });
}

async function watchDirectCall(callers: readonly [Caller, Caller], codec: string): Promise<Pair> {
  await prepare(callers);
  await callers[0].callDirectly(callers[1], codec);
  return watch(callers, YARDSTICK_MS);
}

function mean([first, second]: Pair, figure: (report: Report) => number): number {
  return (figure(first) + figure(second)) / 2;
}

async function prepare(callers: readonly Caller[]): Promise<void> {
  for (const caller of callers) await caller.prepare();
}

async function watch([first, second]: readonly [Caller, Caller], ms: number): Promise<Pair> {
  await sleep(SETTLING_MS);
  await Promise.all([first.restartMeter(), second.restartMeter()]);
  await sleep(ms);
  return Promise.all([first.report(), second.report()]);
}
