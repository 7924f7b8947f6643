/**
 * What one signaling connection may do, and how long things may take. The sizes that are part of the
 * protocol itself (peer ids, user data, session descriptions) are in schemas.ts.
 */

/** Limits of a signaling server; every one of them has a default. */
export interface SignalingLimits {
  /** Open connections, announced or not; more are refused with HTTP 503. */
  readonly maxConnections: number;
  /** Longest accepted WebSocket message, bytes; a longer one closes the connection with code 1009. */
  readonly maxMessageBytes: number;
  /** Most requests in one JSON-RPC batch. */
  readonly maxBatchLength: number;
  /** Messages a second one connection may send in the long run; a batch counts as its requests. */
  readonly messagesPerSecond: number;
  /** Messages one connection may send at once after a quiet time. */
  readonly messageBurst: number;
  /** Bytes that may wait for a slow reader before its connection is cut. */
  readonly maxBufferedBytes: number;
  /** Candidates kept for one pair of peers until their description comes. */
  readonly maxEarlyCandidates: number;
  /** How long such a candidate is kept, milliseconds. */
  readonly earlyCandidateTimeoutMs: number;
  /** Time to announce after an offer was refused for the lack of it, milliseconds. */
  readonly announceTimeoutMs: number;
  /** Time to answer an offer, milliseconds; a later answer is refused. */
  readonly answerTimeoutMs: number;
  /** Time between WebSocket pings, milliseconds. */
  readonly pingIntervalMs: number;
  /** A connection without any message, ping or pong for this long is closed, milliseconds. */
  readonly idleTimeoutMs: number;
  /** A connection whose peer id is wanted by another one must show life within this, milliseconds. */
  readonly probeTimeoutMs: number;
  /** Time for the closing handshake before a connection is cut, milliseconds. */
  readonly closeTimeoutMs: number;
}

/** The limits in force where nothing else is said. */
export const DEFAULT_SIGNALING_LIMITS: SignalingLimits = {
  maxConnections: 10_000,
  maxMessageBytes: 1024 * 1024,
  maxBatchLength: 100,
  messagesPerSecond: 200,
  messageBurst: 1_000,
  maxBufferedBytes: 4 * 1024 * 1024,
  maxEarlyCandidates: 100,
  earlyCandidateTimeoutMs: 15_000,
  announceTimeoutMs: 10_000,
  answerTimeoutMs: 30_000,
  pingIntervalMs: 30_000,
  idleTimeoutMs: 300_000,
  probeTimeoutMs: 5_000,
  closeTimeoutMs: 1_000,
};
