/** `webrtc-server` as a process of its own, in an empty folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../src/cli/webrtc-server.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

export interface Exit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** Servers of a test file; {@link stopAll} belongs into an `afterEach`. */
export class ServerProcesses {
  private readonly running: ServerProcess[] = [];

  /** Ports are chosen by the system unless the flags say otherwise. */
  start(
    flags: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    dotenv?: string,
  ): ServerProcess {
    const server = new ServerProcess(flags, { WEBRTC_PORT: '0', ...env }, dotenv);
    this.running.push(server);
    return server;
  }

  async stopAll(): Promise<void> {
    for (const server of this.running.splice(0)) await server.kill();
  }
}

export class ServerProcess {
  readonly exit: Promise<Exit>;
  private readonly child: ChildProcess;
  private stdout = '';
  private stderr = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'webrtc-server-'));

  /** @param dotenv what the file `.env` says; there is none by default. */
  constructor(flags: readonly string[], env: Readonly<Record<string, string>>, dotenv?: string) {
    if (dotenv !== undefined) writeFileSync(join(this.folder, '.env'), dotenv);
    const { PATH = '' } = process.env;
    this.child = spawn(process.execPath, ['--import', TSX, SERVER, ...flags], {
      cwd: this.folder,
      env: { PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.child.emit('output');
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exit = once(this.child, 'close').then(([code]) => {
      this.child.emit('output');
      return { code: code as number | null, stdout: this.stdout, stderr: this.stderr };
    });
  }

  get log(): LogLine[] {
    return this.stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Waits for a line of the log. */
  async logged(message: RegExp): Promise<LogLine> {
    for (;;) {
      const line = this.log.find(({ msg }) => message.test(msg));
      if (line !== undefined) return line;
      if (this.child.exitCode !== null) {
        throw new Error(`no ${String(message)} in:\n${this.stdout}${this.stderr}`);
      }
      await once(this.child, 'output');
    }
  }

  /** @returns the port of the web server. */
  async ready(): Promise<number> {
    await this.logged(/^Server running/);
    return Number((await this.logged(/^WebRTC transport started/))['port']);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
