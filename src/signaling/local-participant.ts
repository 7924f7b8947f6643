/**
 * The media server of this process as a participant: turns what signaling brings into the calls of
 * `LocalEndpoint`, in the order that interface promises. Used by the embedded server and the client.
 */
import type { Logger } from 'pino';

import { CandidateGate, type CandidateGateLimits } from './candidate-gate.js';
import type {
  LocalEndpoint,
  PeerLeftReason,
  RemoteCandidate,
  RemotePeerInfo,
} from './local-endpoint.js';
import type { IncomingOffer, Participant } from './participant.js';
import { SignalingFault } from './signaling-fault.js';

/** What is known of a peer between joining and leaving; a peer that joins again gets a new one. */
interface Membership {
  isNegotiating: boolean;
}

export class LocalParticipant implements Participant {
  private readonly members = new Map<string, Membership>();
  private readonly gate: CandidateGate;

  constructor(
    readonly info: RemotePeerInfo,
    private readonly endpoint: LocalEndpoint,
    limits: CandidateGateLimits,
    private readonly logger: Logger,
  ) {
    this.gate = new CandidateGate(limits);
  }

  /**
   * Lets a peer in, unless it is in.
   * @throws WebRtcError when the endpoint refuses it.
   */
  admit(peer: RemotePeerInfo): Membership {
    const known = this.members.get(peer.peerId);
    if (known !== undefined) return known;
    this.endpoint.handlePeerJoined(peer);
    const membership = { isNegotiating: false };
    this.members.set(peer.peerId, membership);
    return membership;
  }

  /** The endpoint itself calls a peer, which need not have joined. */
  adopt(peerId: string): void {
    if (!this.members.has(peerId)) this.members.set(peerId, { isNegotiating: false });
  }

  async offer(from: RemotePeerInfo, { sdp }: IncomingOffer): Promise<string> {
    const { peerId } = from;
    const membership = this.admit(from);
    if (membership.isNegotiating) {
      throw new SignalingFault(
        'negotiation_in_progress',
        `An earlier offer of ${peerId} is still being answered: wait for its answer, then offer again.`,
      );
    }
    membership.isNegotiating = true;
    const wasOpen = this.gate.close(peerId);
    try {
      const answer = await this.endpoint.handleOffer(peerId, sdp);
      this.openGate(peerId, membership);
      return answer;
    } catch (error) {
      if (wasOpen) this.openGate(peerId, membership);
      throw error;
    } finally {
      membership.isNegotiating = false;
    }
  }

  async answer(from: string, sdp: string): Promise<void> {
    const membership = this.members.get(from);
    if (membership === undefined) return;
    const wasOpen = this.gate.close(from);
    try {
      await this.endpoint.handleAnswer(from, sdp);
      this.openGate(from, membership);
    } catch (error) {
      if (wasOpen) this.openGate(from, membership);
      throw error;
    }
  }

  candidate(from: string, candidate: RemoteCandidate | null): boolean {
    if (this.gate.hold(from, candidate)) return true;
    this.endpoint.handleCandidate(from, candidate);
    return false;
  }

  callEnded(from: string): void {
    this.peerLeft(from, 'disconnect');
  }

  peerLeft(peerId: string, reason: PeerLeftReason): void {
    if (!this.forget(peerId)) return;
    try {
      this.endpoint.handlePeerLeft(peerId, reason);
    } catch (error) {
      this.logger.error({ err: error, peerId }, 'The media server failed to remove a peer');
    }
  }

  /**
   * The endpoint dropped a peer by itself: when the peer offers again it joins anew.
   * @returns false when the peer was not in.
   */
  forget(peerId: string): boolean {
    this.gate.forget(peerId);
    return this.members.delete(peerId);
  }

  private openGate(peerId: string, membership: Membership): void {
    if (this.members.get(peerId) !== membership) return;
    for (const candidate of this.gate.open(peerId)) {
      try {
        this.endpoint.handleCandidate(peerId, candidate);
      } catch (error) {
        this.logger.debug({ err: error, peerId }, 'A candidate that waited was refused');
      }
    }
  }
}
