// A peer to try the server with, from a terminal:
//   node test-client.js                  waits for offers as "peer-1" and answers them
//   node test-client.js peer-2 peer-1    offers to peer-1, trickles a candidate, exits 0 when answered
// SIGNALING_URL names the server, ws://localhost:8080 by default.
import { WebSocket } from 'ws';

const [peerId = 'peer-1', target] = process.argv.slice(2);
const url = process.env.SIGNALING_URL ?? 'ws://localhost:8080';
const capabilities = { audio: true, video: true, data: false };
const sdp =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
const candidate = 'candidate:1 1 UDP 2130706431 192.0.2.7 54321 typ host';

const ws = new WebSocket(url);
const waiting = new Map();
let lastId = 0;

/** Calls a method; resolves with its result and ends the program when it is refused. */
function call(method, params) {
  const id = ++lastId;
  ws.send(JSON.stringify({ jsonrpc: '2.0', method, params, id }));
  return new Promise((resolve) => waiting.set(id, resolve));
}

const onNotification = {
  async offer({ from_peer_id }) {
    await call('answer', { to_peer_id: from_peer_id, sdp, type: 'answer' });
    console.log(`answered ${from_peer_id}`);
  },
  async answer({ from_peer_id }) {
    const place = { sdp_mid: '0', sdp_mline_index: 0 };
    await call('ice_candidate', { to_peer_id: from_peer_id, candidate, ...place });
    console.log(`${from_peer_id} answered: signaling works`);
    ws.close();
  },
};

ws.on('message', async (data) => {
  const { id, method, params, result, error } = JSON.parse(data);
  console.log(`<- ${method ?? `response ${id}`}`, JSON.stringify(params ?? result ?? error));
  if (error) {
    process.exitCode = 1;
    ws.close();
  } else if (method) {
    await onNotification[method]?.(params);
  } else {
    waiting.get(id)?.(result);
    waiting.delete(id);
  }
});
ws.on('error', (error) => {
  console.error(`No connection to ${url}: ${error.message || error.code}`);
  process.exitCode = 1;
});
ws.on('open', async () => {
  await call('announce', { peer_id: peerId, capabilities });
  console.log(`announced as ${peerId}`);
  if (target) await call('offer', { to_peer_id: target, sdp, type: 'offer' });
});
