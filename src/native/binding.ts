/**
 * Everything the native addon exports, in one place: the only typed door between TypeScript and C++.
 *
 * The addon trusts what comes through here: callers (`src/media`) validate first and hand over complete
 * flat objects. Commands are queued for the engine thread and return at once; what becomes of them
 * arrives as {@link EngineEvent}s. Ids are chosen by the caller, unsigned 32-bit, never 0, never reused.
 *
 * A contract test compares this file with the loaded addon.
 */

export type TransportId = number;
export type ProducerId = number;
export type ConsumerId = number;

export type MediaKind = 'audio' | 'video';

/** Codecs the engine forwards. RTX is not one of them: it is named beside the codec it repairs. */
export type CodecName =
  'opus' | 'PCMU' | 'PCMA' | 'VP8' | 'VP9' | 'H264' | 'AV1' | 'red' | 'telephone-event';

export type SrtpProfileName =
  'AEAD_AES_128_GCM' | 'AEAD_AES_256_GCM' | 'SRTP_AES128_CM_HMAC_SHA1_80';

/** RTP header extensions the engine understands or passes on, by the last part of their URI's meaning. */
export type HeaderExtensionName =
  | 'mid'
  | 'rid'
  | 'repaired-rid'
  | 'audio-level'
  | 'abs-send-time'
  | 'transport-wide-cc'
  | 'video-orientation'
  | 'dependency-descriptor'
  | 'abs-capture-time'
  | 'playout-delay'
  | 'video-content-type'
  | 'video-timing'
  | 'color-space';

/** A negotiated header extension; `id` 1-255 (above 14 needs the two-byte form, RFC 8285). */
export interface HeaderExtension {
  name: HeaderExtensionName;
  id: number;
}

export interface EngineOptions {
  /** One UDP socket is bound per address. IPv4 or IPv6 literals, at least one. */
  listenIps: string[];
  /** The UDP port of all sockets, 0-65535; 0 lets the system choose one (the same for all addresses). */
  udpPort: number;
  /** A connected transport from which nothing authentic arrives for so long is disconnected, in ms. */
  consentTimeoutMs: number;
  /** Offered and accepted in this order, at least one. */
  srtpProfiles: SrtpProfileName[];
}

export interface ListenAddress {
  ip: string;
  port: number;
}

export interface TransportOptions {
  id: TransportId;
  /** `lite`: ICE-lite, waits for the peer's checks. `controlling`: sends checks, from a socket of its own. */
  iceRole: 'lite' | 'controlling';
  /** 4-256 ice-chars (RFC 8839 section 5.4); unique in this engine. */
  localUfrag: string;
  /** 22-256 ice-chars. */
  localPwd: string;
}

export interface RemoteCandidate {
  ip: string;
  port: number;
  priority: number;
}

/** What the remote description says of the transport. */
export interface RemoteTransportParameters {
  ufrag: string;
  pwd: string;
  /** Used by controlling transports only: an ICE-lite agent learns addresses from the peer's checks. */
  candidates: RemoteCandidate[];
  /** Our role in the DTLS handshake: `server` is SDP's passive, `client` is active. */
  dtlsRole: 'server' | 'client';
  /** `algorithm` as in SDP ("sha-256"); `value` in colon-separated hex. */
  fingerprint: { algorithm: string; value: string };
}

/** A codec as negotiated on one m-line. */
export interface CodecParameters {
  name: CodecName;
  /** 0-127. */
  payloadType: number;
  /** In Hz. */
  clockRate: number;
  /** Payload type of RFC 4588 retransmissions of this codec, or 0 for none. */
  rtxPayloadType: number;
  /** a=rtcp-fb nack */
  nack: boolean;
  /** a=rtcp-fb nack pli */
  pli: boolean;
  /** a=rtcp-fb ccm fir */
  fir: boolean;
  /** a=rtcp-fb transport-cc */
  transportCc: boolean;
  /** a=rtcp-fb goog-remb */
  remb: boolean;
}

/** One stream of a producer. What the SDP did not name (0 or '') is learnt from MID and RID (RFC 8843, 8852). */
export interface EncodingParameters {
  ssrc: number;
  rtxSsrc: number;
  rid: string;
}

/** An incoming RTP stream of a transport. */
export interface ProducerOptions {
  id: ProducerId;
  transportId: TransportId;
  kind: MediaKind;
  mid: string;
  codecs: CodecParameters[];
  encodings: EncodingParameters[];
  headerExtensions: HeaderExtension[];
}

/** A producer whose packets are made in the engine: filler at a steady rate, for tests and benchmarks. */
export interface SyntheticProducerOptions {
  id: ProducerId;
  codec: CodecParameters;
  kind: MediaKind;
  /** RTP packets a frame (audio: 1). All packets of a frame share one timestamp, the last has the marker. */
  packetsPerFrame: number;
  framesPerSecond: number;
  /** RTP payload bytes a packet, 16-1200. */
  payloadBytes: number;
}

/** An outgoing RTP stream of a transport; sends nothing until it is connected to a producer. */
export interface ConsumerOptions {
  id: ConsumerId;
  transportId: TransportId;
  kind: MediaKind;
  mid: string;
  /** Never 0, unique in the transport. */
  ssrc: number;
  /** 0 when RTX was not negotiated. */
  rtxSsrc: number;
  cname: string;
  codecs: CodecParameters[];
  headerExtensions: HeaderExtension[];
}

/** Which of the producer's payload types becomes which of the consumer's. Others are not forwarded. */
export interface PayloadTypeMapping {
  from: number;
  to: number;
}

export type TransportState =
  | 'new'
  /** ICE has a nominated path, DTLS runs. */
  | 'connecting'
  /** Media flows. */
  | 'connected'
  /** Nothing authentic has arrived for `consentTimeoutMs`; it returns to `connected` if the peer does. */
  | 'disconnected'
  /** DTLS could not be set up; final. */
  | 'failed'
  /** The peer closed the DTLS association; final. */
  | 'closed';

export type TransportFailure =
  | 'none'
  | 'fingerprint-mismatch'
  | 'no-srtp-profile'
  | 'dtls-alert'
  | 'dtls-timeout'
  | 'dtls-protocol';

export type EngineEvent =
  | {
      type: 'transport-state';
      transportId: TransportId;
      state: TransportState;
      failure: TransportFailure;
      /** "ip:port" of the selected path, '' while there is none. */
      remoteAddress: string;
    }
  /** The first packet of a producer has arrived. */
  | { type: 'producer-started'; producerId: ProducerId }
  | { type: 'engine-stats'; requestId: number; stats: EngineStats }
  /** `stats` is null when there is no such transport (any more). */
  | { type: 'transport-stats'; requestId: number; stats: TransportStats | null }
  /** A command that could not be carried out, such as one that names a transport that was removed. */
  | { type: 'command-failed'; message: string }
  /** The event queue was full: so many events were lost since the last batch. */
  | { type: 'events-dropped'; count: number };

/** Counters since the engine started. */
export interface EngineStats {
  transports: number;
  producers: number;
  consumers: number;
  datagramsReceived: number;
  bytesReceived: number;
  datagramsSent: number;
  bytesSent: number;
  /** Datagrams the system refused to take, for example because its buffer was full. */
  sendErrors: number;
  /** Datagrams dropped, by reason. */
  dropped: {
    /** Not STUN, DTLS, RTP or RTCP by RFC 7983, or from an address that passed no ICE check. */
    unknownSource: number;
    malformedStun: number;
    /** STUN with a wrong or missing MESSAGE-INTEGRITY or for no transport of ours. */
    unauthenticatedStun: number;
    /** DTLS beyond what handshakes may queue. */
    dtlsOverflow: number;
    malformedRtp: number;
    malformedRtcp: number;
    srtpAuthentication: number;
    srtpReplay: number;
    /** Media before the DTLS handshake was done. */
    noKeys: number;
    unknownSsrc: number;
  };
}

export interface TransportStats {
  transportId: TransportId;
  state: TransportState;
  srtpProfile: SrtpProfileName | '';
  packetsReceived: number;
  bytesReceived: number;
  packetsSent: number;
  bytesSent: number;
  producers: ProducerStats[];
  consumers: ConsumerStats[];
}

export interface ProducerStats {
  producerId: ProducerId;
  ssrc: number;
  packetsReceived: number;
  /** RTP payload bytes. */
  bytesReceived: number;
  /** RFC 3550 cumulative number lost, recovered packets not counted. Can be negative with duplicates. */
  packetsLost: number;
  packetsRecovered: number;
  packetsDuplicated: number;
  /** RFC 3550 interarrival jitter, in ms. */
  jitterMs: number;
  nacksSent: number;
  keyframeRequestsSent: number;
  keyframesReceived: number;
}

export interface ConsumerStats {
  consumerId: ConsumerId;
  ssrc: number;
  packetsSent: number;
  bytesSent: number;
  packetsRetransmitted: number;
  nacksReceived: number;
  keyframeRequestsReceived: number;
  /** From the receiver's last report: fraction lost, 0-1. */
  fractionLost: number;
  packetsLost: number;
  /** In ms; -1 until known. */
  roundTripTimeMs: number;
  jitterMs: number;
}

/** One engine: its sockets, its thread, its transports. */
export interface NativeEngine {
  /** SHA-256 fingerprint of the DTLS certificate, as in SDP: upper-case hex with colons. */
  readonly fingerprint: string;
  readonly addresses: ListenAddress[];

  addTransport(options: TransportOptions): void;
  /** Sets the remote parameters; called again after an ICE restart with the peer's new credentials. */
  connectTransport(id: TransportId, remote: RemoteTransportParameters): void;
  /** New local credentials (ICE restart). The old path serves until the new credentials are used. */
  restartIce(id: TransportId, localUfrag: string, localPwd: string): void;
  /** Closes the DTLS association, and removes the transport with its producers and consumers. */
  removeTransport(id: TransportId): void;

  addProducer(options: ProducerOptions): void;
  addSyntheticProducer(options: SyntheticProducerOptions): void;
  removeProducer(id: ProducerId): void;

  addConsumer(options: ConsumerOptions): void;
  /**
   * Forwards `producerId` (0: nothing) to the consumer. Sequence numbers and timestamps continue when
   * the source changes; video starts at a keyframe, which is asked for.
   */
  connectConsumer(id: ConsumerId, producerId: ProducerId, payloadTypes: PayloadTypeMapping[]): void;
  removeConsumer(id: ConsumerId): void;

  /** Answered by an `engine-stats` event with the same `requestId`. */
  requestEngineStats(requestId: number): void;
  /** Answered by a `transport-stats` event with the same `requestId`. */
  requestTransportStats(requestId: number, transportId: TransportId): void;

  /** Says goodbye to every peer (close_notify), stops the thread and closes the sockets. Idempotent. */
  close(): void;
}

export interface NativeAddon {
  /** Version of the addon, equal to the package's. */
  readonly version: string;
  /**
   * Binds the sockets and starts the thread. Throws an `Error` with a `code` such as `EADDRINUSE` or
   * `EADDRNOTAVAIL` and the address when a socket cannot be bound. `onEvents` is called on the JS
   * thread, one batch of events at a time; it does not keep the process alive.
   */
  Engine: new (options: EngineOptions, onEvents: (events: EngineEvent[]) => void) => NativeEngine;
}
