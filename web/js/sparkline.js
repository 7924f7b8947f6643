/**
 * A minute of one figure as a small line: the newest value at the right edge, unknown values as gaps.
 */

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 60;
const HEIGHT = 16;

/** The last `capacity` values of a figure; null marks a moment at which it was unknown. */
export class History {
  /** @type {(number | null)[]} */
  #values = [];
  #capacity;

  /** @param {number} capacity */
  constructor(capacity) {
    this.#capacity = capacity;
  }

  get values() {
    return this.#values;
  }

  /** @param {number | null} value */
  push(value) {
    this.#values.push(value);
    if (this.#values.length > this.#capacity) this.#values.shift();
  }
}

/**
 * @typedef {object} Scale
 * @property {number} width
 * @property {number} height
 * @property {number} capacity Number of values that fill the width.
 * @property {number} atLeast The top of the scale is this or the largest value, whichever is more.
 */

/**
 * The outline and the filled area below it, as SVG path data.
 *
 * @param {readonly (number | null)[]} values Oldest first.
 * @param {Scale} scale
 * @returns {{line: string, area: string}}
 */
export function sparklinePaths(values, { width, height, capacity, atLeast }) {
  const top = values.reduce(
    (/** @type {number} */ max, value) => Math.max(max, value ?? 0),
    atLeast,
  );
  const step = width / Math.max(1, capacity - 1);
  const left = width - step * (values.length - 1);
  let line = '';
  let area = '';
  /** @type {string[]} */
  let run = [];

  const endRun = () => {
    if (run.length === 0) return;
    const first = /** @type {string} */ (run[0]).split(' ')[0];
    const last = /** @type {string} */ (run.at(-1)).split(' ')[0];
    // A lone point gets a zero-length segment, which round line caps turn into a dot.
    line += `M${run.join('L')}${run.length === 1 ? 'h0' : ''}`;
    area += `M${first} ${height}L${run.join('L')}L${last} ${height}Z`;
    run = [];
  };

  values.forEach((value, index) => {
    if (value === null) return endRun();
    const y = height - (Math.max(0, value) / top) * height;
    run.push(`${round(left + index * step)} ${round(y)}`);
  });
  endRun();
  return { line, area };
}

/** Draws a {@link History} into an SVG element of its own. */
export class Sparkline {
  #history;
  #capacity;
  #atLeast;
  #line = document.createElementNS(SVG, 'path');
  #area = document.createElementNS(SVG, 'path');

  /**
   * @param {SVGSVGElement} svg
   * @param {{capacity: number, atLeast: number}} scale
   */
  constructor(svg, { capacity, atLeast }) {
    this.#history = new History(capacity);
    this.#capacity = capacity;
    this.#atLeast = atLeast;
    this.#line.setAttribute('class', 'spark-line');
    this.#area.setAttribute('class', 'spark-area');
    svg.setAttribute('viewBox', `0 -1 ${WIDTH} ${HEIGHT + 2}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.append(this.#area, this.#line);
  }

  /** @param {number | null} value */
  push(value) {
    this.#history.push(value);
    const { line, area } = sparklinePaths(this.#history.values, {
      width: WIDTH,
      height: HEIGHT,
      capacity: this.#capacity,
      atLeast: this.#atLeast,
    });
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', area);
  }
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
