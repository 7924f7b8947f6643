/**
 * The buttons of the call: what they say follows the state of the local media.
 */

/** @typedef {import('./local-media.js').LocalMedia} LocalMedia */

/**
 * @param {HTMLElement} controls
 * @param {LocalMedia} media
 */
export function showMediaState(controls, media) {
  setToggle(controls, 'mute', media.muted ? 'Unmute' : 'Mute', media.muted);
  setToggle(controls, 'camera', media.cameraOff ? 'Camera on' : 'Camera off', media.cameraOff);
}

/**
 * @param {HTMLElement} controls
 * @param {string} name
 * @param {string} label
 * @param {boolean} off
 */
function setToggle(controls, name, label, off) {
  const button = controls.querySelector(`[data-action="${name}"]`);
  if (button === null) return;
  button.classList.toggle('is-off', off);
  const text = button.querySelector('.label');
  if (text !== null) text.textContent = label;
}
