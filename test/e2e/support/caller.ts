/** A tab with test/e2e/pages/call.js, as an object. */
import type { Browser, Page } from 'puppeteer-core';
import { launch, type BrowserName } from './browsers.js';

export interface Report {
  /** When joining began, and when the first decoded frame and sound were there: ms since 1970. */
  readonly startedAt: number;
  readonly firstFrameAt: number | null;
  readonly firstSoundAt: number | null;
  readonly width: number;
  readonly height: number;
  /** Decoded frames a second since `restartMeter`. */
  readonly frameRate: number;
  /** The longest time without a new frame since `restartMeter`. */
  readonly longestGapMs: number;
  readonly differentPictures: number;
  /** Share of the time in which there was sound, 0-1. */
  readonly loudShare: number;
  readonly codec: string;
  /** Bits a second the sender believes it may send, 0 when the browser does not tell. */
  readonly estimate: number;
  /** Bits a second the video encoder is told to make. */
  readonly target: number;
}

interface CallPage {
  readonly call: {
    prepare(): Promise<void>;
    directOffer(codec: string): Promise<string>;
    directAnswer(codec: string, sdp: string): Promise<string>;
    acceptAnswer(sdp: string): Promise<void>;
    join(url: string, peerId: string, codec: string): Promise<void>;
    state(): RTCPeerConnectionState;
    close(): void;
    readonly meter: { restart(): void; report(): Promise<Report> };
  };
}
declare const window: CallPage;

export class Caller {
  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
  ) {}

  static async open(name: BrowserName, url: string): Promise<Caller> {
    const browser = await launch(name);
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'call' in window);
    return new Caller(browser, page);
  }

  /** Gets ready for another call, ending the one before. */
  prepare(): Promise<void> {
    return this.page.evaluate(() => window.call.prepare());
  }

  /** Calls the other tab without a server between. */
  async callDirectly(other: Caller, codec: string): Promise<void> {
    const offer = await this.page.evaluate((c) => window.call.directOffer(c), codec);
    const answer = await other.page.evaluate(
      (c, sdp) => window.call.directAnswer(c, sdp),
      codec,
      offer,
    );
    await this.page.evaluate((sdp) => window.call.acceptAnswer(sdp), answer);
  }

  async join(url: string, peerId: string, codec: string): Promise<void> {
    await this.page.evaluate((u, id, c) => window.call.join(u, id, c), url, peerId, codec);
  }

  state(): Promise<RTCPeerConnectionState> {
    return this.page.evaluate(() => window.call.state());
  }

  restartMeter(): Promise<void> {
    return this.page.evaluate(() => {
      window.call.meter.restart();
    });
  }

  report(): Promise<Report> {
    return this.page.evaluate(() => window.call.meter.report());
  }

  hangUp(): Promise<void> {
    return this.page.evaluate(() => {
      window.call.close();
    });
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
