/** Logs what goes on in a transport: peers, sessions, signaling. */
import type { Logger } from 'pino';
import type { WebRtcTransport } from '../transport.js';

export function logActivity(transport: WebRtcTransport, logger: Logger): void {
  const { sessionManager } = transport;
  transport.on('peerJoined', ({ id: peerId }) => {
    logger.info({ peerId }, 'Peer joined');
  });
  transport.on('peerConnected', ({ id: peerId }) => {
    logger.info({ peerId }, 'Peer connected');
  });
  transport.on('peerDisconnected', ({ id: peerId }, reason) => {
    if (reason === 'ice-timeout') logger.warn(`ICE connection failed for peer: ${peerId}`);
    logger.info({ peerId, reason }, 'Peer disconnected');
  });
  transport.on('trackNotSent', ({ id: peerId }, { peerId: from, kind }, reason) => {
    logger.warn({ peerId, from, kind, reason }, 'Track not sent to peer');
  });
  transport.on('publicAddress', (ip, server) => {
    logger.info({ ip, server }, 'Public address found, it is announced from now on');
  });
  transport.on('signalingConnected', () => {
    logger.info('Connected to signaling server');
  });
  transport.on('signalingDisconnected', (reason) => {
    logger.warn({ reason }, 'Disconnected from signaling server');
  });
  transport.on('signalingReconnecting', (attempt, delayMs) => {
    logger.info({ attempt, delayMs }, 'Reconnecting to signaling server');
  });
  transport.on('warning', (message) => {
    logger.warn(message);
  });
  sessionManager.on('sessionCreated', ({ id: session }) => {
    logger.info({ session }, 'Session created');
  });
  sessionManager.on('sessionRemoved', ({ id: session }) => {
    logger.info({ session }, 'Session removed');
  });
  sessionManager.on('peerJoined', ({ id: session, peers }, { id: peerId }) => {
    logger.info({ session, peerId, peers: peers.length }, 'Peer joined session');
  });
  sessionManager.on('peerLeft', ({ id: session, peers }, { id: peerId }) => {
    logger.info({ session, peerId, peers: peers.length }, 'Peer left session');
  });
}
