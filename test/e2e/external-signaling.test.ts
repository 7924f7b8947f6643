/** A media server that is itself a client of somebody else's signaling server. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { SignalingServer } from '../../src/signaling/index.js';
import { skipWithout } from './support/browsers.js';
import { Caller } from './support/caller.js';
import { CleanUp } from './support/clean-up.js';
import { servePages, type Pages } from './support/pages.js';
import { compareWithDirectCall } from './support/two-way-call.js';
import { startServer } from './support/webrtc-server.js';

describe('two tabs that reach the server through an external signaling server', function () {
  this.timeout(120_000);
  // What else the machine does can spoil a measurement; a fault of the server spoils each of them.
  this.retries(2);
  const cleanUp = new CleanUp();
  let pages: Pages;
  let http: Server;
  let signaling: SignalingServer;
  let callers: [Caller, Caller];
  let signalingUrl: string;

  before(async function () {
    skipWithout('chromium', this);
    pages = cleanUp.add(await servePages('test/e2e/pages'), (opened) => opened.close());
    signaling = cleanUp.add(new SignalingServer({ logger: pino({ enabled: false }) }), (running) =>
      running.close(),
    );
    http = cleanUp.add(createServer(), (running) => running.close());
    http.on('upgrade', (request, socket, head) => {
      signaling.handleUpgrade(request, socket, head);
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    signalingUrl = `ws://localhost:${(http.address() as AddressInfo).port}/`;
    cleanUp.add(await startServer([], { WEBRTC_SIGNALING_URL: signalingUrl }), (running) =>
      running.stop(),
    );
    callers = [await openTab(), await openTab()];
  });

  after(() => cleanUp.run());

  async function openTab(): Promise<Caller> {
    return cleanUp.add(await Caller.open('chromium', pages.url), (tab) => tab.close());
  }

  it('see and hear each other', async () => {
    await compareWithDirectCall({ callers, codec: 'VP8', signalingUrl, seconds: 10 });
  });
});
