/**
 * The WebSocket to the server that served this page.
 */

import { ConnectionLostError } from './json-rpc-client.js';

/**
 * @param {string | null} token Bearer token, where the server wants one.
 * @returns {Promise<WebSocket>} Open.
 */
export function openSignalingSocket(token) {
  const url = new URL('ws', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = token === null ? '' : `?token=${encodeURIComponent(token)}`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve(socket);
    socket.onclose = () => {
      reject(
        new ConnectionLostError(
          `The server at ${url.host} cannot be reached. Is webrtc-server running?`,
        ),
      );
    };
  });
}
