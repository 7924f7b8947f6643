/**
 * The grid of everyone in the session, sized to the room there is.
 */

import { gridLayout } from './grid-layout.js';
import { Tile } from './tile.js';

/** Tiles are not made narrower than this to avoid a scroll bar, in CSS pixels; two fit side by side on a phone. */
const SMALLEST_TILE = 150;

const LOCAL = 'local';

/** @typedef {import('./conference.js').Participant} Participant */

export class Room {
  #grid;
  #template;
  /** @type {Map<string, {tile: Tile, mids: ReadonlySet<string>}>} */
  #tiles = new Map();
  #soundBlocked = false;
  #onSoundBlocked;

  /**
   * @param {HTMLElement} grid
   * @param {HTMLTemplateElement} template Of a tile.
   * @param {(blocked: boolean) => void} onSoundBlocked Whether sound waits for {@link Room.allowSound}.
   */
  constructor(grid, template, onSoundBlocked) {
    this.#grid = grid;
    this.#template = template;
    this.#onSoundBlocked = onSoundBlocked;
    new ResizeObserver(() => this.layOut()).observe(grid);
  }

  /**
   * @param {string} name
   * @param {import('./local-media.js').LocalMedia} media
   */
  showLocal(name, media) {
    const tile = this.#add({ id: LOCAL, name, local: true });
    tile.setTracks(media.stream.getTracks());
    this.updateLocal(media);
  }

  /** @param {import('./local-media.js').LocalMedia} media */
  updateLocal(media) {
    const tile = this.#tiles.get(LOCAL)?.tile;
    tile?.setTracks(media.stream.getTracks());
    tile?.setLooks({ off: media.cameraOff, muted: media.muted, mirrored: media.fromCamera });
  }

  /**
   * @param {Participant[]} participants Everyone else.
   * @returns {{joined: string[], left: string[]}} Names that are new and names that are gone.
   */
  showParticipants(participants) {
    const present = new Set(participants.map(({ id }) => id));
    const left = [...this.#tiles.keys()].filter((id) => id !== LOCAL && !present.has(id));
    const leftNames = left.map((id) => this.#remove(id));
    const joined = participants.filter(({ id }) => !this.#tiles.has(id));
    for (const { id, name } of joined) this.#add({ id, name, local: false });
    for (const { id, tracks, mids } of participants) {
      const entry = this.#tiles.get(id);
      if (entry === undefined) continue;
      entry.mids = mids;
      entry.tile.setTracks(tracks);
    }
    this.layOut();
    return { joined: joined.map(({ name }) => name), left: leftNames };
  }

  /** Marks everyone as out of reach until figures arrive again. */
  showLoss() {
    for (const { tile } of this.#tiles.values()) tile.setState('lost');
  }

  /**
   * @param {import('./stats.js').Report} report
   * @param {ReadonlySet<string>} sendingMids
   */
  update(report, sendingMids) {
    for (const [id, { tile, mids }] of this.#tiles) {
      tile.update(report, id === LOCAL ? sendingMids : mids);
    }
  }

  /** Plays everyone's sound; to be called from a gesture. */
  allowSound() {
    this.#setSoundBlocked(false);
    for (const { tile } of this.#tiles.values()) tile.unmute();
  }

  clear() {
    for (const id of [...this.#tiles.keys()]) this.#remove(id);
    this.#setSoundBlocked(false);
  }

  /** Fits the tiles again; to be called when their shape changed other than through this object. */
  layOut() {
    this.#fit();
    // Narrower tiles stack their charts and become taller, which the first pass could not know.
    this.#fit();
  }

  #fit() {
    const tile = this.#grid.firstElementChild;
    const picture = tile?.querySelector('.tile-picture');
    if (!tile || !picture) return;
    const { columns, tileWidth } = gridLayout(this.#tiles.size, {
      width: this.#grid.clientWidth,
      height: this.#grid.clientHeight,
      gap: Number.parseFloat(getComputedStyle(this.#grid).columnGap),
      extra: tile.getBoundingClientRect().height - picture.getBoundingClientRect().height,
      smallest: SMALLEST_TILE,
    });
    this.#grid.style.setProperty('--columns', String(columns));
    this.#grid.style.setProperty('--tile-width', `${tileWidth}px`);
  }

  /** @param {{id: string, name: string, local: boolean}} participant */
  #add(participant) {
    const tile = new Tile(this.#template, participant);
    tile.onSoundBlocked = () => this.#setSoundBlocked(true);
    this.#tiles.set(participant.id, { tile, mids: new Set() });
    this.#grid.append(tile.element);
    this.layOut();
    return tile;
  }

  /** @param {string} id */
  #remove(id) {
    const tile = this.#tiles.get(id)?.tile;
    const name = tile?.element.querySelector('[data-part="name"]')?.textContent ?? '';
    tile?.remove();
    this.#tiles.delete(id);
    return name;
  }

  /** @param {boolean} blocked */
  #setSoundBlocked(blocked) {
    if (blocked === this.#soundBlocked) return;
    this.#soundBlocked = blocked;
    this.#onSoundBlocked(blocked);
  }
}
