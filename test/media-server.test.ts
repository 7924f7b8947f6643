/** The media server behind real signaling: WebSockets in front, the real engine behind. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { MediaEngine } from '../src/media/media-engine.js';
import { MediaServer } from '../src/media-server.js';
import { loadAddon } from '../src/native/load.js';
import { TestServer } from './signaling/harness.js';
import { NativeClient } from './support/native-client.js';
import { untilMediaArrives } from './support/real-call.js';
import { WebSocketSignaling } from './support/websocket-signaling.js';

describe('MediaServer', () => {
  let engine: MediaEngine;
  let clientEngine: MediaEngine;
  let media: MediaServer;
  let signaling: TestServer;

  beforeEach(async () => {
    const options = {
      listenIps: ['127.0.0.1'],
      udpPort: 0,
      consentTimeoutMs: 8_000,
      srtpProfiles: ['AEAD_AES_128_GCM' as const],
    };
    engine = new MediaEngine(loadAddon(), options);
    clientEngine = new MediaEngine(loadAddon(), options);
    media = new MediaServer({ engine, maxPeers: 2, announcedIps: [] });
    signaling = await TestServer.start({ endpoint: media });
    media.useSignaling(signaling.signaling);
  });

  afterEach(async () => {
    media.close();
    await signaling.stop();
    clientEngine.close();
    engine.close();
  });

  async function newClient(id: string): Promise<[NativeClient, WebSocketSignaling]> {
    const socket = await WebSocketSignaling.connect(signaling.url, id);
    const client = new NativeClient({ id, engine: clientEngine, signaling: socket });
    socket.serve(client);
    return [client, socket];
  }

  async function join(id: string): Promise<[NativeClient, WebSocketSignaling]> {
    const [client, socket] = await newClient(id);
    await client.connect();
    client.send('audio');
    client.send('video');
    return [client, socket];
  }

  it('brings two peers together, and tells each whose tracks it gets', async () => {
    const [alice] = await join('alice');
    const [bob] = await join('bob');
    await untilMediaArrives(bob, 2);
    await untilMediaArrives(alice, 2);
    while (alice.received.some(({ streamId }) => streamId !== 'bob')) {
      await once(alice, 'negotiated');
    }
    assert.ok(bob.received.every(({ streamId }) => streamId === 'alice'));
  });

  it('keeps media of a peer whose signaling is lost, and ends it when its transport ends', async () => {
    const [alice, aliceSocket] = await join('alice');
    const [bob] = await join('bob');
    await aliceSocket.close();
    const before = (await bob.getStats()).packetsReceived;
    while ((await bob.getStats()).packetsReceived < before + 50) {
      assert.equal(media.peers.count, 2);
    }
    const removed = once(media, 'peerRemoved');
    alice.close();
    await removed;
    assert.equal(media.peers.count, 1);
  });

  it('ends media of a peer that says goodbye', async () => {
    const [, socket] = await join('alice');
    const removed = once(media, 'peerRemoved');
    await socket.call('peer.disconnect', { peer_id: 'alice' });
    await removed;
    assert.equal(media.peers.count, 0);
  });

  it('answers with the documented errors', async () => {
    await join('alice');
    const [carol, socket] = await newClient('carol');
    const offer = carol.describeOffer();
    const unknown = offer.replace('opus/', 'speex/').replace('VP8/', 'Theora/');
    await assert.rejects(socket.offer('carol', unknown), /-32007 /);
    await assert.rejects(socket.offer('carol', offer.replaceAll('a=rtcp-mux', 'a=x')), /-32002 /);
    await assert.rejects(socket.answer('carol', offer), /-32003 /);
    assert.equal(media.peers.count, 1);
  });

  it('refuses to announce more peers than the limit, and takes one more when one has left', async () => {
    await join('alice');
    const [, bob] = await newClient('bob');
    await assert.rejects(newClient('carol'), /-32001 /);
    await bob.call('peer.disconnect', { peer_id: 'bob' });
    await newClient('carol');
  });
});
