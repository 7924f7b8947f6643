/**
 * One end of a call, driven by a test: directly to another tab (the test carries the descriptions over),
 * or through the server as any client would, in the prefixed signaling dialect.
 */
import { Meter } from './meter.js';

const VIDEO = { width: 640, height: 360, frameRate: 30 };
const SERVER = 'remotemedia-server';

class Call {
  /** @type {RTCPeerConnection} */ connection;
  /** @type {Meter} */ meter;

  /** Gets the devices, so that asking for them is no part of joining. */
  async prepare() {
    this.media ??= await navigator.mediaDevices.getUserMedia({ audio: true, video: VIDEO });
    this.close();
  }

  /** @param {string} codec put first: VP8, VP9, H264 or AV1. */
  start(codec) {
    this.connection = new RTCPeerConnection();
    for (const track of this.media.getTracks()) {
      const transceiver = this.connection.addTransceiver(track, { streams: [this.media] });
      if (track.kind === 'video') preferCodec(transceiver, codec);
    }
    this.meter = new Meter(this.connection);
  }

  /** The offer with all candidates in it. */
  async directOffer(codec) {
    this.start(codec);
    await this.connection.setLocalDescription();
    await gathered(this.connection);
    return this.connection.localDescription.sdp;
  }

  async directAnswer(codec, sdp) {
    this.connection = new RTCPeerConnection();
    await this.connection.setRemoteDescription({ type: 'offer', sdp });
    for (const transceiver of this.connection.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      await transceiver.sender.replaceTrack(
        this.media.getTracks().find((track) => track.kind === kind),
      );
      transceiver.direction = 'sendrecv';
      if (kind === 'video') preferCodec(transceiver, codec);
    }
    this.meter = new Meter(this.connection);
    await this.connection.setLocalDescription();
    await gathered(this.connection);
    return this.connection.localDescription.sdp;
  }

  async acceptAnswer(sdp) {
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /** Joins at the server; resolves when its answer is applied. */
  async join(url, peerId, codec) {
    this.start(codec);
    const signaling = new Signaling(url);
    this.signaling = signaling;
    signaling.onOffer = async (sdp) => {
      await this.connection.setRemoteDescription({ type: 'offer', sdp });
      await this.connection.setLocalDescription();
      const answer = { from: peerId, to: SERVER, sdp: this.connection.localDescription.sdp };
      await signaling.request('peer.answer', answer);
    };
    await signaling.opened;
    await signaling.request('peer.announce', { peer_id: peerId, capabilities: ['audio', 'video'] });
    await this.connection.setLocalDescription();
    const offer = { from: peerId, to: SERVER, sdp: this.connection.localDescription.sdp };
    const answer = signaling.nextAnswer();
    // A server that has signaling built in answers at once; through another one, its answer follows.
    const { sdp = await answer } = await signaling.request('peer.offer', offer);
    await this.acceptAnswer(sdp);
  }

  state() {
    return this.connection.connectionState;
  }

  close() {
    this.meter?.close();
    this.connection?.close();
    this.signaling?.close();
  }
}

class Signaling {
  constructor(url) {
    this.socket = new WebSocket(url);
    this.pending = new Map();
    this.opened = new Promise((resolve, reject) => {
      this.socket.onopen = resolve;
      this.socket.onerror = () => reject(new Error(`${url} does not answer`));
    });
    this.socket.onmessage = ({ data }) => this.handle(JSON.parse(data));
  }

  request(method, params) {
    const id = this.pending.size + 1;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
  }

  /** The answer to an offer that was passed on. */
  nextAnswer() {
    return new Promise((resolve) => {
      this.onAnswer = resolve;
    });
  }

  handle({ id, method, params, result, error }) {
    if (method === 'peer.offer') void this.onOffer(params.sdp);
    if (method === 'peer.answer') this.onAnswer(params.sdp);
    if (method !== undefined) return;
    const { resolve, reject } = this.pending.get(id);
    if (error === undefined) resolve(result);
    else reject(new Error(`${error.code} ${error.message}`));
  }

  close() {
    this.socket.close();
  }
}

function preferCodec(transceiver, codec) {
  const all = RTCRtpReceiver.getCapabilities('video').codecs;
  const isWanted = ({ mimeType }) => mimeType.toLowerCase() === `video/${codec.toLowerCase()}`;
  if (!all.some(isWanted)) throw new Error(`This browser has no ${codec}.`);
  const others = all.filter((candidate) => !isWanted(candidate));
  transceiver.setCodecPreferences([...all.filter(isWanted), ...others]);
}

async function gathered(connection) {
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) => {
      connection.addEventListener('icegatheringstatechange', resolve, { once: true });
    });
  }
}

window.call = new Call();
