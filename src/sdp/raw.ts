/**
 * What `sdp-transform` really returns. Its own types promise more than a remote peer keeps: any field may
 * be missing, and values that look like numbers are numbers even where the grammar says token.
 */

/** A token: turn it into a string before use. */
export type Token = string | number;

/** Attributes that stand at the session level, for all m-lines, or in an m-line. */
export interface RawShared {
  iceUfrag?: Token;
  icePwd?: Token;
  setup?: Token;
  fingerprint?: { type?: Token; hash?: Token };
  direction?: string;
  ext?: readonly RawExtension[];
}

export interface RawExtension {
  value?: Token;
  direction?: Token;
  uri?: Token;
}

export interface RawMedia extends RawShared {
  type?: Token;
  port?: Token;
  protocol?: Token;
  payloads?: Token;
  mid?: Token;
  rtcpMux?: string;
  rtcpRsize?: string;
  bundleOnly?: string;
  rtp?: readonly { payload?: Token; codec?: Token; rate?: Token; encoding?: Token }[];
  fmtp?: readonly { payload?: Token; config?: Token }[];
  rtcpFb?: readonly { payload?: Token; type?: Token; subtype?: Token }[];
  ssrcs?: readonly { id?: Token; attribute?: Token; value?: Token }[];
  ssrcGroups?: readonly { semantics?: Token; ssrcs?: Token }[];
  candidates?: readonly RawCandidate[];
}

export interface RawCandidate {
  component?: Token;
  transport?: Token;
  priority?: Token;
  ip?: Token;
  port?: Token;
}

export interface RawDescription extends RawShared {
  origin?: { sessionId?: Token };
  icelite?: string;
  extmapAllowMixed?: string;
  groups?: readonly { type?: Token; mids?: Token }[];
  media?: readonly RawMedia[];
}
