/** Signaling by itself, for programs that need no media engine: loading this loads no native code. */
export type { BackoffOptions } from './backoff.js';
export { DEFAULT_SIGNALING_LIMITS, type SignalingLimits } from './limits.js';
export {
  MEDIA_SERVER_PEER_ID,
  type ConnectionState,
  type LocalEndpoint,
  type PeerCapabilities,
  type PeerLeftReason,
  type RemoteCandidate,
  type RemotePeerInfo,
  type SignalingChannel,
} from './local-endpoint.js';
export {
  SignalingClient,
  type SignalingClientEvents,
  type SignalingClientOptions,
} from './signaling-client.js';
export type { DialectName } from './signaling-fault.js';
export { SignalingServer, type SignalingServerOptions } from './signaling-server.js';
