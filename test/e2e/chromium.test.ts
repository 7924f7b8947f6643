/** Two Chromium tabs through `webrtc-server`, beside the same two tabs connected directly. */
import { Caller } from './support/caller.js';
import { servePages, type Pages } from './support/pages.js';
import { compareWithDirectCall } from './support/two-way-call.js';
import { startServer, type RunningServer } from './support/webrtc-server.js';

/** A minute for the codec most use, less for the others: E2E_SECONDS watches all for that long. */
const SECONDS = { VP8: 60, VP9: 20, H264: 20, AV1: 20 } as const;

describe('two Chromium tabs through the server', function () {
  this.timeout(180_000);
  let pages: Pages;
  let server: RunningServer;
  let callers: [Caller, Caller];

  before(async () => {
    pages = await servePages('test/e2e/pages');
    server = await startServer();
    callers = [await Caller.open('chromium', pages.url), await Caller.open('chromium', pages.url)];
  });

  after(async () => {
    await Promise.all(callers.map((caller) => caller.close()));
    await server.stop();
    await pages.close();
  });

  for (const [codec, usual] of Object.entries(SECONDS)) {
    it(`see and hear each other in ${codec} as well as without a server`, async () => {
      const seconds = Number(process.env['E2E_SECONDS'] ?? usual);
      await compareWithDirectCall({ callers, codec, signalingUrl: server.signalingUrl, seconds });
    });
  }
});
