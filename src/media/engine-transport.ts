/** One remote endpoint: ICE, DTLS, SRTP and the streams that run over them. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { isIP } from 'node:net';
import { InternalError } from '../errors.js';
import type {
  ConsumerOptions,
  NativeEngine,
  ProducerOptions,
  RemoteTransportParameters,
  TransportFailure,
  TransportId,
  TransportState,
  TransportStats,
} from '../native/binding.js';
import {
  requireCodecs,
  requireHeaderExtensions,
  requireIceChars,
  requireInteger,
  requireSsrc,
} from './checks.js';
import { Consumer } from './consumer.js';
import type { IceCredentials } from './ice-credentials.js';
import { Producer } from './producer.js';

/** What a transport needs of the engine it belongs to. */
export interface TransportHost {
  readonly native: NativeEngine;
  nextId(): number;
  newIceCredentials(replaced?: IceCredentials): IceCredentials;
  requestTransportStats(id: TransportId): Promise<TransportStats | null>;
  trackProducer(producer: Producer): void;
  forgetTransport(transport: EngineTransport): void;
}

interface TransportEvents {
  state: [state: TransportState, failure: TransportFailure];
}

/** Created by `MediaEngine.createTransport`. Commands are queued; what becomes of them is told by `state`. */
export class EngineTransport extends EventEmitter<TransportEvents> {
  private credentials: IceCredentials;
  private currentState: TransportState = 'new';
  private currentRemoteAddress = '';
  private isClosed = false;
  private readonly ssrcs = new Set<number>();
  private readonly producers = new Set<Producer>();
  private readonly consumers = new Set<Consumer>();

  constructor(
    private readonly host: TransportHost,
    readonly id: TransportId,
    iceRole: 'lite' | 'controlling',
  ) {
    super();
    this.credentials = host.newIceCredentials();
    const { ufrag, pwd } = this.credentials;
    host.native.addTransport({ id, iceRole, localUfrag: ufrag, localPwd: pwd });
  }

  /** Our side's credentials, for the local description. */
  get iceCredentials(): IceCredentials {
    return this.credentials;
  }

  get state(): TransportState {
    return this.currentState;
  }

  /** "ip:port" of the selected path, '' while there is none. */
  get remoteAddress(): string {
    return this.currentRemoteAddress;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Sets what the remote description says; again after an ICE restart, with the new credentials. */
  connect(remote: RemoteTransportParameters): void {
    this.requireOpen();
    requireIceChars('The remote ICE user fragment', remote.ufrag, 4);
    requireIceChars('The remote ICE password', remote.pwd, 22);
    for (const { ip, port, priority } of remote.candidates) {
      if (isIP(ip) === 0) throw new InternalError(`The remote candidate "${ip}" is no IP address.`);
      requireInteger('The port of a remote candidate', port, 1, 65535);
      requireInteger('The priority of a remote candidate', priority, 0, 0x7fff_ffff);
    }
    this.host.native.connectTransport(this.id, remote);
  }

  /** Replaces our credentials; the old path serves until the remote side uses the new ones. */
  restartIce(): IceCredentials {
    this.requireOpen();
    this.credentials = this.host.newIceCredentials(this.credentials);
    this.host.native.restartIce(this.id, this.credentials.ufrag, this.credentials.pwd);
    return this.credentials;
  }

  /** A random SSRC that no outgoing stream of this transport has had (RFC 3550 section 8.1). */
  newSsrc(): number {
    for (;;) {
      const ssrc = randomBytes(4).readUInt32BE();
      if (ssrc !== 0 && !this.ssrcs.has(ssrc)) {
        this.ssrcs.add(ssrc);
        return ssrc;
      }
    }
  }

  /** Expects a stream of the remote side. */
  addProducer(options: Omit<ProducerOptions, 'id' | 'transportId'>): Producer {
    this.requireOpen();
    requireCodecs(options.codecs);
    requireHeaderExtensions(options.headerExtensions);
    for (const { ssrc, rtxSsrc } of options.encodings) {
      requireSsrc('The SSRC of an encoding', ssrc, 0);
      requireSsrc('The RTX SSRC of an encoding', rtxSsrc, 0);
    }
    const { native } = this.host;
    const producer = new Producer(native, this.host.nextId(), options.kind);
    native.addProducer({ ...options, id: producer.id, transportId: this.id });
    this.host.trackProducer(producer);
    this.producers.add(producer);
    producer.once('closed', () => this.producers.delete(producer));
    return producer;
  }

  /** Prepares a stream to the remote side. `ssrc` and `rtxSsrc` come from {@link newSsrc}. */
  addConsumer(options: Omit<ConsumerOptions, 'id' | 'transportId'>): Consumer {
    this.requireOpen();
    requireCodecs(options.codecs);
    requireHeaderExtensions(options.headerExtensions);
    requireSsrc('The SSRC of a consumer', options.ssrc, 1);
    requireSsrc('The RTX SSRC of a consumer', options.rtxSsrc, 0);
    const { native } = this.host;
    const id = this.host.nextId();
    const { kind, ssrc, rtxSsrc } = options;
    const consumer = new Consumer(native, id, kind, ssrc, rtxSsrc, () =>
      this.consumers.delete(consumer),
    );
    native.addConsumer({ ...options, id, transportId: this.id });
    this.consumers.add(consumer);
    return consumer;
  }

  /** Counters, or null when the engine has removed the transport in the meantime. */
  getStats(): Promise<TransportStats | null> {
    this.requireOpen();
    return this.host.requestTransportStats(this.id);
  }

  /** Says goodbye (close_notify) and removes the transport with its streams. Idempotent. */
  close(): void {
    if (this.isClosed) return;
    this.host.native.removeTransport(this.id);
    this.handleRemoved();
  }

  /** For the media layer: the engine reports a state. */
  handleState(state: TransportState, failure: TransportFailure, remoteAddress: string): void {
    if (this.isClosed) return;
    if (remoteAddress !== '') this.currentRemoteAddress = remoteAddress;
    if (state === this.currentState) return;
    this.currentState = state;
    this.emit('state', state, failure);
  }

  /** For the media layer: the transport is gone from the engine, and with it its streams. */
  handleRemoved(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const producer of [...this.producers]) producer.handleRemoved();
    for (const consumer of [...this.consumers]) consumer.handleRemoved();
    this.host.forgetTransport(this);
    this.handleStateClosed();
  }

  private handleStateClosed(): void {
    if (this.currentState === 'closed') return;
    this.currentState = 'closed';
    this.emit('state', 'closed', 'none');
  }

  private requireOpen(): void {
    if (this.isClosed) throw new InternalError(`Transport ${this.id} is closed.`);
  }
}
