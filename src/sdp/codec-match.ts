/**
 * Which codec of a receiver can take what a sender sends. Nothing is transcoded, so they have to be the
 * same in everything that changes the bits: name, clock rate, channels and profile.
 */
import type { PayloadTypeMapping } from '../native/binding.js';
import { redPayloadTypes, type Codec } from './codec.js';

/** RFC 6184 section 8.1: what an absent profile-level-id means. */
const H264_DEFAULT_PROFILE_LEVEL_ID = '42000a';

/**
 * The payload types to rewrite between a sender and a receiver.
 * @returns undefined when the receiver cannot take the codec that the sender prefers, and so sends.
 */
export function mapPayloadTypes(
  sent: readonly Codec[],
  received: readonly Codec[],
): PayloadTypeMapping[] | undefined {
  const pairs = sent.flatMap((from) => {
    const to = findCompatible(from, received);
    return to === undefined ? [] : [{ from: from.payloadType, to: to.payloadType }];
  });
  const mapped = new Set(pairs.map(({ from }) => from));
  const isComplete = requiredCodecs(sent).every(({ payloadType }) => mapped.has(payloadType));
  return isComplete ? pairs : undefined;
}

/** The least a receiver must take of a sender: the codec it prefers, and what that is wrapped around. */
export function requiredCodecs(sent: readonly Codec[]): Codec[] {
  const preferred = sent.find(({ name }) => name !== 'telephone-event');
  if (preferred === undefined) return [];
  if (preferred.name !== 'red') return [preferred];
  const carried = redPayloadTypes(preferred);
  return [preferred, ...sent.filter(({ payloadType }) => carried.includes(payloadType))];
}

/** The codec among `candidates` that decodes `codec`, the closest one first. */
export function findCompatible(codec: Codec, candidates: readonly Codec[]): Codec | undefined {
  const compatible = candidates.filter((candidate) => isCompatible(codec, candidate));
  return compatible.find(({ format }) => format === codec.format) ?? closest(codec, compatible);
}

function isCompatible(a: Codec, b: Codec): boolean {
  if (a.name !== b.name || a.clockRate !== b.clockRate || a.channels !== b.channels) return false;
  switch (a.name) {
    case 'H264':
      return (
        parameter(a, 'packetization-mode', '0') === parameter(b, 'packetization-mode', '0') &&
        h264Profile(a).slice(0, 2) === h264Profile(b).slice(0, 2)
      );
    case 'VP9':
      return parameter(a, 'profile-id', '0') === parameter(b, 'profile-id', '0');
    case 'AV1':
      return parameter(a, 'profile', '0') === parameter(b, 'profile', '0');
    case 'red':
      // RED names payload types inside of its payload, where nobody rewrites them.
      return a.format === b.format;
    case 'opus':
    case 'PCMU':
    case 'PCMA':
    case 'telephone-event':
    case 'VP8':
      return true;
  }
}

/** Of several H.264 profiles of one family, such as baseline and constrained baseline, the equal one. */
function closest(codec: Codec, compatible: readonly Codec[]): Codec | undefined {
  if (codec.name !== 'H264') return compatible[0];
  return compatible.find((other) => h264Profile(other) === h264Profile(codec)) ?? compatible[0];
}

/** profile_idc and profile-iop in hex. The level is left out: senders do not fill the level they name. */
function h264Profile(codec: Codec): string {
  return parameter(codec, 'profile-level-id', H264_DEFAULT_PROFILE_LEVEL_ID)
    .toLowerCase()
    .slice(0, 4);
}

function parameter(codec: Codec, name: string, defaultValue: string): string {
  const match = new RegExp(`(?:^|;)\\s*${name}=([^;\\s]+)`, 'i').exec(codec.format);
  return match?.[1] ?? defaultValue;
}
