/** Ends the process on SIGINT and SIGTERM: the first asks, the second insists. */
import { constants } from 'node:os';

/** npm passes on the signal that a terminal has already sent to its whole process group. */
const NPM_ECHO_MS = 500;

/**
 * @param end called on the first signal.
 * The second one exits at once, with 128 and the number of the signal, as shells report it.
 */
export function onEndSignal(end: (signal: NodeJS.Signals) => void): void {
  const echoMs = process.env['npm_lifecycle_event'] === undefined ? 0 : NPM_ECHO_MS;
  let endedAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (endedAt === undefined) {
        endedAt = now;
        end(signal);
      } else if (now - endedAt >= echoMs) {
        process.exit(128 + constants.signals[signal]);
      }
    });
  }
}
