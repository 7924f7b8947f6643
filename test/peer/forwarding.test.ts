/** Peers on the real engine: DTLS, SRTP and UDP over loopback, with media made by the engine. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PeerRemovalReason } from '../../src/peer/peer-manager.js';
import type { Peer } from '../../src/peer/peer.js';
import type { ProducerStats } from '../../src/native/binding.js';
import type { NativeClient } from '../support/native-client.js';
import { RealCall, untilMediaArrives } from '../support/real-call.js';

const CLIENT_PROCESS = fileURLToPath(new URL('../support/client-process.ts', import.meta.url));

describe('forwarding between peers', function () {
  this.timeout(30_000);
  let call: RealCall;

  beforeEach(() => {
    call = new RealCall();
  });

  afterEach(() => {
    call.close();
    assert.deepEqual(call.warnings, []);
  });

  function removal(): Promise<[peer: Peer, reason: PeerRemovalReason]> {
    return once(call.server.peers, 'peerRemoved') as Promise<[Peer, PeerRemovalReason]>;
  }

  it('brings audio and video of two peers to each other within two seconds of joining', async () => {
    const begin = performance.now();
    const [alice, bob] = await Promise.all([call.join('alice'), call.join('bob')]);
    const arrived = await Promise.all([untilMediaArrives(alice, 2), untilMediaArrives(bob, 2)]);
    const elapsed = performance.now() - begin;
    assert.deepEqual(
      arrived.map((streams) => streams.map(({ kind }) => kind).sort()),
      [
        ['audio', 'video'],
        ['audio', 'video'],
      ],
    );
    assert.ok(elapsed < 2_000, `took ${elapsed} ms`);
  });

  it('brings a later joiner to a peer that never negotiates again', async () => {
    const alice = await call.join('alice', { answersOffers: false });
    const bob = await call.join('bob');
    await untilMediaArrives(alice, 2);
    await untilMediaArrives(bob, 2);
  });

  it('brings a third peer over m-lines added by an offer', async () => {
    const clients: NativeClient[] = [];
    for (const id of ['alice', 'bob', 'carol']) clients.push(await call.join(id));
    for (const client of clients) {
      const streams = await untilMediaArrives(client, 4);
      const senders = ['alice', 'bob', 'carol'].filter((id) => id !== client.id);
      assert.deepEqual(new Set(streams.map(({ streamId }) => streamId)), new Set(senders));
    }
  });

  it('connects twenty peers that join at the same moment within two seconds', async () => {
    const clients = Array.from({ length: 20 }, (_, index) => call.client(`peer-${index}`));
    const begin = performance.now();
    await Promise.all(clients.map((client) => client.connect()));
    const elapsed = performance.now() - begin;
    assert.ok(elapsed < 2_000, `took ${elapsed} ms`);
    assert.ok(call.server.peers.list().every(({ state }) => state === 'connected'));
    for (const client of clients) client.send('audio');
    await Promise.all(clients.map((client) => untilMediaArrives(client, 19)));
  });

  it('loses nothing on a clean path', async () => {
    const alice = await call.join('alice', { lines: [{ kind: 'video', direction: 'sendonly' }] });
    const bob = await call.join('bob', { lines: [{ kind: 'video', direction: 'recvonly' }] });
    await untilMediaArrives(bob, 1);
    let received: ProducerStats | undefined;
    while ((received?.packetsReceived ?? 0) < 200) [received] = (await bob.getStats()).producers;
    const [sent] = (await alice.getStats()).consumers;
    assert.equal(received?.packetsLost, 0);
    assert.ok((sent?.packetsSent ?? 0) >= 200);
  });

  it('goes on through an ICE restart', async () => {
    const alice = await call.join('alice');
    const bob = await call.join('bob');
    await untilMediaArrives(bob, 2);
    await alice.restartIce();
    const before = (await bob.getStats()).packetsReceived;
    while ((await bob.getStats()).packetsReceived < before + 200) {
      assert.equal(call.server.peers.get('alice').state, 'connected');
    }
  });

  it('lets a peer go as soon as it closes its connection, and tells the others', async () => {
    const alice = await call.join('alice');
    await call.join('bob');
    const gone = removal();
    alice.close();
    const [peer, reason] = await gone;
    assert.deepEqual([peer.id, reason], ['alice', 'connection-closed']);
    assert.deepEqual(call.signaling.disconnected, [{ peerId: 'alice', reason }]);
  });

  it('lets a peer go that was killed without goodbye, after the consent time-out', async () => {
    call.close();
    call = new RealCall({ consentTimeoutMs: 1_000 });
    const child = fork(CLIENT_PROCESS, { execArgv: ['--import', 'tsx'] });
    const [{ offer }] = (await once(child, 'message')) as [{ offer: string }];
    child.send(await call.signaling.offer('victim', offer));
    await once(child, 'message');
    const gone = removal();
    const killed = performance.now();
    child.kill('SIGKILL');
    const [peer, reason] = await gone;
    assert.deepEqual([peer.id, reason], ['victim', 'connection-lost']);
    const elapsed = performance.now() - killed;
    assert.ok(elapsed > 500 && elapsed < 3_000, `took ${elapsed} ms`);
  });

  it('refuses an impostor: media needs the certificate of the description', async () => {
    const mallory = call.client('mallory');
    const offer = mallory
      .describeOffer()
      .replace(/a=fingerprint:sha-256 ../, 'a=fingerprint:sha-256 00');
    const gone = removal();
    mallory.applyAnswer(await call.signaling.offer('mallory', offer));
    const [peer, reason] = await gone;
    assert.deepEqual([peer.id, reason], ['mallory', 'connection-failed']);
  });

  it('forwards while this thread is blocked', async () => {
    const alice = await call.join('alice', { lines: [{ kind: 'video', direction: 'sendonly' }] });
    const bob = await call.join('bob', { lines: [{ kind: 'video', direction: 'recvonly' }] });
    await untilMediaArrives(bob, 1);
    const before = (await bob.getStats()).packetsReceived;
    const end = performance.now() + 1_000;
    while (performance.now() < end);
    const [received] = (await bob.getStats()).producers;
    assert.ok((await bob.getStats()).packetsReceived - before >= 80);
    assert.equal(received?.packetsLost, 0);
    assert.equal(alice.state, 'connected');
  });
});
