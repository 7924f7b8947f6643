/** Dialect A, the server's side: `announce`, `offer`, `answer`, `ice_candidate`, ... */
import { z } from 'zod';

import type { JsonObject } from './json-rpc.js';
import type { Command, Dialect, Outcome, PeerNotification, WireCall } from './messages.js';
import {
  candidateSchema,
  flagSchema,
  midSchema,
  mLineIndexSchema,
  parseParams,
  peerIdSchema,
  sdpSchema,
  sdpTypeSchema,
} from './schemas.js';
import { toCandidate } from './session-text.js';
import { SignalingFault } from './signaling-fault.js';

export const plainCapabilitiesSchema = z
  .object(
    {
      audio: flagSchema().default(false),
      video: flagSchema().default(false),
      data: flagSchema().default(false),
    },
    { error: 'must be {audio, video, data}' },
  )
  .default({ audio: true, video: true, data: true });

const announceSchema = z.object({
  peer_id: peerIdSchema,
  capabilities: plainCapabilitiesSchema,
});
const offerSchema = z.object({
  to_peer_id: peerIdSchema.nullish(),
  sdp: sdpSchema,
  type: sdpTypeSchema('offer'),
});
const answerSchema = z.object({
  to_peer_id: peerIdSchema,
  sdp: sdpSchema,
  type: sdpTypeSchema('answer'),
});
const candidateParamsSchema = z.object({
  to_peer_id: peerIdSchema,
  candidate: candidateSchema,
  sdp_mid: midSchema,
  sdp_mline_index: mLineIndexSchema,
});
const disconnectSchema = z.object({ peer_id: peerIdSchema });
const emptySchema = z.object({}, { error: 'must be an object' });

const DECODERS: Readonly<Record<string, (params: unknown) => Command>> = {
  announce(params) {
    const { peer_id, capabilities } = parseParams(announceSchema, params);
    return { kind: 'announce', peerId: peer_id, capabilities };
  },
  offer(params) {
    const { to_peer_id, sdp } = parseParams(offerSchema, params);
    return {
      kind: 'offer',
      sdp,
      hints: {},
      ...(typeof to_peer_id === 'string' ? { to: to_peer_id } : {}),
    };
  },
  answer(params) {
    const { to_peer_id, sdp } = parseParams(answerSchema, params);
    return { kind: 'answer', to: to_peer_id, sdp };
  },
  ice_candidate(params) {
    const { to_peer_id, candidate, sdp_mid, sdp_mline_index } = parseParams(
      candidateParamsSchema,
      params,
    );
    return {
      kind: 'candidate',
      to: to_peer_id,
      candidate: toCandidate(candidate, sdp_mid, sdp_mline_index),
    };
  },
  disconnect(params) {
    return { kind: 'disconnect', peerId: parseParams(disconnectSchema, params).peer_id };
  },
  list_peers(params) {
    parseParams(emptySchema, params);
    return { kind: 'list' };
  },
};

export const plainDialect: Dialect = {
  name: 'plain',
  answersInResult: false,

  decodeCommand(method, params) {
    const decode = Object.hasOwn(DECODERS, method) ? DECODERS[method] : undefined;
    if (decode === undefined) {
      throw new SignalingFault(
        'method_not_found',
        `There is no method ${JSON.stringify(method.slice(0, 64))}: use one of ` +
          `${Object.keys(DECODERS).join(', ')}, or the peer.* methods.`,
      );
    }
    return decode(params);
  },

  encodeOutcome(outcome: Outcome): JsonObject {
    switch (outcome.kind) {
      case 'announced':
        return {
          peer_id: outcome.peerId,
          peers_count: outcome.otherPeers.length + 1,
          other_peers: outcome.otherPeers,
        };
      case 'offered':
        return { offer_id: outcome.offerId, to_peer_id: outcome.to };
      case 'answered':
        return {
          answer: { type: 'answer', sdp: outcome.sdp },
          type: 'answer',
          sdp: outcome.sdp,
          from: outcome.from,
          to: outcome.to,
        };
      case 'delivered':
        return { to_peer_id: outcome.to };
      case 'disconnected':
        return { peer_id: outcome.peerId };
      case 'listed':
        return {
          peers: outcome.peers.map(({ peerId, capabilities }) => ({
            peer_id: peerId,
            capabilities,
            state: 'available',
          })),
          count: outcome.peers.length,
        };
      case 'server-info':
        return outcome.info;
    }
  },

  encodeNotification(notification: PeerNotification): WireCall | undefined {
    switch (notification.kind) {
      case 'offer':
        return {
          method: 'offer',
          params: {
            from_peer_id: notification.from,
            offer_id: notification.offerId,
            sdp: notification.sdp,
            type: 'offer',
          },
        };
      case 'answer':
        return {
          method: 'answer',
          params: { from_peer_id: notification.from, sdp: notification.sdp, type: 'answer' },
        };
      case 'candidate':
        return {
          method: 'ice_candidate',
          params: {
            from_peer_id: notification.from,
            candidate: notification.candidate?.candidate ?? '',
            sdp_mid: notification.candidate?.sdpMid ?? null,
            sdp_mline_index: notification.candidate?.sdpMLineIndex ?? null,
          },
        };
      case 'peer-joined':
        return {
          method: 'peer_joined',
          params: { peer_id: notification.peerId, capabilities: notification.capabilities },
        };
      case 'peer-left':
        return { method: 'peer_left', params: { peer_id: notification.peerId } };
      case 'peer-disconnected':
        return { method: 'peer_disconnected', params: { peer_id: notification.peerId } };
      case 'state-change':
        return undefined;
    }
  },
};
