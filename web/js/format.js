/**
 * Figures as people read them. Null is a figure not known yet.
 */

const UNKNOWN = '–';

/** @param {number | null} bitsPerSecond */
export function formatBitrate(bitsPerSecond) {
  if (bitsPerSecond === null) return UNKNOWN;
  if (bitsPerSecond < 999_500) return `${Math.round(bitsPerSecond / 1000)} kb/s`;
  return `${(bitsPerSecond / 1_000_000).toFixed(bitsPerSecond < 9_950_000 ? 1 : 0)} Mb/s`;
}

/** @param {number | null} ratio From 0 to 1. */
export function formatLoss(ratio) {
  if (ratio === null) return UNKNOWN;
  const percent = ratio * 100;
  return `${percent.toFixed(percent > 0 && percent < 9.95 ? 1 : 0)} %`;
}

/** @param {number | null} seconds */
export function formatRoundTrip(seconds) {
  if (seconds === null) return UNKNOWN;
  const ms = seconds * 1000;
  return `${ms < 9.5 && ms > 0 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** @param {number | null} framesPerSecond */
export function formatFrameRate(framesPerSecond) {
  return framesPerSecond === null ? UNKNOWN : `${Math.round(framesPerSecond)} fps`;
}
