import assert from 'node:assert/strict';
import { Call } from '../../web/js/call.js';
import type { RemoteTrack } from '../../web/js/call.js';
import { RpcError } from '../../web/js/json-rpc-client.js';
import { FakePeerConnection } from './fake-peer-connection.js';

/** An offer of the page that the server has not answered yet. */
interface OpenOffer {
  sdp: string;
  answer: (sdp: string) => void;
  refuse: (error: Error) => void;
}

const mediaLine = (mid: string, peerId: string) =>
  `m=video 9 UDP/TLS/RTP/SAVPF 96\na=mid:${mid}\na=sendrecv\na=msid:${peerId} t\n`;

describe('a call', () => {
  let pc: FakePeerConnection;
  let call: Call;
  let answers: string[];
  let candidates: string[];
  let tracks: RemoteTrack[];
  let states: string[];
  let failures: Error[];
  let openOffers: OpenOffer[];
  let offerSent: () => void;

  /** The next offer that reaches the server, or the one that has. */
  const nextOffer = async (): Promise<OpenOffer> => {
    if (openOffers.length === 0) await new Promise<void>((resolve) => (offerSent = resolve));
    return openOffers.shift()!;
  };

  beforeEach(() => {
    pc = new FakePeerConnection();
    [answers, candidates, tracks, states, failures, openOffers] = [[], [], [], [], [], []];
    offerSent = () => {};
    const videoTrack = { kind: 'video', id: 'camera' };
    call = new Call({
      pc: pc.asPeerConnection(),
      stream: { getTracks: () => [videoTrack] } as unknown as MediaStream,
      codec: null,
      signaling: {
        offer: (sdp) =>
          new Promise((answer, refuse) => {
            openOffers.push({ sdp, answer, refuse });
            offerSent();
          }),
        answer: (sdp) => {
          answers.push(sdp);
          return Promise.resolve();
        },
        candidate: ({ candidate }) => candidates.push(candidate),
      },
      events: {
        onTracks: (all) => (tracks = all),
        onState: (state) => states.push(state),
        onFailure: (error) => failures.push(error),
      },
    });
  });

  const start = async (answer = 'answer') => {
    const started = call.start();
    (await nextOffer()).answer(answer);
    await started;
  };

  it('offers audio and video, also the kind for which there is no track', async () => {
    await start();
    assert.deepEqual(
      pc.transceivers.map(({ receiver, sender }) => [receiver.track.kind, sender.track]),
      [
        ['audio', 'audio'],
        ['video', { kind: 'video', id: 'camera' }],
      ],
    );
    assert.deepEqual([...call.sendingMids], ['0', '1']);
    assert.equal(pc.signalingState, 'stable');
  });

  it('tells whose media each m-line carries after the answer and after every offer', async () => {
    await start(mediaLine('1', 'ada'));
    assert.deepEqual(
      tracks.map(({ mid, peerId }) => [mid, peerId]),
      [['1', 'ada']],
    );
    await call.handleOffer(mediaLine('1', 'grace'));
    assert.deepEqual(
      tracks.map(({ mid, peerId }) => [mid, peerId]),
      [['1', 'grace']],
    );
  });

  it("answers the server's offer", async () => {
    await start();
    await call.handleOffer('more m-lines');
    assert.deepEqual(answers, ['answer to more m-lines']);
    assert.equal(pc.signalingState, 'stable');
  });

  it("gives way to the server's offer, ignores the answer to its own and offers again", async () => {
    await start();
    pc.onnegotiationneeded?.();
    const overtaken = await nextOffer();
    await call.handleOffer('server first');
    assert.deepEqual(answers, ['answer to server first']);

    overtaken.answer('late answer');
    const again = await nextOffer();
    assert.notEqual(again.sdp, overtaken.sdp);
    again.answer('final answer');
    await new Promise(setImmediate);
    assert.equal(pc.remoteDescription?.sdp, 'final answer');
    assert.deepEqual(failures, []);
  });

  it('takes back an offer the server is too busy for, and offers again after a while', async () => {
    await start();
    pc.onnegotiationneeded?.();
    const refused = await nextOffer();
    refused.refuse(new RpcError(-32005, 'negotiation in progress'));
    const again = await nextOffer();
    assert.notEqual(again.sdp, refused.sdp);
    assert.deepEqual(failures, []);
  });

  it('fails to start when the server refuses for another reason', async () => {
    const started = call.start();
    (await nextOffer()).refuse(new RpcError(-32007, 'no common codec'));
    await assert.rejects(started, { code: -32007 });
  });

  it('reports a refusal later on as its end', async () => {
    await start();
    pc.onnegotiationneeded?.();
    (await nextOffer()).refuse(new RpcError(-32002, 'bad offer'));
    await new Promise(setImmediate);
    assert.deepEqual(
      failures.map(({ message }) => message),
      ['bad offer'],
    );
  });

  it('trickles its candidates and takes those of the server', async () => {
    await start();
    pc.onicecandidate?.({ candidate: { candidate: 'candidate:1' } });
    pc.onicecandidate?.({ candidate: { candidate: '' } });
    pc.onicecandidate?.({ candidate: null });
    assert.deepEqual(candidates, ['candidate:1']);

    await call.handleCandidate({ candidate: 'candidate:2', sdpMid: '0' });
    await call.handleCandidate({ candidate: '', sdpMid: null });
    assert.deepEqual(pc.candidates, [{ candidate: 'candidate:2', sdpMid: '0' }, undefined]);
  });

  it('restarts ICE once before it gives the connection up', async () => {
    await start();
    for (const state of ['connected', 'failed', 'connected', 'failed']) {
      pc.changeConnectionState(state);
    }
    assert.equal(pc.iceRestarts, 2);
    assert.deepEqual(failures, []);
    pc.changeConnectionState('failed');
    assert.equal(pc.iceRestarts, 2);
    assert.equal(failures.length, 1);
    assert.deepEqual(states, ['connected', 'failed', 'connected', 'failed', 'failed']);
  });

  it('sends another track in the place of the one before', async () => {
    await start();
    await call.replaceTrack('video', null);
    assert.equal(pc.transceivers[1]!.sender.track, null);
    assert.equal(pc.transceivers[0]!.sender.track, 'audio');
  });

  it('is silent once it is closed', async () => {
    await start();
    pc.onnegotiationneeded?.();
    const open = await nextOffer();
    call.close();
    open.answer('too late');
    await new Promise(setImmediate);
    assert.deepEqual(failures, []);
    assert.equal(pc.onconnectionstatechange, null);
  });
});
