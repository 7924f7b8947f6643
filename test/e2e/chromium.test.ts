/** Two Chromium tabs through `webrtc-server`, beside the same two tabs connected directly. */
import { skipWithout } from './support/browsers.js';
import { Caller } from './support/caller.js';
import { CleanUp } from './support/clean-up.js';
import { servePages, type Pages } from './support/pages.js';
import { compareWithDirectCall } from './support/two-way-call.js';
import { startServer, type RunningServer } from './support/webrtc-server.js';

/** A minute for the codec most use, less for the others: E2E_SECONDS watches all for that long. */
const SECONDS = { VP8: 60, VP9: 12, H264: 12, AV1: 12 } as const;

describe('two Chromium tabs through the server', function () {
  this.timeout(180_000);
  // What else the machine does can spoil a measurement; a fault of the server spoils each of them.
  this.retries(2);
  const cleanUp = new CleanUp();
  let pages: Pages;
  let server: RunningServer;
  let callers: [Caller, Caller];

  before(async function () {
    skipWithout('chromium', this);
    pages = cleanUp.add(await servePages('test/e2e/pages'), (opened) => opened.close());
    server = cleanUp.add(await startServer(), (running) => running.stop());
    callers = [await openTab(), await openTab()];
  });

  after(() => cleanUp.run());

  async function openTab(): Promise<Caller> {
    return cleanUp.add(await Caller.open('chromium', pages.url), (tab) => tab.close());
  }

  for (const [codec, usual] of Object.entries(SECONDS)) {
    it(`see and hear each other in ${codec} as well as without a server`, async () => {
      const seconds = Number(process.env['E2E_SECONDS'] ?? usual);
      await compareWithDirectCall({ callers, codec, signalingUrl: server.signalingUrl, seconds });
    });
  }
});
