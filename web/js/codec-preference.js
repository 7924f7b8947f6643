/**
 * Puts one video codec in front of the others.
 */

/**
 * @template {{mimeType: string}} T
 * @param {readonly T[]} codecs What the browser can do, in its own order, helpers such as RTX among them.
 * @param {string} name Such as `VP9`.
 * @returns {T[] | null} The same codecs with every variant of the named one first; null when there is none.
 */
export function preferCodec(codecs, name) {
  const wanted = `video/${name}`.toLowerCase();
  const first = codecs.filter((codec) => codec.mimeType.toLowerCase() === wanted);
  if (first.length === 0) return null;
  return [...first, ...codecs.filter((codec) => !first.includes(codec))];
}
