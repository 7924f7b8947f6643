/** The guide's browser client, as printed, in two tabs: it neither announces itself nor renegotiates. */
import type { Browser, Page } from 'puppeteer-core';
import { launch } from './support/browsers.js';
import { servePages, type Pages } from './support/pages.js';
import { eventually } from './support/wait.js';
import { startServer, type RunningServer } from './support/webrtc-server.js';

describe("the guide's browser client", function () {
  this.timeout(60_000);
  let pages: Pages;
  let server: RunningServer;
  const browsers: Browser[] = [];

  before(async () => {
    pages = await servePages('examples/browser_client');
    // The port that the client names.
    server = await startServer(['--port', '8080']);
  });

  after(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server.stop();
    await pages.close();
  });

  it('shows each of two tabs the picture of the other', async () => {
    const tabs: Page[] = [];
    for (let i = 0; i < 2; ++i) {
      const browser = await launch('chromium');
      browsers.push(browser);
      const tab = await browser.newPage();
      await tab.goto(pages.url);
      tabs.push(tab);
    }
    for (const tab of tabs) await eventually(() => showsMovingPicture(tab), true);
  });
});

/** Whether the decoded picture has a size and goes on changing. */
function showsMovingPicture(tab: Page): Promise<boolean> {
  return tab.evaluate(async () => {
    const video = document.querySelector<HTMLVideoElement>('#remote-video');
    if (video === null || video.videoWidth === 0) return false;
    const canvas = new OffscreenCanvas(32, 18);
    const context = canvas.getContext('2d');
    const pictures: string[] = [];
    for (let i = 0; i < 2; ++i) {
      context?.drawImage(video, 0, 0, 32, 18);
      pictures.push(String(context?.getImageData(0, 0, 32, 18).data));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return pictures[0] !== pictures[1];
  });
}
