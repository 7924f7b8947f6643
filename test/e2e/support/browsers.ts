/** Real browsers with fake devices, headless, each a process of its own with an empty profile. */
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../scripts/packages.mjs';
import { launchFirefox, launchFirefoxWithX264 } from './firefox.js';

export type BrowserName = 'chromium' | 'firefox' | 'firefox with x264';

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

/** Skips the tests of a suite on a machine that has no such browser and cannot install one. */
export function skipWithout(name: 'chromium' | 'firefox', suite: Mocha.Context): void {
  if (findBrowser(name) === undefined) suite.skip();
}

export function launch(name: BrowserName): Promise<Browser> {
  switch (name) {
    case 'chromium':
      return puppeteer.launch({
        executablePath: pathOf('chromium'),
        headless: true,
        args: CHROMIUM_FLAGS,
      });
    case 'firefox':
      return launchFirefox(pathOf('firefox'));
    case 'firefox with x264':
      return launchFirefoxWithX264(pathOf('firefox'));
  }
}

function pathOf(name: 'chromium' | 'firefox'): string {
  const path = findBrowser(name);
  if (path === undefined) {
    throw new Error(`There is no ${name} on this machine: npm test installs it.`);
  }
  return path;
}
