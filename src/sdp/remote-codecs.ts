/** The codecs of one m-line: rtpmap, fmtp, rtcp-fb and RTX put together. */
import type { MediaKind } from '../native/binding.js';
import { findCodecName, redPayloadTypes, supportedFeedback, type Codec } from './codec.js';
import type { RawMedia } from './raw.js';

interface RtpMap {
  readonly payloadType: number;
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
}

/** Static payload types need no rtpmap (RFC 3551 section 6). */
const STATIC_MAPS: readonly RtpMap[] = [
  { payloadType: 0, encoding: 'PCMU', clockRate: 8000, channels: 1 },
  { payloadType: 8, encoding: 'PCMA', clockRate: 8000, channels: 1 },
];

/** The payload types of the m= line, in order of preference; malformed ones are left out. */
export function parsePayloadTypes(raw: RawMedia): number[] {
  const numbers = String(raw.payloads ?? '')
    .split(' ')
    .filter((format) => /^\d{1,3}$/.test(format))
    .map(Number);
  return [...new Set(numbers)].filter((payloadType) => payloadType <= 127);
}

/** The codecs we know, in the order of the m= line. */
export function parseCodecs(raw: RawMedia, kind: MediaKind): Codec[] {
  const payloadTypes = parsePayloadTypes(raw);
  const maps = readRtpMaps(raw);
  const rtx = readRtx(raw, maps, payloadTypes);
  const codecs = payloadTypes.flatMap((payloadType): Codec[] => {
    const map = maps.get(payloadType);
    const name = map && findCodecName(kind, map.encoding, map.clockRate, map.channels);
    if (map === undefined || name === undefined) return [];
    const { clockRate, channels } = map;
    return [
      {
        name,
        payloadType,
        clockRate,
        channels,
        format: readFormat(raw, payloadType),
        feedback: supportedFeedback(kind).filter((feedback) =>
          hasFeedback(raw, payloadType, feedback),
        ),
        rtxPayloadType: rtx.get(payloadType) ?? 0,
      },
    ];
  });
  return codecs.filter((codec) => codec.name !== 'red' || isRedOf(codec, codecs));
}

/** RED is of use only with the codec it carries, which its fmtp names by payload type (RFC 2198). */
function isRedOf(red: Codec, codecs: readonly Codec[]): boolean {
  return redPayloadTypes(red).every((payloadType) =>
    codecs.some((codec) => codec.payloadType === payloadType && codec.name === 'opus'),
  );
}

function readRtpMaps(raw: RawMedia): Map<number, RtpMap> {
  const maps = new Map(STATIC_MAPS.map((map) => [map.payloadType, map]));
  for (const { payload, codec, rate, encoding = 1 } of raw.rtp ?? []) {
    const payloadType = Number(payload);
    const clockRate = Number(rate);
    const channels = Number(encoding);
    maps.set(payloadType, { payloadType, encoding: String(codec), clockRate, channels });
  }
  return maps;
}

/** Payload type of the codec → payload type of its RTX, from `a=fmtp:<rtx> apt=<codec>` (RFC 4588). */
function readRtx(
  raw: RawMedia,
  maps: ReadonlyMap<number, RtpMap>,
  payloadTypes: readonly number[],
): Map<number, number> {
  const rtx = new Map<number, number>();
  for (const payloadType of payloadTypes) {
    if (maps.get(payloadType)?.encoding.toLowerCase() !== 'rtx' || payloadType === 0) continue;
    const apt = /(?:^|;)\s*apt=(\d+)/.exec(readFormat(raw, payloadType))?.[1];
    if (apt !== undefined && !rtx.has(Number(apt))) rtx.set(Number(apt), payloadType);
  }
  return rtx;
}

function readFormat(raw: RawMedia, payloadType: number): string {
  const config = raw.fmtp?.find(({ payload }) => payload === payloadType)?.config;
  return config === undefined ? '' : String(config);
}

function hasFeedback(raw: RawMedia, payloadType: number, feedback: string): boolean {
  return (raw.rtcpFb ?? []).some(
    ({ payload, type, subtype }) =>
      (payload === payloadType || payload === '*') &&
      (subtype === undefined ? String(type) : `${type} ${subtype}`) === feedback,
  );
}
