/**
 * The other side of a benchmark, in a process of its own so that its work is not counted: native
 * clients that signal over the process's message channel. `bench/support/load.ts` starts it.
 */
import { MediaEngine } from '../../src/media/media-engine.js';
import { loadAddon } from '../../src/native/load.js';
import { NativeClient, type ClientSignaling } from '../../test/support/native-client.js';
import type { FromLoad, SendPattern, ToLoad } from './load-messages.js';

const engine = new MediaEngine(loadAddon(), {
  listenIps: ['127.0.0.1'],
  udpPort: 0,
  consentTimeoutMs: 8_000,
  srtpProfiles: ['AEAD_AES_128_GCM'],
});
const clients = new Map<string, NativeClient>();
const answers = new Map<string, (answer: string) => void>();

const signaling: ClientSignaling = {
  offer(peerId, sdp) {
    const answer = new Promise<string>((resolve) => answers.set(peerId, resolve));
    tell({ type: 'offer', peerId, sdp });
    return answer;
  },
  answer(peerId, sdp) {
    tell({ type: 'answer', peerId, sdp });
    return Promise.resolve();
  },
};

function tell(message: FromLoad): void {
  process.send?.(message);
}

async function connect(peerId: string, role: 'sender' | 'viewer' | 'idle'): Promise<void> {
  const direction = role === 'sender' ? 'sendonly' : 'recvonly';
  const kind = role === 'idle' ? 'audio' : 'video';
  const client = new NativeClient({ id: peerId, engine, signaling, lines: [{ kind, direction }] });
  clients.set(peerId, client);
  await client.connect();
  tell({ type: 'connected', peerId });
}

function send(peerId: string, pattern: SendPattern): void {
  const line = clients.get(peerId)?.lines[0];
  const codec = line?.sendingCodec;
  if (line === undefined || codec === undefined) throw new Error(`${peerId} cannot send`);
  line.connect(engine.createSyntheticProducer({ kind: 'video', codec, ...pattern }));
}

/** Media packets that have arrived at all clients, not counting repeated ones. */
async function countReceived(): Promise<void> {
  const stats = await Promise.all([...clients.values()].map((client) => client.getStats()));
  const packets = stats
    .flatMap((transport) => transport.producers)
    .reduce((sum, producer) => sum + producer.packetsReceived, 0);
  tell({ type: 'received', packets });
}

process.on('message', (message: ToLoad) => {
  switch (message.type) {
    case 'connect':
      void connect(message.peerId, message.role);
      break;
    case 'answer':
      answers.get(message.peerId)?.(message.sdp);
      break;
    case 'offer':
      void clients.get(message.peerId)?.handleOffer(message.sdp);
      break;
    case 'send':
      send(message.peerId, message.pattern);
      break;
    case 'count':
      void countReceived();
      break;
  }
});
process.on('disconnect', () => process.exit(0));
tell({ type: 'ready' });
