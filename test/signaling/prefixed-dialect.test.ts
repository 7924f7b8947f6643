// Dialect B between peers: every method, every notification, every error.
import assert from 'node:assert/strict';

import { ANSWER_SDP, CANDIDATE, SDP, TestPeer, TestServer } from './harness.js';

describe('Prefixed dialect', () => {
  let server: TestServer;
  let alice: TestPeer;
  let bob: TestPeer;

  beforeEach(async () => {
    server = await TestServer.start();
    alice = await TestPeer.prefixed(server, 'alice');
    bob = await TestPeer.prefixed(server, 'bob');
    await alice.notification('peer.joined');
  });
  afterEach(() => server.stop());

  it('announces a peer with its user data, lists the others for it and tells them', async () => {
    const carol = await TestPeer.connect(server.url);
    assert.deepEqual(
      await carol.result('peer.announce', {
        peer_id: 'carol',
        capabilities: ['audio', 'data', 'telepathy'],
        user_data: { name: 'Carol' },
      }),
      { success: true, peer_id: 'carol', peers_count: 3, other_peers: ['alice', 'bob'] },
    );
    assert.deepEqual(await alice.notification('peer.joined'), {
      peer_id: 'carol',
      capabilities: ['audio', 'data'],
      metadata: { name: 'Carol' },
    });
    const { peers, count } = await carol.result('peer.list', {});
    assert.equal(count, 3);
    const { connected_at, ...listed } = (peers as Record<string, unknown>[])[2]!;
    assert.deepEqual(listed, {
      peer_id: 'carol',
      capabilities: ['audio', 'data'],
      metadata: { name: 'Carol' },
    });
    assert.ok(Math.abs(Number(connected_at) - Date.now() / 1000) < 60);
  });

  it('answers list_peers of its peers in its own form', async () => {
    assert.deepEqual(await alice.result('list_peers'), await alice.result('peer.list'));
  });

  it('carries offer, answer and candidates from peer to peer', async () => {
    const offer = {
      from: 'alice',
      to: 'bob',
      sdp: SDP,
      can_trickle_ice_candidates: true,
      request_id: 'r-1',
    };
    assert.deepEqual(await alice.result('peer.offer', offer), { success: true, to_peer_id: 'bob' });
    assert.deepEqual(await bob.notification('peer.offer'), offer);

    const answer = { from: 'bob', to: 'alice', sdp: ANSWER_SDP };
    assert.deepEqual(await bob.result('peer.answer', answer), {
      success: true,
      to_peer_id: 'alice',
    });
    assert.deepEqual(await alice.notification('peer.answer'), answer);

    const candidate = {
      from: 'alice',
      to: 'bob',
      candidate: CANDIDATE,
      sdp_mid: '0',
      sdp_m_line_index: 0,
    };
    assert.deepEqual(await alice.result('peer.ice_candidate', candidate), {
      success: true,
      to_peer_id: 'bob',
    });
    assert.deepEqual(await bob.notification('peer.ice_candidate'), candidate);
  });

  it('keeps candidates until their offer comes, and says so', async () => {
    const candidate = { from: 'alice', to: 'bob', candidate: CANDIDATE, sdp_mid: '0' };
    assert.deepEqual(await alice.result('peer.ice_candidate', candidate), {
      success: true,
      to_peer_id: 'bob',
      buffered: true,
    });
    await alice.result('peer.ice_candidate', { ...candidate, candidate: '' });
    assert.deepEqual(await bob.settled(), []);
    await alice.result('peer.offer', { from: 'alice', to: 'bob', sdp: SDP });
    assert.deepEqual(
      bob.received.map(({ method, params }) => [method, params?.['candidate']]),
      [
        ['peer.offer', undefined],
        ['peer.ice_candidate', CANDIDATE],
        ['peer.ice_candidate', ''],
      ],
    );
  });

  it('keeps candidates of the answerer until its answer has passed', async () => {
    await alice.result('peer.offer', { from: 'alice', to: 'bob', sdp: SDP });
    const candidate = { from: 'bob', to: 'alice', candidate: CANDIDATE };
    assert.equal((await bob.result('peer.ice_candidate', candidate))['buffered'], true);
    await bob.result('peer.answer', { from: 'bob', to: 'alice', sdp: ANSWER_SDP });
    await alice.settled();
    assert.deepEqual(
      alice.received.map(({ method }) => method),
      ['peer.answer', 'peer.ice_candidate'],
    );
  });

  it('tells the target of a disconnect, with the reason', async () => {
    assert.deepEqual(
      await alice.result('peer.disconnect', { peer_id: 'bob', reason: 'had enough' }),
      { success: true, peer_id: 'bob' },
    );
    assert.deepEqual(await bob.notification('peer.disconnected'), {
      peer_id: 'alice',
      reason: 'had enough',
    });
    assert.equal(server.signaling.peerCount, 2);
  });

  it('takes a disconnect with the own id as goodbye to everybody', async () => {
    await alice.result('peer.disconnect', { peer_id: 'alice', reason: null });
    assert.deepEqual(await bob.notification('peer.disconnected'), {
      peer_id: 'alice',
      reason: 'disconnect',
    });
    assert.deepEqual(await bob.notification('peer.left'), { peer_id: 'alice' });
    assert.equal(server.signaling.peerCount, 1);
  });

  it('tells the addresses of the host', async () => {
    const info = await alice.result('server.info', {});
    assert.equal(typeof info['hostname'], 'string');
    const addresses = info['addresses'] as { ip: string; is_default: boolean }[];
    assert.ok(addresses.every(({ ip }) => !ip.startsWith('127.')));
    assert.ok(addresses.filter(({ is_default }) => is_default).length <= 1);
  });

  it('says that control methods need a pipeline', async () => {
    const { error } = await alice.call('control.subscribe', { topic: 'vad.out' });
    assert.equal(error?.code, -32601);
    assert.match(error.message, /pipeline/);
  });

  it('refuses an id in use and a second announcement as bad params', async () => {
    const mallory = await TestPeer.connect(server.url);
    const announce = { peer_id: 'alice', capabilities: ['audio'] };
    assert.deepEqual(await mallory.error('peer.announce', announce), {
      code: -32602,
      reason: 'id_in_use',
    });
    assert.deepEqual(await alice.error('peer.announce', { ...announce, peer_id: 'other' }), {
      code: -32602,
      reason: 'already_announced',
    });
    assert.equal(server.signaling.peerCount, 2);
  });

  it('refuses calls of a connection that has not announced as invalid', async () => {
    const stranger = await TestPeer.connect(server.url);
    for (const [method, params] of [
      ['peer.offer', { from: 'x', to: 'bob', sdp: SDP }],
      ['peer.answer', { from: 'x', to: 'bob', sdp: SDP }],
      ['peer.ice_candidate', { from: 'x', to: 'bob', candidate: CANDIDATE }],
      ['peer.disconnect', { peer_id: 'bob' }],
    ] as const) {
      const error = await stranger.error(method, params);
      assert.deepEqual(error, { code: -32600, reason: 'not_announced' }, method);
    }
  });

  it('refuses to speak for another peer', async () => {
    const { error } = await alice.call('peer.offer', { from: 'bob', to: 'bob', sdp: SDP });
    assert.equal(error?.code, -32602);
    assert.match(error.message, /params\.from is "bob": it must be "alice"/);
  });

  it('has a code for each thing that can be wrong with a call', async () => {
    const codeOf = async (method: string, params: object): Promise<number> =>
      (await alice.error(method, { from: 'alice', to: 'bob', ...params })).code;
    assert.equal(await codeOf('peer.offer', { to: 'nobody', sdp: SDP }), -32000);
    assert.equal(
      await codeOf('peer.ice_candidate', { to: 'nobody', candidate: CANDIDATE }),
      -32000,
    );
    assert.equal(await codeOf('peer.offer', { sdp: 'v=1' }), -32002);
    assert.equal(await codeOf('peer.offer', { sdp: 'v=0\r\n' }), -32002);
    assert.equal(await codeOf('peer.answer', { sdp: 'v=0\r\n' }), -32003);
    assert.equal(await codeOf('peer.answer', { sdp: ANSWER_SDP }), -32003);
    assert.equal(await codeOf('peer.ice_candidate', { candidate: 'hello' }), -32004);
    assert.equal(await codeOf('peer.offer', {}), -32602);
    assert.equal(await codeOf('peer.nonsense', {}), -32601);
  });

  it('refuses user data of more than 1 KB', async () => {
    const carol = await TestPeer.connect(server.url);
    const fits = 'x'.repeat(1022);
    const { error } = await carol.call('peer.announce', { peer_id: 'c', user_data: `${fits}x` });
    assert.equal(error?.code, -32602);
    assert.match(error.message, /params\.user_data is "x+\.\.\. \(1025 bytes\): it must be/);
    await carol.result('peer.announce', { peer_id: 'c', user_data: fits });
  });

  it('refuses descriptions of more than 64 KB', async () => {
    const fits = SDP + 'a'.repeat(65_536 - SDP.length);
    const offer = { from: 'alice', to: 'bob' };
    assert.deepEqual(await alice.error('peer.offer', { ...offer, sdp: `${fits}a` }), {
      code: -32602,
      reason: 'invalid_params',
    });
    await alice.result('peer.offer', { ...offer, sdp: fits });
  });
});
