/**
 * Taking part in the session of a server: announcing, knowing who is there, and coming back after the
 * connection was lost. Speaks the prefixed dialect of the signaling protocol.
 */

import { backoffDelay, delay } from './backoff.js';
import { ConnectionLostError, JsonRpcClient, RpcError } from './json-rpc-client.js';

const SERVER = 'remotemedia-server';
/** The server will not let this peer in however often it asks: the session is full. */
const SESSION_LIMIT = -32001;

/** @typedef {import('./call.js').Call} Call */
/** @typedef {import('./call.js').Signaling} Signaling */
/** @typedef {import('./call.js').CallEvents} CallEvents */
/** @typedef {import('./json-rpc-client.js').Socket} Socket */

/**
 * - `joining`: announcing and making the first media connection
 * - `connected`: media flows
 * - `unstable`: media does not arrive at the moment; the browser is looking for a way
 * - `reconnecting`: the server is gone; joining again
 * - `ended`: over, by choice or because of the error handed along
 *
 * @typedef {'joining' | 'connected' | 'unstable' | 'reconnecting' | 'ended'} ConferenceState
 */

/**
 * @typedef {object} Participant
 * @property {string} id
 * @property {string} name
 * @property {MediaStreamTrack[]} tracks
 * @property {ReadonlySet<string>} mids The m-lines of these tracks.
 */

/**
 * @typedef {object} Dependencies
 * @property {() => Promise<Socket>} openSocket Resolves with an open socket.
 * @property {(signaling: Signaling, events: CallEvents) => Call} createCall
 * @property {(ms: number, signal: AbortSignal) => Promise<void>} [wait]
 */

/** One life of the connection; a lost one is replaced as a whole. */
class Connection {
  /** @type {Call | null} */
  call = null;
  /** Whether joining has succeeded: until then a loss shows as a rejected request of that joining. */
  joined = false;
  /** @type {Map<string, string>} Name by peer id. */
  names = new Map();
  /** @type {import('./call.js').RemoteTrack[]} */
  tracks = [];

  /**
   * @param {string} peerId
   * @param {JsonRpcClient} rpc
   */
  constructor(peerId, rpc) {
    this.peerId = peerId;
    this.rpc = rpc;
  }

  close() {
    this.call?.close();
    this.rpc.close();
  }
}

export class Conference {
  #name;
  #dependencies;
  #over = new AbortController();
  /** @type {Connection | null} */
  #connection = null;

  /** @type {(state: ConferenceState, error?: Error) => void} */
  onState = () => {};
  /** @type {(participants: Participant[]) => void} Everyone else, in the order they came. */
  onParticipants = () => {};

  /**
   * @param {string} name Announced to the others.
   * @param {Dependencies} dependencies
   */
  constructor(name, dependencies) {
    this.#name = name;
    this.#dependencies = dependencies;
  }

  /** The call of the moment, null while there is none. */
  get call() {
    return this.#connection?.call ?? null;
  }

  /** Rejects when the server cannot be reached or refuses; from then on losses are made good. */
  async join() {
    this.onState('joining');
    try {
      await this.#connect();
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  /** Says goodbye and ends everything at once. */
  leave() {
    if (this.#over.signal.aborted) return;
    const { rpc, peerId } = this.#connection ?? {};
    rpc?.notify('peer.disconnect', { peer_id: peerId, reason: 'left' });
    this.#end();
    this.onState('ended');
  }

  async #connect() {
    const socket = await this.#dependencies.openSocket();
    const rpc = new JsonRpcClient(socket);
    const connection = new Connection(createPeerId(), rpc);
    this.#connection = connection;
    if (this.#over.signal.aborted) connection.close();
    rpc.onNotification = (method, params) => this.#handleNotification(connection, method, params);
    rpc.onClose = ({ reason }) => {
      this.#handleLoss(
        connection,
        new ConnectionLostError(reason || 'The server closed the connection.'),
      );
    };
    await rpc.request('peer.announce', {
      peer_id: connection.peerId,
      capabilities: ['audio', 'video'],
      user_data: { name: this.#name },
    });
    const { peers } = await rpc.request('peer.list');
    for (const peer of peers) this.#addPeer(connection, peer);
    this.#publish(connection);

    connection.call = this.#createCall(connection);
    await connection.call.start();
    connection.joined = true;
  }

  /**
   * @param {Connection} connection
   * @returns {Call}
   */
  #createCall(connection) {
    const { rpc, peerId } = connection;
    const address = { from: peerId, to: SERVER };
    return this.#dependencies.createCall(
      {
        offer: async (sdp) => (await rpc.request('peer.offer', { ...address, sdp })).sdp,
        answer: async (sdp) => rpc.request('peer.answer', { ...address, sdp }),
        candidate: ({ candidate, sdpMid, sdpMLineIndex }) =>
          rpc.notify('peer.ice_candidate', {
            ...address,
            candidate,
            sdp_mid: sdpMid,
            sdp_m_line_index: sdpMLineIndex,
          }),
      },
      {
        onTracks: (tracks) => {
          connection.tracks = tracks;
          this.#publish(connection);
        },
        onState: (state) => {
          if (state === 'connected') this.onState('connected');
          if (state === 'disconnected' || state === 'failed') this.onState('unstable');
        },
        onFailure: (error) => this.#handleLoss(connection, error),
      },
    );
  }

  /**
   * @param {Connection} connection
   * @param {string} method
   * @param {any} params
   */
  #handleNotification(connection, method, params) {
    switch (method) {
      case 'peer.joined':
        this.#addPeer(connection, params);
        return this.#publish(connection);
      case 'peer.left':
      case 'peer.disconnected':
        if (params.peer_id === connection.peerId || params.peer_id === SERVER) {
          const reason = params.reason ?? 'no reason given';
          return this.#handleLoss(connection, new Error(`The server ended the call: ${reason}.`));
        }
        connection.names.delete(params.peer_id);
        return this.#publish(connection);
      case 'peer.offer':
        if (params.from === SERVER) void connection.call?.handleOffer(params.sdp);
        return;
      case 'peer.ice_candidate':
        if (params.from !== SERVER) return;
        void connection.call?.handleCandidate({
          candidate: params.candidate,
          sdpMid: params.sdp_mid,
          sdpMLineIndex: params.sdp_m_line_index,
        });
    }
  }

  /**
   * The server announces this peer itself too.
   *
   * @param {Connection} connection
   * @param {{peer_id: string, metadata?: {name?: unknown}}} peer
   */
  #addPeer(connection, { peer_id: id, metadata }) {
    if (id === connection.peerId) return;
    const name = metadata?.name;
    connection.names.set(id, typeof name === 'string' && name !== '' ? name : id);
  }

  /** @param {Connection} connection */
  #publish({ names, tracks }) {
    this.onParticipants(
      [...names].map(([id, name]) => {
        const own = tracks.filter(({ peerId }) => peerId === id);
        return {
          id,
          name,
          tracks: own.map(({ track }) => track),
          mids: new Set(own.map(({ mid }) => mid)),
        };
      }),
    );
  }

  /**
   * @param {Connection} connection
   * @param {Error} error
   */
  #handleLoss(connection, error) {
    connection.close();
    if (connection !== this.#connection || !connection.joined) return;
    this.#connection = null;
    void this.#reconnect(error);
  }

  /** @param {Error} reason */
  async #reconnect(reason) {
    const { signal } = this.#over;
    const wait = this.#dependencies.wait ?? delay;
    let error = reason;
    for (let attempt = 1; !signal.aborted; attempt++) {
      this.onState('reconnecting', error);
      await wait(backoffDelay(attempt), signal);
      if (signal.aborted) return;
      try {
        return await this.#connect();
      } catch (failure) {
        error = /** @type {Error} */ (failure);
        /** @type {Connection | null} */ (this.#connection)?.close();
        this.#connection = null;
        if (error instanceof RpcError && error.code === SESSION_LIMIT) break;
      }
    }
    if (signal.aborted) return;
    this.#end();
    this.onState('ended', error);
  }

  #end() {
    this.#over.abort();
    this.#connection?.close();
    this.#connection = null;
  }
}

/** Works on pages that are not served securely too, unlike `crypto.randomUUID`. */
function createPeerId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
