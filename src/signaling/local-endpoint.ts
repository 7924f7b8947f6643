/**
 * The seam between signaling and media. `LocalEndpoint` is the media server as signaling sees it;
 * `SignalingChannel` is signaling as the media server sees it. Neither knows a wire format.
 */

/** The peer id under which remote peers reach the media server itself. */
export const MEDIA_SERVER_PEER_ID = 'remotemedia-server';

/** The kinds of media a remote peer says it can handle. */
export interface PeerCapabilities {
  readonly audio: boolean;
  readonly video: boolean;
  readonly data: boolean;
}

/** What a remote peer said about itself when it announced. */
export interface RemotePeerInfo {
  /** Matches `^[a-zA-Z0-9_-]{1,64}$`. */
  readonly peerId: string;
  readonly capabilities: PeerCapabilities;
  /** The peer's own data (`user_data`): any JSON value of at most 1 KB. */
  readonly metadata?: unknown;
}

/** An ICE candidate as the remote peer trickled it. */
export interface RemoteCandidate {
  /** The candidate-attribute of RFC 8839 section 5.1, beginning with `candidate:`. */
  readonly candidate: string;
  /** The m-line it belongs to, by MID; null when only the index is known. */
  readonly sdpMid: string | null;
  /** The m-line it belongs to, by position from 0; null when only the MID is known. */
  readonly sdpMLineIndex: number | null;
}

/**
 * Why a remote peer is gone:
 * - `disconnect`: it said goodbye to the server or to everybody;
 * - `connection-closed`: its signaling connection was closed or lost;
 * - `idle`: its signaling connection gave no sign of life for the idle time-out;
 * - `policy`: its signaling connection was closed for breaking a limit;
 * - `shutdown`: this signaling server is closing.
 */
export type PeerLeftReason = 'disconnect' | 'connection-closed' | 'idle' | 'policy' | 'shutdown';

/** The states of `RTCPeerConnection.connectionState`. */
export type ConnectionState =
  'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

/**
 * The media server as signaling sees it: the target of offers without a target and of those to
 * {@link MEDIA_SERVER_PEER_ID}. Called on the JS thread only. For one peer the calls come in this
 * order: `handlePeerJoined`, then anything, then `handlePeerLeft` once; the same peer id may join
 * again after it has left. At most one `handleOffer` of a peer is pending at a time, and no candidate
 * is handed over before the description it belongs to has been accepted.
 */
export interface LocalEndpoint {
  /**
   * A remote peer became known, explicitly or by its first offer.
   * @throws WebRtcError to refuse it, for example at the peer limit; nothing else is then called for it.
   */
  handlePeerJoined(peer: RemotePeerInfo): void;

  /**
   * Answers an offer.
   * @returns the SDP answer; all candidates of the server are in it.
   * @throws (rejects with) WebRtcError; its `code` selects the JSON-RPC error the peer is told.
   */
  handleOffer(peerId: string, sdp: string): Promise<string>;

  /** Takes the remote peer's answer to an offer sent with {@link SignalingChannel.sendOffer}. */
  handleAnswer(peerId: string, sdp: string): Promise<void>;

  /**
   * Takes a trickled candidate; null is the end of candidates.
   * @throws WebRtcError when the candidate cannot be used.
   */
  handleCandidate(peerId: string, candidate: RemoteCandidate | null): void;

  /** The peer said goodbye, or its signaling connection is gone. */
  handlePeerLeft(peerId: string, reason: PeerLeftReason): void;
}

/** How the media server reaches remote peers through signaling. */
export interface SignalingChannel {
  /**
   * Sends an offer of the media server, for example because a track was added. The answer, if one
   * comes within the answer time-out, arrives at {@link LocalEndpoint.handleAnswer}; a later one is
   * refused with an error to its sender. A peer that had not joined counts as joined from then on.
   * @returns when the offer has been sent.
   * @throws (rejects with) PeerNotFoundError when the peer is not known to signaling, SignalingError when
   *   there is no connection to it.
   */
  sendOffer(peerId: string, sdp: string): Promise<void>;

  /** Tells a peer the state of its own connection, in the dialect that has a word for it. */
  notifyStateChange(peerId: string, state: ConnectionState): void;

  /**
   * Tells everybody, the peer itself included, that the media server dropped the peer's media. The
   * peer stays announced and may offer again, which begins with `handlePeerJoined` as at first; there
   * is no `handlePeerLeft` for what the endpoint ended by itself. Does nothing for a peer that
   * signaling has already reported as gone.
   */
  notifyPeerDisconnected(peerId: string, reason: string): void;
}
