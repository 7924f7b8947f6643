/**
 * The codecs that can be negotiated. Nothing is transcoded, so a codec is known by name and whatever
 * profile of it the offerer has is accepted as it is.
 */
import type { CodecName, CodecParameters, MediaKind } from '../native/binding.js';

/** RTCP feedback that means something to the engine (RFC 4585, 5104; REMB and transport-cc drafts). */
export type Feedback = 'nack' | 'nack pli' | 'ccm fir' | 'goog-remb' | 'transport-cc';

/** One codec of one m-line: `a=rtpmap` with the `a=fmtp`, `a=rtcp-fb` and RTX that belong to it. */
export interface Codec {
  readonly name: CodecName;
  readonly payloadType: number;
  /** In Hz. */
  readonly clockRate: number;
  /** 1 unless the rtpmap says otherwise. */
  readonly channels: number;
  /** The format-specific parameters as written in the SDP; '' when there are none. */
  readonly format: string;
  readonly feedback: readonly Feedback[];
  /** Payload type of its retransmissions (RFC 4588), or 0. */
  readonly rtxPayloadType: number;
}

interface KnownCodec {
  readonly name: CodecName;
  readonly kind: MediaKind;
  readonly clockRates: readonly number[];
  readonly channels: number;
}

const KNOWN_CODECS: readonly KnownCodec[] = [
  { name: 'opus', kind: 'audio', clockRates: [48000], channels: 2 },
  { name: 'red', kind: 'audio', clockRates: [48000], channels: 2 },
  { name: 'PCMU', kind: 'audio', clockRates: [8000], channels: 1 },
  { name: 'PCMA', kind: 'audio', clockRates: [8000], channels: 1 },
  {
    name: 'telephone-event',
    kind: 'audio',
    clockRates: [8000, 16000, 32000, 48000],
    channels: 1,
  },
  { name: 'VP8', kind: 'video', clockRates: [90000], channels: 1 },
  { name: 'VP9', kind: 'video', clockRates: [90000], channels: 1 },
  { name: 'H264', kind: 'video', clockRates: [90000], channels: 1 },
  { name: 'AV1', kind: 'video', clockRates: [90000], channels: 1 },
];

const FEEDBACK: Readonly<Record<MediaKind, readonly Feedback[]>> = {
  audio: ['transport-cc'],
  video: ['nack', 'nack pli', 'ccm fir', 'goog-remb', 'transport-cc'],
};

/** The name as the engine knows it, when the codec of an rtpmap is one we forward. */
export function findCodecName(
  kind: MediaKind,
  encoding: string,
  clockRate: number,
  channels: number,
): CodecName | undefined {
  return KNOWN_CODECS.find(
    (known) =>
      known.kind === kind &&
      known.name.toLowerCase() === encoding.toLowerCase() &&
      known.clockRates.includes(clockRate) &&
      known.channels === channels,
  )?.name;
}

/** The feedback we support for a kind of media, whatever the codec. */
export function supportedFeedback(kind: MediaKind): readonly Feedback[] {
  return FEEDBACK[kind];
}

/** Codecs that only accompany another one: alone they make no stream. */
export function isAuxiliary(codec: Codec): boolean {
  return codec.name === 'red' || codec.name === 'telephone-event';
}

/** The payload types that the format of RED names (RFC 2198 section 5): what its blocks contain. */
export function redPayloadTypes(red: Codec): number[] {
  return red.format.split('/').map(Number);
}

/** The codec as the engine takes it. */
export function toCodecParameters(codec: Codec): CodecParameters {
  const { name, payloadType, clockRate, rtxPayloadType, feedback } = codec;
  return {
    name,
    payloadType,
    clockRate,
    rtxPayloadType,
    nack: feedback.includes('nack'),
    pli: feedback.includes('nack pli'),
    fir: feedback.includes('ccm fir'),
    transportCc: feedback.includes('transport-cc'),
    remb: feedback.includes('goog-remb'),
  };
}
