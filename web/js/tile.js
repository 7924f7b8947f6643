/**
 * One participant in the grid: picture, name, how the media arrives, and a minute of figures.
 */

import { formatBitrate, formatFrameRate, formatLoss, formatRoundTrip } from './format.js';
import { Sparkline } from './sparkline.js';
import { StatsMeter } from './stats.js';

/** Seconds, one value each. */
const CHART_CAPACITY = 60;
/** Reports without a new picture after which the picture counts as paused. */
const PATIENCE = 2;

/** @typedef {import('./stats.js').Figures} Figures */
/** @typedef {'waiting' | 'live' | 'paused' | 'lost'} TileState */

/** @type {Record<TileState, string>} */
const STATE_TEXT = {
  waiting: 'Waiting for media',
  live: 'Live',
  paused: 'No picture',
  lost: 'Connection lost',
};

/**
 * The four charts: which figure, how it is read, and the least the top of its scale stands for.
 *
 * @type {{figure: 'bitrate' | 'loss' | 'roundTrip' | 'fps', format: (value: number | null) => string, atLeast: number}[]}
 */
const CHARTS = [
  { figure: 'bitrate', format: formatBitrate, atLeast: 250_000 },
  { figure: 'loss', format: formatLoss, atLeast: 0.05 },
  { figure: 'roundTrip', format: formatRoundTrip, atLeast: 0.05 },
  { figure: 'fps', format: formatFrameRate, atLeast: 30 },
];

export class Tile {
  #video;
  #state;
  #detail;
  #meter;
  /** @type {{format: (value: number | null) => string, figure: typeof CHARTS[number]['figure'], value: Element, sparkline: Sparkline}[]} */
  #charts;
  #stillReports = 0;
  #seenPicture = false;

  /** @type {() => void} The browser wants a gesture before it plays sound; the picture plays without. */
  onSoundBlocked = () => {};

  /**
   * @param {HTMLTemplateElement} template
   * @param {object} participant
   * @param {string} participant.id
   * @param {string} participant.name
   * @param {boolean} participant.local This page's own tile: silent here, and measured on what it sends.
   */
  constructor(template, { id, name, local }) {
    const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.element = /** @type {HTMLElement} */ (fragment.firstElementChild);
    this.element.dataset.peerId = id;
    this.element.classList.toggle('tile-local', local);
    this.#part('name').textContent = local ? `${name} (you)` : name;
    this.#part('initial').textContent = Array.from(name)[0]?.toUpperCase() ?? '';
    this.#state = this.#part('state');
    this.#detail = this.#part('detail');
    this.#video = /** @type {HTMLVideoElement} */ (this.#part('video'));
    this.#video.muted = local;
    this.#video.srcObject = new MediaStream();
    this.#meter = new StatsMeter(local ? 'outbound' : 'inbound');
    this.#charts = CHARTS.map(({ figure, format, atLeast }) => {
      const chart = this.#part(figure);
      const svg = /** @type {SVGSVGElement} */ (chart.querySelector('svg'));
      return {
        figure,
        format,
        value: /** @type {Element} */ (chart.querySelector('.value')),
        sparkline: new Sparkline(svg, { capacity: CHART_CAPACITY, atLeast }),
      };
    });
    this.setState('waiting');
  }

  /** @param {readonly MediaStreamTrack[]} tracks All that is to be played. */
  setTracks(tracks) {
    const stream = /** @type {MediaStream} */ (this.#video.srcObject);
    const current = stream.getTracks();
    for (const track of current) if (!tracks.includes(track)) stream.removeTrack(track);
    for (const track of tracks) if (!current.includes(track)) stream.addTrack(track);
    if (tracks.length > 0) void this.play();
  }

  /** Starts playing; falls back to the picture alone where sound is not allowed yet. */
  async play() {
    try {
      await this.#video.play();
    } catch (error) {
      if (/** @type {Error} */ (error).name !== 'NotAllowedError' || this.#video.muted) return;
      this.#video.muted = true;
      this.onSoundBlocked();
      await this.#video.play().catch(() => {});
    }
  }

  /** Lets the sound out; to be called from a gesture. */
  unmute() {
    if (this.element.classList.contains('tile-local')) return;
    this.#video.muted = false;
    void this.play();
  }

  /**
   * @param {import('./stats.js').Report} report
   * @param {ReadonlySet<string>} mids
   */
  update(report, mids) {
    const figures = this.#meter.update(report, mids);
    for (const { figure, format, value, sparkline } of this.#charts) {
      value.textContent = format(figures[figure]);
      sparkline.push(figures[figure]);
    }
    const { codec, width, height } = figures;
    this.#detail.textContent = codec && width ? `${codec} ${width}×${height}` : '';
    this.setState(this.#judge(figures));
  }

  /** @param {TileState} state */
  setState(state) {
    if (this.element.dataset.state === state) return;
    this.element.dataset.state = state;
    this.#state.textContent = STATE_TEXT[state];
  }

  /** @param {{off: boolean, muted: boolean, mirrored: boolean}} looks Of the local tile. */
  setLooks({ off, muted, mirrored }) {
    this.element.classList.toggle('tile-off', off);
    this.element.classList.toggle('tile-muted', muted);
    this.element.classList.toggle('tile-mirrored', mirrored);
  }

  remove() {
    this.#video.srcObject = null;
    this.element.remove();
  }

  /**
   * @param {Figures} figures
   * @returns {TileState}
   */
  #judge({ bitrate, fps }) {
    if (fps) {
      this.#seenPicture = true;
      this.#stillReports = 0;
      return 'live';
    }
    this.#stillReports++;
    if (this.#seenPicture && this.#stillReports < PATIENCE) return 'live';
    return bitrate || this.#seenPicture ? 'paused' : 'waiting';
  }

  /** @param {string} name */
  #part(name) {
    const part = this.element.querySelector(`[data-part="${name}"]`);
    return /** @type {HTMLElement} */ (part);
  }
}
