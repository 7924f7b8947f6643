/** The guide's browser client, as printed, in two tabs: it neither announces itself nor renegotiates. */
import type { Page } from 'puppeteer-core';
import { launch, skipWithout } from './support/browsers.js';
import { CleanUp } from './support/clean-up.js';
import { servePages, type Pages } from './support/pages.js';
import { eventually } from './support/wait.js';
import { startServer } from './support/webrtc-server.js';

describe("the guide's browser client", function () {
  this.timeout(60_000);
  const cleanUp = new CleanUp();
  let pages: Pages;

  before(async function () {
    skipWithout('chromium', this);
    pages = cleanUp.add(await servePages('examples/browser_client'), (opened) => opened.close());
    // The port that the client names.
    cleanUp.add(await startServer(['--port', '8080']), (running) => running.stop());
  });

  after(() => cleanUp.run());

  it('shows each of two tabs the picture of the other', async () => {
    const tabs: Page[] = [];
    for (let i = 0; i < 2; ++i) {
      const browser = cleanUp.add(await launch('chromium'), (opened) => opened.close());
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
