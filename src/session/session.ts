/** A named set of peers in which everyone receives everyone else's tracks. */
import { EventEmitter } from 'node:events';
import type { Peer } from '../peer/peer.js';
import type { Track } from '../peer/track.js';

interface SessionEvents {
  peerJoined: [peer: Peer];
  peerLeft: [peer: Peer];
}

interface Membership {
  readonly publish: (track: Track) => void;
  readonly withdraw: (track: Track) => void;
}

/** Made by `SessionManager`, which also takes care that a peer is in one session at most. */
export class Session extends EventEmitter<SessionEvents> {
  private readonly members = new Map<Peer, Membership>();

  constructor(readonly id: string) {
    super();
  }

  get peers(): Peer[] {
    return [...this.members.keys()];
  }

  has(peer: Peer): boolean {
    return this.members.has(peer);
  }

  /** Lets a peer and those that are here already receive each other. Idempotent. */
  add(peer: Peer): void {
    if (this.members.has(peer)) return;
    const publish = (track: Track): void => {
      for (const other of this.others(peer)) other.subscribe(track);
    };
    const withdraw = (track: Track): void => {
      for (const other of this.others(peer)) other.unsubscribe(track);
    };
    for (const other of this.members.keys()) {
      for (const track of other.tracks) peer.subscribe(track);
    }
    this.members.set(peer, { publish, withdraw });
    for (const track of peer.tracks) publish(track);
    peer.on('trackAdded', publish);
    peer.on('trackRemoved', withdraw);
    this.emit('peerJoined', peer);
  }

  /** Ends what the peer and the others receive of each other. Idempotent. */
  remove(peer: Peer): void {
    const membership = this.members.get(peer);
    if (membership === undefined) return;
    peer.off('trackAdded', membership.publish);
    peer.off('trackRemoved', membership.withdraw);
    for (const track of peer.tracks) membership.withdraw(track);
    this.members.delete(peer);
    for (const other of this.members.keys()) {
      for (const track of other.tracks) peer.unsubscribe(track);
    }
    this.emit('peerLeft', peer);
  }

  private others(peer: Peer): Peer[] {
    return this.peers.filter((other) => other !== peer);
  }
}
