/**
 * Keeps ICE candidates that arrive before the description they belong to. Each receiver has one gate;
 * a sender's candidates pass once its offer or answer has been accepted, until then they wait here.
 */
import type { RemoteCandidate } from './local-endpoint.js';
import { SignalingFault } from './signaling-fault.js';

/** Senders a gate keeps candidates of at once. */
const MAX_WAITING_SENDERS = 1_000;

interface HeldCandidate {
  readonly candidate: RemoteCandidate | null;
  readonly deadline: number;
}

export interface CandidateGateLimits {
  readonly maxEarlyCandidates: number;
  readonly earlyCandidateTimeoutMs: number;
}

export class CandidateGate {
  private readonly openSenders = new Set<string>();
  private readonly held = new Map<string, HeldCandidate[]>();
  private readonly sweeps = new Map<string, NodeJS.Timeout>();

  /** @param now milliseconds of a monotonic clock. */
  constructor(
    private readonly limits: CandidateGateLimits,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Keeps a candidate unless its sender's gate is open.
   * @returns false when the gate is open, and the caller is to deliver the candidate.
   * @throws SignalingFault when no more can be kept.
   */
  hold(sender: string, candidate: RemoteCandidate | null): boolean {
    if (this.openSenders.has(sender)) return false;
    const now = this.now();
    const waiting = (this.held.get(sender) ?? []).filter(({ deadline }) => deadline > now);
    const isCrowded = !this.held.has(sender) && this.held.size >= MAX_WAITING_SENDERS;
    if (waiting.length >= this.limits.maxEarlyCandidates || isCrowded) {
      throw new SignalingFault(
        'bad_candidate',
        `${this.limits.maxEarlyCandidates} candidates already wait for their offer or answer: ` +
          'send the description first.',
      );
    }
    waiting.push({ candidate, deadline: now + this.limits.earlyCandidateTimeoutMs });
    this.held.set(sender, waiting);
    clearTimeout(this.sweeps.get(sender));
    const sweep = setTimeout(() => this.takeHeld(sender), this.limits.earlyCandidateTimeoutMs);
    this.sweeps.set(sender, sweep.unref());
    return true;
  }

  /**
   * The sender's description has been accepted.
   * @returns the candidates that waited and are still fresh, in order, for the caller to deliver.
   */
  open(sender: string): readonly (RemoteCandidate | null)[] {
    this.openSenders.add(sender);
    const now = this.now();
    return this.takeHeld(sender)
      .filter(({ deadline }) => deadline > now)
      .map(({ candidate }) => candidate);
  }

  /**
   * A new description of the sender is being looked at: its candidates wait again.
   * @returns true when the gate was open before.
   */
  close(sender: string): boolean {
    return this.openSenders.delete(sender);
  }

  /** The sender is gone, or its call is over. */
  forget(sender: string): void {
    this.openSenders.delete(sender);
    this.takeHeld(sender);
  }

  private takeHeld(sender: string): readonly HeldCandidate[] {
    const waiting = this.held.get(sender) ?? [];
    this.held.delete(sender);
    clearTimeout(this.sweeps.get(sender));
    this.sweeps.delete(sender);
    return waiting;
  }
}
