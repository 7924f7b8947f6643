/** What callers and the wire rely on in every error. */
import assert from 'node:assert/strict';
import * as errors from '../src/errors.js';

const CODES = {
  InvalidConfigError: 'INVALID_CONFIG',
  SignalingError: 'SIGNALING_ERROR',
  PeerNotFoundError: 'PEER_NOT_FOUND',
  PeerLimitError: 'PEER_LIMIT_EXCEEDED',
  SessionNotFoundError: 'SESSION_NOT_FOUND',
  SessionError: 'SESSION_ERROR',
  SdpError: 'SDP_ERROR',
  CodecMismatchError: 'CODEC_MISMATCH',
  IceCandidateError: 'ICE_CANDIDATE_ERROR',
  PeerConnectionError: 'PEER_CONNECTION_ERROR',
  OperationTimeoutError: 'OPERATION_TIMEOUT',
  InvalidStateError: 'INVALID_STATE',
  InternalError: 'INTERNAL_ERROR',
} as const;

describe('errors', () => {
  it('have a test for every class', () => {
    const classes = Object.keys(errors).filter((name) => name !== 'WebRtcError');
    assert.deepEqual(classes.sort(), Object.keys(CODES).sort());
  });

  for (const [name, code] of Object.entries(CODES)) {
    it(`carry the stable code ${code} as ${name}`, () => {
      const error = new errors[name as keyof typeof CODES]('what was wrong');
      assert.ok(error instanceof errors.WebRtcError);
      assert.equal(error.code, code);
      assert.equal(error.name, name);
      assert.equal(error.message, 'what was wrong');
      assert.match(error.suggestion, /^[A-Z].+\.$/);
    });
  }

  it('keep the cause and a suggestion of their own', () => {
    const cause = new Error('below');
    const error = new errors.SdpError('no codec', { cause, suggestion: 'Offer VP8.' });
    assert.equal(error.cause, cause);
    assert.equal(error.suggestion, 'Offer VP8.');
  });

  it('have no cause unless given one', () => {
    assert.equal('cause' in new errors.InternalError('alone'), false);
  });

  it('are retryable only where time may heal', () => {
    assert.equal(new errors.SignalingError('refused').isRetryable, true);
    assert.equal(new errors.InvalidConfigError('abc').isRetryable, false);
  });
});
