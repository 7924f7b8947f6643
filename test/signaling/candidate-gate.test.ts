import assert from 'node:assert/strict';

import { CandidateGate } from '../../src/signaling/candidate-gate.js';
import { DEFAULT_SIGNALING_LIMITS } from '../../src/signaling/limits.js';

describe('CandidateGate', () => {
  const candidate = (n: number) => ({
    candidate: `candidate:${n}`,
    sdpMid: '0',
    sdpMLineIndex: null,
  });
  let now: number;
  let gate: CandidateGate;

  beforeEach(() => {
    now = 1_000;
    gate = new CandidateGate(DEFAULT_SIGNALING_LIMITS, () => now);
  });

  it('keeps candidates in order until it opens, then lets them pass', () => {
    assert.equal(gate.hold('a', candidate(1)), true);
    assert.equal(gate.hold('a', null), true);
    assert.deepEqual(gate.open('a'), [candidate(1), null]);
    assert.equal(gate.hold('a', candidate(2)), false);
    assert.deepEqual(gate.open('a'), []);
  });

  it('keeps the candidates of one sender apart from those of another', () => {
    gate.hold('a', candidate(1));
    gate.hold('b', candidate(2));
    assert.deepEqual(gate.open('b'), [candidate(2)]);
    assert.equal(gate.hold('a', candidate(3)), true);
  });

  it('keeps a candidate for 15 seconds', () => {
    gate.hold('a', candidate(1));
    now += 10_000;
    gate.hold('a', candidate(2));
    now += 5_000;
    assert.deepEqual(gate.open('a'), [candidate(2)]);
  });

  it('keeps 100 candidates of a sender, and more once old ones are gone', () => {
    for (let i = 0; i < 100; i++) gate.hold('a', candidate(i));
    assert.throws(() => gate.hold('a', candidate(100)), { reason: 'bad_candidate' });
    gate.hold('b', candidate(0));
    now += 15_000;
    gate.hold('a', candidate(101));
    assert.deepEqual(gate.open('a'), [candidate(101)]);
  });

  it('keeps candidates of 1,000 senders at once', () => {
    for (let i = 0; i < 1_000; i++) gate.hold(`s${i}`, null);
    assert.throws(() => gate.hold('one-more', null), { reason: 'bad_candidate' });
    gate.forget('s0');
    gate.hold('one-more', null);
  });

  it('holds again while it is closed, and forgets what it is told to', () => {
    gate.open('a');
    assert.equal(gate.close('a'), true);
    assert.equal(gate.close('a'), false);
    gate.hold('a', candidate(1));
    gate.forget('a');
    assert.deepEqual(gate.open('a'), []);
  });
});
