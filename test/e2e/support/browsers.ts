/** Real browsers with fake devices, headless, each a process of its own with an empty profile. */
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../scripts/packages.mjs';

export type BrowserName = 'chromium' | 'firefox';

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream=fps=30',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  // Tests look at tabs that nobody looks at.
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
];

const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
};

export function launch(name: BrowserName): Promise<Browser> {
  const executablePath = findBrowser(name);
  if (executablePath === undefined) {
    throw new Error(`There is no ${name} on this machine: npm test installs it.`);
  }
  return name === 'chromium'
    ? puppeteer.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS })
    : puppeteer.launch({
        browser: 'firefox',
        executablePath,
        headless: true,
        extraPrefsFirefox: FIREFOX_PREFERENCES,
      });
}
