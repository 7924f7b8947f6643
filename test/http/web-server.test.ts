/** What the web server answers. */
import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { WebServer } from '../../src/http/web-server.js';

describe('the web server', () => {
  let server: WebServer;
  let base: string;
  let upgrades: string[];

  const start = async (options: Partial<ConstructorParameters<typeof WebServer>[0]>) => {
    server = new WebServer({ health: () => ({ peers: 3 }), ...options });
    base = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
  };
  beforeEach(async () => {
    upgrades = [];
    await start({
      handleUpgrade: ({ url = '' }, socket) => {
        upgrades.push(url);
        socket.destroy();
      },
    });
  });
  afterEach(() => server.close());

  it('answers /healthz with the state, which may not be cached', async () => {
    const response = await fetch(`${base}/healthz`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await response.json(), { status: 'ok', peers: 3 });
  });

  it('serves the demo page and its modules', async () => {
    const page = await fetch(`${base}/`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    const module = await fetch(`${base}/js/app.js`);
    assert.match(module.headers.get('content-type') ?? '', /javascript/);
  });

  it('says in every response what a page may do', async () => {
    for (const path of ['/', '/healthz', '/nothing']) {
      const { headers } = await fetch(`${base}${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'self'; connect-src 'self' ws: wss:;/, path);
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
    }
  });

  it('answers with a problem where there is nothing', async () => {
    const response = await fetch(`${base}/nothing`);
    assert.equal(response.status, 404);
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.deepEqual(await response.json(), {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is nothing at /nothing.',
    });
  });

  it('gives out no file beside the page', async () => {
    for (const path of [
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/js/..%2f..%2fpackage.json',
    ]) {
      const response = await fetch(`${base}${path}`);
      assert.ok([400, 403, 404].includes(response.status), `${path}: ${response.status}`);
    }
  });

  it('hands requests for a WebSocket over, whatever their path', async () => {
    for (const path of ['/', '/ws', '/a/b?token=c']) {
      const socket = new WebSocket(base.replace('http', 'ws') + path);
      await once(socket, 'error');
    }
    assert.deepEqual(upgrades, ['/', '/ws', '/a/b?token=c']);
  });

  it('has neither a page nor WebSockets when nobody takes them', async () => {
    await server.close();
    await start({});
    assert.equal((await fetch(`${base}/`)).status, 404);
    assert.equal((await fetch(`${base}/healthz`)).status, 200);
  });
});
