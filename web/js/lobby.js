/**
 * The form people fill in before joining: name, source, and a preview of what the others will see.
 */

import { explainMediaError, findDevices, LocalMedia, mayOpenCamera } from './local-media.js';
import { cleanName } from './options.js';

const NAME_KEY = 'remotemedia.name';

/** @typedef {import('./options.js').Options} Options */

/**
 * @typedef {object} JoinRequest
 * @property {string} name
 * @property {LocalMedia} media Open; it belongs to whom it is handed to.
 */

export class Lobby {
  #form;
  #options;
  #name;
  #preview;
  #previewHint;
  #error;
  #fallback;
  #submit;
  /** @type {LocalMedia | null} */
  #media = null;
  /** Counts openings, so that one which was overtaken is closed again. */
  #opening = 0;
  #onJoin;

  /**
   * @param {HTMLFormElement} form
   * @param {Options} options
   * @param {(request: JoinRequest) => void} onJoin
   */
  constructor(form, options, onJoin) {
    const part = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (form.querySelector(`[data-part="${name}"]`));
    this.#form = form;
    this.#options = options;
    this.#onJoin = onJoin;
    this.#name = /** @type {HTMLInputElement} */ (form.elements.namedItem('name'));
    this.#preview = /** @type {HTMLVideoElement} */ (part('preview'));
    this.#previewHint = part('preview-hint');
    this.#error = part('error');
    this.#fallback = part('fallback');
    this.#submit = /** @type {HTMLButtonElement} */ (part('join'));

    this.#name.value = options.name || localStorage.getItem(NAME_KEY) || '';
    this.#name.onchange = () => this.#showPreview();
    for (const radio of this.#sources) radio.onchange = () => this.#showPreview();
    form.onsubmit = (event) => {
      event.preventDefault();
      void this.#join();
    };
    this.#fallback.onclick = () => {
      this.#chooseSource('generated');
      void this.#join();
    };
  }

  /** Chooses the source that fits this machine, and joins at once when the address says so. */
  async start() {
    const devices = await findDevices();
    const hasDevice = devices.audio || devices.video;
    this.#chooseSource(this.#options.source ?? (hasDevice ? 'camera' : 'generated'));
    if (this.#options.autojoin) await this.#join();
    else await this.#showPreview();
  }

  /** @param {string | null} error Why the person is here again, null when they chose to be. */
  async show(error) {
    this.#form.hidden = false;
    this.#setError(error);
    this.#submit.focus();
    await this.#showPreview();
  }

  get #sources() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (
      this.#form.querySelectorAll('input[name="source"]')
    );
  }

  get #source() {
    const chosen = [...this.#sources].find((radio) => radio.checked);
    return /** @type {'camera' | 'generated'} */ (chosen?.value ?? 'generated');
  }

  /** @param {'camera' | 'generated'} source */
  #chooseSource(source) {
    for (const radio of this.#sources) radio.checked = radio.value === source;
  }

  /** Shows the generated picture, or the camera if that needs no question to the person. */
  async #showPreview() {
    this.#closeMedia();
    const fromCamera = this.#source === 'camera';
    this.#previewHint.hidden = !fromCamera;
    if (fromCamera && !(await mayOpenCamera())) return;
    try {
      await this.#openMedia();
    } catch (error) {
      this.#setError(explainMediaError(error), { offerGenerated: true });
    }
  }

  async #join() {
    const name = cleanName(this.#name.value) || `Guest ${100 + Math.floor(Math.random() * 900)}`;
    if (cleanName(this.#name.value) !== '') localStorage.setItem(NAME_KEY, name);
    this.#name.value = name;
    this.#setError(null);
    this.#submit.disabled = true;
    try {
      const media = await this.#openMedia();
      if (media === null) return;
      this.#media = null;
      this.#preview.srcObject = null;
      this.#form.hidden = true;
      this.#onJoin({ name, media });
    } catch (error) {
      this.#setError(explainMediaError(error), { offerGenerated: this.#source === 'camera' });
    } finally {
      this.#submit.disabled = false;
    }
  }

  /**
   * @returns {Promise<LocalMedia | null>} Null when another opening began meanwhile.
   */
  async #openMedia() {
    this.#closeMedia();
    const opening = this.#opening;
    const { width, height, fps } = this.#options;
    const media = await LocalMedia.open({
      source: this.#source,
      name: cleanName(this.#name.value) || 'Your name',
      width,
      height,
      fps,
    });
    if (opening !== this.#opening) {
      media.close();
      return null;
    }
    this.#media = media;
    this.#preview.srcObject = media.stream;
    this.#preview.classList.toggle('mirrored', media.fromCamera);
    this.#previewHint.hidden = true;
    return media;
  }

  #closeMedia() {
    this.#opening++;
    this.#media?.close();
    this.#media = null;
    this.#preview.srcObject = null;
  }

  /**
   * @param {string | null} message
   * @param {{offerGenerated?: boolean}} [offers]
   */
  #setError(message, { offerGenerated = false } = {}) {
    this.#error.textContent = message ?? '';
    this.#error.hidden = message === null;
    this.#fallback.hidden = !offerGenerated;
  }
}
