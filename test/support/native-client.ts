/**
 * A remote peer without a browser: the controlling side of ICE and the client side of DTLS on the same
 * native engine, with negotiation like a browser's. Hundreds of them fit into one process, sharing one
 * `MediaEngine`. What they send is made by the engine, what they receive is counted by it.
 */
import { EventEmitter, once } from 'node:events';
import type { EngineTransport } from '../../src/media/engine-transport.js';
import type { MediaEngine } from '../../src/media/media-engine.js';
import type { Producer } from '../../src/media/producer.js';
import type { MediaKind, TransportState, TransportStats } from '../../src/native/binding.js';
import type { Codec } from '../../src/sdp/codec.js';
import { writeLocalDescription, type LocalMedia } from '../../src/sdp/local-description.js';
import {
  parseRemoteDescription,
  type RemoteDescription,
} from '../../src/sdp/remote-description.js';
import type { Direction } from '../../src/sdp/remote-media.js';
import type { Setup } from '../../src/sdp/remote-transport.js';
import { ClientLine, streamIdsOf } from './client-line.js';

/** How a client reaches the server; the server's own offers come in through `NativeClient.handleOffer`. */
export interface ClientSignaling {
  /** Resolves with the answer. */
  offer(peerId: string, sdp: string): Promise<string>;
  answer(peerId: string, sdp: string): Promise<void>;
}

export interface ClientLineOptions {
  readonly kind: MediaKind;
  readonly direction?: Direction;
  /** In order of preference; Opus or VP8 unless told otherwise. */
  readonly codecs?: readonly Codec[];
}

export interface NativeClientOptions {
  readonly id: string;
  readonly engine: MediaEngine;
  readonly signaling: ClientSignaling;
  /** One audio and one video m-line in both directions unless told otherwise. */
  readonly lines?: readonly ClientLineOptions[];
  /** False plays a client that ignores offers of the server, as a minimal one does. Default true. */
  readonly answersOffers?: boolean;
}

/** A stream the server sends, as the client sees it. */
export interface ReceivedStream {
  readonly mid: string;
  readonly kind: MediaKind;
  /** The stream id of `a=msid`: the peer who sends, by this server's convention. */
  readonly streamId: string;
  readonly producer: Producer;
}

interface NativeClientEvents {
  state: [state: TransportState];
  /** A description of the server has been applied. */
  negotiated: [];
}

export class NativeClient extends EventEmitter<NativeClientEvents> {
  readonly id: string;
  readonly lines: ClientLine[] = [];
  private readonly transport: EngineTransport;
  private readonly sources = new Set<Producer>();
  private version = 0;
  private dtlsRole: 'server' | 'client' = 'client';
  private remoteUfrag = '';

  constructor(private readonly options: NativeClientOptions) {
    super();
    this.id = options.id;
    this.transport = options.engine.createTransport({ iceRole: 'controlling' });
    this.transport.on('state', (state) => this.emit('state', state));
    for (const line of options.lines ?? [{ kind: 'audio' }, { kind: 'video' }]) this.addLine(line);
  }

  get state(): TransportState {
    return this.transport.state;
  }

  /** Our ICE user fragment. */
  get ufrag(): string {
    return this.transport.iceCredentials.ufrag;
  }

  /** Everything the server says it sends now. */
  get received(): ReceivedStream[] {
    return this.lines.flatMap((line) => line.received ?? []);
  }

  /** Adds an m-line to the next offer. */
  addLine(options: ClientLineOptions): ClientLine {
    const mid = String(this.lines.length);
    const line = ClientLine.own(this.transport, mid, options);
    this.lines.push(line);
    return line;
  }

  /** Offers, applies the answer, and waits until media can flow. */
  async connect(): Promise<void> {
    await this.negotiate();
    while (this.state !== 'connected') {
      if (this.state === 'failed' || this.state === 'closed') {
        throw new Error(`${this.id}: the transport is ${this.state}`);
      }
      await once(this, 'state');
    }
  }

  /** Offers the present state of the m-lines and applies the answer. */
  async negotiate(): Promise<void> {
    const answer = await this.options.signaling.offer(this.id, this.describeOffer());
    this.applyAnswer(answer);
  }

  describeOffer(): string {
    return this.write(
      this.lines.map((line) => line.describeOffer()),
      'actpass',
    );
  }

  applyAnswer(sdp: string): void {
    this.apply(parseRemoteDescription(sdp, 'answer'), sdp);
  }

  /** New ICE credentials, as after a change of network. */
  async restartIce(): Promise<void> {
    this.transport.restartIce();
    await this.negotiate();
  }

  /** An offer of the server. */
  async handleOffer(sdp: string): Promise<void> {
    if (this.options.answersOffers === false) return;
    await this.options.signaling.answer(this.id, this.createAnswer(sdp));
  }

  createAnswer(sdp: string): string {
    const offer = parseRemoteDescription(sdp, 'offer');
    for (const remote of offer.media.slice(this.lines.length)) {
      this.lines.push(ClientLine.offered(this.transport, remote));
    }
    this.apply(offer, sdp);
    const media = this.lines.map((line) => line.describeAnswer());
    return this.write(media, this.dtlsRole === 'client' ? 'active' : 'passive');
  }

  /** Whether the server takes media of this kind. */
  canSend(kind: MediaKind): boolean {
    return this.sendingLine(kind) !== undefined;
  }

  /**
   * Sends made-up media on the first m-line of a kind: 50 packets a second of audio, or video of 30
   * frames a second with `packetsPerFrame` packets of `payloadBytes` bytes.
   */
  send(kind: MediaKind, { packetsPerFrame = 3, payloadBytes = 1_000 } = {}): Producer {
    const line = this.sendingLine(kind);
    const codec = line?.sendingCodec;
    if (line === undefined || codec === undefined) throw new Error(`${this.id} sends no ${kind}`);
    const producer = this.options.engine.createSyntheticProducer({
      kind,
      codec,
      packetsPerFrame: kind === 'audio' ? 1 : packetsPerFrame,
      framesPerSecond: kind === 'audio' ? 50 : 30,
      payloadBytes: kind === 'audio' ? 100 : payloadBytes,
    });
    this.sources.add(producer);
    line.connect(producer);
    return producer;
  }

  async getStats(): Promise<TransportStats> {
    const stats = await this.transport.getStats();
    if (stats === null) throw new Error(`${this.id}: the transport is gone`);
    return stats;
  }

  /** Says goodbye in DTLS and ends. */
  close(): void {
    for (const source of this.sources) source.close();
    this.transport.close();
  }

  private sendingLine(kind: MediaKind): ClientLine | undefined {
    return this.lines.find((line) => line.kind === kind && line.isReadyToSend);
  }

  private apply(remote: RemoteDescription, sdp: string): void {
    const { transport } = remote;
    if (transport !== undefined && transport.ufrag !== this.remoteUfrag) {
      this.remoteUfrag = transport.ufrag;
      this.dtlsRole = transport.setup === 'active' ? 'server' : 'client';
      const { ufrag, pwd, candidates, fingerprint } = transport;
      this.transport.connect({
        ufrag,
        pwd,
        fingerprint,
        candidates: [...candidates],
        dtlsRole: this.dtlsRole,
      });
    }
    const streamIds = streamIdsOf(sdp);
    remote.media.forEach((media, index) => {
      this.lines[index]?.apply(media, streamIds[index] ?? '');
    });
    this.emit('negotiated');
  }

  private write(media: readonly LocalMedia[], setup: Setup): string {
    return writeLocalDescription({
      sessionId: String(1_000_000 + this.transport.id),
      version: ++this.version,
      iceLite: false,
      ...this.transport.iceCredentials,
      fingerprint: this.options.engine.fingerprint,
      setup,
      candidates: [],
      extmapAllowMixed: true,
      bundled: true,
      media,
    });
  }
}
