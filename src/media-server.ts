/** The media server as signaling sees it: peers, the sessions they are in, and word to them. */
import { EventEmitter } from 'node:events';
import { IceCandidateError, PeerLimitError, PeerNotFoundError } from './errors.js';
import {
  PeerManager,
  type PeerManagerOptions,
  type PeerRemovalReason,
} from './peer/peer-manager.js';
import type { Peer } from './peer/peer.js';
import type { Track } from './peer/track.js';
import { SessionManager } from './session/session-manager.js';
import type {
  LocalEndpoint,
  PeerLeftReason,
  RemoteCandidate,
  RemotePeerInfo,
  SignalingChannel,
} from './signaling/local-endpoint.js';

export interface MediaServerOptions extends PeerManagerOptions {
  /** The session every peer joins when it connects; null for none. Default `default`. */
  readonly defaultSessionId?: string | null;
}

interface MediaServerEvents {
  peerAdded: [peer: Peer];
  peerConnected: [peer: Peer];
  peerRemoved: [peer: Peer, reason: PeerRemovalReason];
  /** A track of another peer is not sent to this one. */
  trackNotSent: [peer: Peer, track: Track, reason: string];
  /** Something that the peer or its signaling did not do; the rest goes on. */
  warning: [message: string];
}

/**
 * Owns the peers and the sessions. Signaling calls it through `LocalEndpoint`; it answers through the
 * channel given to {@link useSignaling}.
 */
export class MediaServer extends EventEmitter<MediaServerEvents> implements LocalEndpoint {
  readonly peers: PeerManager;
  readonly sessions = new SessionManager();
  private readonly announced = new Map<string, RemotePeerInfo>();
  private readonly defaultSessionId: string | null;
  private readonly maxPeers: number;
  private signaling: SignalingChannel | undefined;

  constructor(options: MediaServerOptions) {
    super();
    this.peers = new PeerManager(options);
    this.maxPeers = options.maxPeers;
    this.defaultSessionId =
      options.defaultSessionId === undefined ? 'default' : options.defaultSessionId;
    if (this.defaultSessionId !== null) this.sessions.create(this.defaultSessionId);
    this.peers.on('peerAdded', (peer) => {
      this.handleAdded(peer);
    });
    this.peers.on('peerRemoved', (peer, reason) => {
      this.handleRemoved(peer, reason);
    });
  }

  /** The way to remote peers from now on. */
  useSignaling(signaling: SignalingChannel): void {
    this.signaling = signaling;
  }

  /** @throws PeerLimitError */
  handlePeerJoined(peer: RemotePeerInfo): void {
    if (!this.announced.has(peer.peerId) && this.announced.size >= this.maxPeers) {
      throw new PeerLimitError(
        `${this.announced.size} peers are announced, and ${this.maxPeers} are allowed.`,
      );
    }
    this.announced.set(peer.peerId, peer);
  }

  // Async although nothing waits: whatever is wrong with the description rejects the promise.
  // eslint-disable-next-line @typescript-eslint/require-await
  async handleOffer(peerId: string, sdp: string): Promise<string> {
    return this.peers.handleOffer(peerId, sdp, this.announced.get(peerId)?.metadata);
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async handleAnswer(peerId: string, sdp: string): Promise<void> {
    this.peers.handleAnswer(peerId, sdp);
  }

  /** An ICE-lite agent learns the peer's addresses from its checks, so candidates are only looked at. */
  handleCandidate(peerId: string, candidate: RemoteCandidate | null): void {
    if (!this.peers.has(peerId)) {
      throw new PeerNotFoundError(`No peer "${peerId}" is connected: candidates follow an offer.`);
    }
    const text = candidate?.candidate ?? '';
    if (text !== '' && !/^candidate:\S+ [12] \S+ \d+ \S+ \d+ typ \S+/.test(text)) {
      throw new IceCandidateError(`"${text}" is no candidate attribute (RFC 8839 section 5.1).`);
    }
  }

  handlePeerLeft(peerId: string, reason: PeerLeftReason): void {
    this.announced.delete(peerId);
    if (reason === 'disconnect') this.peers.remove(peerId, 'left');
    else this.peers.handleSignalingLost(peerId);
  }

  /** Says goodbye to every peer. */
  close(): void {
    this.peers.close();
  }

  private handleAdded(peer: Peer): void {
    peer.on('offer', (sdp) => {
      this.sendOffer(peer, sdp);
    });
    peer.on('offerUnanswered', () =>
      this.emit('warning', `Peer ${peer.id} does not answer offers: it keeps the tracks it has.`),
    );
    peer.on('trackNotSent', (track, reason) => this.emit('trackNotSent', peer, track, reason));
    peer.on('state', (state) => {
      this.signaling?.notifyStateChange(peer.id, state);
      if (state === 'connected') this.emit('peerConnected', peer);
    });
    this.emit('peerAdded', peer);
    if (this.defaultSessionId !== null && this.sessions.has(this.defaultSessionId)) {
      this.sessions.addPeer(this.defaultSessionId, peer);
    }
  }

  private handleRemoved(peer: Peer, reason: PeerRemovalReason): void {
    this.sessions.removePeer(peer);
    if (reason !== 'replaced') {
      this.announced.delete(peer.id);
      this.signaling?.notifyPeerDisconnected(peer.id, reason);
    }
    this.emit('peerRemoved', peer, reason);
  }

  private sendOffer(peer: Peer, sdp: string): void {
    this.signaling?.sendOffer(peer.id, sdp).catch((error: unknown) => {
      peer.stopOffering();
      this.emit('warning', `The offer to peer ${peer.id} could not be sent: ${String(error)}`);
    });
  }
}
