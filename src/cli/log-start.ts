/** The lines of the start-up. None of them shows a token or a credential. */
import type { Logger } from 'pino';
import type { ServerSettings } from '../config/config.js';
import { parseTurnServer } from '../config/ice-servers.js';
import { redactUrl } from '../config/redact.js';
import type { WebRtcTransport } from '../transport.js';

export function logConfiguration(settings: ServerSettings, logger: Logger): void {
  const { signalingUrl, host, port, turnServers } = settings;
  logger.info(
    {
      signalingUrl: redactUrl(signalingUrl ?? `ws://${nameOf(host)}:${port ?? 8080}`),
      signaling: signalingUrl === undefined ? 'embedded' : 'external',
      maxPeers: settings.maxPeers,
      session: settings.session,
      stunServers: settings.stunServers,
      turnServers: turnServers.flatMap(hostOf),
      enableDataChannel: settings.enableDataChannel,
      jitterBufferMs: settings.jitterBufferMs,
      logLevel: settings.logLevel,
    },
    'Configuration loaded',
  );
  if (settings.enableDataChannel) {
    logger.info('Data channels are not available yet: their m-lines are rejected, media is not');
  }
  if (turnServers.length > 0) {
    logger.info('TURN servers are kept for connections made outwards, which are not available yet');
  }
}

export function logStarted(
  transport: WebRtcTransport,
  settings: ServerSettings,
  logger: Logger,
): void {
  const { webPort: port } = transport;
  const { host, signalingUrl, token } = settings;
  const media = transport.mediaAddresses.map(({ ip, port: udpPort }) =>
    ip.includes(':') ? `[${ip}]:${udpPort}` : `${ip}:${udpPort}`,
  );
  logger.info(
    { peerId: transport.localPeerId, host, port, media },
    'WebRTC transport started and connected to signaling server',
  );
  if (port !== undefined) {
    const url = `http://${nameOf(host)}:${port}/`;
    const query = token === undefined ? '' : '?token=<your token>';
    if (signalingUrl === undefined) logger.info(`Open ${url}${query} in a browser to join`);
    else logger.info(`Health is at ${url}healthz`);
    if (signalingUrl === undefined && token === undefined && !isLoopback(host)) {
      logger.warn(
        { host },
        'Whoever reaches this address can join: set WEBRTC_TOKEN to ask for a token',
      );
    }
  }
}

/** How a browser on this machine names the host. */
function nameOf(host: string): string {
  if (isLoopback(host) || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function hostOf(turnServer: string): string[] {
  const server = parseTurnServer(turnServer);
  return server === undefined ? [] : [`${server.scheme}:${server.host}:${server.port}`];
}
