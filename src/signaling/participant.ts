/**
 * Somebody who can be called through signaling: a remote peer on a connection, or the media server in
 * this process. The hub treats them alike.
 */
import { CandidateGate, type CandidateGateLimits } from './candidate-gate.js';
import type { PeerLeftReason, RemoteCandidate, RemotePeerInfo } from './local-endpoint.js';
import type { OfferHints, PeerNotification } from './messages.js';

export interface IncomingOffer {
  readonly offerId: string;
  readonly sdp: string;
  readonly hints: OfferHints;
}

export interface Participant {
  readonly info: RemotePeerInfo;

  /**
   * Hands over an offer.
   * @returns the answer of a participant that gives it at once; undefined when it comes later, as a
   *   command of its own.
   * @throws WebRtcError or SignalingFault, directly or by rejecting, when the offer is refused.
   */
  offer(from: RemotePeerInfo, offer: IncomingOffer): Promise<string> | undefined;

  /** Hands over the answer to an offer of this participant; rejects when it is refused. */
  answer(from: string, sdp: string): void | Promise<void>;

  /**
   * Hands over a candidate, or keeps it until the sender's description has been accepted.
   * @returns true when it was kept.
   */
  candidate(from: string, candidate: RemoteCandidate | null): boolean;

  /** `from` ended its call with this participant. */
  callEnded(from: string, reason: string): void;

  /** A peer is no longer there at all. */
  peerLeft(peerId: string, reason: PeerLeftReason): void;
}

/** What a remote participant needs of its connection. */
export interface PeerLink {
  notify(notification: PeerNotification): void;
  /** Cuts the connection unless the other side shows life soon. */
  probe(): void;
}

/** A peer on the other end of a signaling connection. */
export class RemoteParticipant implements Participant {
  /** Seconds since 1970. */
  readonly connectedAt = Math.floor(Date.now() / 1000);
  private readonly gate: CandidateGate;

  constructor(
    readonly info: RemotePeerInfo,
    private readonly link: PeerLink,
    limits: CandidateGateLimits,
  ) {
    this.gate = new CandidateGate(limits);
  }

  offer(from: RemotePeerInfo, offer: IncomingOffer): undefined {
    this.notify({ kind: 'offer', from: from.peerId, to: this.info.peerId, ...offer });
    this.openGate(from.peerId);
  }

  answer(from: string, sdp: string): void {
    this.notify({ kind: 'answer', from, to: this.info.peerId, sdp });
    this.openGate(from);
  }

  candidate(from: string, candidate: RemoteCandidate | null): boolean {
    if (this.gate.hold(from, candidate)) return true;
    this.notify({ kind: 'candidate', from, to: this.info.peerId, candidate });
    return false;
  }

  callEnded(from: string, reason: string): void {
    this.gate.forget(from);
    this.notify({ kind: 'peer-disconnected', peerId: from, reason });
  }

  peerLeft(peerId: string): void {
    this.gate.forget(peerId);
    this.notify({ kind: 'peer-left', peerId });
  }

  /** The peer has the description of `from`: sends it the candidates that waited for that. */
  openGate(from: string): void {
    for (const candidate of this.gate.open(from)) {
      this.notify({ kind: 'candidate', from, to: this.info.peerId, candidate });
    }
  }

  notify(notification: PeerNotification): void {
    this.link.notify(notification);
  }

  /** Another connection wants this peer's id: makes sure that this one is alive. */
  probe(): void {
    this.link.probe();
  }
}
