import assert from 'node:assert/strict';
import type { Call, CallEvents, RemoteTrack, Signaling } from '../../web/js/call.js';
import { Conference } from '../../web/js/conference.js';
import type { ConferenceState, Participant } from '../../web/js/conference.js';
import { FakeSocket } from './fake-socket.js';

/** A server of the prefixed dialect that answers at once, over one socket per connection. */
class FakeServer {
  readonly sockets: FakeSocket[] = [];
  peers: object[] = [];
  /** Error of `peer.announce`, when it is to be refused. */
  refusal: object | null = null;
  unreachable = false;

  readonly openSocket = (): Promise<WebSocket> => {
    if (this.unreachable) return Promise.reject(new Error('unreachable'));
    const socket = new FakeSocket();
    socket.onsent = ({ id, method }) => {
      if (id !== undefined)
        queueMicrotask(() => {
          socket.receive({ id, ...this.#respond(method) });
        });
    };
    this.sockets.push(socket);
    return Promise.resolve(socket.asWebSocket());
  };

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  notify(method: string, params: object): void {
    this.socket.receive({ jsonrpc: '2.0', method, params });
  }

  #respond(method: string | undefined): object {
    if (method === 'peer.announce' && this.refusal !== null) return { error: this.refusal };
    if (method === 'peer.list') return { result: { peers: this.peers } };
    if (method === 'peer.offer') return { result: { type: 'answer', sdp: 'server answer' } };
    return { result: { success: true } };
  }
}

/** A call that offers once, and keeps what it is told. */
class FakeCall {
  readonly offers: string[] = [];
  answer = '';
  closed = false;

  constructor(
    readonly signaling: Signaling,
    readonly events: CallEvents,
  ) {}

  async start(): Promise<void> {
    this.answer = await this.signaling.offer('page offer');
  }

  handleOffer(sdp: string): Promise<void> {
    this.offers.push(sdp);
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

const track = (mid: string, peerId: string) =>
  ({ mid, peerId, track: mid }) as unknown as RemoteTrack;
const ada = { peer_id: 'ada-1', capabilities: ['audio'], metadata: { name: 'Ada' } };
const grace = { peer_id: 'grace-1', capabilities: ['audio'], metadata: null };

describe('a conference', () => {
  let server: FakeServer;
  let calls: FakeCall[];
  let conference: Conference;
  let states: ConferenceState[];
  let participants: Participant[];
  let waits: number;
  /** Runs in the place of each wait between two attempts. */
  let duringWait: () => void;
  let stateChanged: () => void;

  const reached = async (state: ConferenceState) => {
    while (states.at(-1) !== state) await new Promise<void>((resolve) => (stateChanged = resolve));
  };

  beforeEach(() => {
    server = new FakeServer();
    [calls, states, participants] = [[], [], []];
    waits = 0;
    duringWait = () => {};
    stateChanged = () => {};
    conference = new Conference('Zoe', {
      openSocket: server.openSocket,
      createCall: (signaling, events) => {
        const call = new FakeCall(signaling, events);
        calls.push(call);
        return call as unknown as Call;
      },
      wait: () => {
        waits++;
        duringWait();
        return Promise.resolve();
      },
    });
    conference.onState = (state) => {
      states.push(state);
      stateChanged();
    };
    conference.onParticipants = (all) => (participants = all);
  });

  afterEach(() => {
    conference.leave();
  });

  const summary = () => participants.map(({ id, name, mids }) => [id, name, ...mids]);

  it('announces a valid id and the name, asks who is there, then offers to the server', async () => {
    await conference.join();
    const [announce, list, offer] = server.socket.sent;
    assert.equal(announce?.method, 'peer.announce');
    assert.match(String(announce.params?.peer_id), /^[a-zA-Z0-9_-]{1,64}$/);
    assert.deepEqual(announce.params?.user_data, { name: 'Zoe' });
    assert.deepEqual(announce.params.capabilities, ['audio', 'video']);
    assert.equal(list?.method, 'peer.list');
    assert.equal(offer?.method, 'peer.offer');
    assert.deepEqual(offer.params, {
      from: announce.params.peer_id,
      to: 'remotemedia-server',
      sdp: 'page offer',
    });
    assert.equal(calls[0]!.answer, 'server answer');
  });

  it('knows everyone by name, and by id who has none, but not itself', async () => {
    server.peers = [ada, grace];
    await conference.join();
    const self = server.socket.sent[0]?.params?.peer_id;
    server.notify('peer.joined', { peer_id: self, metadata: { name: 'Zoe' } });
    assert.deepEqual(summary(), [
      ['ada-1', 'Ada'],
      ['grace-1', 'grace-1'],
    ]);
  });

  it('follows people who come and go', async () => {
    await conference.join();
    server.notify('peer.joined', ada);
    server.notify('peer.joined', grace);
    server.notify('peer.left', { peer_id: 'ada-1' });
    assert.deepEqual(summary(), [['grace-1', 'grace-1']]);
    server.notify('peer.disconnected', { peer_id: 'grace-1', reason: 'timeout' });
    assert.deepEqual(summary(), []);
  });

  it('gives tracks to the people they belong to, and none to those it does not know', async () => {
    server.peers = [ada];
    await conference.join();
    calls[0]!.events.onTracks([track('0', 'ada-1'), track('1', 'ada-1'), track('2', 'nobody')]);
    assert.deepEqual(summary(), [['ada-1', 'Ada', '0', '1']]);
  });

  it("passes the server's offers to the call, and nobody else's", async () => {
    await conference.join();
    server.notify('peer.offer', { from: 'remotemedia-server', sdp: 'more' });
    server.notify('peer.offer', { from: 'ada-1', sdp: 'direct' });
    assert.deepEqual(calls[0]!.offers, ['more']);
  });

  it('sends answers and candidates to the server', async () => {
    await conference.join();
    await calls[0]!.signaling.answer('page answer');
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
    calls[0]!.signaling.candidate(candidate as RTCIceCandidate);
    const from = server.socket.sent[0]?.params?.peer_id;
    const address = { from, to: 'remotemedia-server' };
    const [answer, trickled] = server.socket.sent.slice(-2);
    assert.deepEqual(answer?.params, { ...address, sdp: 'page answer' });
    assert.equal(trickled?.id, undefined);
    assert.deepEqual(trickled?.params, {
      ...address,
      candidate: 'candidate:1',
      sdp_mid: '0',
      sdp_m_line_index: 0,
    });
  });

  it('tells how the media connection is doing', async () => {
    await conference.join();
    for (const state of [
      'connecting',
      'connected',
      'disconnected',
      'connected',
      'failed',
    ] as const) {
      calls[0]!.events.onState(state);
    }
    assert.deepEqual(states, ['joining', 'connected', 'unstable', 'connected', 'unstable']);
  });

  it('does not join where the server refuses', async () => {
    server.refusal = { code: -32001, message: 'The session is full.' };
    await assert.rejects(conference.join(), { code: -32001, message: 'The session is full.' });
    assert.equal(server.socket.closed, true);
    assert.equal(waits, 0);
  });

  it('comes back under a new id as often as it takes when the server goes away', async () => {
    server.peers = [ada];
    await conference.join();
    calls[0]!.events.onState('connected');
    const [first] = server.sockets;
    server.unreachable = true;
    duringWait = () => (server.unreachable = waits < 3);
    server.peers = [];
    first!.drop();
    await reached('reconnecting');
    while (calls.length < 2) await new Promise(setImmediate);
    calls[1]!.events.onState('connected');

    assert.equal(waits, 3);
    assert.equal(calls[0]!.closed, true);
    assert.deepEqual(states.slice(-4), [
      'reconnecting',
      'reconnecting',
      'reconnecting',
      'connected',
    ]);
    assert.notEqual(server.socket.sent[0]?.params?.peer_id, first!.sent[0]?.params?.peer_id);
    assert.deepEqual(summary(), []);
  });

  it('joins anew when the media connection is beyond repair', async () => {
    await conference.join();
    calls[0]!.events.onFailure(new Error('no way through'));
    while (calls.length < 2) await new Promise(setImmediate);
    assert.equal(server.sockets[0]!.closed, true);
    assert.equal(waits, 1);
  });

  it('joins anew when the server ends the call', async () => {
    await conference.join();
    server.notify('peer.disconnected', { peer_id: 'remotemedia-server', reason: 'ice timeout' });
    while (calls.length < 2) await new Promise(setImmediate);
    const self = server.socket.sent[0]?.params?.peer_id;
    await new Promise(setImmediate);
    server.notify('peer.disconnected', { peer_id: self, reason: 'removed' });
    while (calls.length < 3) await new Promise(setImmediate);
    assert.equal(waits, 2);
    assert.deepEqual(summary(), []);
  });

  it('ends when there is no room any more on the way back', async () => {
    await conference.join();
    server.refusal = { code: -32001, message: 'The session is full.' };
    server.socket.drop();
    await reached('ended');
    assert.equal(waits, 1);
  });

  it('says goodbye when leaving, and never comes back', async () => {
    await conference.join();
    conference.leave();
    const goodbye = server.socket.sent.at(-1);
    assert.equal(goodbye?.method, 'peer.disconnect');
    assert.equal(goodbye.params?.peer_id, server.socket.sent[0]?.params?.peer_id);
    assert.equal(server.socket.closed, true);
    assert.equal(calls[0]!.closed, true);
    assert.deepEqual(states, ['joining', 'ended']);
    assert.equal(waits, 0);
  });

  it('stops trying to come back when it is left', async () => {
    await conference.join();
    duringWait = () => {
      conference.leave();
    };
    server.socket.drop();
    await reached('ended');
    assert.equal(server.sockets.length, 1);
  });
});
