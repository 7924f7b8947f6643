// Peers of different dialects call each other; each is spoken to in its own.
import assert from 'node:assert/strict';

import { ANSWER_SDP, CANDIDATE, SDP, TestPeer, TestServer } from './harness.js';

describe('Peers of different dialects', () => {
  let server: TestServer;
  let plain: TestPeer;
  let prefixed: TestPeer;

  beforeEach(async () => {
    server = await TestServer.start();
    plain = await TestPeer.plain(server, 'plain');
    prefixed = await TestPeer.prefixed(server, 'prefixed');
  });
  afterEach(() => server.stop());

  it('learn of each other in their own words', async () => {
    assert.deepEqual(await plain.notification('peer_joined'), {
      peer_id: 'prefixed',
      capabilities: { audio: true, video: true, data: false },
    });
    await TestPeer.plain(server, 'other');
    assert.deepEqual(await prefixed.notification('peer.joined'), {
      peer_id: 'other',
      capabilities: ['audio', 'video'],
      metadata: {},
    });
  });

  it('call from plain to prefixed', async () => {
    await plain.result('offer', { to_peer_id: 'prefixed', sdp: SDP, type: 'offer' });
    assert.deepEqual(await prefixed.notification('peer.offer'), {
      from: 'plain',
      to: 'prefixed',
      sdp: SDP,
    });
    await prefixed.result('peer.answer', { from: 'prefixed', to: 'plain', sdp: ANSWER_SDP });
    assert.deepEqual(await plain.notification('answer'), {
      from_peer_id: 'prefixed',
      sdp: ANSWER_SDP,
      type: 'answer',
    });
    await plain.result('ice_candidate', {
      to_peer_id: 'prefixed',
      candidate: CANDIDATE,
      sdp_mid: 'a',
      sdp_mline_index: 2,
    });
    assert.deepEqual(await prefixed.notification('peer.ice_candidate'), {
      from: 'plain',
      to: 'prefixed',
      candidate: CANDIDATE,
      sdp_mid: 'a',
      sdp_m_line_index: 2,
    });
  });

  it('call from prefixed to plain', async () => {
    await prefixed.result('peer.offer', { from: 'prefixed', to: 'plain', sdp: SDP });
    const { offer_id, ...offer } = await plain.notification('offer');
    assert.match(String(offer_id), /^prefixed_plain_\d+$/);
    assert.deepEqual(offer, { from_peer_id: 'prefixed', sdp: SDP, type: 'offer' });
    await plain.result('answer', { to_peer_id: 'prefixed', sdp: ANSWER_SDP, type: 'answer' });
    assert.deepEqual(await prefixed.notification('peer.answer'), {
      from: 'plain',
      to: 'prefixed',
      sdp: ANSWER_SDP,
    });
  });

  it('are told of ends in their own words', async () => {
    await plain.result('disconnect', { peer_id: 'prefixed' });
    assert.equal((await prefixed.notification('peer.disconnected'))['peer_id'], 'plain');
    prefixed.socket.terminate();
    assert.deepEqual(await plain.notification('peer_left'), { peer_id: 'prefixed' });
  });

  it('are answered in the dialect they announced in, whatever method they use', async () => {
    assert.deepEqual(await prefixed.result('disconnect', { peer_id: 'plain' }), {
      success: true,
      peer_id: 'plain',
    });
    assert.deepEqual(await plain.result('peer.disconnect', { peer_id: 'prefixed' }), {
      peer_id: 'prefixed',
    });
    assert.equal((await prefixed.error('offer', { to_peer_id: 'plain', sdp: 'x' })).code, -32002);
  });
});
