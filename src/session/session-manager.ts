/** The sessions of this server, by id. */
import { EventEmitter } from 'node:events';
import { SessionError, SessionNotFoundError } from '../errors.js';
import type { Peer } from '../peer/peer.js';
import { Session } from './session.js';

interface SessionManagerEvents {
  sessionCreated: [session: Session];
  sessionRemoved: [session: Session];
  peerJoined: [session: Session, peer: Peer];
  peerLeft: [session: Session, peer: Peer];
}

const SESSION_ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** A peer is in one session at a time: adding it to another one moves it. */
export class SessionManager extends EventEmitter<SessionManagerEvents> {
  private readonly sessions = new Map<string, Session>();
  private readonly sessionByPeer = new Map<Peer, Session>();

  get count(): number {
    return this.sessions.size;
  }

  list(): Session[] {
    return [...this.sessions.values()];
  }

  has(sessionId: string): boolean {
    return this.sessions.has(sessionId);
  }

  /** @throws SessionNotFoundError */
  get(sessionId: string): Session {
    const session = this.sessions.get(sessionId);
    if (session === undefined)
      throw new SessionNotFoundError(`There is no session "${sessionId}".`);
    return session;
  }

  /**
   * @param sessionId 1 to 64 letters, digits, "_" and "-".
   * @throws SessionError when the id is taken or malformed.
   */
  create(sessionId: string): Session {
    if (!SESSION_ID.test(sessionId)) {
      throw new SessionError(
        `"${sessionId}" is no session id: use 1 to 64 letters, digits, "_" and "-".`,
      );
    }
    if (this.sessions.has(sessionId))
      throw new SessionError(`Session "${sessionId}" exists already.`);
    const session = new Session(sessionId);
    session.on('peerJoined', (peer) => this.emit('peerJoined', session, peer));
    session.on('peerLeft', (peer) => this.emit('peerLeft', session, peer));
    this.sessions.set(sessionId, session);
    this.emit('sessionCreated', session);
    return session;
  }

  /**
   * Ends a session. Its peers stay connected and receive nobody until they are added to another one.
   * @throws SessionNotFoundError
   */
  remove(sessionId: string): void {
    const session = this.get(sessionId);
    for (const peer of session.peers) this.removePeer(peer);
    this.sessions.delete(sessionId);
    this.emit('sessionRemoved', session);
  }

  /** The session a peer is in, if any. */
  sessionOf(peer: Peer): Session | undefined {
    return this.sessionByPeer.get(peer);
  }

  /**
   * Puts a peer into a session and takes it out of any other.
   * @throws SessionNotFoundError
   */
  addPeer(sessionId: string, peer: Peer): void {
    const session = this.get(sessionId);
    if (this.sessionByPeer.get(peer) === session) return;
    this.removePeer(peer);
    this.sessionByPeer.set(peer, session);
    session.add(peer);
  }

  /** Takes a peer out of its session, if it is in one. */
  removePeer(peer: Peer): void {
    const session = this.sessionByPeer.get(peer);
    this.sessionByPeer.delete(peer);
    session?.remove(peer);
  }
}
