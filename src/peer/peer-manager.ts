/** The peers of this server: admits them up to the limit, and lets go of those that are gone. */
import { EventEmitter } from 'node:events';
import { PeerLimitError, PeerNotFoundError } from '../errors.js';
import type { MediaEngine } from '../media/media-engine.js';
import type { TransportState } from '../native/binding.js';
import { localCandidates } from '../sdp/candidates.js';
import { acceptOffer } from '../sdp/negotiated-media.js';
import { parseRemoteDescription } from '../sdp/remote-description.js';
import { Peer, type NegotiationTiming } from './peer.js';

/**
 * Why a peer was let go:
 * - `left`: it said goodbye, or its signaling was gone before its media had come up;
 * - `replaced`: the same peer came back with a new connection;
 * - `ice-timeout`: its media did not come up in time;
 * - `connection-lost`: nothing has arrived from it for the consent time-out;
 * - `connection-failed`: DTLS could not be set up;
 * - `connection-closed`: it closed its connection;
 * - `removed`: this server was told to drop it;
 * - `shutdown`: this server is closing.
 */
export type PeerRemovalReason =
  | 'left'
  | 'replaced'
  | 'ice-timeout'
  | 'connection-lost'
  | 'connection-failed'
  | 'connection-closed'
  | 'removed'
  | 'shutdown';

export interface PeerManagerOptions {
  readonly engine: MediaEngine;
  /** Peers at the same time, at least 1. */
  readonly maxPeers: number;
  /** Addresses of a 1:1 NAT in front of this server; empty without one. */
  readonly announcedIps: readonly string[];
  /** How long a peer may take to connect, in ms. Default 30,000. */
  readonly connectTimeoutMs?: number;
  /** Default: answers within 30,000 ms, a pause of 2,000 ms after crossed offers. */
  readonly timing?: NegotiationTiming;
}

interface PeerManagerEvents {
  /** A peer was admitted; its first offer is answered when the listeners have returned. */
  peerAdded: [peer: Peer];
  /** A peer is gone, and its tracks with it. */
  peerRemoved: [peer: Peer, reason: PeerRemovalReason];
}

const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;
const DEFAULT_TIMING: NegotiationTiming = { answerTimeoutMs: 30_000, glareBackoffMs: 2_000 };

/** States in which a transport is of no use any more, and what is said then. */
const FINAL_STATES: Readonly<Partial<Record<TransportState, PeerRemovalReason>>> = {
  disconnected: 'connection-lost',
  failed: 'connection-failed',
  closed: 'connection-closed',
};

export class PeerManager extends EventEmitter<PeerManagerEvents> {
  private readonly peers = new Map<string, Peer>();
  private readonly connectTimers = new Map<Peer, NodeJS.Timeout>();
  private readonly publicIps = new Set<string>();

  constructor(private readonly options: PeerManagerOptions) {
    super();
  }

  get count(): number {
    return this.peers.size;
  }

  list(): Peer[] {
    return [...this.peers.values()];
  }

  has(peerId: string): boolean {
    return this.peers.has(peerId);
  }

  /** @throws PeerNotFoundError */
  get(peerId: string): Peer {
    const peer = this.peers.get(peerId);
    if (peer === undefined) {
      throw new PeerNotFoundError(
        `No peer "${peerId}" is connected: it has to send an offer first.`,
      );
    }
    return peer;
  }

  /** Adds an address under which others see this server to the candidates of future descriptions. */
  addPublicIp(ip: string): void {
    this.publicIps.add(ip);
  }

  /**
   * Answers an offer. The first offer of a peer, or of a new connection object of it, admits it.
   * @throws SdpError, CodecMismatchError for an offer that cannot be answered, PeerLimitError.
   */
  handleOffer(peerId: string, sdp: string, metadata?: unknown): string {
    const offer = parseRemoteDescription(sdp, 'offer');
    const known = this.peers.get(peerId);
    if (known?.isContinuedBy(offer) === true) return known.answer(offer);
    // Whatever can be wrong with the offer shows here, before anything is created or replaced.
    acceptOffer(offer);
    if (known !== undefined) this.drop(known, 'replaced');
    return this.admit(peerId, metadata).answer(offer);
  }

  /** @throws PeerNotFoundError, SdpError. */
  handleAnswer(peerId: string, sdp: string): void {
    this.get(peerId).handleAnswer(sdp);
  }

  /** The peer cannot be reached through signaling. Its media lives on, if it has come up. */
  handleSignalingLost(peerId: string): void {
    const peer = this.peers.get(peerId);
    if (peer?.state === 'connected') peer.stopOffering();
    else if (peer !== undefined) this.drop(peer, 'left');
  }

  /** Lets a peer go, if it is there. */
  remove(peerId: string, reason: PeerRemovalReason): void {
    const peer = this.peers.get(peerId);
    if (peer !== undefined) this.drop(peer, reason);
  }

  /** Lets all peers go. */
  close(): void {
    for (const peer of this.list()) this.drop(peer, 'shutdown');
  }

  private admit(peerId: string, metadata: unknown): Peer {
    const { engine, maxPeers, announcedIps, connectTimeoutMs, timing } = this.options;
    if (this.peers.size >= maxPeers) {
      throw new PeerLimitError(
        `${this.peers.size} peers are connected, and ${maxPeers} are allowed.`,
      );
    }
    const peer = new Peer({
      id: peerId,
      metadata,
      transport: engine.createTransport({ iceRole: 'lite' }),
      fingerprint: engine.fingerprint,
      candidates: () => localCandidates(engine.addresses, announcedIps, [...this.publicIps]),
      timing: timing ?? DEFAULT_TIMING,
    });
    this.peers.set(peerId, peer);
    this.connectTimers.set(
      peer,
      setTimeout(() => {
        this.drop(peer, 'ice-timeout');
      }, connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS).unref(),
    );
    this.emit('peerAdded', peer);
    // After the listeners of others, so that they hear of a state before the peer is dropped for it.
    peer.on('state', (state) => {
      this.handleState(peer, state);
    });
    return peer;
  }

  private handleState(peer: Peer, state: TransportState): void {
    if (state === 'connected') this.stopConnectTimer(peer);
    const reason = FINAL_STATES[state];
    if (reason !== undefined) this.drop(peer, reason);
  }

  private drop(peer: Peer, reason: PeerRemovalReason): void {
    if (this.peers.get(peer.id) !== peer) return;
    this.peers.delete(peer.id);
    this.stopConnectTimer(peer);
    peer.close();
    this.emit('peerRemoved', peer, reason);
  }

  private stopConnectTimer(peer: Peer): void {
    clearTimeout(this.connectTimers.get(peer));
    this.connectTimers.delete(peer);
  }
}
