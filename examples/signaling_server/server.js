// A signaling server by itself: connects peers, and a media server that comes as one of them.
import { once } from 'node:events';
import { createServer } from 'node:http';

import { pino } from 'pino';
import { SignalingServer } from 'remotemedia-webrtc/signaling';

import { readSettings } from './settings.js';

try {
  await run(readSettings(process.env));
} catch (error) {
  const isTaken = error.code === 'EADDRINUSE';
  const why = isTaken ? `${error.message}. Stop what uses it, or set PORT.` : error.message;
  console.error(`The signaling server cannot start: ${why}`);
  process.exitCode = 1;
}

/** @param {ReturnType<typeof readSettings>} settings */
async function run({ host, port, token, allowedOrigins, maxPeers, level }) {
  const logger = pino({ level });
  const signaling = new SignalingServer({
    allowedOrigins,
    maxPeers,
    logger,
    ...(token === undefined ? {} : { token }),
  });
  const http = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(describe(request.headers.host ?? 'localhost', signaling.peerCount));
  });
  http.on('upgrade', (request, socket, head) => signaling.handleUpgrade(request, socket, head));
  http.listen(port, host);
  await once(http, 'listening');
  logger.info(`Listening on ws://${host}:${http.address().port}`);

  const stop = async (signal) => {
    logger.info(`${signal}: closing`);
    http.close();
    await signaling.close();
    http.closeAllConnections();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
}

/**
 * What `curl` and browsers see.
 * @param {string} host
 * @param {number} peerCount
 */
function describe(host, peerCount) {
  return `RemoteMedia signaling server: JSON-RPC 2.0 over WebSocket, on every path of this port.
Try it:  npx wscat -c ws://${host}
         > {"jsonrpc":"2.0","method":"list_peers","id":1}
Announced peers: ${peerCount}
`;
}
