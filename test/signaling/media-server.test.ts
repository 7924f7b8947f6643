// Calls to and from the media server behind an embedded signaling server.
import assert from 'node:assert/strict';
import { mock } from 'node:test';

import {
  CodecMismatchError,
  IceCandidateError,
  InvalidConfigError,
  PeerConnectionError,
  PeerLimitError,
  PeerNotFoundError,
  SdpError,
} from '../../src/errors.js';
import { MEDIA_SERVER_PEER_ID } from '../../src/signaling/local-endpoint.js';
import { ANSWER_SDP, CANDIDATE, RecordingEndpoint, SDP, TestPeer, TestServer } from './harness.js';

describe('Media server behind signaling', () => {
  let endpoint: RecordingEndpoint;
  let server: TestServer;

  beforeEach(async () => {
    endpoint = new RecordingEndpoint();
    server = await TestServer.start({ endpoint });
  });
  afterEach(() => server.stop());

  const toServer = (from: string, params: object) => ({
    from,
    to: MEDIA_SERVER_PEER_ID,
    ...params,
  });

  it("answers the guide's browser snippet as printed", async () => {
    const ws = await TestPeer.connect(server.url);
    ws.send(
      JSON.stringify({
        jsonrpc: '2.0',
        method: 'offer',
        params: { sdp: SDP, type: 'offer' },
        id: 1,
      }),
    );
    const response = await ws.next(() => true);
    assert.equal(response.id, 1);
    const { answer, type, sdp, from, to } = response.result!;
    assert.deepEqual(answer, { type: 'answer', sdp: ANSWER_SDP });
    assert.deepEqual([type, sdp, from], ['answer', ANSWER_SDP, MEDIA_SERVER_PEER_ID]);
    assert.match(String(to), /^peer-[0-9a-f-]{36}$/);
    assert.deepEqual(endpoint.calls, [
      ['joined', { peerId: to, capabilities: { audio: true, video: false, data: false } }],
      ['offer', to, SDP],
    ]);
    assert.deepEqual(await ws.settled(), []);
  });

  it('gives every unannounced browser an id of its own and tells the others', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    const ids = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      const guest = await TestPeer.connect(server.url);
      ids.add((await guest.result('offer', { sdp: SDP, type: 'offer' }))['to']);
      ids.add((await alice.notification('peer_joined'))['peer_id']);
    }
    assert.equal(ids.size, 3);
  });

  it('lets an unannounced browser offer again under the id it was given', async () => {
    const guest = await TestPeer.connect(server.url);
    const first = await guest.result('offer', { sdp: SDP });
    const second = await guest.result('offer', { sdp: SDP });
    assert.equal(first['to'], second['to']);
    assert.deepEqual(endpoint.names, ['joined', 'offer', 'offer']);
  });

  it('does not announce a browser whose offer is no description', async () => {
    const guest = await TestPeer.connect(server.url);
    assert.equal((await guest.error('offer', { sdp: 'v=0\r\n' })).reason, 'bad_offer');
    assert.equal(server.signaling.peerCount, 0);
    assert.deepEqual(endpoint.calls, []);
  });

  it('answers a prefixed offer in the result, and ends the candidates for who trickles', async () => {
    const alice = await TestPeer.prefixed(server, 'alice');
    const offer = toServer('alice', { sdp: SDP, can_trickle_ice_candidates: true });
    assert.deepEqual(await alice.result('peer.offer', offer), {
      type: 'answer',
      sdp: ANSWER_SDP,
      from: MEDIA_SERVER_PEER_ID,
      to: 'alice',
    });
    assert.deepEqual(await alice.notification('peer.ice_candidate'), {
      from: MEDIA_SERVER_PEER_ID,
      to: 'alice',
      candidate: '',
      sdp_mid: null,
      sdp_m_line_index: null,
    });
  });

  it('answers a plain offer that names it with a notification after the result', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    const result = await alice.result('offer', { to_peer_id: MEDIA_SERVER_PEER_ID, sdp: SDP });
    assert.equal(result['to_peer_id'], MEDIA_SERVER_PEER_ID);
    assert.match(String(result['offer_id']), /^alice_remotemedia-server_\d+$/);
    assert.deepEqual(await alice.notification('answer'), {
      from_peer_id: MEDIA_SERVER_PEER_ID,
      sdp: ANSWER_SDP,
      type: 'answer',
    });
  });

  it('answers an offer sent as a notification with a notification', async () => {
    const alice = await TestPeer.prefixed(server, 'alice');
    alice.notify('peer.offer', toServer('alice', { sdp: SDP }));
    assert.equal((await alice.notification('peer.answer'))['sdp'], ANSWER_SDP);
    assert.deepEqual(await alice.settled(), []);
  });

  it('is not listed among the peers, and its id cannot be taken', async () => {
    const alice = await TestPeer.prefixed(server, 'alice');
    assert.equal((await alice.result('peer.list'))['count'], 1);
    const mallory = await TestPeer.connect(server.url);
    assert.deepEqual(await mallory.error('announce', { peer_id: MEDIA_SERVER_PEER_ID }), {
      code: -32000,
      reason: 'id_in_use',
    });
    assert.deepEqual(endpoint.names, ['joined']);
  });

  it('gets candidates after their offer only, in order, and with the end', async () => {
    const alice = await TestPeer.prefixed(server, 'alice');
    const answers: ((sdp: string) => void)[] = [];
    endpoint.handleOffer = (peerId, sdp) => {
      endpoint.calls.push(['offer', peerId, sdp]);
      return new Promise((resolve) => answers.push(resolve));
    };
    const candidate = toServer('alice', { candidate: CANDIDATE, sdp_mid: '0' });
    const early = await alice.result('peer.ice_candidate', candidate);
    assert.equal(early['buffered'], true);
    const answered = alice.result('peer.offer', toServer('alice', { sdp: SDP }));
    const during = await alice.result('peer.ice_candidate', { ...candidate, sdp_mid: '1' });
    assert.equal(during['buffered'], true);
    assert.deepEqual(endpoint.names, ['joined', 'offer']);
    for (const answer of answers) answer(ANSWER_SDP);
    await answered;
    const late = await alice.result('peer.ice_candidate', { ...candidate, candidate: '' });
    assert.equal(late['buffered'], undefined);
    const expected = { candidate: CANDIDATE, sdpMLineIndex: null };
    assert.deepEqual(endpoint.calls.slice(2), [
      ['candidate', 'alice', { ...expected, sdpMid: '0' }],
      ['candidate', 'alice', { ...expected, sdpMid: '1' }],
      ['candidate', 'alice', null],
    ]);
  });

  it('refuses an offer while an earlier one is being answered', async () => {
    const alice = await TestPeer.prefixed(server, 'alice');
    const bob = await TestPeer.plain(server, 'bob');
    const answers: ((sdp: string) => void)[] = [];
    endpoint.handleOffer = () => new Promise((resolve) => answers.push(resolve));
    const first = alice.result('peer.offer', toServer('alice', { sdp: SDP }));
    const offer = toServer('alice', { sdp: SDP });
    assert.deepEqual(await alice.error('peer.offer', offer), {
      code: -32005,
      reason: 'negotiation_in_progress',
    });
    const fromBob = bob.result('offer', { sdp: SDP });
    assert.equal((await bob.error('offer', { sdp: SDP })).code, -32000);
    for (const answer of answers) answer(ANSWER_SDP);
    assert.equal((await first)['sdp'], ANSWER_SDP);
    assert.equal((await fromBob)['sdp'], ANSWER_SDP);
  });

  for (const [what, error, code, reason] of [
    ['a bad description', new SdpError('no codec'), -32002, 'bad_offer'],
    ['a lack of common codecs', new CodecMismatchError('no VP8'), -32007, 'codec_mismatch'],
    ['a full house', new PeerLimitError('10 of 10'), -32001, 'peer_limit'],
    ['a bad candidate', new IceCandidateError('bad'), -32004, 'bad_candidate'],
    ['a failed connection', new PeerConnectionError('no ICE'), -32006, 'ice_timeout'],
    ['an unknown peer', new PeerNotFoundError('who?'), -32000, 'peer_not_found'],
    ['another error', new InvalidConfigError('x'), -32603, 'internal_error'],
  ] as const) {
    it(`turns ${what} of the media server into error ${code}`, async () => {
      const alice = await TestPeer.prefixed(server, 'alice');
      endpoint.handleOffer = () => Promise.reject(error);
      const response = await alice.call('peer.offer', toServer('alice', { sdp: SDP }));
      assert.deepEqual(response.error, { code, message: error.message, data: { reason } });
    });
  }

  it('keeps the text of unexpected errors to itself', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    endpoint.handleOffer = () => Promise.reject(new TypeError('secret path'));
    const { error } = await alice.call('offer', { sdp: SDP });
    assert.equal(error?.code, -32000);
    assert.equal(error.data.reason, 'internal_error');
    assert.doesNotMatch(error.message, /secret/);
  });

  it('can refuse a peer, which changes nothing', async () => {
    const bob = await TestPeer.plain(server, 'bob');
    endpoint.handlePeerJoined = () => {
      throw new SdpError('not today');
    };
    const alice = await TestPeer.connect(server.url);
    const announce = { peer_id: 'alice', capabilities: ['audio'] };
    assert.equal((await alice.error('peer.announce', announce)).code, -32002);
    assert.deepEqual(await bob.settled(), []);
    assert.equal(server.signaling.peerCount, 1);
    endpoint.handlePeerJoined = () => {};
    await alice.result('peer.announce', announce);
  });

  it('offers to peers in their dialect and takes their answers', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    const bob = await TestPeer.prefixed(server, 'bob');
    await server.signaling.sendOffer('alice', SDP);
    const { offer_id, ...offer } = await alice.notification('offer');
    assert.match(String(offer_id), /^remotemedia-server_alice_\d+$/);
    assert.deepEqual(offer, { from_peer_id: MEDIA_SERVER_PEER_ID, sdp: SDP, type: 'offer' });
    const answer = { to_peer_id: MEDIA_SERVER_PEER_ID, sdp: ANSWER_SDP, type: 'answer' };
    await alice.result('answer', answer);
    assert.equal((await alice.error('answer', answer)).reason, 'bad_answer');

    await server.signaling.sendOffer('bob', SDP);
    assert.deepEqual(await bob.notification('peer.offer'), {
      from: MEDIA_SERVER_PEER_ID,
      to: 'bob',
      sdp: SDP,
    });
    await bob.result('peer.answer', toServer('bob', { sdp: ANSWER_SDP }));
    assert.deepEqual(endpoint.calls.slice(2), [
      ['answer', 'alice', ANSWER_SDP],
      ['answer', 'bob', ANSWER_SDP],
    ]);
  });

  it('tells the answerer when its answer is refused', async () => {
    const bob = await TestPeer.prefixed(server, 'bob');
    endpoint.handleAnswer = () => Promise.reject(new SdpError('too few m-lines'));
    await server.signaling.sendOffer('bob', SDP);
    const error = await bob.error('peer.answer', toServer('bob', { sdp: ANSWER_SDP }));
    assert.deepEqual(error, { code: -32003, reason: 'bad_answer' });
  });

  it('cannot offer to a peer that is not announced', async () => {
    await assert.rejects(server.signaling.sendOffer('nobody', SDP), PeerNotFoundError);
  });

  it('refuses an answer that comes after 30 s, which does the connection no harm', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    const answer = { to_peer_id: MEDIA_SERVER_PEER_ID, sdp: ANSWER_SDP };
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      await server.signaling.sendOffer('alice', SDP);
      mock.timers.tick(29_999);
      await server.signaling.sendOffer('alice', SDP);
      mock.timers.tick(29_999);
      await alice.result('answer', answer);
      await server.signaling.sendOffer('alice', SDP);
      mock.timers.tick(30_000);
    } finally {
      mock.timers.reset();
    }
    assert.equal((await alice.error('answer', answer)).reason, 'bad_answer');
    assert.equal((await alice.result('offer', { sdp: SDP }))['sdp'], ANSWER_SDP);
  });

  it('tells a prefixed peer the state of its connection, and a plain one nothing', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    const bob = await TestPeer.prefixed(server, 'bob');
    await alice.notification('peer_joined');
    server.signaling.notifyStateChange('alice', 'connected');
    server.signaling.notifyStateChange('bob', 'connected');
    server.signaling.notifyStateChange('nobody', 'connected');
    const { timestamp, ...change } = await bob.notification('peer.state_change');
    assert.deepEqual(change, { peer_id: 'bob', connection_state: 'connected' });
    assert.ok(Math.abs(Number(timestamp) - Date.now()) < 60_000);
    assert.deepEqual(await alice.settled(), []);
  });

  it('tells everybody when it drops a peer, which joins anew when it offers again', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    const bob = await TestPeer.prefixed(server, 'bob');
    server.signaling.notifyPeerDisconnected('alice', 'consent expired');
    assert.deepEqual(await alice.notification('peer_disconnected'), { peer_id: 'alice' });
    assert.deepEqual(await bob.notification('peer.disconnected'), {
      peer_id: 'alice',
      reason: 'consent expired',
    });
    await alice.result('offer', { sdp: SDP });
    assert.deepEqual(endpoint.names, ['joined', 'joined', 'joined', 'offer']);
    server.signaling.notifyPeerDisconnected('nobody', 'x');
    assert.deepEqual(await bob.settled(), []);
  });

  it('is told when a peer hangs up, says goodbye or loses its connection', async () => {
    const alice = await TestPeer.plain(server, 'alice');
    await alice.result('disconnect', { peer_id: MEDIA_SERVER_PEER_ID });
    await alice.result('offer', { sdp: SDP });
    await alice.result('disconnect', { peer_id: 'alice' });
    const bob = await TestPeer.plain(server, 'bob');
    bob.socket.terminate();
    const carol = await TestPeer.plain(server, 'carol');
    while (server.signaling.peerCount > 1) await carol.settled();
    assert.deepEqual(
      endpoint.calls.filter(([name]) => name === 'left'),
      [
        ['left', 'alice', 'disconnect'],
        ['left', 'alice', 'disconnect'],
        ['left', 'bob', 'connection-closed'],
      ],
    );
  });

  it('gets no candidates for a peer that left while its offer was answered', async () => {
    const alice = await TestPeer.prefixed(server, 'alice');
    const answers: ((sdp: string) => void)[] = [];
    endpoint.handleOffer = () => new Promise((resolve) => answers.push(resolve));
    const answered = alice.call('peer.offer', toServer('alice', { sdp: SDP }));
    await alice.result('peer.ice_candidate', toServer('alice', { candidate: CANDIDATE }));
    await alice.result('peer.disconnect', { peer_id: 'alice' });
    for (const answer of answers) answer(ANSWER_SDP);
    await answered;
    assert.deepEqual(endpoint.names, ['joined', 'left']);
  });
});

describe('Media server on a rendezvous server', () => {
  let server: TestServer;
  let media: TestPeer;

  beforeEach(async () => {
    server = await TestServer.start();
    media = await TestPeer.plain(server, MEDIA_SERVER_PEER_ID);
  });
  afterEach(() => server.stop());

  it("answers the guide's browser snippet through the server", async () => {
    const guest = await TestPeer.connect(server.url);
    const answered = guest.result('offer', { sdp: SDP, type: 'offer' });
    const offer = await media.notification('offer');
    await media.result('ice_candidate', { to_peer_id: offer['from_peer_id'], candidate: '' });
    await media.result('answer', { to_peer_id: offer['from_peer_id'], sdp: ANSWER_SDP });
    assert.deepEqual((await answered)['answer'], { type: 'answer', sdp: ANSWER_SDP });
    assert.equal((await guest.notification('ice_candidate'))['candidate'], '');
    assert.deepEqual(await guest.settled(), []);
  });

  it('gives prefixed callers the answer in the result', async () => {
    const alice = await TestPeer.prefixed(server, 'alice');
    const offer = { from: 'alice', to: MEDIA_SERVER_PEER_ID, sdp: SDP };
    const answered = alice.result('peer.offer', offer);
    await media.notification('offer');
    await media.result('answer', { to_peer_id: 'alice', sdp: ANSWER_SDP });
    assert.deepEqual(await answered, {
      type: 'answer',
      sdp: ANSWER_SDP,
      from: MEDIA_SERVER_PEER_ID,
      to: 'alice',
    });
  });

  it('fails the waiting caller when the media server refuses or leaves', async () => {
    const guest = await TestPeer.connect(server.url);
    const refused = guest.error('offer', { sdp: SDP });
    const { from_peer_id: peer_id } = await media.notification('offer');
    await media.result('disconnect', { peer_id });
    assert.equal((await refused).reason, 'bad_offer');

    const left = guest.error('offer', { sdp: SDP });
    await media.notification('offer');
    media.socket.terminate();
    assert.equal((await left).reason, 'peer_not_found');
  });

  it('fails the waiting caller when the media server is silent', async () => {
    await server.stop();
    server = await TestServer.start({ limits: { answerTimeoutMs: 30 } });
    media = await TestPeer.plain(server, MEDIA_SERVER_PEER_ID);
    const guest = await TestPeer.connect(server.url);
    const silent = await guest.error('offer', { sdp: SDP });
    assert.deepEqual(silent, { code: -32000, reason: 'answer_timeout' });
  });
});
