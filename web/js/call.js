/**
 * The media connection to the server: one RTCPeerConnection and its negotiation.
 *
 * Both sides may offer. This side is the polite one of "perfect negotiation": an offer of the server
 * always wins, an offer of our own that is under way is rolled back, and the browser asks for a new one
 * (`negotiationneeded`) as soon as the server's has been answered.
 */

import { preferCodec } from './codec-preference.js';
import { sendersByMid } from './media-lines.js';

/** The server is negotiating already; see the signaling protocol's error codes. */
const NEGOTIATION_IN_PROGRESS = -32005;
const RETRY_AFTER_MS = 250;

/**
 * How descriptions reach the server.
 *
 * @typedef {object} Signaling
 * @property {(sdp: string) => Promise<string>} offer Resolves with the server's answer.
 * @property {(sdp: string) => Promise<void>} answer
 * @property {(candidate: RTCIceCandidate) => void} candidate
 */

/**
 * One m-line that the server sends on.
 *
 * @typedef {object} RemoteTrack
 * @property {string} mid
 * @property {string} peerId
 * @property {MediaStreamTrack} track
 */

/**
 * @typedef {object} CallEvents
 * @property {(tracks: RemoteTrack[]) => void} onTracks Everything the server sends, after each negotiation.
 * @property {(state: RTCPeerConnectionState) => void} onState
 * @property {(error: Error) => void} onFailure The connection is beyond repair; close it and make another.
 */

export class Call {
  #pc;
  #signaling;
  #events;
  /** Counts descriptions begun, so that an answer to an offer that was overtaken is recognized. */
  #round = 0;
  #restarting = false;

  /**
   * @param {object} parts
   * @param {RTCPeerConnection} parts.pc A new connection; it belongs to this call.
   * @param {MediaStream} parts.stream What is sent; a kind without a track is negotiated all the same.
   * @param {string | null} parts.codec Video codec to put first.
   * @param {Signaling} parts.signaling
   * @param {CallEvents} parts.events
   */
  constructor({ pc, stream, codec, signaling, events }) {
    this.#pc = pc;
    this.#signaling = signaling;
    this.#events = events;

    for (const kind of /** @type {const} */ (['audio', 'video'])) {
      const track = stream.getTracks().find((candidate) => candidate.kind === kind);
      const transceiver = pc.addTransceiver(track ?? kind, {
        direction: 'sendrecv',
        streams: [stream],
      });
      if (kind === 'video' && codec !== null) putCodecFirst(transceiver, codec);
    }
    pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) signaling.candidate(candidate);
    };
    pc.onconnectionstatechange = () => this.#handleConnectionState();
  }

  /** Negotiates for the first time; resolves once the server's answer is in place. */
  async start() {
    this.#pc.onnegotiationneeded = () => this.#attempt(() => this.#negotiate());
    await this.#negotiate();
  }

  /**
   * Answers an offer of the server.
   *
   * @param {string} sdp
   */
  handleOffer(sdp) {
    return this.#attempt(async () => {
      this.#round++;
      await this.#pc.setRemoteDescription({ type: 'offer', sdp });
      await this.#pc.setLocalDescription();
      this.#publishTracks();
      await this.#signaling.answer(this.#pc.localDescription?.sdp ?? '');
    });
  }

  /** @param {RTCIceCandidateInit} candidate An empty `candidate` ends the candidates. */
  handleCandidate(candidate) {
    return this.#attempt(() =>
      this.#pc.addIceCandidate(candidate.candidate ? candidate : undefined),
    );
  }

  /**
   * Sends another track of the same kind, or nothing.
   *
   * @param {'audio' | 'video'} kind
   * @param {MediaStreamTrack | null} track
   */
  async replaceTrack(kind, track) {
    await this.#ownTransceiver(kind)?.sender.replaceTrack(track);
  }

  /** The m-lines on which this side sends. */
  get sendingMids() {
    const mids = [this.#ownTransceiver('audio')?.mid, this.#ownTransceiver('video')?.mid];
    return new Set(mids.filter((mid) => typeof mid === 'string'));
  }

  getStats() {
    return this.#pc.getStats();
  }

  close() {
    this.#round++;
    this.#pc.onicecandidate = null;
    this.#pc.onconnectionstatechange = null;
    this.#pc.onnegotiationneeded = null;
    this.#pc.close();
  }

  async #negotiate() {
    const round = ++this.#round;
    await this.#pc.setLocalDescription();
    if (round !== this.#round) return;
    try {
      const sdp = await this.#signaling.offer(this.#pc.localDescription?.sdp ?? '');
      if (round !== this.#round) return;
      await this.#pc.setRemoteDescription({ type: 'answer', sdp });
      this.#publishTracks();
    } catch (error) {
      if (round !== this.#round) return;
      if (/** @type {{code?: unknown}} */ (error).code !== NEGOTIATION_IN_PROGRESS) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      if (round === this.#round) await this.#pc.setLocalDescription({ type: 'rollback' });
    }
  }

  #publishTracks() {
    const senders = sendersByMid(this.#pc.remoteDescription?.sdp ?? '');
    /** @type {RemoteTrack[]} */
    const tracks = [];
    for (const { mid, receiver } of this.#pc.getTransceivers()) {
      const peerId = mid === null ? undefined : senders.get(mid);
      if (mid !== null && peerId !== undefined) tracks.push({ mid, peerId, track: receiver.track });
    }
    this.#events.onTracks(tracks);
  }

  #handleConnectionState() {
    const state = this.#pc.connectionState;
    if (state === 'connected') this.#restarting = false;
    if (state === 'failed' && !this.#restarting) {
      this.#restarting = true;
      this.#pc.restartIce();
    } else if (state === 'failed') {
      this.#events.onFailure(new Error('The media connection could not be restored.'));
    }
    this.#events.onState(state);
  }

  /** @param {'audio' | 'video'} kind */
  #ownTransceiver(kind) {
    return this.#pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
  }

  /**
   * Runs a step nobody waits for; its failure ends the call unless that is over already.
   *
   * @param {() => Promise<void>} step
   */
  async #attempt(step) {
    try {
      await step();
    } catch (error) {
      if (this.#pc.signalingState !== 'closed')
        this.#events.onFailure(/** @type {Error} */ (error));
    }
  }
}

/**
 * @param {RTCRtpTransceiver} transceiver
 * @param {string} name
 */
function putCodecFirst(transceiver, name) {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const preferred = preferCodec(codecs, name);
  if (preferred === null) throw new Error(`This browser has no ${name} codec.`);
  transceiver.setCodecPreferences(preferred);
}
