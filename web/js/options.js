/**
 * What the page's address asks for: `?name=Ada&codec=VP9&source=generated&size=640x360&fps=30&autojoin=1`.
 * Nothing here touches the page, so links can be checked in a test.
 */

/** Video codecs a person may put first; the others stay available for receiving. */
export const VIDEO_CODECS = /** @type {const} */ (['VP8', 'VP9', 'H264', 'AV1']);

/** Where the local picture and sound come from. */
export const SOURCES = /** @type {const} */ (['camera', 'generated']);

/** Longest name shown and announced, in characters; keeps `user_data` well below its 1 KB limit. */
export const MAX_NAME_LENGTH = 40;

/**
 * @typedef {object} Options
 * @property {string} name Empty when the address names nobody.
 * @property {typeof VIDEO_CODECS[number] | null} codec Codec to put first, null for the browser's own order.
 * @property {typeof SOURCES[number] | null} source Null lets the devices present decide.
 * @property {boolean} autojoin Join without waiting for the button.
 * @property {number} width Picture width in pixels, 64 to 3840.
 * @property {number} height Picture height in pixels, 64 to 2160.
 * @property {number} fps Pictures per second, 1 to 60.
 * @property {string | null} token Bearer token handed on to the signaling server.
 * @property {string[]} problems One sentence for each value that was not understood and is ignored.
 */

/**
 * @param {string} search The query string, with or without its question mark.
 * @returns {Options}
 */
export function parseOptions(search) {
  const query = new URLSearchParams(search);
  /** @type {string[]} */
  const problems = [];

  /**
   * @template {string} T
   * @param {string} key
   * @param {readonly T[]} allowed
   * @returns {T | null}
   */
  const choice = (key, allowed) => {
    const value = query.get(key);
    if (value === null) return null;
    const match = allowed.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (match === undefined) problems.push(`${key}=${value} is not one of ${allowed.join(', ')}.`);
    return match ?? null;
  };

  const size = parseSize(query.get('size'), problems);
  return {
    name: cleanName(query.get('name') ?? ''),
    codec: choice('codec', VIDEO_CODECS),
    source: choice('source', SOURCES),
    autojoin: ['1', 'true', ''].includes(query.get('autojoin') ?? '0'),
    width: size.width,
    height: size.height,
    fps: parseFps(query.get('fps'), problems),
    token: query.get('token'),
    problems,
  };
}

/**
 * A name as it is shown and announced: no control characters, no runs of space, at most
 * {@link MAX_NAME_LENGTH} characters.
 *
 * @param {string} name
 */
export function cleanName(name) {
  const oneLine = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return Array.from(oneLine).slice(0, MAX_NAME_LENGTH).join('').trim();
}

/**
 * @param {string | null} value
 * @param {string[]} problems
 */
function parseSize(value, problems) {
  const fallback = { width: 640, height: 360 };
  if (value === null) return fallback;
  const [, width = 0, height = 0] = (/^(\d+)x(\d+)$/.exec(value) ?? []).map(Number);
  if (width >= 64 && width <= 3840 && height >= 64 && height <= 2160) return { width, height };
  problems.push(`size=${value} is not a picture size from 64x64 to 3840x2160, such as 1280x720.`);
  return fallback;
}

/**
 * @param {string | null} value
 * @param {string[]} problems
 */
function parseFps(value, problems) {
  const fallback = 30;
  if (value === null) return fallback;
  const fps = Number(value);
  if (fps >= 1 && fps <= 60) return fps;
  problems.push(`fps=${value} is not a frame rate from 1 to 60.`);
  return fallback;
}
