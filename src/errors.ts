/**
 * Every error this library throws on purpose. The class says what kind of thing went wrong, `code`
 * says the same in a form that is stable across releases and safe to send over the wire, and
 * `suggestion` says what to do about it.
 */

/** What may be attached to an error besides its message. */
export interface WebRtcErrorOptions {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** What the user can do about it; replaces the general advice of the class. */
  readonly suggestion?: string;
}

/** What is fixed for a kind of error. */
interface ErrorKind {
  readonly code: string;
  readonly isRetryable: boolean;
  readonly suggestion: string;
}

/**
 * Base class of all errors of this library.
 *
 * ```ts
 * try {
 *   await transport.start();
 * } catch (error) {
 *   if (error instanceof WebRtcError && error.isRetryable) scheduleRetry();
 *   else throw error;
 * }
 * ```
 */
export abstract class WebRtcError extends Error {
  /** Stable identifier in upper snake case, for example `PEER_NOT_FOUND`. */
  readonly code: string;
  /** True when the same call may succeed later without any change by the caller. */
  readonly isRetryable: boolean;
  /** One sentence: what to do about it. */
  readonly suggestion: string;

  protected constructor(kind: ErrorKind, message: string, options: WebRtcErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.code = kind.code;
    this.isRetryable = kind.isRetryable;
    this.suggestion = options.suggestion ?? kind.suggestion;
  }
}

/** A setting has a value that cannot be used. The message names the setting and the value. */
export class InvalidConfigError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'INVALID_CONFIG',
        isRetryable: false,
        suggestion: 'Correct the setting named in the message and start again.',
      },
      message,
      options,
    );
  }
}

/** The signaling connection failed, or the other side broke or refused the protocol. */
export class SignalingError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'SIGNALING_ERROR',
        isRetryable: true,
        suggestion: 'Check that the signaling server is running and reachable, then try again.',
      },
      message,
      options,
    );
  }
}

/** No connected peer has the given peer id. */
export class PeerNotFoundError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'PEER_NOT_FOUND',
        isRetryable: false,
        suggestion: 'List the connected peers and use one of their ids.',
      },
      message,
      options,
    );
  }
}

/** As many peers are connected as are allowed at once. */
export class PeerLimitError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'PEER_LIMIT_EXCEEDED',
        isRetryable: true,
        suggestion: 'Try again when a peer has left, or raise WEBRTC_MAX_PEERS.',
      },
      message,
      options,
    );
  }
}

/** No session has the given session id. */
export class SessionNotFoundError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'SESSION_NOT_FOUND',
        isRetryable: false,
        suggestion: 'Create the session first, or list the sessions and use one of their ids.',
      },
      message,
      options,
    );
  }
}

/** A session cannot do what was asked of it, for example because its id is taken. */
export class SessionError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'SESSION_ERROR',
        isRetryable: false,
        suggestion: 'Check the session and its members before repeating the call.',
      },
      message,
      options,
    );
  }
}

/** A session description cannot be parsed, or nothing in it can be negotiated. */
export class SdpError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'SDP_ERROR',
        isRetryable: false,
        suggestion: 'Send a complete session description with at least one codec in common.',
      },
      message,
      options,
    );
  }
}

/** The two sides of a negotiation have no codec in common. */
export class CodecMismatchError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'CODEC_MISMATCH',
        isRetryable: false,
        suggestion: 'Offer Opus, PCMU or PCMA for audio and VP8, VP9, H.264 or AV1 for video.',
      },
      message,
      options,
    );
  }
}

/** An ICE candidate is malformed or belongs to no current negotiation. */
export class IceCandidateError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'ICE_CANDIDATE_ERROR',
        isRetryable: false,
        suggestion: 'Send candidates as the browser produced them, after their offer or answer.',
      },
      message,
      options,
    );
  }
}

/** A peer connection could not be made, or failed after it was made. */
export class PeerConnectionError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'PEER_CONNECTION_ERROR',
        isRetryable: true,
        suggestion: 'Check that UDP reaches the server, then negotiate again.',
      },
      message,
      options,
    );
  }
}

/** Something did not happen in the time it was given. The message names the limit. */
export class OperationTimeoutError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'OPERATION_TIMEOUT',
        isRetryable: true,
        suggestion: 'Try again, or raise the time limit named in the message.',
      },
      message,
      options,
    );
  }
}

/** The object cannot do this now: it was not started yet, or it is over. */
export class InvalidStateError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'INVALID_STATE',
        isRetryable: false,
        suggestion: 'Make the call between start and shutdown.',
      },
      message,
      options,
    );
  }
}

/** A defect of this library or its installation, not of the caller. */
export class InternalError extends WebRtcError {
  constructor(message: string, options?: WebRtcErrorOptions) {
    super(
      {
        code: 'INTERNAL_ERROR',
        isRetryable: false,
        suggestion: 'Report this with the message, the cause and the log.',
      },
      message,
      options,
    );
  }
}
