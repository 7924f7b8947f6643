/** The command `webrtc-server` as its users meet it: a process with flags, variables, signals and a log. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { ServerProcesses } from './server-process.js';

describe('webrtc-server', function () {
  this.timeout(30_000);
  const servers = new ServerProcesses();
  afterEach(() => servers.stopAll());

  it('prints the start-up lines of the guide in their order, as JSON when piped', async () => {
    const server = servers.start();
    const port = await server.ready();
    const lines = server.log.map(({ msg }) => msg);
    const promised = [
      'RemoteMedia WebRTC Server starting',
      'Configuration loaded',
      'WebRTC transport created',
      'WebRTC transport started and connected to signaling server',
      'Server running. Press Ctrl+C to shutdown.',
    ];
    assert.deepEqual(
      lines.filter((line) => promised.includes(line)),
      promised,
    );
    assert.match(String(server.log[0]?.['version']), /^\d+\.\d+\.\d+$/);
    assert.equal(server.log[1]?.['max_peers'], 100);
    assert.ok(lines.includes(`Open http://localhost:${port}/ in a browser to join`));
    assert.ok(lines.some((line) => line.startsWith('Data channels are not available yet')));
  });

  it('answers /healthz and serves the page', async () => {
    const port = await servers.start().ready();
    const health = (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as object;
    assert.deepEqual(
      { ...health, version: '' },
      { status: 'ok', version: '', peers: 0, sessions: 1 },
    );
    const page = await fetch(`http://127.0.0.1:${port}/`);
    assert.match(await page.text(), /<title>RemoteMedia WebRTC<\/title>/);
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'self'/);
  });

  it('reads flags over the environment over .env', async () => {
    const dotenv = 'WEBRTC_MAX_PEERS=3\nWEBRTC_SESSION=from-file\nWEBRTC_JITTER_BUFFER_MS=60\n';
    const environment = { WEBRTC_MAX_PEERS: '2', WEBRTC_SESSION: 'from-environment' };
    const server = servers.start(['--max-peers', '1'], environment, dotenv);
    const loaded = await server.logged(/^Configuration loaded/);
    assert.equal(loaded['max_peers'], 1);
    assert.equal(loaded['session'], 'from-environment');
    assert.equal(loaded['jitter_buffer_ms'], 60);
  });

  it('logs no credential and no token', async () => {
    const server = servers.start([], {
      WEBRTC_TURN_SERVERS: 'turn:turn.example.com:3478:myuser:s3cret',
      WEBRTC_TOKEN: 's3cret',
      LOG_LEVEL: 'trace',
    });
    const port = await server.ready();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/?token=s3cret`);
    await once(socket, 'open');
    socket.close();
    server.signal('SIGTERM');
    const { stdout, stderr } = await server.exit;
    assert.doesNotMatch(stdout + stderr, /s3cret|myuser/);
    assert.match(stdout, /turn:turn\.example\.com:3478/);
  });

  it('does not wait for STUN servers, and warns of those that do not answer', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const silentUrl = `stun:127.0.0.1:${silent.address().port}`;
    const server = servers.start([], { WEBRTC_STUN_SERVERS: `${silentUrl},stun:127.0.0.1:1` });
    await server.ready();
    const warning = await server.logged(/^stun:127\.0\.0\.1:1 did not tell our public address/);
    assert.equal(warning['level'], 'warn');
    const lines = server.log.map(({ msg }) => msg);
    assert.ok(!lines.some((line) => line.startsWith(`${silentUrl} did not`)));
    silent.close();
  });

  it('connects to an external signaling server and serves only /healthz then', async () => {
    const signaling = servers.start();
    const url = `ws://127.0.0.1:${await signaling.ready()}`;
    const server = servers.start(['--port', '0', '--peer-id', 'media-2', '--signaling-url', url]);
    const port = await server.ready();
    const loaded = await server.logged(/^Configuration loaded/);
    assert.equal(loaded['signaling_url'], url);
    assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404);
  });

  for (const [signal, secondCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`says goodbye with 1001 and exits with 0 on ${signal}`, async () => {
      const server = servers.start();
      const socket = new WebSocket(`ws://127.0.0.1:${await server.ready()}/`);
      await once(socket, 'open');
      server.signal(signal);
      const [code] = (await once(socket, 'close')) as [number];
      assert.equal(code, 1001);
      assert.equal((await server.exit).code, 0);
    });

    it(`exits at once with ${secondCode} on a second ${signal}`, async () => {
      const server = servers.start();
      const socket = new WebSocket(`ws://127.0.0.1:${await server.ready()}/`);
      await once(socket, 'open');
      // It reads nothing more, so the server waits for its goodbye.
      socket.pause();
      server.signal(signal);
      await server.logged(/^Shutting down/);
      server.signal(signal);
      assert.equal((await server.exit).code, secondCode);
      socket.terminate();
    });
  }

  it('ends on a signal while it still waits for the external signaling server', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const server = servers.start(['--signaling-url', `ws://127.0.0.1:${port}`]);
    await Promise.all([server.logged(/^WebRTC transport created/), once(mute, 'connection')]);
    server.signal('SIGTERM');
    const { code, stderr } = await server.exit;
    assert.equal(code, 0);
    assert.equal(stderr, '');
    mute.close();
  });

  it('takes the signal that npm passes on a second time for the same one', async () => {
    const server = servers.start([], { npm_lifecycle_event: 'start' });
    const socket = new WebSocket(`ws://127.0.0.1:${await server.ready()}/`);
    await once(socket, 'open');
    socket.pause();
    server.signal('SIGINT');
    await server.logged(/^Shutting down/);
    server.signal('SIGINT');
    assert.equal((await server.exit).code, 0);
    socket.terminate();
  });

  for (const [kind, failure] of [
    ['error', 'throw new Error("a defect")'],
    ['rejection', 'Promise.reject(new Error("a defect"))'],
  ] as const) {
    it(`logs an uncaught ${kind} with its stack and exits with 1`, async () => {
      const failing = `data:text/javascript,process.on('SIGUSR2',()=>{${encodeURIComponent(failure)}})`;
      const server = servers.start([], { NODE_OPTIONS: `--import=${failing}` });
      await server.ready();
      server.signal('SIGUSR2');
      const { code } = await server.exit;
      const fatal = await server.logged(/^Uncaught error/);
      assert.equal(fatal['level'], 'fatal');
      assert.match((fatal['err'] as { stack: string }).stack, /^Error: a defect\n +at /);
      assert.equal(code, 1);
    });
  }

  it('explains itself with --help and tells its version', async () => {
    const help = await servers.start(['--help']).exit;
    assert.equal(help.code, 0);
    for (const text of ['--signaling-url', '[WEBRTC_MAX_PEERS]', 'Examples:', 'over .env']) {
      assert.ok(help.stdout.includes(text), text);
    }
    const version = await servers.start(['--version']).exit;
    assert.equal(version.code, 0);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

describe('webrtc-server exits with one line that says what is wrong for', function () {
  this.timeout(30_000);
  const servers = new ServerProcesses();
  afterEach(() => servers.stopAll());

  const refused = async (
    flags: readonly string[],
    env: Readonly<Record<string, string>>,
    line: string,
    dotenv?: string,
  ): Promise<void> => {
    const { code, stderr } = await servers.start(flags, env, dotenv).exit;
    assert.equal(stderr, `webrtc-server: ${line}\n`);
    assert.equal(code, 1);
  };

  it('a busy port', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    await refused(
      ['--port', String(port)],
      {},
      `WEBRTC_PORT (--port) is ${port}, which another program uses on 127.0.0.1: use another port, or ` +
        '0 to let the system choose.',
    );
    busy.close();
  });

  it('a busy UDP port', async () => {
    const busy = createSocket('udp4');
    busy.bind(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address();
    await refused(
      [],
      { WEBRTC_UDP_PORT: String(port), WEBRTC_LISTEN_IP: '127.0.0.1' },
      `WEBRTC_UDP_PORT (--udp-port) is ${port}, which another program uses on 127.0.0.1: use another ` +
        'port, or 0 to let the system choose.',
    );
    busy.close();
  });

  it('an address that is not of this machine', async () => {
    const rest = 'which cannot be listened on (EADDRNOTAVAIL): use an address of this machine.';
    await refused(['--host', '203.0.113.9'], {}, `WEBRTC_HOST (--host) is "203.0.113.9", ${rest}`);
    await refused(
      ['--listen-ip', '203.0.113.9'],
      {},
      `WEBRTC_LISTEN_IP (--listen-ip) is "203.0.113.9", ${rest}`,
    );
  });

  it('WEBRTC_MAX_PEERS=abc', async () => {
    const line = 'is "abc": use a whole number from 1 to 10000.';
    await refused([], { WEBRTC_MAX_PEERS: 'abc' }, `WEBRTC_MAX_PEERS ${line}`);
    await refused([], {}, `WEBRTC_MAX_PEERS in .env ${line}`, 'WEBRTC_MAX_PEERS=abc\n');
  });

  it('a WebSocket URL that is none', async () => {
    await refused(
      [],
      { WEBRTC_SIGNALING_URL: 'nowhere' },
      'WEBRTC_SIGNALING_URL is "nowhere": use a WebSocket URL such as ws://localhost:8080 or ' +
        'wss://signaling.example.com.',
    );
  });

  it('flags and arguments that there are not', async () => {
    await refused(
      ['--foo=1'],
      {},
      '--foo is no option of webrtc-server: see webrtc-server --help.',
    );
    await refused(['-x'], {}, '-x is no option of webrtc-server: see webrtc-server --help.');
    await refused(['--max-peers'], {}, '--max-peers is "": use a whole number from 1 to 10000.');
    await refused(
      ['start'],
      {},
      '"start" is no argument of webrtc-server, which takes options only: see webrtc-server --help.',
    );
  });
});
