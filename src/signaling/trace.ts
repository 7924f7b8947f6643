/** Signaling messages in the log, at the level `trace`. */
import type { Logger } from 'pino';

/** The password in a description: who knows it may take over the peer's media. */
const SECRETS = /(a=ice-pwd:)[^\\\s"]+/g;

/** @param text the message as it is on the wire. */
export function traceMessage(logger: Logger, event: 'received' | 'sent', text: string): void {
  if (!logger.isLevelEnabled('trace')) return;
  logger.trace({ message: text.replace(SECRETS, '$1...') }, `Signaling message ${event}`);
}
