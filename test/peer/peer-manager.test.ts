import assert from 'node:assert/strict';
import { mock } from 'node:test';
import {
  CodecMismatchError,
  PeerLimitError,
  PeerNotFoundError,
  SdpError,
} from '../../src/errors.js';
import type { PeerRemovalReason } from '../../src/peer/peer-manager.js';
import type { Peer } from '../../src/peer/peer.js';
import { FakeCall, heardBy } from '../support/fake-call.js';
import { chromeOffer, FIREFOX_OFFER } from '../support/sdp-fixtures.js';

describe('PeerManager', () => {
  let call: FakeCall;
  let removals: string[];

  function start(options: ConstructorParameters<typeof FakeCall>[0] = {}): void {
    call = new FakeCall(options);
    removals = [];
    call.server.peers.on('peerRemoved', (peer: Peer, reason: PeerRemovalReason) =>
      removals.push(`${peer.id} ${reason}`),
    );
  }

  beforeEach(() => {
    start();
  });

  afterEach(() => {
    call.server.close();
    mock.timers.reset();
  });

  it('admits a peer with its first offer', async () => {
    const added: string[] = [];
    call.server.peers.on('peerAdded', (peer: Peer) => added.push(peer.id));
    await call.join('alice');
    assert.deepEqual(added, ['alice']);
    assert.equal(call.server.peers.count, 1);
    assert.equal(call.server.peers.get('alice').state, 'connected');
    assert.deepEqual(
      call.server.peers.get('alice').tracks.map(({ kind }) => kind),
      ['audio', 'video'],
    );
  });

  it('answers what Chrome and Firefox offer', () => {
    for (const [id, offer] of [
      ['chrome', chromeOffer()],
      ['firefox', FIREFOX_OFFER],
    ] as const) {
      const answer = call.server.peers.handleOffer(id, offer);
      assert.match(answer, /^v=0\r\n/);
      assert.equal(answer.match(/^m=(audio|video) 40000 /gm)?.length, 2);
      assert.equal(answer.match(/a=setup:passive/g)?.length, 2);
    }
  });

  it('creates nothing for an offer that cannot be answered', () => {
    const unknown = chromeOffer({ lines: [{ kind: 'video', codecs: [] }] });
    assert.throws(() => call.server.peers.handleOffer('alice', 'v=0\r\n'), SdpError);
    assert.throws(() => call.server.peers.handleOffer('alice', unknown), CodecMismatchError);
    assert.equal(call.server.peers.count, 0);
    assert.equal(call.engine.transports.size, 0);
  });

  it('refuses peers beyond the limit, and nobody who is there already', async () => {
    start({ maxPeers: 2 });
    const alice = await call.join('alice');
    await call.join('bob');
    await assert.rejects(call.join('carol'), PeerLimitError);
    await alice.negotiate();
    call.server.handlePeerLeft('bob', 'disconnect');
    await call.join('carol');
    assert.equal(call.server.peers.count, 2);
  });

  it('knows nobody who has not offered', () => {
    assert.throws(() => call.server.peers.get('alice'), PeerNotFoundError);
    assert.throws(() => {
      call.server.peers.handleAnswer('alice', 'v=0');
    }, PeerNotFoundError);
    assert.throws(() => {
      call.server.handleCandidate('alice', null);
    }, PeerNotFoundError);
  });

  it('takes a new connection object of a peer for a new peer under the same id', async () => {
    const bob = await call.join('bob');
    call.server.peers.handleOffer('alice', chromeOffer());
    const fingerprint = Array.from({ length: 32 }, () => '5A').join(':');
    call.server.peers.handleOffer('alice', chromeOffer({ fingerprint, ufrag: 'wxyz', ssrc: 7000 }));
    await call.settle();
    assert.deepEqual(removals, ['alice replaced']);
    assert.equal(call.engine.transports.size, 2);
    assert.deepEqual(heardBy(bob), ['audio of alice', 'video of alice']);
    assert.deepEqual(call.signaling.disconnected, []);
  });

  it('takes a changed session id alone for a careless peer, not for a new one', () => {
    call.server.peers.handleOffer('alice', chromeOffer());
    call.server.peers.handleOffer('alice', chromeOffer({ sessionId: '77' }));
    assert.deepEqual(removals, []);
  });

  for (const [state, reason] of [
    ['disconnected', 'connection-lost'],
    ['failed', 'connection-failed'],
    ['closed', 'connection-closed'],
  ] as const) {
    it(`lets a peer go whose transport is ${state}, and tells the others`, async () => {
      const bob = await call.join('bob');
      await call.join('alice');
      call.engine.setState(call.transportOf('alice'), state);
      await call.settle();
      assert.deepEqual(removals, [`alice ${reason}`]);
      assert.deepEqual(call.signaling.disconnected, [{ peerId: 'alice', reason }]);
      assert.deepEqual(heardBy(bob), []);
      assert.equal(call.engine.transports.size, 1);
      const states = call.signaling.states.filter(({ peerId }) => peerId === 'alice');
      const expected =
        state === 'closed' ? ['connected', 'closed'] : ['connected', state, 'closed'];
      assert.deepEqual(
        states.map((entry) => entry.state),
        expected,
      );
    });
  }

  it('lets a peer go that does not connect in time, but not one that did', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    await call.join('alice');
    await call.client('bob').negotiate();
    mock.timers.tick(29_999);
    assert.deepEqual(removals, []);
    mock.timers.tick(1);
    assert.deepEqual(removals, ['bob ice-timeout']);
  });

  it('keeps connected media when signaling is lost, without offers to that peer', async () => {
    await call.join('alice');
    call.server.handlePeerLeft('alice', 'connection-closed');
    await call.join('bob');
    assert.deepEqual(removals, []);
    assert.deepEqual(call.forwardedTo('alice'), ['audio of bob', 'video of bob']);
    assert.ok(!call.signaling.offersSent.some(({ peerId }) => peerId === 'alice'));
  });

  it('lets a peer go at once when signaling is lost before it has connected', async () => {
    await call.client('alice').negotiate();
    call.server.handlePeerLeft('alice', 'connection-closed');
    assert.deepEqual(removals, ['alice left']);
  });

  it('lets a peer go at once that says goodbye', async () => {
    await call.join('alice');
    call.server.handlePeerLeft('alice', 'disconnect');
    assert.deepEqual(removals, ['alice left']);
    assert.equal(call.engine.transports.size, 0);
  });

  it('adds a public address to the descriptions that follow', () => {
    assert.doesNotMatch(call.server.peers.handleOffer('alice', chromeOffer()), /203\.0\.113\.9/);
    call.server.peers.addPublicIp('203.0.113.9');
    assert.match(
      call.server.peers.handleOffer('bob', chromeOffer({ ufrag: 'bobs' })),
      /a=candidate:2 1 udp \d+ 203\.0\.113\.9 40000 typ host/,
    );
  });

  it('leaves nothing behind when it is closed', async () => {
    await Promise.all(['alice', 'bob', 'carol'].map((id) => call.join(id)));
    call.server.close();
    assert.deepEqual(removals, ['alice shutdown', 'bob shutdown', 'carol shutdown']);
    const { transports, producers, consumers } = call.engine;
    assert.deepEqual([transports.size, producers.size, consumers.size], [0, 0, 0]);
  });
});
