/** A media server that is itself a client of somebody else's signaling server. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { SignalingServer } from '../../src/signaling/index.js';
import { Caller } from './support/caller.js';
import { servePages, type Pages } from './support/pages.js';
import { compareWithDirectCall } from './support/two-way-call.js';
import { startServer, type RunningServer } from './support/webrtc-server.js';

describe('two tabs that reach the server through an external signaling server', function () {
  this.timeout(120_000);
  let pages: Pages;
  let http: Server;
  let signaling: SignalingServer;
  let server: RunningServer;
  let callers: [Caller, Caller];
  let signalingUrl: string;

  before(async () => {
    pages = await servePages('test/e2e/pages');
    signaling = new SignalingServer({ logger: pino({ enabled: false }) });
    http = createServer().on('upgrade', (request, socket, head) => {
      signaling.handleUpgrade(request, socket, head);
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    signalingUrl = `ws://localhost:${(http.address() as AddressInfo).port}/`;
    server = await startServer([], { WEBRTC_SIGNALING_URL: signalingUrl });
    callers = [await Caller.open('chromium', pages.url), await Caller.open('chromium', pages.url)];
  });

  after(async () => {
    await Promise.all(callers.map((caller) => caller.close()));
    await server.stop();
    await signaling.close();
    http.close();
    await pages.close();
  });

  it('see and hear each other', async () => {
    await compareWithDirectCall({ callers, codec: 'VP8', signalingUrl, seconds: 10 });
  });
});
