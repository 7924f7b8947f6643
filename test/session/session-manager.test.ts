import assert from 'node:assert/strict';
import { SessionError, SessionNotFoundError } from '../../src/errors.js';
import type { Peer } from '../../src/peer/peer.js';
import type { Session } from '../../src/session/session.js';
import { FakeCall, heardBy } from '../support/fake-call.js';

describe('SessionManager', () => {
  let call: FakeCall;

  beforeEach(() => {
    call = new FakeCall();
  });

  afterEach(() => {
    call.server.close();
  });

  it('puts every peer into the session "default" unless told otherwise', async () => {
    await call.join('alice');
    assert.deepEqual(
      call.server.sessions.get('default').peers.map(({ id }) => id),
      ['alice'],
    );
    const other = new FakeCall({ defaultSessionId: null });
    const bob = await other.join('bob');
    await other.join('carol');
    assert.equal(other.server.sessions.count, 0);
    assert.deepEqual(heardBy(bob), ['audio of unassigned-0', 'video of unassigned-0']);
    other.server.close();
  });

  it('creates, finds, lists and removes sessions', () => {
    const { sessions } = call.server;
    const room = sessions.create('room');
    assert.equal(sessions.get('room'), room);
    assert.deepEqual(
      sessions.list().map(({ id }) => id),
      ['default', 'room'],
    );
    sessions.remove('room');
    assert.equal(sessions.has('room'), false);
    assert.equal(sessions.count, 1);
  });

  it('refuses ids that are taken, malformed or unknown', () => {
    const { sessions } = call.server;
    assert.throws(() => sessions.create('default'), SessionError);
    for (const id of ['', 'a b', 'x'.repeat(65)]) {
      assert.throws(() => sessions.create(id), SessionError);
    }
    assert.throws(() => sessions.get('room'), SessionNotFoundError);
    assert.throws(() => {
      sessions.remove('room');
    }, SessionNotFoundError);
  });

  it('keeps sessions apart, and moves a peer from one to another', async () => {
    const { sessions, peers } = call.server;
    const alice = await call.join('alice');
    const bob = await call.join('bob');
    const carol = await call.join('carol');
    sessions.create('room');
    sessions.addPeer('room', peers.get('carol'));
    await call.settle();
    assert.deepEqual(heardBy(alice), ['audio of bob', 'video of bob']);
    assert.deepEqual(call.forwardedTo('alice'), heardBy(alice));
    assert.deepEqual(call.forwardedTo('carol'), []);
    sessions.addPeer('room', peers.get('bob'));
    await call.settle();
    assert.deepEqual(heardBy(alice), []);
    assert.deepEqual(heardBy(carol), ['audio of bob', 'video of bob']);
    assert.deepEqual(heardBy(bob), ['audio of carol', 'video of carol']);
    assert.equal(sessions.sessionOf(peers.get('bob'))?.id, 'room');
  });

  it('leaves the peers of a removed session connected, receiving nobody', async () => {
    const alice = await call.join('alice');
    await call.join('bob');
    call.server.sessions.remove('default');
    await call.settle();
    assert.deepEqual(heardBy(alice), []);
    assert.deepEqual(call.forwardedTo('alice'), []);
    assert.equal(call.server.peers.count, 2);
    await call.join('carol');
    assert.equal(call.server.peers.count, 3);
  });

  it('tells who joined and who left', async () => {
    const log: string[] = [];
    const { sessions } = call.server;
    sessions.on('peerJoined', (session: Session, peer: Peer) =>
      log.push(`${session.id}+${peer.id}`),
    );
    sessions.on('peerLeft', (session: Session, peer: Peer) => log.push(`${session.id}-${peer.id}`));
    await call.join('alice');
    await call.join('bob');
    call.server.handlePeerLeft('alice', 'disconnect');
    assert.deepEqual(log, ['default+alice', 'default+bob', 'default-alice']);
  });

  it('lets twenty peers that join at once receive each other, with few offers', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `peer-${index}`);
    const clients = ids.map((id) => call.client(id));
    await Promise.all(clients.map((client) => client.negotiate()));
    call.engine.connectAll();
    await call.settle();
    for (const client of clients) {
      const expected = ids
        .filter((id) => id !== client.id)
        .flatMap((id) => [`audio of ${id}`, `video of ${id}`])
        .sort();
      assert.deepEqual(heardBy(client), expected);
      assert.deepEqual(call.forwardedTo(client.id), expected);
    }
    assert.ok(call.signaling.offersSent.length <= 40, `${call.signaling.offersSent.length} offers`);
    const longest = Math.max(...call.signaling.offersSent.map(({ sdp }) => sdp.length));
    assert.ok(longest < 64 * 1024, `an offer has ${longest} bytes`);
  });

  it('sends a peer as many tracks as its descriptions have room for, and says which are left out', async () => {
    const missing = new Set<string>();
    call.server.on('trackNotSent', (peer, track) => {
      if (peer.id === 'viewer') missing.add(track.id);
    });
    const viewer = await call.join('viewer', { lines: [{ kind: 'audio', direction: 'recvonly' }] });
    const audio = [{ kind: 'audio', direction: 'sendonly' }] as const;
    for (let index = 0; index < 60; index++) {
      await call.join(`speaker-${index}`, { lines: audio, answersOffers: false });
    }
    assert.equal(viewer.received.length, 56);
    assert.equal(missing.size, 4);
    call.server.handlePeerLeft('speaker-0', 'disconnect');
    await call.settle();
    assert.equal(viewer.received.length, 56);
  });
});
