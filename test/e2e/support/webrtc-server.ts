/** The command `webrtc-server` as users run it: a process, started and stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../src/cli/webrtc-server.ts', import.meta.url));

export interface RunningServer {
  /** Of the demo page. */
  readonly url: string;
  /** Of signaling. */
  readonly signalingUrl: string;
  /** The log so far, a line an entry. */
  readonly log: readonly Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts the server; resolves when it says that it is running. */
export async function startServer(
  args: readonly string[] = ['--port', '0'],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const log: Record<string, unknown>[] = [];
  const running = new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>;
      log.push(entry);
      if (String(entry['msg']).startsWith('Server running')) resolve();
    });
    child.once('exit', (code) => {
      reject(
        new Error(`webrtc-server has ended with ${code ?? 'a signal'}: ${JSON.stringify(log)}`),
      );
    });
  });
  await running;
  const port = log.find((entry) => 'port' in entry)?.['port'] as number | undefined;
  const address = port === undefined ? '' : `localhost:${port}/`;
  return {
    url: `http://${address}`,
    signalingUrl: `ws://${address}ws`,
    log,
    stop: async () => {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
