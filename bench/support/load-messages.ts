/** What a benchmark and its load process tell each other. */

export interface SendPattern {
  readonly packetsPerFrame: number;
  readonly framesPerSecond: number;
  readonly payloadBytes: number;
}

export type ToLoad =
  | { type: 'connect'; peerId: string; role: 'sender' | 'viewer' | 'idle' }
  | { type: 'answer'; peerId: string; sdp: string }
  | { type: 'offer'; peerId: string; sdp: string }
  | { type: 'send'; peerId: string; pattern: SendPattern }
  | { type: 'count' };

export type FromLoad =
  | { type: 'ready' }
  | { type: 'offer'; peerId: string; sdp: string }
  | { type: 'answer'; peerId: string; sdp: string }
  | { type: 'connected'; peerId: string }
  | { type: 'received'; packets: number };
