/**
 * How many columns show a number of 16:9 tiles largest.
 */

const ASPECT = 16 / 9;

/**
 * @typedef {object} Space
 * @property {number} width Room for the grid, in CSS pixels.
 * @property {number} height
 * @property {number} gap Between tiles.
 * @property {number} extra Height of a tile beyond its picture.
 * @property {number} smallest Tiles narrower than this are not worth avoiding a scroll bar.
 */

/**
 * @param {number} count Number of tiles, at least 1.
 * @param {Space} space
 * @returns {{columns: number, tileWidth: number}} Tiles in a row, and the width of each in pixels.
 */
export function gridLayout(count, space) {
  let best = { columns: 1, tileWidth: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const tileWidth = Math.min(widthToFill(columns, space), widthToFit(columns, count, space));
    if (tileWidth > best.tileWidth) best = { columns, tileWidth };
  }
  return best.tileWidth >= space.smallest ? floor(best) : floor(scrolling(count, space));
}

/**
 * As many columns as the smallest tile allows, with rows going on below the fold.
 *
 * @param {number} count
 * @param {Space} space
 */
function scrolling(count, space) {
  const possible = Math.floor((space.width + space.gap) / (space.smallest + space.gap));
  const columns = Math.max(1, Math.min(count, possible));
  return { columns, tileWidth: widthToFill(columns, space) };
}

/**
 * @param {number} columns
 * @param {Space} space
 */
function widthToFill(columns, { width, gap }) {
  return (width - gap * (columns - 1)) / columns;
}

/**
 * @param {number} columns
 * @param {number} count
 * @param {Space} space
 */
function widthToFit(columns, count, { height, gap, extra }) {
  const rows = Math.ceil(count / columns);
  return ((height - gap * (rows - 1)) / rows - extra) * ASPECT;
}

/** @param {{columns: number, tileWidth: number}} layout */
function floor({ columns, tileWidth }) {
  return { columns, tileWidth: Math.floor(tileWidth) };
}
