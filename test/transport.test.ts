/** The whole media server as a library: what starts, what ends, and what its users are told. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import type { WebRtcTransportConfig } from '../src/config/config.js';
import { MediaEngine } from '../src/media/media-engine.js';
import type { NativeAddon } from '../src/native/binding.js';
import { loadAddon } from '../src/native/load.js';
import { WebRtcTransport } from '../src/transport.js';
import { FakeAddon } from './support/fake-addon.js';
import { NativeClient } from './support/native-client.js';
import { untilMediaArrives } from './support/real-call.js';
import { chromeOffer } from './support/sdp-fixtures.js';
import { WebSocketSignaling } from './support/websocket-signaling.js';

describe('a transport', () => {
  const transports: WebRtcTransport[] = [];
  let addon: FakeAddon;

  const create = (config: WebRtcTransportConfig = {}, native: NativeAddon = addon) => {
    const transport = new WebRtcTransport({ port: 0, ...config }, { addon: native });
    transports.push(transport);
    return transport;
  };
  const urlOf = (transport: WebRtcTransport): string => `ws://127.0.0.1:${transport.webPort}`;

  beforeEach(() => {
    addon = new FakeAddon();
  });
  afterEach(async () => {
    for (const transport of transports.splice(0)) await transport.shutdown();
  });

  it('refuses a configuration that cannot be used', () => {
    assert.throws(() => create({ maxPeers: 0 }), { code: 'INVALID_CONFIG' });
  });

  it('has its sessions before it is started, the default one among them', () => {
    const transport = create({ session: 'lobby' });
    transport.sessionManager.create('webinar');
    assert.deepEqual(
      transport.sessionManager.list().map(({ id }) => id),
      ['lobby', 'webinar'],
    );
    assert.equal(transport.peerManager.count, 0);
    assert.throws(() => transport.mediaAddresses, { code: 'INVALID_STATE' });
  });

  it('listens for media where it is told to', async () => {
    const transport = create({ listenIps: ['127.0.0.1', '::1'], udpPort: 5004 });
    await transport.start();
    assert.deepEqual(transport.mediaAddresses, [
      { ip: '127.0.0.1', port: 5004 },
      { ip: '::1', port: 5004 },
    ]);
  });

  it("answers the guide's browser snippet and reports the peer", async () => {
    const transport = create({
      maxPeers: 1,
      announcedIps: ['203.0.113.7'],
      listenIps: ['192.0.2.1'],
    });
    await transport.start();
    const joined = once(transport, 'peerJoined');
    const socket = new WebSocket(urlOf(transport));
    await once(socket, 'open');
    const params = { sdp: chromeOffer(), type: 'offer' };
    socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'offer', params, id: 1 }));
    const [data] = (await once(socket, 'message')) as [Buffer];
    const { result } = JSON.parse(data.toString()) as { result: { answer: { sdp: string } } };
    assert.match(result.answer.sdp, /^a=candidate:1 1 udp \d+ 203\.0\.113\.7 40000 typ host/im);
    const [peer] = (await joined) as [{ id: string }];
    assert.equal(transport.peerManager.list()[0]?.id, peer.id);
    assert.equal(transport.sessionManager.get('default').peers.length, 1);

    const disconnected = once(transport, 'peerDisconnected');
    socket.close();
    assert.deepEqual((await disconnected).at(-1), 'left');
  });

  it('forwards media between peers that join by WebSocket', async () => {
    const transport = create({ listenIps: ['127.0.0.1'] }, loadAddon());
    const engine = new MediaEngine(loadAddon(), {
      listenIps: ['127.0.0.1'],
      udpPort: 0,
      consentTimeoutMs: 8_000,
      srtpProfiles: ['AEAD_AES_128_GCM'],
    });
    try {
      await transport.start();
      const clients = [];
      for (const id of ['ada', 'bob']) {
        const signaling = await WebSocketSignaling.connect(urlOf(transport), id);
        const client = new NativeClient({ id, engine, signaling });
        signaling.serve(client);
        await client.connect();
        client.send('audio');
        client.send('video');
        clients.push(client);
      }
      for (const client of clients) await untilMediaArrives(client, 2);
      assert.equal((await transport.getStats()).transports, 2);

      const goodbyes = clients.map((client) => once(client, 'state'));
      await transport.shutdown();
      for (const goodbye of goodbyes) assert.deepEqual(await goodbye, ['closed']);
    } finally {
      engine.close();
    }
  });

  it('tells peers with code 1001 that it goes, and leaves nothing listening', async () => {
    const transport = create();
    await transport.start();
    const socket = new WebSocket(urlOf(transport));
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await transport.shutdown();
    assert.equal((await closed)[0], 1001);
    assert.equal(addon.engine.closed, true);
    const again = new WebSocket(urlOf(transport));
    const [error] = (await once(again, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNREFUSED');
  });

  it('starts once and ends once', async () => {
    const transport = create();
    assert.equal(transport.start(), transport.start());
    await transport.start();
    assert.equal(transport.shutdown(), transport.shutdown());
    await transport.shutdown();
    assert.throws(() => transport.getStats(), { code: 'INVALID_STATE' });
  });

  it('does not start after it was shut down', async () => {
    const transport = create();
    await transport.shutdown();
    await assert.rejects(transport.start(), { code: 'INVALID_STATE' });
    assert.equal(addon.engines.length, 0);
  });

  it('names the setting when a port is taken, and closes what it had opened', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    await assert.rejects(create({ port }).start(), {
      code: 'INVALID_CONFIG',
      message: new RegExp(`^WEBRTC_PORT \\(--port\\) is ${port}, which another program uses`),
    });
    assert.equal(addon.engine.closed, true);
    busy.close();
  });

  it('names the address when media cannot be received there', async () => {
    const transport = create({ listenIps: ['203.0.113.9'] }, loadAddon());
    await assert.rejects(transport.start(), {
      code: 'INVALID_CONFIG',
      message: /^WEBRTC_LISTEN_IP \(--listen-ip\) is "203\.0\.113\.9", which cannot be listened on/,
    });
  });

  it('announces itself at an external signaling server and answers offers from there', async () => {
    const other = create();
    await other.start();
    const transport = create({ signalingUrl: urlOf(other), peerId: 'media-2', port: undefined });
    const connected = once(transport, 'signalingConnected');
    await transport.start();
    await connected;
    assert.equal(transport.localPeerId, 'media-2');
    assert.equal(transport.webPort, undefined);

    const socket = new WebSocket(urlOf(other));
    await once(socket, 'open');
    const call = (id: number, method: string, params: object): void => {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    };
    const answered = new Promise<{ from_peer_id: string }>((resolve) => {
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { method?: string; params: never };
        if (message.method === 'answer') resolve(message.params);
      });
    });
    call(1, 'announce', {
      peer_id: 'ada',
      capabilities: { audio: true, video: true, data: false },
    });
    call(2, 'offer', { to_peer_id: 'media-2', sdp: chromeOffer(), type: 'offer' });
    assert.equal((await answered).from_peer_id, 'media-2');
    assert.deepEqual(
      transport.peerManager.list().map(({ id }) => id),
      ['ada'],
    );
    socket.close();
  });

  it('does not start where another media server has its id', async () => {
    const other = create();
    await other.start();
    const transport = create({ signalingUrl: urlOf(other), port: undefined });
    await assert.rejects(transport.start(), { code: 'SIGNALING_ERROR', message: /refuses/ });
    assert.equal(addon.engine.closed, true);
  });

  it('reports when the external signaling server goes, and tries to come back', async () => {
    const other = create();
    await other.start();
    const transport = create({ signalingUrl: urlOf(other), peerId: 'media-2', port: undefined });
    await transport.start();
    const disconnected = once(transport, 'signalingDisconnected');
    const reconnecting = once(transport, 'signalingReconnecting');
    await other.shutdown();
    assert.match(String((await disconnected)[0]), /1001/);
    assert.equal((await reconnecting)[0], 1);
  });

  it('announces the public address that a STUN server tells', async () => {
    const stun = createSocket('udp4').on('message', (request, { port, address }) => {
      const head = Buffer.from('0101000c', 'hex');
      // 203.0.113.5, XORed with the magic cookie.
      const attribute = Buffer.from('0020000800013326ea12d547', 'hex');
      stun.send(Buffer.concat([head, request.subarray(4), attribute]), port, address);
    });
    stun.bind(0, '127.0.0.1');
    await once(stun, 'listening');
    const server = `stun:127.0.0.1:${stun.address().port}`;
    const transport = create({ stunServers: [server], listenIps: ['192.0.2.1'] });
    const found = once(transport, 'publicAddress');
    await transport.start();
    assert.deepEqual(await found, ['203.0.113.5', server]);
    assert.match(
      transport.peerManager.handleOffer('ada', chromeOffer()),
      /^a=candidate:2 1 udp \d+ 203\.0\.113\.5 40000 typ host/im,
    );
    stun.close();
  });
});
