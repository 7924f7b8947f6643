/**
 * The picture and sound of the person at this page: from the camera and microphone, or generated where
 * one of them is missing or not wanted.
 */

import { createGeneratedPicture } from './generated-picture.js';
import { createGeneratedTone } from './generated-tone.js';

/**
 * @typedef {object} MediaOptions
 * @property {'camera' | 'generated'} source
 * @property {string} name Shown in a generated picture.
 * @property {number} width
 * @property {number} height
 * @property {number} fps
 */

/** @typedef {'audio' | 'video'} Kind */
/** @typedef {{track: MediaStreamTrack, generated: boolean, stop: () => void}} Source */

/**
 * Whether this browser has a camera or a microphone it could offer; asks nobody.
 *
 * @returns {Promise<Record<Kind, boolean>>}
 */
export async function findDevices() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return {
    audio: devices.some(({ kind }) => kind === 'audioinput'),
    video: devices.some(({ kind }) => kind === 'videoinput'),
  };
}

/**
 * Whether the camera can be opened without asking the person.
 *
 * @returns {Promise<boolean>}
 */
export async function mayOpenCamera() {
  try {
    const name = /** @type {PermissionName} */ ('camera');
    return (await navigator.permissions.query({ name })).state === 'granted';
  } catch {
    return false;
  }
}

export class LocalMedia {
  #options;
  #audio;
  /** @type {Source | null} */
  #video;
  #stream;
  #muted = false;

  /** @type {(kind: Kind) => void} A device was unplugged or taken away. */
  onEnded = () => {};

  /**
   * Use {@link LocalMedia.open}.
   *
   * @param {MediaOptions} options
   * @param {Source} audio
   * @param {Source} video
   */
  constructor(options, audio, video) {
    this.#options = options;
    this.#audio = audio;
    this.#video = video;
    this.#stream = new MediaStream([audio.track, video.track]);
    this.#watch('audio', audio);
    this.#watch('video', video);
  }

  /**
   * @param {MediaOptions} options
   * @returns {Promise<LocalMedia>} Rejects as `getUserMedia` does, see {@link explainMediaError}.
   */
  static async open(options) {
    const devices =
      options.source === 'camera' ? await findDevices() : { audio: false, video: false };
    const captured = await capture(options, devices);
    const [audioTrack] = captured?.getAudioTracks() ?? [];
    const [videoTrack] = captured?.getVideoTracks() ?? [];
    return new LocalMedia(
      options,
      audioTrack ? deviceSource(audioTrack) : generatedTone(options),
      videoTrack ? deviceSource(videoTrack) : generatedPicture(options),
    );
  }

  /** Audio, and video unless the camera is off. The same object for the lifetime of this media. */
  get stream() {
    return this.#stream;
  }

  get muted() {
    return this.#muted;
  }

  get cameraOff() {
    return this.#video === null;
  }

  /** Whether the picture comes from a camera, and should look like a mirror to its owner. */
  get fromCamera() {
    return this.#video?.generated === false;
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    this.#muted = muted;
    this.#audio.track.enabled = !muted;
  }

  /** Stops the camera itself, so that its light goes out. */
  stopVideo() {
    if (this.#video === null) return;
    this.#stream.removeTrack(this.#video.track);
    this.#video.stop();
    this.#video = null;
  }

  /**
   * @returns {Promise<MediaStreamTrack>} The new video track; rejects as `getUserMedia` does.
   */
  async startVideo() {
    const wanted = this.#options.source === 'camera' && (await findDevices()).video;
    const captured = await capture(this.#options, { audio: false, video: wanted });
    const [track] = captured?.getVideoTracks() ?? [];
    const video = track ? deviceSource(track) : generatedPicture(this.#options);
    this.#video = video;
    this.#watch('video', video);
    this.#stream.addTrack(video.track);
    return video.track;
  }

  close() {
    this.stopVideo();
    this.#audio.stop();
  }

  /**
   * @param {Kind} kind
   * @param {Source} source
   */
  #watch(kind, { track }) {
    track.onended = () => this.onEnded(kind);
  }
}

/**
 * What to tell the person when {@link LocalMedia.open} rejects.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function explainMediaError(error) {
  switch (/** @type {Partial<Error>} */ (error)?.name) {
    case 'NotAllowedError':
      return 'The browser was not allowed to use the camera and microphone. Allow them beside the address and try again.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The camera or microphone did not start. Another program may be using it.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'There is no camera or microphone that fits.';
    default:
      return `The camera and microphone cannot be used: ${/** @type {Partial<Error>} */ (error)?.message}`;
  }
}

/**
 * @param {MediaOptions} options
 * @param {Record<Kind, boolean>} kinds
 * @returns {Promise<MediaStream | null>} Null when nothing is wanted.
 */
async function capture({ width, height, fps }, { audio, video }) {
  if (!audio && !video) return null;
  return navigator.mediaDevices.getUserMedia({
    audio,
    video: video && {
      width: { ideal: width },
      height: { ideal: height },
      frameRate: { ideal: fps },
    },
  });
}

/**
 * @param {MediaStreamTrack} track
 * @returns {Source}
 */
function deviceSource(track) {
  return { track, generated: false, stop: () => track.stop() };
}

/**
 * @param {MediaOptions} options
 * @returns {Source}
 */
function generatedPicture(options) {
  return { ...createGeneratedPicture(options), generated: true };
}

/**
 * @param {MediaOptions} options
 * @returns {Source}
 */
function generatedTone({ name }) {
  return { ...createGeneratedTone(name), generated: true };
}
