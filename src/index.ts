/** What `import 'remotemedia-webrtc'` brings. */
export type { WebRtcTransportConfig } from './config/config.js';
export * from './errors.js';
export type { PeerManager, PeerRemovalReason } from './peer/peer-manager.js';
export type { Peer } from './peer/peer.js';
export type { Track } from './peer/track.js';
export type { SessionManager } from './session/session-manager.js';
export type { Session } from './session/session.js';
export * from './signaling/index.js';
export {
  WebRtcTransport,
  type EngineStats,
  type ListenAddress,
  type WebRtcTransportDependencies,
  type WebRtcTransportEvents,
} from './transport.js';
