// Dialect A between peers: every method, every notification, every error.
import assert from 'node:assert/strict';

import { ANSWER_SDP, CANDIDATE, SDP, TestPeer, TestServer } from './harness.js';

describe('Plain dialect', () => {
  let server: TestServer;
  let alice: TestPeer;
  let bob: TestPeer;

  beforeEach(async () => {
    server = await TestServer.start();
    alice = await TestPeer.plain(server, 'alice');
    bob = await TestPeer.plain(server, 'bob');
    await alice.notification('peer_joined');
  });
  afterEach(() => server.stop());

  const exchangeOffer = async (): Promise<void> => {
    await alice.result('offer', { to_peer_id: 'bob', sdp: SDP, type: 'offer' });
    await bob.notification('offer');
  };

  it('announces a peer, lists the others for it and tells them', async () => {
    const carol = await TestPeer.connect(server.url);
    const capabilities = { audio: true, video: false, data: true };
    assert.deepEqual(await carol.result('announce', { peer_id: 'carol', capabilities }), {
      peer_id: 'carol',
      peers_count: 3,
      other_peers: ['alice', 'bob'],
    });
    assert.deepEqual(await alice.notification('peer_joined'), { peer_id: 'carol', capabilities });
  });

  it('accepts an announcement without capabilities', async () => {
    const carol = await TestPeer.connect(server.url);
    await carol.result('announce', { peer_id: 'carol' });
    assert.deepEqual((await bob.notification('peer_joined'))['capabilities'], {
      audio: true,
      video: true,
      data: true,
    });
  });

  it('lists the peers with their capabilities', async () => {
    const capabilities = { audio: true, video: true, data: false };
    assert.deepEqual(await alice.result('list_peers', {}), {
      peers: [
        { peer_id: 'alice', capabilities, state: 'available' },
        { peer_id: 'bob', capabilities, state: 'available' },
      ],
      count: 2,
    });
  });

  it('carries offer, answer and candidates from peer to peer', async () => {
    const result = await alice.result('offer', { to_peer_id: 'bob', sdp: SDP, type: 'offer' });
    assert.match(String(result['offer_id']), /^alice_bob_\d{13}$/);
    assert.equal(result['to_peer_id'], 'bob');
    assert.deepEqual(await bob.notification('offer'), {
      from_peer_id: 'alice',
      offer_id: result['offer_id'],
      sdp: SDP,
      type: 'offer',
    });

    assert.deepEqual(
      await bob.result('answer', { to_peer_id: 'alice', sdp: ANSWER_SDP, type: 'answer' }),
      { to_peer_id: 'alice' },
    );
    assert.deepEqual(await alice.notification('answer'), {
      from_peer_id: 'bob',
      sdp: ANSWER_SDP,
      type: 'answer',
    });

    for (const [from, to, name] of [
      [alice, bob, 'alice'],
      [bob, alice, 'bob'],
    ] as const) {
      const target = name === 'alice' ? 'bob' : 'alice';
      assert.deepEqual(
        await from.result('ice_candidate', {
          to_peer_id: target,
          candidate: CANDIDATE,
          sdp_mid: '0',
          sdp_mline_index: 0,
        }),
        { to_peer_id: target },
      );
      assert.deepEqual(await to.notification('ice_candidate'), {
        from_peer_id: name,
        candidate: CANDIDATE,
        sdp_mid: '0',
        sdp_mline_index: 0,
      });
    }
  });

  it('passes the end of candidates on', async () => {
    await exchangeOffer();
    await alice.result('ice_candidate', { to_peer_id: 'bob', candidate: null });
    assert.deepEqual(await bob.notification('ice_candidate'), {
      from_peer_id: 'alice',
      candidate: '',
      sdp_mid: null,
      sdp_mline_index: null,
    });
  });

  it('tells the target of a disconnect, and leaves both announced', async () => {
    assert.deepEqual(await alice.result('disconnect', { peer_id: 'bob' }), { peer_id: 'bob' });
    assert.deepEqual(await bob.notification('peer_disconnected'), { peer_id: 'alice' });
    assert.equal((await alice.result('list_peers'))['count'], 2);
  });

  it('takes a disconnect with the own id as goodbye to everybody', async () => {
    await alice.result('disconnect', { peer_id: 'alice' });
    assert.deepEqual(await bob.notification('peer_disconnected'), { peer_id: 'alice' });
    assert.deepEqual(await bob.notification('peer_left'), { peer_id: 'alice' });
    assert.equal((await bob.result('list_peers'))['count'], 1);
    await alice.result('announce', { peer_id: 'alice-again' });
  });

  it('tells the others when a connection is gone', async () => {
    alice.socket.terminate();
    assert.deepEqual(await bob.notification('peer_left'), { peer_id: 'alice' });
  });

  it('does not let an id be taken over, and a refused announcement changes nothing', async () => {
    const mallory = await TestPeer.connect(server.url);
    assert.deepEqual(await mallory.error('announce', { peer_id: 'alice' }), {
      code: -32000,
      reason: 'id_in_use',
    });
    assert.deepEqual(await mallory.error('list_peers', []), {
      code: -32602,
      reason: 'invalid_params',
    });
    assert.equal((await mallory.result('list_peers'))['count'], 2);

    await bob.result('offer', { to_peer_id: 'alice', sdp: SDP, type: 'offer' });
    assert.equal((await alice.notification('offer'))['from_peer_id'], 'bob');
    assert.deepEqual(await mallory.settled(), []);
  });

  it('refuses a second announcement of one connection', async () => {
    assert.deepEqual(await alice.error('announce', { peer_id: 'alice-2' }), {
      code: -32000,
      reason: 'already_announced',
    });
    assert.equal((await alice.result('list_peers'))['count'], 2);
  });

  it('refuses calls of a connection that has not announced', async () => {
    const stranger = await TestPeer.connect(server.url);
    for (const [method, params] of [
      ['offer', { to_peer_id: 'bob', sdp: SDP, type: 'offer' }],
      ['answer', { to_peer_id: 'bob', sdp: SDP, type: 'answer' }],
      ['ice_candidate', { to_peer_id: 'bob', candidate: CANDIDATE }],
      ['disconnect', { peer_id: 'bob' }],
    ] as const) {
      const error = await stranger.error(method, params);
      assert.deepEqual(error, { code: -32000, reason: 'not_announced' }, method);
    }
    assert.deepEqual(await bob.settled(), []);
  });

  it('refuses calls to nobody', async () => {
    for (const [method, params] of [
      ['offer', { to_peer_id: 'nobody', sdp: SDP, type: 'offer' }],
      ['answer', { to_peer_id: 'nobody', sdp: SDP, type: 'answer' }],
      ['ice_candidate', { to_peer_id: 'nobody', candidate: CANDIDATE }],
      ['disconnect', { peer_id: 'nobody' }],
    ] as const) {
      const error = await alice.error(method, params);
      assert.deepEqual(error, { code: -32000, reason: 'peer_not_found' }, method);
    }
  });

  it('says that there is no media server when an offer without a target finds none', async () => {
    const { error } = await alice.call('offer', { sdp: SDP, type: 'offer' });
    assert.equal(error?.code, -32000);
    assert.match(error.message, /No media server is connected/);
    const stranger = await TestPeer.connect(server.url);
    assert.equal((await stranger.error('offer', { sdp: SDP })).reason, 'peer_not_found');
    assert.equal((await alice.result('list_peers'))['count'], 2);
  });

  it('refuses calls to oneself', async () => {
    const error = await alice.error('offer', { to_peer_id: 'alice', sdp: SDP });
    assert.deepEqual(error, { code: -32602, reason: 'invalid_params' });
  });

  for (const [what, method, params, message] of [
    ['a missing id', 'announce', {}, /params\.peer_id is missing: it must be 1 to 64/],
    ['an id of 65 characters', 'announce', { peer_id: 'x'.repeat(65) }, /params\.peer_id is "xxx/],
    ['an id with a space', 'announce', { peer_id: 'a b' }, /params\.peer_id is "a b"/],
    ['an id that is a number', 'announce', { peer_id: 7 }, /params\.peer_id is 7/],
    [
      'capabilities that are no flags',
      'announce',
      { peer_id: 'c', capabilities: { audio: 'yes' } },
      /params\.capabilities\.audio is "yes": it must be true or false/,
    ],
    ['an offer without sdp', 'offer', { to_peer_id: 'bob' }, /params\.sdp is missing/],
    ['an offer of type answer', 'offer', { sdp: SDP, type: 'answer' }, /params\.type is "answer"/],
    ['an answer without target', 'answer', { sdp: SDP }, /params\.to_peer_id is missing/],
    [
      'a candidate with a bad index',
      'ice_candidate',
      { to_peer_id: 'bob', candidate: CANDIDATE, sdp_mline_index: -1 },
      /params\.sdp_mline_index is -1/,
    ],
    ['a disconnect without target', 'disconnect', {}, /params\.peer_id is missing/],
  ] as const) {
    it(`names the field when it refuses ${what}`, async () => {
      const { error } = await alice.call(method, params);
      assert.equal(error?.code, -32602);
      assert.match(error.message, message);
      assert.ok(error.message.length < 300);
    });
  }

  it('refuses descriptions without version or media', async () => {
    for (const sdp of ['hello', 'v=0\r\ns=-\r\n']) {
      const error = await alice.error('offer', { to_peer_id: 'bob', sdp });
      assert.deepEqual(error, { code: -32000, reason: 'bad_offer' });
    }
    await exchangeOffer();
    const error = await bob.error('answer', { to_peer_id: 'alice', sdp: 'v=0\r\n' });
    assert.deepEqual(error, { code: -32000, reason: 'bad_answer' });
    await bob.result('answer', { to_peer_id: 'alice', sdp: ANSWER_SDP });
  });

  it('refuses a candidate that is none', async () => {
    const error = await alice.error('ice_candidate', { to_peer_id: 'bob', candidate: 'hello' });
    assert.deepEqual(error, { code: -32000, reason: 'bad_candidate' });
  });

  it('refuses an answer nobody waits for, and a second one', async () => {
    const answer = { to_peer_id: 'alice', sdp: ANSWER_SDP, type: 'answer' };
    const refused = { code: -32000, reason: 'bad_answer' };
    assert.deepEqual(await bob.error('answer', answer), refused);
    await exchangeOffer();
    await bob.result('answer', answer);
    assert.deepEqual(await bob.error('answer', answer), refused);
    await alice.notification('answer');
    assert.deepEqual(await alice.settled(), []);
  });

  it('lets both sides offer at once, for them to settle', async () => {
    await alice.result('offer', { to_peer_id: 'bob', sdp: SDP });
    await bob.result('offer', { to_peer_id: 'alice', sdp: SDP });
    await alice.notification('offer');
    await bob.notification('offer');
    await alice.result('answer', { to_peer_id: 'bob', sdp: ANSWER_SDP });
    await bob.result('answer', { to_peer_id: 'alice', sdp: ANSWER_SDP });
  });
});
