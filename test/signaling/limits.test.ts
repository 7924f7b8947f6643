// What one connection may do, and that it disturbs nobody else when it does more.
import assert from 'node:assert/strict';

import { MEDIA_SERVER_PEER_ID } from '../../src/signaling/local-endpoint.js';
import type { SignalingLimits } from '../../src/signaling/limits.js';
import { CANDIDATE, RecordingEndpoint, SDP, TestPeer, TestServer } from './harness.js';

describe('Signaling limits', () => {
  let server: TestServer;
  const start = async (limits: Partial<SignalingLimits> = {}): Promise<void> => {
    server = await TestServer.start({ limits });
  };
  afterEach(() => server.stop());

  it('close a connection that sends 10,000 messages a second, with an error and code 1008', async () => {
    await start();
    const calm = await TestPeer.plain(server, 'calm');
    const flood = await TestPeer.plain(server, 'flood');
    for (let id = 10; id < 10_010; id++) {
      flood.send(`{"jsonrpc":"2.0","method":"list_peers","id":${id}}`);
    }
    const { code, reason } = await flood.closed;
    assert.deepEqual([code, reason], [1008, 'too many messages']);
    const errors = flood.received.filter(({ error }) => error !== undefined);
    assert.equal(errors.length, 1);
    assert.deepEqual(errors[0]?.error?.data, { reason: 'rate_limited' });
    assert.equal(errors[0].error.code, -32000);
    assert.equal(typeof errors[0].id, 'number');
    assert.ok(flood.received.length < 2_000);

    await calm.notification('peer_joined');
    assert.deepEqual(await calm.notification('peer_left'), { peer_id: 'flood' });
    assert.equal((await calm.result('list_peers'))['count'], 1);
  });

  it('count the requests of a batch', async () => {
    await start({ messageBurst: 20, messagesPerSecond: 1 });
    const peer = await TestPeer.connect(server.url);
    peer.send(Array.from({ length: 30 }, (_, id) => ({ jsonrpc: '2.0', method: 'x', id })));
    assert.equal((await peer.closed).code, 1008);
    assert.deepEqual(
      peer.received.map(({ id, error }) => [id, error?.data.reason]),
      [[0, 'rate_limited']],
    );
  });

  it('close a connection that floods with no JSON', async () => {
    await start({ messageBurst: 2, messagesPerSecond: 1 });
    const peer = await TestPeer.connect(server.url);
    for (let i = 0; i < 3; i++) peer.send('{');
    assert.equal((await peer.closed).code, 1008);
    assert.deepEqual(
      peer.received.map(({ error }) => error?.data.reason),
      ['parse_error', 'parse_error', 'rate_limited'],
    );
  });

  it('close the connection of a 2 MB message with code 1009, and disturb nobody else', async () => {
    await start();
    const calm = await TestPeer.plain(server, 'calm');
    const big = await TestPeer.plain(server, 'big');
    big.send({ jsonrpc: '2.0', method: 'offer', params: { sdp: 'x'.repeat(2 << 20) }, id: 1 });
    assert.equal((await big.closed).code, 1009);
    assert.deepEqual(await calm.notification('peer_left'), { peer_id: 'big' });
    await calm.result('list_peers');
  });

  it('answer a message of just under 1 MB', async () => {
    await start();
    const peer = await TestPeer.connect(server.url);
    const error = await peer.error('offer', { sdp: 'x'.repeat((1 << 20) - 200) });
    assert.equal(error.code, -32602);
  });

  it('cut a connection that does not read', async () => {
    await start({ maxBufferedBytes: 64 * 1024, messageBurst: 100_000 });
    const calm = await TestPeer.plain(server, 'calm');
    const deaf = await TestPeer.plain(server, 'deaf');
    await calm.notification('peer_joined');
    deaf.socket.pause();
    const sdp = SDP + 'a=x\r\n'.repeat(10_000);
    for (let left = false; !left;) {
      const { error } = await calm.call('offer', { to_peer_id: 'deaf', sdp });
      left = error !== undefined;
    }
    assert.deepEqual(await calm.notification('peer_left'), { peer_id: 'deaf' });
    deaf.socket.terminate();
  });

  it('close a connection that gives no sign of life', async () => {
    await start({ pingIntervalMs: 50, idleTimeoutMs: 500 });
    const alive = await TestPeer.plain(server, 'alive');
    const dead = await TestPeer.connect(server.url, { autoPong: false });
    await dead.result('announce', { peer_id: 'dead' });
    const { code, reason } = await dead.closed;
    assert.deepEqual([code, reason], [1008, 'no sign of life']);
    assert.deepEqual(await alive.notification('peer_left'), { peer_id: 'dead' });
  });

  it('do not take a blocked event loop for a dead connection', async () => {
    await start({ pingIntervalMs: 20, idleTimeoutMs: 200 });
    const other = await TestPeer.connect(server.url);
    const peer = await TestPeer.plain(server, 'peer');
    for (let round = 0; round < 3; round++) {
      peer.socket.ping();
      const end = performance.now() + 250;
      while (performance.now() < end);
      await other.result('list_peers');
    }
    assert.equal((await peer.result('list_peers'))['count'], 1);
  });

  it('free the id of a dead connection once another asks for it, but not of a living one', async () => {
    await start({ probeTimeoutMs: 400, closeTimeoutMs: 10 });
    const watcher = await TestPeer.plain(server, 'watcher');
    await TestPeer.plain(server, 'alive');
    const dead = await TestPeer.connect(server.url, { autoPong: false });
    await dead.result('announce', { peer_id: 'dead' });
    const heir = await TestPeer.connect(server.url);
    assert.equal((await heir.error('announce', { peer_id: 'alive' })).reason, 'id_in_use');
    assert.equal((await heir.error('announce', { peer_id: 'dead' })).reason, 'id_in_use');
    assert.deepEqual(await watcher.notification('peer_left'), { peer_id: 'dead' });
    await heir.result('announce', { peer_id: 'dead' });
    const ids = (await watcher.result('list_peers'))['peers'] as { peer_id: string }[];
    assert.deepEqual(ids.map(({ peer_id }) => peer_id).sort(), ['alive', 'dead', 'watcher']);
  });

  it('close a connection that offers without announcing in time', async () => {
    await start({ announceTimeoutMs: 30 });
    const late = await TestPeer.connect(server.url);
    const offer = { to_peer_id: 'x', sdp: SDP };
    assert.equal((await late.error('offer', offer)).reason, 'not_announced');
    const { code, reason } = await late.closed;
    assert.deepEqual([code, reason], [1008, 'announce first']);
  });

  it('keep 100 early candidates of a pair', async () => {
    await start();
    const alice = await TestPeer.prefixed(server, 'alice');
    const bob = await TestPeer.prefixed(server, 'bob');
    const candidate = { from: 'alice', to: 'bob', candidate: CANDIDATE };
    for (let i = 0; i < 100; i++) {
      await alice.result('peer.ice_candidate', { ...candidate, sdp_m_line_index: i });
    }
    assert.deepEqual(await alice.error('peer.ice_candidate', candidate), {
      code: -32004,
      reason: 'bad_candidate',
    });
    await alice.result('peer.offer', { from: 'alice', to: 'bob', sdp: SDP });
    await bob.settled();
    const indexes = bob.received
      .filter(({ method }) => method === 'peer.ice_candidate')
      .map(({ params }) => params?.['sdp_m_line_index']);
    assert.deepEqual(indexes, [...Array(100).keys()]);
  });

  it('forget early candidates after their time', async () => {
    await start({ earlyCandidateTimeoutMs: 0 });
    const alice = await TestPeer.prefixed(server, 'alice');
    const bob = await TestPeer.prefixed(server, 'bob');
    await alice.result('peer.ice_candidate', { from: 'alice', to: 'bob', candidate: CANDIDATE });
    await alice.result('peer.offer', { from: 'alice', to: 'bob', sdp: SDP });
    await bob.settled();
    assert.deepEqual(
      bob.received.map(({ method }) => method),
      ['peer.offer'],
    );
  });
});

describe('Peer limit', () => {
  let server: TestServer;
  afterEach(() => server.stop());

  it('refuses who comes too late with its own error, and admits it when a place is free', async () => {
    const endpoint = new RecordingEndpoint();
    server = await TestServer.start({ endpoint, maxPeers: 1 });
    const first = await TestPeer.plain(server, 'first');
    const late = await TestPeer.connect(server.url);
    const announce = { peer_id: 'late', capabilities: ['audio'] };
    assert.deepEqual(await late.error('peer.announce', announce), {
      code: -32001,
      reason: 'peer_limit',
    });
    const { error } = await late.call('announce', { peer_id: 'late' });
    assert.equal(error?.code, -32000);
    assert.match(error.message, /All 1 places for peers are taken/);
    assert.equal((await late.error('offer', { sdp: SDP })).reason, 'peer_limit');
    assert.deepEqual(endpoint.names, ['joined']);

    await first.result('disconnect', { peer_id: 'first' });
    await late.result('peer.announce', announce);
  });
});

describe('Shutdown of signaling', () => {
  let server: TestServer;
  afterEach(() => server.stop());

  it('closes every connection with code 1001 and refuses new ones', async () => {
    const endpoint = new RecordingEndpoint();
    server = await TestServer.start({ endpoint });
    const peers = [
      await TestPeer.plain(server, 'alice'),
      await TestPeer.prefixed(server, 'bob'),
      await TestPeer.connect(server.url),
    ];
    for (const peer of peers) await peer.settled();
    for (const peer of peers) peer.received.length = 0;
    await server.signaling.close();
    for (const peer of peers) {
      assert.deepEqual(await peer.closed, { code: 1001, reason: 'server is shutting down' });
      assert.deepEqual(peer.received, []);
    }
    assert.deepEqual(
      endpoint.calls.filter(([name]) => name === 'left'),
      [
        ['left', 'alice', 'shutdown'],
        ['left', 'bob', 'shutdown'],
      ],
    );
    assert.equal(server.signaling.connectionCount, 0);
    await assert.rejects(TestPeer.connect(server.url), /503/);
  });

  it('does not wait for connections that take no part in closing, nor for answers', async () => {
    server = await TestServer.start({ limits: { closeTimeoutMs: 20 } });
    const media = await TestPeer.plain(server, MEDIA_SERVER_PEER_ID);
    const guest = await TestPeer.connect(server.url);
    guest.send({ jsonrpc: '2.0', method: 'offer', params: { sdp: SDP }, id: 1 });
    await media.notification('offer');
    media.socket.pause();
    await server.signaling.close();
    assert.equal((await guest.closed).code, 1001);
    media.socket.terminate();
  });
});
