/** A Firefox tab and a Chromium tab through `webrtc-server`, beside the same two connected directly. */
import { skipWithout, type BrowserName } from './support/browsers.js';
import { Caller } from './support/caller.js';
import { CleanUp } from './support/clean-up.js';
import { servePages, type Pages } from './support/pages.js';
import { compareWithDirectCall } from './support/two-way-call.js';
import { startServer, type RunningServer } from './support/webrtc-server.js';

/** How long each call is watched, unless E2E_SECONDS says otherwise. */
const SECONDS = 12;

const FIREFOX_FOR: Readonly<Record<string, BrowserName>> = {
  VP8: 'firefox',
  H264: 'firefox with x264',
};

describe('a Firefox tab and a Chromium tab through the server', function () {
  this.timeout(180_000);
  // What else the machine does can spoil a measurement; a fault of the server spoils each of them.
  this.retries(2);
  const cleanUp = new CleanUp();
  let pages: Pages;
  let server: RunningServer;
  let chromium: Caller;

  before(async function () {
    skipWithout('chromium', this);
    skipWithout('firefox', this);
    pages = cleanUp.add(await servePages('test/e2e/pages'), (opened) => opened.close());
    server = cleanUp.add(await startServer(), (running) => running.stop());
    chromium = await openTab();
  });

  after(() => cleanUp.run());

  async function openTab(): Promise<Caller> {
    return cleanUp.add(await Caller.open('chromium', pages.url), (tab) => tab.close());
  }

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
