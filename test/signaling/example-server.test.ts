// The stand-alone example, as a user runs it, apart from `npm install`: the packages it would install
// are linked instead.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('Stand-alone signaling server', () => {
  let folder: string;
  const running = new Set<ChildProcess>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signaling-server-'));
    await cp(join(ROOT, 'examples/signaling_server'), folder, {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    await mkdir(join(folder, 'node_modules'));
    await symlink(ROOT, join(folder, 'node_modules/remotemedia-webrtc'));
    for (const name of ['pino', 'ws']) {
      await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
  });
  after(async () => {
    for (const child of running) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  /** Starts a program of the example; its output grows in `text`. */
  const start = (args: string[], env: Record<string, string>) => {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
    running.add(child);
    const output = { text: '' };
    const collect = (chunk: Buffer): void => {
      output.text += chunk.toString();
      child.emit('output');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const exit = once(child, 'close').then(([code]) => {
      running.delete(child);
      return code as number | null;
    });
    const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const match = pattern.exec(output.text);
        if (match !== null) return match;
        assert.equal(child.exitCode, null, `no ${String(pattern)} in ${output.text}`);
        await once(child, 'output');
      }
    };
    return { child, output, exit, until };
  };

  it('connects peers, explains itself to curl, and stops when told to', async () => {
    const server = start(['start.js'], { PORT: '0' });
    const url = (await server.until(/ws:\/\/127\.0\.0\.1:\d+/))[0];

    const page = await fetch(url.replace('ws:', 'http:'));
    assert.match(await page.text(), /JSON-RPC 2\.0 over WebSocket.*Announced peers: 0/s);

    const callee = start(['test-client.js'], { SIGNALING_URL: url });
    await callee.until(/announced as peer-1/);
    const caller = start(['test-client.js', 'peer-2', 'peer-1'], { SIGNALING_URL: url });
    assert.equal(await caller.exit, 0);
    assert.match(caller.output.text, /peer-1 answered: signaling works/);
    await callee.until(/ice_candidate/);

    server.child.kill('SIGTERM');
    assert.equal(await server.exit, 0);
    assert.equal(await callee.exit, 0);
  });

  it('names a setting that cannot be used', async () => {
    for (const [env, message] of [
      [{ PORT: 'abc' }, /PORT is 'abc': use a whole number from 0 to 65535/],
      [{ MAX_PEERS: '0' }, /MAX_PEERS is '0'/],
      [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL is 'loud': use one of error, warn/],
    ] as const) {
      const server = start(['server.js'], env);
      assert.equal(await server.exit, 1);
      assert.match(server.output.text, message);
    }
  });

  it('says that the port is taken', async () => {
    const first = start(['server.js'], { PORT: '0' });
    const port = (await first.until(/ws:\/\/127\.0\.0\.1:(\d+)/))[1]!;
    const second = start(['server.js'], { PORT: port });
    assert.equal(await second.exit, 1);
    assert.match(second.output.text, new RegExp(`${port}. Stop what uses it, or set PORT`));
    first.child.kill('SIGINT');
    assert.equal(await first.exit, 0);
  });
});
