/**
 * What peers ask of signaling, what they get and what they are told, free of any wire format. A
 * `Dialect` turns these into the names and shapes of one protocol and back.
 */
import type { ConnectionState, PeerCapabilities, RemoteCandidate } from './local-endpoint.js';
import type { JsonObject } from './json-rpc.js';
import type { DialectName } from './signaling-fault.js';

/** A request of a peer. Where `from` is given it must be the id the peer announced. */
export type Command =
  | {
      readonly kind: 'announce';
      readonly peerId: string;
      readonly capabilities: PeerCapabilities;
      readonly metadata?: unknown;
    }
  | {
      readonly kind: 'offer';
      readonly from?: string;
      /** Left out: the media server, which answers in the result. */
      readonly to?: string;
      readonly sdp: string;
      readonly hints: OfferHints;
    }
  | {
      readonly kind: 'answer';
      readonly from?: string;
      readonly to: string;
      readonly sdp: string;
    }
  | {
      readonly kind: 'candidate';
      readonly from?: string;
      readonly to: string;
      readonly candidate: RemoteCandidate | null;
    }
  | { readonly kind: 'disconnect'; readonly peerId: string; readonly reason?: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'server-info' };

/** What a dialect may say about an offer beside its description; passed on where it has a word for it. */
export interface OfferHints {
  readonly canTrickle?: boolean;
  readonly requestId?: string;
}

/** A peer as lists show it. */
export interface ListedPeer {
  readonly peerId: string;
  readonly capabilities: PeerCapabilities;
  readonly metadata?: unknown;
  /** Seconds since 1970. */
  readonly connectedAt: number;
}

/** The result of a command. */
export type Outcome =
  | { readonly kind: 'announced'; readonly peerId: string; readonly otherPeers: readonly string[] }
  | { readonly kind: 'offered'; readonly offerId: string; readonly to: string }
  | {
      readonly kind: 'answered';
      readonly sdp: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'delivered'; readonly to: string; readonly held: boolean }
  | { readonly kind: 'disconnected'; readonly peerId: string }
  | { readonly kind: 'listed'; readonly peers: readonly ListedPeer[] }
  | { readonly kind: 'server-info'; readonly info: JsonObject };

/** Something a peer is told without having asked. */
export type PeerNotification =
  | {
      readonly kind: 'offer';
      readonly from: string;
      readonly to: string;
      readonly offerId: string;
      readonly sdp: string;
      readonly hints: OfferHints;
    }
  | { readonly kind: 'answer'; readonly from: string; readonly to: string; readonly sdp: string }
  | {
      readonly kind: 'candidate';
      readonly from: string;
      readonly to: string;
      readonly candidate: RemoteCandidate | null;
    }
  | {
      readonly kind: 'peer-joined';
      readonly peerId: string;
      readonly capabilities: PeerCapabilities;
      readonly metadata?: unknown;
    }
  | { readonly kind: 'peer-left'; readonly peerId: string }
  | { readonly kind: 'peer-disconnected'; readonly peerId: string; readonly reason: string }
  | {
      readonly kind: 'state-change';
      readonly peerId: string;
      readonly state: ConnectionState;
      /** Milliseconds since 1970. */
      readonly timestamp: number;
    };

/** A call as it stands in a JSON-RPC message. */
export interface WireCall {
  readonly method: string;
  readonly params: JsonObject;
}

/** The server's side of a wire protocol. */
export interface Dialect {
  readonly name: DialectName;
  /** True when an offer to the media server is answered in the result and not by a notification. */
  readonly answersInResult: boolean;
  /**
   * @throws SignalingFault for a method it does not have and for params that are not right.
   */
  decodeCommand(method: string, params: unknown): Command;
  encodeOutcome(outcome: Outcome): JsonObject;
  /** Undefined where the dialect has no word for it. */
  encodeNotification(notification: PeerNotification): WireCall | undefined;
}

/** The client's side of a wire protocol. */
export interface ClientDialect {
  encodeAnnounce(peerId: string, capabilities: PeerCapabilities, metadata?: unknown): WireCall;
  encodeOffer(from: string, to: string, sdp: string): WireCall;
  encodeAnswer(from: string, to: string, sdp: string): WireCall;
  encodeDisconnect(peerId: string, reason: string): WireCall;
  /**
   * Undefined for a method this side has no use for.
   * @throws SignalingFault for params that are not right.
   */
  decodeNotification(method: string, params: unknown): IncomingNotification | undefined;
}

/** What a client is told; the receiver's own id is not repeated in it. */
export type IncomingNotification =
  | { readonly kind: 'offer' | 'answer'; readonly from: string; readonly sdp: string }
  | {
      readonly kind: 'candidate';
      readonly from: string;
      readonly candidate: RemoteCandidate | null;
    }
  | {
      readonly kind: 'peer-joined';
      readonly peerId: string;
      readonly capabilities: PeerCapabilities;
      readonly metadata?: unknown;
    }
  | { readonly kind: 'peer-left' | 'peer-disconnected'; readonly peerId: string };
