// Who may connect: tokens, origins, and what the refused are told.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

import { TestPeer, TestServer } from './harness.js';
import type { SignalingServerOptions } from '../../src/signaling/signaling-server.js';

/** The HTTP status an upgrade request is answered with, and the body of a refusal. */
function upgrade(
  server: TestServer,
  headers: Record<string, string> = {},
  path = '/',
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const upgradeHeaders = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const options = { host: '127.0.0.1', port: server.port, path };
    const client = request({ ...options, headers: { ...upgradeHeaders, ...headers } });
    client.on('upgrade', (response: IncomingMessage, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, body: '' });
    });
    client.on('response', (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode, body });
      });
    });
    client.on('error', reject);
    client.end();
  });
}

describe('Access to signaling', () => {
  let server: TestServer;
  const start = async (options: Partial<SignalingServerOptions> = {}): Promise<void> => {
    server = await TestServer.start(options);
  };
  const statusFor = async (headers: Record<string, string>): Promise<number | undefined> =>
    (await upgrade(server, headers)).status;
  afterEach(() => server.stop());

  it('is open on every path to clients that are no browsers', async () => {
    await start();
    for (const path of ['/', '/ws', '/any/where?x=1']) {
      assert.equal((await upgrade(server, {}, path)).status, 101, path);
    }
  });

  it('is open to pages of this machine and to local files', async () => {
    await start();
    for (const origin of [
      'http://localhost:3000',
      'http://demo.localhost',
      'https://127.0.0.1:8443',
      'http://[::1]:8080',
      'file://',
    ]) {
      assert.equal(await statusFor({ origin }), 101, origin);
    }
  });

  it('is closed to pages of other origins, and says what would open it', async () => {
    await start();
    for (const origin of [
      'https://evil.example',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'null',
      'no origin',
    ]) {
      const { status, body } = await upgrade(server, { origin });
      assert.equal(status, 403, origin);
      assert.match(body, /may not use this signaling server: add it to the allowed origins/);
    }
  });

  it('is closed to a foreign name that was pointed at the loopback address', async () => {
    await start();
    const host = `evil.example:${server.port}`;
    assert.equal(await statusFor({ origin: `http://${host}`, host }), 403);
  });

  it('is open to its own origin under an address, which cannot be pointed elsewhere', async () => {
    await start();
    for (const host of [`192.0.2.2:${server.port}`, `[2001:db8::1]:${server.port}`]) {
      assert.equal(await statusFor({ origin: `http://${host}`, host }), 101, host);
    }
  });

  it('is open to its own origin behind a reverse proxy', async () => {
    await start();
    const proxied = { host: 'signal.example', 'x-forwarded-for': '203.0.113.5' };
    assert.equal(await statusFor({ ...proxied, origin: 'https://signal.example' }), 101);
    assert.equal(await statusFor({ ...proxied, origin: 'https://other.example' }), 403);
  });

  it('is open to the origins the configuration names', async () => {
    await start({ allowedOrigins: ['https://App.example', 'null'] });
    assert.equal(await statusFor({ origin: 'https://app.example' }), 101);
    assert.equal(await statusFor({ origin: 'null' }), 101);
    assert.equal(await statusFor({ origin: 'https://app.example:444' }), 403);
  });

  it('is open to every origin where the configuration says so', async () => {
    await start({ allowedOrigins: ['*'] });
    assert.equal(await statusFor({ origin: 'https://any.example' }), 101);
  });

  it('needs the token where there is one, from query or header', async () => {
    await start({ token: 'sesame-7' });
    const authorization = 'Bearer sesame-7';
    assert.equal((await upgrade(server, {}, '/ws?token=sesame-7')).status, 101);
    assert.equal(await statusFor({ authorization }), 101);
    assert.equal(await statusFor({ authorization, origin: 'https://any.example' }), 101);
    for (const [headers, path] of [
      [{}, '/'],
      [{}, '/?token='],
      [{}, '/?token=sesame-8'],
      [{}, '/?token=sesame-77'],
      [{ authorization: 'Bearer sesame' }, '/'],
      [{ authorization: 'Basic sesame-7' }, '/'],
      [{ origin: 'http://localhost' }, '/'],
    ] as const) {
      const { status, body } = await upgrade(server, headers, path);
      assert.equal(status, 401);
      assert.match(body, /token (is missing|is wrong): give it as/i);
    }
  });

  it('needs the token for a request target that is no URL, too', async () => {
    await start({ token: 'sesame-7' });
    assert.equal((await upgrade(server, {}, '//')).status, 401);
    assert.equal((await upgrade(server, {}, '//?token=sesame-7')).status, 101);
  });

  it('leaves no socket behind of a refused client that keeps its side open', async () => {
    await start({ token: 'sesame-7' });
    const client = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    client.on('error', () => {});
    client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    client.resume();
    await once(client, 'end');
    await server.stop();
    client.destroy();
  });

  it('is limited to the configured number of connections', async () => {
    await start({ limits: { maxConnections: 1 } });
    const first = await TestPeer.connect(server.url);
    const { status, body } = await upgrade(server);
    assert.equal(status, 503);
    assert.match(body, /All 1 connections are taken/);
    await first.result('list_peers');
  });
});
