/**
 * One native client in a process of its own, so that a test can kill it without goodbye. It speaks
 * through the process's channel: sends its offer, takes the answer, and says when it is connected.
 */
import { MediaEngine } from '../../src/media/media-engine.js';
import { loadAddon } from '../../src/native/load.js';
import { NativeClient } from './native-client.js';

function say(message: unknown): void {
  process.send?.(message);
}

const engine = new MediaEngine(loadAddon(), {
  listenIps: ['127.0.0.1'],
  udpPort: 0,
  consentTimeoutMs: 8_000,
  srtpProfiles: ['AEAD_AES_128_GCM'],
});

const client = new NativeClient({
  id: 'victim',
  engine,
  signaling: {
    offer: (_peerId, sdp) =>
      new Promise((resolve) => {
        process.once('message', (answer) => {
          resolve(String(answer));
        });
        say({ offer: sdp });
      }),
    answer: () => Promise.resolve(),
  },
});
process.once('disconnect', () => process.exit());
await client.connect();
client.send('video');
say({ connected: true });
