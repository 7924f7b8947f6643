/** Both dialects, the client's side. */
import { z } from 'zod';

import type { ClientDialect, IncomingNotification } from './messages.js';
import { plainCapabilitiesSchema } from './plain-dialect.js';
import { prefixedCapabilitiesSchema, toWords } from './prefixed-dialect.js';
import {
  candidateSchema,
  midSchema,
  mLineIndexSchema,
  parseParams,
  peerIdSchema,
  sdpSchema,
} from './schemas.js';
import { toCandidate } from './session-text.js';
import type { DialectName } from './signaling-fault.js';

type Decoders = Readonly<Record<string, (params: unknown) => IncomingNotification>>;

const goneSchema = z.object({ peer_id: peerIdSchema });

const plainDescriptionSchema = z.object({ from_peer_id: peerIdSchema, sdp: sdpSchema });
const plainCandidateSchema = z.object({
  from_peer_id: peerIdSchema,
  candidate: candidateSchema,
  sdp_mid: midSchema,
  sdp_mline_index: mLineIndexSchema,
});
const plainJoinedSchema = z.object({
  peer_id: peerIdSchema,
  capabilities: plainCapabilitiesSchema,
});

const decodePlainDescription = (kind: 'offer' | 'answer') => (params: unknown) => {
  const { from_peer_id, sdp } = parseParams(plainDescriptionSchema, params);
  return { kind, from: from_peer_id, sdp };
};
const decodeGone = (kind: 'peer-left' | 'peer-disconnected') => (params: unknown) => ({
  kind,
  peerId: parseParams(goneSchema, params).peer_id,
});

const PLAIN_DECODERS: Decoders = {
  offer: decodePlainDescription('offer'),
  answer: decodePlainDescription('answer'),
  ice_candidate(params) {
    const fields = parseParams(plainCandidateSchema, params);
    return {
      kind: 'candidate',
      from: fields.from_peer_id,
      candidate: toCandidate(fields.candidate, fields.sdp_mid, fields.sdp_mline_index),
    };
  },
  peer_joined(params) {
    const { peer_id, capabilities } = parseParams(plainJoinedSchema, params);
    return { kind: 'peer-joined', peerId: peer_id, capabilities };
  },
  peer_left: decodeGone('peer-left'),
  peer_disconnected: decodeGone('peer-disconnected'),
};

const plain: ClientDialect = {
  encodeAnnounce: (peerId, capabilities) => ({
    method: 'announce',
    params: { peer_id: peerId, capabilities },
  }),
  encodeOffer: (_from, to, sdp) => ({
    method: 'offer',
    params: { to_peer_id: to, sdp, type: 'offer' },
  }),
  encodeAnswer: (_from, to, sdp) => ({
    method: 'answer',
    params: { to_peer_id: to, sdp, type: 'answer' },
  }),
  encodeDisconnect: (peerId) => ({ method: 'disconnect', params: { peer_id: peerId } }),
  decodeNotification: (method, params) => decodeWith(PLAIN_DECODERS, method, params),
};

const prefixedDescriptionSchema = z.object({ from: peerIdSchema, sdp: sdpSchema });
const prefixedCandidateSchema = z.object({
  from: peerIdSchema,
  candidate: candidateSchema,
  sdp_mid: midSchema,
  sdp_m_line_index: mLineIndexSchema,
});
const prefixedJoinedSchema = z.object({
  peer_id: peerIdSchema,
  capabilities: prefixedCapabilitiesSchema,
  metadata: z.unknown().optional(),
});

const decodePrefixedDescription = (kind: 'offer' | 'answer') => (params: unknown) => ({
  kind,
  ...parseParams(prefixedDescriptionSchema, params),
});

const PREFIXED_DECODERS: Decoders = {
  'peer.offer': decodePrefixedDescription('offer'),
  'peer.answer': decodePrefixedDescription('answer'),
  'peer.ice_candidate'(params) {
    const fields = parseParams(prefixedCandidateSchema, params);
    return {
      kind: 'candidate',
      from: fields.from,
      candidate: toCandidate(fields.candidate, fields.sdp_mid, fields.sdp_m_line_index),
    };
  },
  'peer.joined'(params) {
    const { peer_id, capabilities, metadata } = parseParams(prefixedJoinedSchema, params);
    return { kind: 'peer-joined', peerId: peer_id, capabilities, metadata };
  },
  'peer.left': decodeGone('peer-left'),
  'peer.disconnected': decodeGone('peer-disconnected'),
};

const prefixed: ClientDialect = {
  encodeAnnounce: (peerId, capabilities, metadata) => ({
    method: 'peer.announce',
    params: {
      peer_id: peerId,
      capabilities: toWords(capabilities),
      ...(metadata === undefined ? {} : { user_data: metadata }),
    },
  }),
  encodeOffer: (from, to, sdp) => ({ method: 'peer.offer', params: { from, to, sdp } }),
  encodeAnswer: (from, to, sdp) => ({ method: 'peer.answer', params: { from, to, sdp } }),
  encodeDisconnect: (peerId, reason) => ({
    method: 'peer.disconnect',
    params: { peer_id: peerId, reason },
  }),
  decodeNotification: (method, params) => decodeWith(PREFIXED_DECODERS, method, params),
};

export const CLIENT_DIALECTS: Readonly<Record<DialectName, ClientDialect>> = { plain, prefixed };

function decodeWith(
  decoders: Decoders,
  method: string,
  params: unknown,
): IncomingNotification | undefined {
  return Object.hasOwn(decoders, method) ? decoders[method]?.(params) : undefined;
}
