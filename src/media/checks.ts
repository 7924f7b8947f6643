/**
 * The checks the addon relies on: it takes what comes through its door without looking, so every value
 * is looked at here. A failure is a defect of the caller inside this library, never of a remote peer.
 */
import { InternalError } from '../errors.js';
import type { CodecParameters, HeaderExtension } from '../native/binding.js';

const MAX_UINT32 = 0xffff_ffff;

/** @throws InternalError unless `value` is an integer in `min`..`max`. */
export function requireInteger(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InternalError(`${what} is ${value}: it must be an integer from ${min} to ${max}.`);
  }
}

/** @param min 0 where 0 stands for "none". */
export function requireSsrc(what: string, value: number, min: 0 | 1): void {
  requireInteger(what, value, min, MAX_UINT32);
}

/** @throws InternalError unless `value` is `min`-256 ice-chars (RFC 8839 section 5.4). */
export function requireIceChars(what: string, value: string, min: number): void {
  if (value.length < min || value.length > 256 || !/^[A-Za-z0-9+/]+$/.test(value)) {
    throw new InternalError(`${what} is "${value}": it must be ${min} to 256 ice-chars.`);
  }
}

/** @throws InternalError unless every codec is complete and no payload type occurs twice. */
export function requireCodecs(codecs: readonly CodecParameters[]): void {
  const payloadTypes = new Set<number>();
  for (const { name, payloadType, rtxPayloadType, clockRate } of codecs) {
    requireInteger(`The clock rate of ${name}`, clockRate, 1, MAX_UINT32);
    requireInteger(`The payload type of ${name}`, payloadType, 0, 127);
    requireInteger(`The RTX payload type of ${name}`, rtxPayloadType, 0, 127);
    for (const used of rtxPayloadType === 0 ? [payloadType] : [payloadType, rtxPayloadType]) {
      if (payloadTypes.has(used)) throw new InternalError(`Payload type ${used} is used twice.`);
      payloadTypes.add(used);
    }
  }
}

/** @throws InternalError unless every id is in range and no id occurs twice (RFC 8285). */
export function requireHeaderExtensions(extensions: readonly HeaderExtension[]): void {
  const ids = new Set<number>();
  for (const { name, id } of extensions) {
    requireInteger(`The id of header extension ${name}`, id, 1, 255);
    if (ids.has(id)) throw new InternalError(`Header extension id ${id} is used twice.`);
    ids.add(id);
  }
}
