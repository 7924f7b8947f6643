import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { PeerConnectionError, SdpError, WebRtcError } from '../../src/errors.js';
import type { Peer } from '../../src/peer/peer.js';
import type { Track } from '../../src/peer/track.js';
import { videoCodec } from '../support/client-line.js';
import { FakeCall, heardBy } from '../support/fake-call.js';

const ALICE = ['audio of alice', 'video of alice'];
const BOB = ['audio of bob', 'video of bob'];

describe('negotiation', () => {
  let call: FakeCall;

  beforeEach(() => {
    call = new FakeCall();
  });

  afterEach(() => {
    call.server.close();
    mock.timers.reset();
  });

  it('announces every m-line a peer can receive on before there is anybody to receive', async () => {
    const alice = await call.join('alice');
    assert.deepEqual(heardBy(alice), ['audio of unassigned-0', 'video of unassigned-0']);
    assert.deepEqual(call.forwardedTo('alice'), []);
    assert.equal(call.signaling.offersSent.length, 0);
  });

  it('puts those who are there already into the answer of a later joiner', async () => {
    await call.join('alice', { answersOffers: false });
    const bob = call.client('bob');
    await bob.negotiate();
    assert.deepEqual(heardBy(bob), ALICE);
    assert.deepEqual(
      call.forwardedTo('bob'),
      [],
      'a keyframe would be lost before it is connected',
    );
    call.connect('bob');
    assert.deepEqual(call.forwardedTo('bob'), ALICE);
  });

  it('forwards to a peer that never negotiates again, on the m-lines it has', async () => {
    const alice = await call.join('alice', { answersOffers: false });
    await call.join('bob');
    assert.deepEqual(call.forwardedTo('alice'), BOB);
    const ssrcs = call.engine
      .consumersOf(call.transportOf('alice'))
      .map(({ options }) => options.ssrc);
    assert.equal(new Set(ssrcs).size, 2);
    assert.deepEqual(heardBy(alice), ['audio of unassigned-0', 'video of unassigned-0']);
  });

  it('tells a peer that negotiates whose tracks they are, without new m-lines', async () => {
    const alice = await call.join('alice');
    await call.join('bob');
    assert.deepEqual(heardBy(alice), BOB);
    assert.equal(alice.lines.length, 2);
    assert.equal(call.signaling.offersSent.length, 1);
  });

  it('adds m-lines by an offer for whatever does not fit', async () => {
    const alice = await call.join('alice');
    const bob = await call.join('bob');
    const carol = await call.join('carol');
    const everyone = [...ALICE, ...BOB, 'audio of carol', 'video of carol'];
    for (const client of [alice, bob, carol]) {
      const expected = everyone.filter((track) => !track.endsWith(` ${client.id}`)).sort();
      assert.deepEqual(heardBy(client), expected);
      assert.deepEqual(call.forwardedTo(client.id), expected);
      assert.equal(client.lines.length, 4);
    }
  });

  it('forwards nothing on an added m-line before the peer has answered', async () => {
    await call.join('alice');
    await call.join('bob', { answersOffers: false });
    await call.join('carol');
    assert.deepEqual(call.forwardedTo('bob'), ALICE);
  });

  it('waits with offers until the peer has connected, then sends one for all that happened', async () => {
    const alice = call.client('alice');
    await alice.negotiate();
    await call.join('bob');
    await call.join('carol');
    assert.ok(!call.signaling.offersSent.some(({ peerId }) => peerId === 'alice'));
    call.connect('alice');
    await call.settle();
    assert.equal(call.signaling.offersSent.filter(({ peerId }) => peerId === 'alice').length, 1);
    assert.deepEqual(heardBy(alice), [...BOB, 'audio of carol', 'video of carol'].sort());
  });

  it('sends one offer at a time, and the next one with the newest state', async () => {
    const alice = await call.join('alice', { answersOffers: false });
    await call.join('bob');
    await call.join('carol');
    const toAlice = call.signaling.offersSent.filter(({ peerId }) => peerId === 'alice');
    assert.equal(toAlice.length, 1);
    await call.server.handleAnswer('alice', alice.createAnswer(toAlice[0]?.sdp ?? ''));
    await call.settle();
    const second = call.signaling.offersSent.filter(({ peerId }) => peerId === 'alice')[1];
    await call.server.handleAnswer('alice', alice.createAnswer(second?.sdp ?? ''));
    assert.deepEqual(
      call.forwardedTo('alice'),
      [...BOB, 'audio of carol', 'video of carol'].sort(),
    );
  });

  it('gives the m-lines of those who left to those who come, in place of adding more', async () => {
    const alice = await call.join('alice');
    await call.join('bob');
    for (const id of ['carol', 'dave', 'erin']) {
      await call.join(id);
      assert.deepEqual(heardBy(alice), [...BOB, `audio of ${id}`, `video of ${id}`].sort());
      call.server.handlePeerLeft(id, 'disconnect');
      await call.settle();
      assert.deepEqual(heardBy(alice), BOB);
      assert.deepEqual(call.forwardedTo('alice'), BOB);
    }
    assert.equal(alice.lines.length, 4);
  });

  it('seats audio and video of one sender together', async () => {
    const viewer = await call.join('viewer', {
      lines: ['audio', 'audio', 'video', 'video'].map((kind) => ({
        kind: kind === 'audio' ? 'audio' : 'video',
        direction: 'recvonly',
      })),
      answersOffers: false,
    });
    await call.join('speaker', { lines: [{ kind: 'audio', direction: 'sendonly' }] });
    await call.join('alice');
    const [, secondAudio, , secondVideo] = viewer.lines.map(({ mid }) => {
      const consumer = call.engine
        .consumersOf(call.transportOf('viewer'))
        .find(({ options }) => options.mid === mid);
      return call.engine.producers.get(consumer?.producerId ?? 0)?.transportId;
    });
    assert.equal(secondAudio, call.transportOf('alice'));
    assert.equal(secondVideo, call.transportOf('alice'));
  });

  it('offers video to a peer that came with audio only', async () => {
    const bob = await call.join('bob', { lines: [{ kind: 'audio' }] });
    await call.join('alice');
    assert.deepEqual(heardBy(bob), ALICE);
    assert.deepEqual(call.forwardedTo('bob'), ALICE);
  });

  it('stops a track for everybody when its sender stops sending it, and starts it again', async () => {
    const alice = await call.join('alice');
    const bob = await call.join('bob');
    const [, video] = alice.lines;
    assert.ok(video);
    video.direction = 'recvonly';
    await alice.negotiate();
    await call.settle();
    assert.deepEqual(heardBy(bob), ['audio of alice']);
    assert.deepEqual(call.forwardedTo('bob'), ['audio of alice']);
    video.direction = 'sendrecv';
    await alice.negotiate();
    await call.settle();
    assert.deepEqual(heardBy(bob), ALICE);
    assert.deepEqual(call.forwardedTo('bob'), ALICE);
  });

  it('keeps producers and consumers through a renegotiation that changes nothing', async () => {
    const alice = await call.join('alice');
    await call.join('bob');
    const before = [...call.engine.producers.keys(), ...call.engine.consumers.keys()];
    await alice.negotiate();
    await call.settle();
    assert.deepEqual([...call.engine.producers.keys(), ...call.engine.consumers.keys()], before);
    assert.deepEqual(call.forwardedTo('alice'), BOB);
  });

  it('translates payload types between peers', async () => {
    await call.join('alice', { lines: [{ kind: 'video', codecs: [videoCodec('VP8', 96)] }] });
    await call.join('bob', { lines: [{ kind: 'video', codecs: [videoCodec('VP8', 120)] }] });
    const [toAlice] = call.engine.consumersOf(call.transportOf('alice'));
    const [toBob] = call.engine.consumersOf(call.transportOf('bob'));
    assert.deepEqual(toAlice?.payloadTypes, [{ from: 120, to: 96 }]);
    assert.deepEqual(toBob?.payloadTypes, [{ from: 96, to: 120 }]);
  });

  it('reports a track whose codec the peer does not know, and sends it the others', async () => {
    const missing: string[] = [];
    call.server.on('trackNotSent', (peer: Peer, track: Track, reason: string) =>
      missing.push(`${track.kind} of ${track.peerId} to ${peer.id}: ${reason}`),
    );
    const av1 = { kind: 'video', codecs: [videoCodec('AV1', 45)] } as const;
    await call.join('alice', { lines: [{ kind: 'audio' }, av1] });
    const bob = await call.join('bob');
    assert.deepEqual(heardBy(bob).slice(0, 1), ['audio of alice']);
    assert.deepEqual(call.forwardedTo('bob'), ['audio of alice']);
    assert.deepEqual(missing.sort(), [
      'video of alice to bob: The peer does not know its codec.',
      'video of bob to alice: The peer does not know its codec.',
    ]);
  });

  it('does not offer again what the peer has rejected', async () => {
    const missing: string[] = [];
    call.server.on('trackNotSent', (_peer: Peer, track: Track) => missing.push(track.peerId));
    const bob = await call.join('bob', { lines: [{ kind: 'audio' }], answersOffers: false });
    await call.join('alice');
    const offer = call.signaling.offersSent.find(({ peerId }) => peerId === 'bob')?.sdp ?? '';
    const answer = bob.createAnswer(offer).replace(/m=video \d+/, 'm=video 0');
    await call.server.handleAnswer('bob', answer.replace(/BUNDLE .*/, 'BUNDLE 0'));
    await call.settle();
    assert.deepEqual(missing, ['alice']);
    assert.equal(call.signaling.offersSent.filter(({ peerId }) => peerId === 'bob').length, 1);
    assert.deepEqual(call.forwardedTo('bob'), ['audio of alice']);
  });

  it('leaves a peer that does not answer as it is, until it offers', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const warnings: string[] = [];
    call.server.on('warning', (message: string) => warnings.push(message));
    const alice = await call.join('alice', { answersOffers: false });
    await call.join('bob');
    await call.join('carol');
    mock.timers.tick(30_000);
    await call.settle();
    await call.join('dave');
    const toAlice = call.signaling.offersSent.filter(({ peerId }) => peerId === 'alice');
    assert.equal(toAlice.length, 1);
    assert.equal(warnings.length, 1);
    assert.deepEqual(call.forwardedTo('alice'), BOB);
    await assert.rejects(
      call.server.handleAnswer('alice', alice.createAnswer(toAlice[0]?.sdp ?? '')),
      SdpError,
    );
    alice.lines.splice(2);
    await alice.negotiate();
    await call.settle();
    assert.equal(call.signaling.offersSent.filter(({ peerId }) => peerId === 'alice').length, 2);
  });

  it('gives a freed m-line of such a peer to somebody who waits', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    await call.join('alice', { answersOffers: false });
    await call.join('bob');
    await call.join('carol');
    mock.timers.tick(30_000);
    call.server.handlePeerLeft('bob', 'disconnect');
    await call.settle();
    assert.deepEqual(call.forwardedTo('alice'), ['audio of carol', 'video of carol']);
  });

  it('gives up on an offer whose answer is wrong, and keeps the connection', async () => {
    const alice = await call.join('alice', { answersOffers: false });
    await call.join('bob');
    await call.join('carol');
    const offer = call.signaling.offersSent.find(({ peerId }) => peerId === 'alice')?.sdp ?? '';
    const answer = alice.createAnswer(offer);
    await assert.rejects(call.server.handleAnswer('alice', 'v=0\r\n'), SdpError);
    await assert.rejects(call.server.handleAnswer('alice', answer), /No offer waits/);
    assert.deepEqual(call.forwardedTo('alice'), BOB);
  });

  it('refuses a second answer', async () => {
    const alice = await call.join('alice', { answersOffers: false });
    await call.join('bob');
    const offer = call.signaling.offersSent.find(({ peerId }) => peerId === 'alice')?.sdp ?? '';
    const answer = alice.createAnswer(offer);
    await call.server.handleAnswer('alice', answer);
    await assert.rejects(call.server.handleAnswer('alice', answer), SdpError);
    assert.deepEqual(call.forwardedTo('alice'), BOB);
  });

  it('restarts ICE when the peer does, and only then', async () => {
    const alice = await call.join('alice');
    const transport = call.engine.transports.get(call.transportOf('alice'));
    await alice.negotiate();
    assert.equal(transport?.remotes.length, 1);
    await alice.restartIce();
    assert.equal(transport.iceRestarts.length, 1);
    assert.equal(transport.remotes.length, 2);
    assert.equal(transport.remotes[1]?.ufrag, alice.ufrag);
    assert.equal(transport.remotes[1].dtlsRole, 'server');
  });

  it('answers active to a peer that insists on being passive', async () => {
    const alice = call.client('alice');
    const offer = alice.describeOffer().replaceAll('setup:actpass', 'setup:passive');
    const answer = await call.signaling.offer('alice', offer);
    assert.match(answer, /a=setup:active/);
    const transport = call.engine.transports.get(call.transportOf('alice'));
    assert.equal(transport?.remotes[0]?.dtlsRole, 'client');
  });

  it('changes nothing when a later offer is refused', async () => {
    const alice = await call.join('alice');
    await call.join('bob');
    const moved = alice
      .describeOffer()
      .replace('a=mid:0', 'a=mid:9')
      .replace('BUNDLE 0', 'BUNDLE 9');
    await assert.rejects(call.signaling.offer('alice', moved), /mid "0"/);
    const [shorter] = alice.describeOffer().split('m=video');
    await assert.rejects(call.signaling.offer('alice', shorter ?? ''), /1 m= lines, but 2 exist/);
    assert.deepEqual(call.forwardedTo('alice'), BOB);
    assert.deepEqual(call.forwardedTo('bob'), ALICE);
  });

  it('keeps its place for an m-line that the peer stops, and takes another one there', async () => {
    const alice = await call.join('alice', { answersOffers: false });
    const bob = await call.join('bob');
    const offer = alice.describeOffer();
    const stopped = offer.replace(/m=video \d+/, 'm=video 0').replace('BUNDLE 0 1', 'BUNDLE 0');
    const answer = await call.signaling.offer('alice', stopped);
    await call.settle();
    assert.match(answer, /^m=video 0 UDP\/TLS\/RTP\/SAVPF 96 97\r$/m);
    assert.deepEqual(heardBy(bob), ['audio of alice']);
    const recycled = offer.replace('a=mid:1', 'a=mid:7').replace('BUNDLE 0 1', 'BUNDLE 0 7');
    assert.match(await call.signaling.offer('alice', recycled), /a=mid:7/);
    await call.settle();
    assert.deepEqual(heardBy(bob), ALICE);
  });

  it('throws nothing but its own errors, however a later offer is damaged', async () => {
    const alice = await call.join('alice', { answersOffers: false });
    const lines = alice.describeOffer().split('\r\n');
    for (let index = 0; index < lines.length; index++) {
      for (const replacement of [[], [`${lines[index]}9`], [lines[index - 1] ?? '', 'a=x']]) {
        const damaged = [...lines.slice(0, index), ...replacement, ...lines.slice(index + 1)];
        await call.signaling.offer('alice', damaged.join('\r\n')).catch((error: unknown) => {
          assert.ok(error instanceof WebRtcError, String(error));
          assert.ok(!(error instanceof PeerConnectionError));
        });
      }
    }
  });

  describe('when offers cross', () => {
    it('answers the remote offer and offers again later, if the remote peer insists', async () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      const alice = await call.join('alice', { answersOffers: false });
      await call.join('bob');
      await call.join('carol');
      await alice.negotiate();
      await call.settle();
      const toAlice = () => call.signaling.offersSent.filter(({ peerId }) => peerId === 'alice');
      assert.equal(toAlice().length, 1);
      assert.deepEqual(heardBy(alice), BOB);
      mock.timers.tick(2_000);
      await call.settle();
      assert.equal(toAlice().length, 2);
      await call.server.handleAnswer('alice', alice.createAnswer(toAlice()[1]?.sdp ?? ''));
      assert.deepEqual(heardBy(alice), [...BOB, 'audio of carol', 'video of carol'].sort());
      assert.deepEqual(call.forwardedTo('alice'), heardBy(alice));
    });

    it('takes the answer to its own offer, if the remote peer has given way as well', async () => {
      const alice = await call.join('alice', { answersOffers: false });
      await call.join('bob');
      const withdrawn =
        call.signaling.offersSent.find(({ peerId }) => peerId === 'alice')?.sdp ?? '';
      // Alice offers a second camera, and gives that up when the server's offer arrives.
      alice.addLine({ kind: 'video' });
      await call.signaling.offer('alice', alice.describeOffer());
      assert.equal(call.engine.producersOf(call.transportOf('alice')).length, 3);
      alice.lines.pop();
      await call.server.handleAnswer('alice', alice.createAnswer(withdrawn));
      assert.equal(call.engine.producersOf(call.transportOf('alice')).length, 2);
      assert.deepEqual(heardBy(alice), BOB);
      assert.deepEqual(call.forwardedTo('alice'), BOB);
      alice.addLine({ kind: 'video' });
      await alice.negotiate();
      assert.equal(call.engine.producersOf(call.transportOf('alice')).length, 3);
    });
  });
});
