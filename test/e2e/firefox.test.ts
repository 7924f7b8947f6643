/** A Firefox tab and a Chromium tab through `webrtc-server`, beside the same two connected directly. */
import type { BrowserName } from './support/browsers.js';
import { Caller } from './support/caller.js';
import { servePages, type Pages } from './support/pages.js';
import { compareWithDirectCall } from './support/two-way-call.js';
import { startServer, type RunningServer } from './support/webrtc-server.js';

/** How long each call is watched, unless E2E_SECONDS says otherwise. */
const SECONDS = 20;

const FIREFOX_FOR: Readonly<Record<string, BrowserName>> = {
  VP8: 'firefox',
  H264: 'firefox with x264',
};

describe('a Firefox tab and a Chromium tab through the server', function () {
  this.timeout(180_000);
  let pages: Pages;
  let server: RunningServer;
  let chromium: Caller;

  before(async () => {
    pages = await servePages('test/e2e/pages');
    server = await startServer();
    chromium = await Caller.open('chromium', pages.url);
  });

  after(async () => {
    await chromium.close();
    await server.stop();
    await pages.close();
  });

  for (const [codec, name] of Object.entries(FIREFOX_FOR)) {
    it(`see and hear each other in ${codec} as well as without a server`, async () => {
      const firefox = await Caller.open(name, pages.url);
      try {
        await compareWithDirectCall({
          callers: [firefox, chromium],
          codec,
          signalingUrl: server.signalingUrl,
          seconds: Number(process.env['E2E_SECONDS'] ?? SECONDS),
        });
      } finally {
        await firefox.close();
      }
    });
  }
});
