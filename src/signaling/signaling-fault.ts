/**
 * Everything that can be wrong with a signaling request, in one list, and the JSON-RPC error each
 * becomes in each dialect. The rest of the signaling code throws a `SignalingFault` or lets a
 * `WebRtcError` of the media server pass, and knows no error code.
 */
import { WebRtcError } from '../errors.js';
import type { JsonRpcErrorObject } from './json-rpc.js';

/** The names of the wire dialects: `plain` has methods like `offer`, `prefixed` like `peer.offer`. */
export type DialectName = 'plain' | 'prefixed';

const CODES = {
  parse_error: { plain: -32700, prefixed: -32700 },
  invalid_request: { plain: -32600, prefixed: -32600 },
  method_not_found: { plain: -32601, prefixed: -32601 },
  invalid_params: { plain: -32602, prefixed: -32602 },
  internal_error: { plain: -32000, prefixed: -32603 },
  not_announced: { plain: -32000, prefixed: -32600 },
  already_announced: { plain: -32000, prefixed: -32602 },
  id_in_use: { plain: -32000, prefixed: -32602 },
  peer_not_found: { plain: -32000, prefixed: -32000 },
  answer_timeout: { plain: -32000, prefixed: -32000 },
  rate_limited: { plain: -32000, prefixed: -32000 },
  peer_limit: { plain: -32000, prefixed: -32001 },
  bad_offer: { plain: -32000, prefixed: -32002 },
  bad_answer: { plain: -32000, prefixed: -32003 },
  bad_candidate: { plain: -32000, prefixed: -32004 },
  negotiation_in_progress: { plain: -32000, prefixed: -32005 },
  ice_timeout: { plain: -32000, prefixed: -32006 },
  codec_mismatch: { plain: -32000, prefixed: -32007 },
} as const satisfies Record<string, Record<DialectName, number>>;

/** Why a request was refused; sent as `error.data.reason`. */
export type FaultReason = keyof typeof CODES;

/** What the codes of a `WebRtcError` mean whatever the request was. */
const REASON_BY_ERROR_CODE: Readonly<Partial<Record<string, FaultReason>>> = {
  PEER_LIMIT_EXCEEDED: 'peer_limit',
  PEER_NOT_FOUND: 'peer_not_found',
  CODEC_MISMATCH: 'codec_mismatch',
  ICE_CANDIDATE_ERROR: 'bad_candidate',
  PEER_CONNECTION_ERROR: 'ice_timeout',
  OPERATION_TIMEOUT: 'answer_timeout',
};

/** A signaling request that cannot be carried out. */
export class SignalingFault extends Error {
  constructor(
    readonly reason: FaultReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SignalingFault';
  }
}

/**
 * The fault behind anything thrown while a request was carried out.
 * @param sdpReason what an error about a session description means for this request.
 */
export function toFault(error: unknown, sdpReason: 'bad_offer' | 'bad_answer'): SignalingFault {
  if (error instanceof SignalingFault) return error;
  if (error instanceof WebRtcError) {
    const reason =
      error.code === 'SDP_ERROR'
        ? sdpReason
        : (REASON_BY_ERROR_CODE[error.code] ?? 'internal_error');
    return new SignalingFault(reason, error.message, { cause: error });
  }
  return new SignalingFault(
    'internal_error',
    'The server failed to carry out the request; its log says more.',
    { cause: error },
  );
}

/** The JSON-RPC error object of a fault in a dialect. */
export function toErrorObject(fault: SignalingFault, dialect: DialectName): JsonRpcErrorObject {
  return {
    code: CODES[fault.reason][dialect],
    message: fault.message,
    data: { reason: fault.reason },
  };
}
