// The media server as a client of an external signaling server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WebSocketServer, type WebSocket } from 'ws';

import {
  InvalidConfigError,
  OperationTimeoutError,
  PeerNotFoundError,
  SdpError,
  SignalingError,
} from '../../src/errors.js';
import {
  SignalingClient,
  type SignalingClientOptions,
} from '../../src/signaling/signaling-client.js';
import {
  ANSWER_SDP,
  CANDIDATE,
  RecordingEndpoint,
  SDP,
  TestPeer,
  TestServer,
  silentLogger,
} from './harness.js';

const MEDIA = 'media-1';
const FAST_BACKOFF = { initialDelayMs: 5, maxDelayMs: 20 };

describe('SignalingClient', () => {
  let server: TestServer;
  let endpoint: RecordingEndpoint;
  let client: SignalingClient;

  const makeClient = (options: Partial<SignalingClientOptions> = {}): SignalingClient =>
    (client = new SignalingClient({
      url: server.url,
      peerId: MEDIA,
      endpoint,
      backoff: FAST_BACKOFF,
      logger: silentLogger,
      ...options,
    }));

  beforeEach(async () => {
    endpoint = new RecordingEndpoint();
    server = await TestServer.start();
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  it('announces the media server to the others', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    await makeClient().start();
    assert.deepEqual(await alice.notification('peer_joined'), {
      peer_id: MEDIA,
      capabilities: { audio: true, video: true, data: false },
    });
    assert.deepEqual(endpoint.calls, []);
  });

  for (const dialect of ['plain', 'prefixed'] as const) {
    it(`answers the offers of both kinds of peers in the ${dialect} dialect`, async () => {
      await makeClient({ dialect, metadata: { site: 'here' } }).start();
      const alice = await TestPeer.plain(server, 'alice');
      const candidate = { to_peer_id: MEDIA, candidate: CANDIDATE, sdp_mid: '0' };
      await alice.result('offer', { to_peer_id: MEDIA, sdp: SDP, type: 'offer' });
      assert.deepEqual(await alice.notification('answer'), {
        from_peer_id: MEDIA,
        sdp: ANSWER_SDP,
        type: 'answer',
      });
      await alice.result('ice_candidate', candidate);
      await endpoint.until('candidate');
      const capabilities = { audio: true, video: true, data: false };
      assert.deepEqual(endpoint.calls, [
        ['joined', { peerId: 'alice', capabilities, ...metadataOf(dialect) }],
        ['offer', 'alice', SDP],
        ['candidate', 'alice', { candidate: CANDIDATE, sdpMid: '0', sdpMLineIndex: null }],
      ]);

      const bob = await TestPeer.prefixed(server, 'bob');
      await bob.result('peer.offer', { from: 'bob', to: MEDIA, sdp: SDP });
      assert.equal((await bob.notification('peer.answer'))['sdp'], ANSWER_SDP);
    });

    it(`offers to peers in the ${dialect} dialect, and takes one answer`, async () => {
      await makeClient({ dialect }).start();
      const alice = await TestPeer.plain(server, 'alice');
      await client.sendOffer('alice', SDP);
      assert.equal((await alice.notification('offer'))['from_peer_id'], MEDIA);
      await alice.result('answer', { to_peer_id: MEDIA, sdp: ANSWER_SDP });
      await endpoint.until('answer');
      assert.deepEqual(endpoint.calls, [['answer', 'alice', ANSWER_SDP]]);
    });

    it(`hangs up in the ${dialect} dialect on a peer it cannot answer`, async () => {
      endpoint.handleOffer = () => Promise.reject(new SdpError('no codec in common'));
      await makeClient({ dialect }).start();
      const alice = await TestPeer.prefixed(server, 'alice');
      await alice.result('peer.offer', { from: 'alice', to: MEDIA, sdp: SDP });
      const { peer_id, reason } = await alice.notification('peer.disconnected');
      assert.equal(peer_id, MEDIA);
      assert.equal(reason, dialect === 'prefixed' ? 'no codec in common' : 'disconnect');
    });
  }

  it("makes the guide's browser snippet work through an external server", async () => {
    await makeClient({ peerId: 'remotemedia-server' }).start();
    const guest = await TestPeer.connect(server.url);
    const { answer } = await guest.result('offer', { sdp: SDP, type: 'offer' });
    assert.deepEqual(answer, { type: 'answer', sdp: ANSWER_SDP });
  });

  it('tells the media server when a peer hangs up or leaves', async () => {
    await makeClient().start();
    const alice = await TestPeer.plain(server, 'alice');
    await alice.result('offer', { to_peer_id: MEDIA, sdp: SDP });
    await alice.result('disconnect', { peer_id: MEDIA });
    assert.deepEqual(await endpoint.until('left'), ['alice', 'disconnect']);
    endpoint.calls.length = 0;
    await alice.result('offer', { to_peer_id: MEDIA, sdp: SDP });
    await endpoint.until('offer');
    alice.socket.terminate();
    assert.deepEqual(await endpoint.until('left'), ['alice', 'connection-closed']);
  });

  it('hangs up on a peer the media server dropped, once', async () => {
    await makeClient().start();
    const alice = await TestPeer.plain(server, 'alice');
    await alice.result('offer', { to_peer_id: MEDIA, sdp: SDP });
    client.notifyPeerDisconnected('alice', 'ICE failed');
    client.notifyPeerDisconnected('alice', 'ICE failed');
    assert.deepEqual(await alice.notification('peer_disconnected'), { peer_id: MEDIA });
    await alice.notification('answer');
    assert.deepEqual(await alice.settled(), []);
  });

  it('says that an offer goes to nobody', async () => {
    await makeClient().start();
    await assert.rejects(client.sendOffer('nobody', SDP), PeerNotFoundError);
  });

  it('comes back under its id when the connection is lost, and leaves peers alone', async () => {
    const { port } = server;
    const delays: number[] = [];
    await makeClient().start();
    client.on('reconnecting', (_attempt, delayMs) => delays.push(delayMs));
    const alice = await TestPeer.plain(server, 'alice');
    await alice.result('offer', { to_peer_id: MEDIA, sdp: SDP });
    await alice.notification('answer');

    const disconnected = once(client, 'disconnected');
    await server.stop();
    assert.deepEqual(await disconnected, ['code 1001, server is shutting down']);
    await assert.rejects(client.sendOffer('alice', SDP), SignalingError);
    while (delays.length < 3) await once(client, 'reconnecting');

    const connected = once(client, 'connected');
    server = await TestServer.start({}, port);
    await connected;
    assert.ok(delays[2]! > delays[0]!);
    assert.deepEqual(endpoint.names, ['joined', 'offer']);
    const bob = await TestPeer.plain(server, 'bob');
    await bob.result('offer', { to_peer_id: MEDIA, sdp: SDP });
    assert.equal((await bob.notification('answer'))['from_peer_id'], MEDIA);
  });

  it('keeps trying while the server still holds its id for the lost connection', async () => {
    const { port } = server;
    await makeClient().start();
    await server.stop();
    const attempts: number[] = [];
    client.on('reconnecting', (attempt) => attempts.push(attempt));
    server = await TestServer.start({}, port);
    const squatter = await TestPeer.plain(server, MEDIA);
    while ((attempts.at(-1) ?? 0) < 3) await once(client, 'reconnecting');
    const connected = once(client, 'connected');
    squatter.socket.terminate();
    await connected;
    assert.equal(server.signaling.peerCount, 1);
  });

  it('waits for a server that starts a moment later', async () => {
    await server.stop();
    makeClient();
    const started = client.start();
    await once(client, 'reconnecting');
    server = await TestServer.start({}, server.port);
    await started;
    assert.equal(server.signaling.peerCount, 1);
  });

  it('names the URL, without its secrets, when the server cannot be reached in time', async () => {
    const { port } = server;
    await server.stop();
    makeClient({ url: `ws://me:secret@127.0.0.1:${port}/ws?token=secret`, startTimeoutMs: 300 });
    await assert.rejects(client.start(), (error: Error) => {
      assert.ok(error instanceof OperationTimeoutError);
      assert.match(
        error.message,
        new RegExp(
          `^Failed to connect to signaling server ws://127\\.0\\.0\\.1:${port}/ws: no success`,
        ),
      );
      assert.match(error.message, /300 ms: .*ECONNREFUSED/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });

  it('gives up at once when its id is taken or its token is wrong', async () => {
    await TestPeer.plain(server, MEDIA);
    await assert.rejects(
      makeClient().start(),
      /refuses the media server: announce was refused.*in use/,
    );
    await client.close();
    await server.stop();
    server = await TestServer.start({ token: 'right' });
    await assert.rejects(makeClient({ token: 'wrong' }).start(), /HTTP status 401/);
    await client.close();
    await makeClient({ token: 'right' }).start();
  });

  it('can be closed while it tries to connect', async () => {
    await server.stop();
    makeClient();
    const refused = assert.rejects(client.start(), /before the client was closed/);
    await once(client, 'reconnecting');
    await client.close();
    await refused;
  });

  it('leaves when it is closed', async () => {
    await makeClient().start();
    const alice = await TestPeer.plain(server, 'alice');
    await client.close();
    assert.deepEqual(await alice.notification('peer_left'), { peer_id: MEDIA });
  });

  for (const url of ['http://localhost:8080', 'localhost', '']) {
    it(`refuses ${JSON.stringify(url)} as a signaling URL`, () => {
      assert.throws(
        () => new SignalingClient({ url, peerId: MEDIA, endpoint, logger: silentLogger }),
        (error: Error) =>
          error instanceof InvalidConfigError && error.message.includes(JSON.stringify(url)),
      );
    });
  }

  function metadataOf(dialect: 'plain' | 'prefixed'): object {
    return dialect === 'prefixed' ? { metadata: {} } : { metadata: undefined };
  }
});

describe('SignalingClient and a server that misbehaves', () => {
  let http: Server;
  let sockets: WebSocketServer;
  let endpoint: RecordingEndpoint;
  let client: SignalingClient;

  beforeEach(async () => {
    http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    sockets = new WebSocketServer({ server: http });
    endpoint = new RecordingEndpoint();
    client = makeClient();
  });
  afterEach(async () => {
    await client.close();
    for (const socket of sockets.clients) socket.terminate();
    http.close();
  });

  const makeClient = (options: Partial<SignalingClientOptions> = {}): SignalingClient =>
    new SignalingClient({
      url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
      peerId: MEDIA,
      endpoint,
      backoff: FAST_BACKOFF,
      limits: { pingIntervalMs: 50, idleTimeoutMs: 500 },
      logger: silentLogger,
      ...options,
    });

  /** Accepts every call of every connection. */
  const acceptCalls = (afterwards: (socket: WebSocket) => void = () => {}): void => {
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const { id, method } = JSON.parse(data.toString()) as { id: number; method: string };
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
        if (method === 'announce') afterwards(socket);
      });
    });
  };

  it('gives up waiting when the server never answers', async () => {
    client = makeClient({ startTimeoutMs: 1_000, requestTimeoutMs: 30 });
    await assert.rejects(client.start(), /1000 ms: .* did not answer announce in 30 ms/);
  });

  it('ignores what is no JSON-RPC and what it does not know', async () => {
    acceptCalls((socket) => {
      for (const nonsense of ['{', '7', '[]', '{"jsonrpc":"2.0","id":99,"result":1}']) {
        socket.send(nonsense);
      }
      const say = (method: string, params: unknown): void => {
        socket.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
      };
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: 1 } }));
      say('toString', {});
      say('offer', {});
      say('answer', { from_peer_id: 'alice', sdp: ANSWER_SDP });
      say('ice_candidate', { from_peer_id: 'alice', candidate: 'nonsense' });
      say('peer_left', { peer_id: 'nobody' });
      say('offer', { from_peer_id: 'alice', offer_id: 'x', sdp: SDP, type: 'offer' });
    });
    await client.start();
    await endpoint.until('offer');
    assert.deepEqual(endpoint.names, ['joined', 'offer']);
  });

  it('keeps candidates that come before their offer', async () => {
    acceptCalls((socket) => {
      for (const [method, params] of [
        ['ice_candidate', { candidate: CANDIDATE, sdp_mid: '0', sdp_mline_index: 0 }],
        ['ice_candidate', { candidate: '', sdp_mid: null, sdp_mline_index: null }],
        ['offer', { offer_id: 'x', sdp: SDP, type: 'offer' }],
      ] as const) {
        const call = { jsonrpc: '2.0', method, params: { from_peer_id: 'alice', ...params } };
        socket.send(JSON.stringify(call));
      }
    });
    await client.start();
    await endpoint.until('candidate');
    assert.deepEqual(endpoint.names, ['joined', 'offer', 'candidate', 'candidate']);
    assert.equal(endpoint.calls[3]?.[2], null);
  });

  it('notices a server that went silent, and reconnects', async () => {
    acceptCalls();
    await client.start();
    const disconnected = once(client, 'disconnected');
    const connected = once(client, 'connected');
    for (const socket of sockets.clients) socket.pause();
    await disconnected;
    await connected;
  });

  it('reconnects when the connection breaks', async () => {
    acceptCalls();
    await client.start();
    const connected = once(client, 'connected');
    for (const socket of sockets.clients) socket.terminate();
    await connected;
  });
});
