/** The demo page, as people use it: three of them, each in a browser of their own. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'puppeteer-core';
import { launch, skipWithout } from './support/browsers.js';
import { CleanUp } from './support/clean-up.js';
import { eventually } from './support/wait.js';
import { startServer, type RunningServer } from './support/webrtc-server.js';

interface Person {
  readonly browser: Browser;
  readonly page: Page;
  readonly errors: string[];
}

describe('the demo page', function () {
  this.timeout(120_000);
  const cleanUp = new CleanUp();
  let server: RunningServer;
  const people: Person[] = [];

  before(async function () {
    skipWithout('chromium', this);
    server = cleanUp.add(await startServer(), (running) => running.stop());
    for (const name of ['Ada', 'Grace', 'Radia']) people.push(await join(name));
  });

  after(() => cleanUp.run());

  async function join(name: string): Promise<Person> {
    const browser = cleanUp.add(await launch('chromium'), (opened) => opened.close());
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${server.url}?name=${name}&source=generated&autojoin=1`);
    return { browser, page, errors };
  }

  it('shows everyone everyone with their names, live', async () => {
    const everyone = ['Ada live', 'Grace live', 'Radia live'];
    for (const { page } of people) await eventually(() => tiles(page), everyone);
  });

  it('turns the picture off with a key, and on again', async () => {
    const [ada, grace] = people as [Person, Person, Person];
    await ada.page.bringToFront();
    await ada.page.keyboard.press('c');
    await eventually(() => stateOf(grace.page, 'Ada'), 'paused');
    await ada.page.keyboard.press('c');
    await eventually(() => stateOf(grace.page, 'Ada'), 'live');
  });

  it('mutes with a key and says so', async () => {
    const { page } = people[0]!;
    const mute = (): Promise<string> =>
      page.$eval('[aria-keyshortcuts="m"]', (button) => button.textContent.trim());
    const before = await mute();
    await page.keyboard.press('m');
    assert.notEqual(await mute(), before);
    await page.keyboard.press('m');
    assert.equal(await mute(), before);
  });

  it('takes those who leave out of the grid of others', async () => {
    const [ada, grace] = people as [Person, Person, Person];
    await grace.page.keyboard.press('l');
    await eventually(() => tiles(ada.page), ['Ada live', 'Radia live']);
  });

  it('takes a tab that was killed without goodbye out within ten seconds', async () => {
    const [ada, , radia] = people as [Person, Person, Person];
    radia.browser.process()?.kill('SIGKILL');
    await eventually(() => tiles(ada.page), ['Ada live'], 10_000);
  });

  it('runs without an error, under its content security policy', () => {
    assert.deepEqual(
      people.flatMap(({ errors }) => errors),
      [],
    );
  });
});

/** Name and state of each tile, in order of the names. */
function tiles(page: Page): Promise<string[]> {
  return page.$$eval('[data-peer-id]', (found) =>
    found
      .map((tile) => {
        const name = tile.querySelector('[data-part="name"]')?.textContent ?? '';
        return `${name.replace(' (you)', '')} ${(tile as HTMLElement).dataset['state'] ?? ''}`;
      })
      .sort(),
  );
}

async function stateOf(page: Page, name: string): Promise<string | undefined> {
  const all = await tiles(page);
  return all.find((tile) => tile.startsWith(`${name} `))?.slice(name.length + 1);
}
