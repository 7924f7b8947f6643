/** Dialect B, the server's side: `peer.announce`, `peer.offer`, ..., `server.info`. */
import { z } from 'zod';

import type { JsonObject } from './json-rpc.js';
import type { PeerCapabilities } from './local-endpoint.js';
import type { Command, Dialect, Outcome, PeerNotification, WireCall } from './messages.js';
import {
  candidateSchema,
  flagSchema,
  midSchema,
  mLineIndexSchema,
  parseParams,
  peerIdSchema,
  reasonSchema,
  sdpSchema,
  userDataSchema,
} from './schemas.js';
import { toCandidate } from './session-text.js';
import { SignalingFault } from './signaling-fault.js';

const CAPABILITIES_RULE = 'must be a list out of "audio", "video" and "data"';
export const prefixedCapabilitiesSchema = z
  .array(z.string({ error: CAPABILITIES_RULE }).max(32, { error: CAPABILITIES_RULE }), {
    error: CAPABILITIES_RULE,
  })
  .max(16, { error: CAPABILITIES_RULE })
  .default(['audio', 'video', 'data'])
  .transform((words): PeerCapabilities => ({
    audio: words.includes('audio'),
    video: words.includes('video'),
    data: words.includes('data'),
  }));

const REQUEST_ID_RULE = 'must be a text of at most 128 characters';
const announceSchema = z.object({
  peer_id: peerIdSchema,
  capabilities: prefixedCapabilitiesSchema,
  user_data: userDataSchema,
});
const offerSchema = z.object({
  from: peerIdSchema,
  to: peerIdSchema,
  sdp: sdpSchema,
  can_trickle_ice_candidates: flagSchema().nullish(),
  request_id: z.string({ error: REQUEST_ID_RULE }).max(128, { error: REQUEST_ID_RULE }).nullish(),
});
const answerSchema = z.object({ from: peerIdSchema, to: peerIdSchema, sdp: sdpSchema });
const candidateParamsSchema = z.object({
  from: peerIdSchema,
  to: peerIdSchema,
  candidate: candidateSchema,
  sdp_mid: midSchema,
  sdp_m_line_index: mLineIndexSchema,
});
const disconnectSchema = z.object({ peer_id: peerIdSchema, reason: reasonSchema });
const emptySchema = z.object({}, { error: 'must be an object' });

const decodeList = (params: unknown): Command => {
  parseParams(emptySchema, params);
  return { kind: 'list' };
};

const DECODERS: Readonly<Record<string, (params: unknown) => Command>> = {
  'peer.announce'(params) {
    const { peer_id, capabilities, user_data } = parseParams(announceSchema, params);
    return {
      kind: 'announce',
      peerId: peer_id,
      capabilities,
      ...(user_data === undefined ? {} : { metadata: user_data }),
    };
  },
  'peer.offer'(params) {
    const { from, to, sdp, can_trickle_ice_candidates, request_id } = parseParams(
      offerSchema,
      params,
    );
    const hints = {
      ...(typeof can_trickle_ice_candidates === 'boolean'
        ? { canTrickle: can_trickle_ice_candidates }
        : {}),
      ...(typeof request_id === 'string' ? { requestId: request_id } : {}),
    };
    return { kind: 'offer', from, to, sdp, hints };
  },
  'peer.answer'(params) {
    return { kind: 'answer', ...parseParams(answerSchema, params) };
  },
  'peer.ice_candidate'(params) {
    const { from, to, candidate, sdp_mid, sdp_m_line_index } = parseParams(
      candidateParamsSchema,
      params,
    );
    return {
      kind: 'candidate',
      from,
      to,
      candidate: toCandidate(candidate, sdp_mid, sdp_m_line_index),
    };
  },
  'peer.disconnect'(params) {
    const { peer_id, reason } = parseParams(disconnectSchema, params);
    return {
      kind: 'disconnect',
      peerId: peer_id,
      ...(typeof reason === 'string' ? { reason } : {}),
    };
  },
  'peer.list': decodeList,
  'server.info'(params) {
    parseParams(emptySchema, params);
    return { kind: 'server-info' };
  },
};

/** True for the methods of this dialect, known or not. */
export function isPrefixed(method: string): boolean {
  return /^(peer|server|control)\./.test(method);
}

export const prefixedDialect: Dialect = {
  name: 'prefixed',
  answersInResult: true,

  decodeCommand(method, params) {
    const decode = Object.hasOwn(DECODERS, method) ? DECODERS[method] : undefined;
    if (decode === undefined) {
      throw new SignalingFault(
        'method_not_found',
        method.startsWith('control.')
          ? `${JSON.stringify(method.slice(0, 64))} needs a pipeline, and this server runs none.`
          : `There is no method ${JSON.stringify(method.slice(0, 64))}: use one of ` +
              `${Object.keys(DECODERS).join(', ')}.`,
      );
    }
    return decode(params);
  },

  encodeOutcome(outcome: Outcome): JsonObject {
    switch (outcome.kind) {
      case 'announced':
        return {
          success: true,
          peer_id: outcome.peerId,
          peers_count: outcome.otherPeers.length + 1,
          other_peers: outcome.otherPeers,
        };
      case 'offered':
        return { success: true, to_peer_id: outcome.to };
      case 'answered':
        return { type: 'answer', sdp: outcome.sdp, from: outcome.from, to: outcome.to };
      case 'delivered':
        return {
          success: true,
          to_peer_id: outcome.to,
          ...(outcome.held ? { buffered: true } : {}),
        };
      case 'disconnected':
        return { success: true, peer_id: outcome.peerId };
      case 'listed':
        return {
          peers: outcome.peers.map(({ peerId, capabilities, metadata, connectedAt }) => ({
            peer_id: peerId,
            capabilities: toWords(capabilities),
            metadata: metadata ?? {},
            connected_at: connectedAt,
          })),
          count: outcome.peers.length,
        };
      case 'server-info':
        return outcome.info;
    }
  },

  encodeNotification(notification: PeerNotification): WireCall {
    switch (notification.kind) {
      case 'offer': {
        const { from, to, sdp, hints } = notification;
        return {
          method: 'peer.offer',
          params: {
            from,
            to,
            sdp,
            ...(hints.canTrickle === undefined
              ? {}
              : { can_trickle_ice_candidates: hints.canTrickle }),
            ...(hints.requestId === undefined ? {} : { request_id: hints.requestId }),
          },
        };
      }
      case 'answer': {
        const { from, to, sdp } = notification;
        return { method: 'peer.answer', params: { from, to, sdp } };
      }
      case 'candidate':
        return {
          method: 'peer.ice_candidate',
          params: {
            from: notification.from,
            to: notification.to,
            candidate: notification.candidate?.candidate ?? '',
            sdp_mid: notification.candidate?.sdpMid ?? null,
            sdp_m_line_index: notification.candidate?.sdpMLineIndex ?? null,
          },
        };
      case 'peer-joined':
        return {
          method: 'peer.joined',
          params: {
            peer_id: notification.peerId,
            capabilities: toWords(notification.capabilities),
            metadata: notification.metadata ?? {},
          },
        };
      case 'peer-left':
        return { method: 'peer.left', params: { peer_id: notification.peerId } };
      case 'peer-disconnected':
        return {
          method: 'peer.disconnected',
          params: { peer_id: notification.peerId, reason: notification.reason },
        };
      case 'state-change':
        return {
          method: 'peer.state_change',
          params: {
            peer_id: notification.peerId,
            connection_state: notification.state,
            timestamp: notification.timestamp,
          },
        };
    }
  },
};

/** The capabilities as the list of words this dialect uses. */
export function toWords(capabilities: PeerCapabilities): readonly string[] {
  return (['audio', 'video', 'data'] as const).filter((kind) => capabilities[kind]);
}
