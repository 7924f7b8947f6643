/** The log of `webrtc-server`: lines for people on a terminal, JSON for machines elsewhere. */
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import type { LogLevel } from '../config/log-level.js';
import { formatForTerminal } from './log-format.js';

export interface LogOutput {
  readonly isTerminal: boolean;
  readonly useColor: boolean;
  write(line: string): void;
}

/** Standard output. It is written at once, so that the last words before an exit are not lost. */
export function standardOutput(): LogOutput {
  const stdout = destination({ dest: 1, sync: true });
  const { isTTY } = process.stdout;
  return {
    isTerminal: isTTY,
    useColor: isTTY && process.stdout.hasColors(),
    write: (line) => stdout.write(line),
  };
}

/** Fields are named in snake case, as in the guide, however the code calls them. */
export function createLogger(level: LogLevel, output: LogOutput): Logger {
  const { isTerminal, useColor } = output;
  return pino(
    {
      level: level === 'off' ? 'silent' : level,
      base: null,
      timestamp: isTerminal ? false : stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withSnakeCase },
    },
    {
      write: (json: string) => {
        output.write(isTerminal ? formatForTerminal(json, useColor) : json);
      },
    },
  );
}

function withSnakeCase(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
