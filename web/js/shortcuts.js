/**
 * Single keys for the buttons that carry `aria-keyshortcuts`. They rest while someone types or a dialog is
 * open, and can be switched off for people whose tools send keys of their own (WCAG 2.1.4).
 */

const SETTING_KEY = 'remotemedia.shortcuts';

/**
 * @param {HTMLInputElement} setting The check box that switches shortcuts on and off.
 */
export function installShortcuts(setting) {
  setting.checked = localStorage.getItem(SETTING_KEY) !== 'off';
  const apply = () => {
    localStorage.setItem(SETTING_KEY, setting.checked ? 'on' : 'off');
    document.documentElement.classList.toggle('no-shortcuts', !setting.checked);
  };
  setting.onchange = apply;
  apply();

  document.addEventListener('keydown', (event) => {
    if (!setting.checked || event.repeat || event.defaultPrevented) return;
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const button = findButton(event.key.toLowerCase());
    if (button === undefined) return;
    event.preventDefault();
    button.click();
  });
}

/** @param {string} key */
function findButton(key) {
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll('[aria-keyshortcuts]')
  );
  return [...buttons].find(
    (button) => button.getAttribute('aria-keyshortcuts') === key && button.checkVisibility(),
  );
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof Element)) return false;
  return target.closest('input, select, textarea, [contenteditable], dialog') !== null;
}
