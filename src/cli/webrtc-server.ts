#!/usr/bin/env node
/** The command `webrtc-server`: reads the configuration, runs the transport, ends on a signal. */
import type { Logger } from 'pino';
import { readDotenv } from '../config/dotenv-file.js';
import type { ServerSettings } from '../config/config.js';
import { readConfig } from '../config/sources.js';
import { VERSION } from '../config/version.js';
import { WebRtcError } from '../errors.js';
import { WebRtcTransport } from '../transport.js';
import { parseArguments } from './arguments.js';
import { logActivity } from './log-activity.js';
import { createLogger, standardOutput } from './logger.js';
import { logConfiguration, logStarted } from './log-start.js';
import { onEndSignal } from './signals.js';

/** Peers get this long for their goodbyes; 5 s are promised in all. */
const SHUTDOWN_TIMEOUT_MS = 4_500;

try {
  const settings = readConfig({
    flags: parseArguments(process.argv.slice(2)),
    environment: process.env,
    dotenv: readDotenv(process.cwd()),
  });
  await run(settings);
} catch (error) {
  process.stderr.write(`webrtc-server: ${describe(error)}\n`);
  process.exit(1);
}

async function run(settings: ServerSettings): Promise<void> {
  const { logLevel, ...config } = settings;
  const logger = createLogger(logLevel, standardOutput());
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'Uncaught error, this is a defect of webrtc-server');
    process.exit(1);
  });
  logger.info({ version: VERSION }, 'RemoteMedia WebRTC Server starting');
  logConfiguration(settings, logger);
  const transport = new WebRtcTransport(config, { logger });
  logActivity(transport, logger);
  logger.info('WebRTC transport created');

  const ending = new AbortController();
  onEndSignal((signal) => {
    ending.abort();
    logger.info({ signal }, 'Shutting down');
    void end(transport, logger);
  });
  try {
    await transport.start();
  } catch (error) {
    // A start that the signal cut short has not failed.
    if (ending.signal.aborted) return;
    throw error;
  }
  logStarted(transport, settings, logger);
  logger.info('Server running. Press Ctrl+C to shutdown.');
}

async function end(transport: WebRtcTransport, logger: Logger): Promise<void> {
  setTimeout(() => {
    logger.warn(`Not everything was closed within ${SHUTDOWN_TIMEOUT_MS} ms`);
    process.exit(0);
  }, SHUTDOWN_TIMEOUT_MS);
  await transport.shutdown();
  logger.info('Server stopped');
  process.exit(0);
}

/** What was wrong and, where it does not say so itself, what to do about it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof WebRtcError)) return error.stack ?? error.message;
  return error.code === 'INVALID_CONFIG'
    ? error.message
    : `${error.message.replace(/\.?$/, '.')} ${error.suggestion}`;
}
