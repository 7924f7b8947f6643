/** The engine as objects: what it does is asked for here, what it reports arrives as events. */
import { EventEmitter } from 'node:events';
import { InternalError } from '../errors.js';
import type {
  EngineEvent,
  EngineOptions,
  EngineStats,
  ListenAddress,
  NativeAddon,
  NativeEngine,
  ProducerId,
  SyntheticProducerOptions,
  TransportId,
  TransportStats,
} from '../native/binding.js';
import { requireCodecs, requireInteger } from './checks.js';
import { checkEngineOptions } from './engine-options.js';
import { EngineTransport, type TransportHost } from './engine-transport.js';
import { generateIceCredentials, type IceCredentials } from './ice-credentials.js';
import { Producer } from './producer.js';
import { StatsRequests } from './stats-requests.js';

interface MediaEngineEvents {
  /** A command could not be carried out, or events were lost; nothing needs to be done. */
  warning: [message: string];
}

/**
 * One native engine with its sockets and its thread. Everything here is called on the JS thread and
 * returns at once.
 */
export class MediaEngine extends EventEmitter<MediaEngineEvents> {
  private readonly native: NativeEngine;
  private readonly host: TransportHost;
  private readonly transports = new Map<TransportId, EngineTransport>();
  private readonly producers = new Map<ProducerId, Producer>();
  private readonly ufrags = new Set<string>();
  private readonly engineStats = new StatsRequests<EngineStats>(() => this.nextId());
  private readonly transportStats = new StatsRequests<TransportStats | null>(() => this.nextId());
  private lastId = 0;
  private isClosed = false;

  /**
   * Binds the sockets and starts the thread.
   * @throws InvalidConfigError for options that cannot be used; an `Error` with a `code` such as
   *   `EADDRINUSE` when a socket cannot be bound.
   */
  constructor(addon: NativeAddon, options: EngineOptions) {
    super();
    checkEngineOptions(options);
    this.native = new addon.Engine(options, (events) => {
      this.handleEvents(events);
    });
    this.host = {
      native: this.native,
      nextId: () => this.nextId(),
      newIceCredentials: (replaced) => this.newIceCredentials(replaced),
      requestTransportStats: (id) => this.requestTransportStats(id),
      trackProducer: (producer) => {
        this.trackProducer(producer);
      },
      forgetTransport: (transport) => {
        this.forgetTransport(transport);
      },
    };
  }

  /** SHA-256 fingerprint of the DTLS certificate, as in SDP. */
  get fingerprint(): string {
    return this.native.fingerprint;
  }

  /** What the sockets are bound to. */
  get addresses(): readonly ListenAddress[] {
    return this.native.addresses;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** @param options.iceRole `lite` on a server; `controlling` sends checks from a socket of its own. */
  createTransport(options: { iceRole: 'lite' | 'controlling' }): EngineTransport {
    this.requireOpen();
    const transport = new EngineTransport(this.host, this.nextId(), options.iceRole);
    this.transports.set(transport.id, transport);
    return transport;
  }

  /** A producer whose packets the engine makes itself, for tests and benchmarks. */
  createSyntheticProducer(options: Omit<SyntheticProducerOptions, 'id'>): Producer {
    this.requireOpen();
    requireCodecs([options.codec]);
    requireInteger('packetsPerFrame', options.packetsPerFrame, 1, 0xffff);
    requireInteger('framesPerSecond', options.framesPerSecond, 1, 1000);
    requireInteger('payloadBytes', options.payloadBytes, 16, 1200);
    const producer = new Producer(this.native, this.nextId(), options.kind);
    this.native.addSyntheticProducer({ ...options, id: producer.id });
    this.trackProducer(producer);
    return producer;
  }

  /** Counters since the engine started. */
  getStats(): Promise<EngineStats> {
    this.requireOpen();
    return this.engineStats.ask((requestId) => {
      this.native.requestEngineStats(requestId);
    });
  }

  /** Says goodbye to every peer and stops; all transports, producers and consumers end. Idempotent. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.native.close();
    this.engineStats.rejectClosed();
    this.transportStats.rejectClosed();
    for (const transport of [...this.transports.values()]) transport.handleRemoved();
    for (const producer of [...this.producers.values()]) producer.handleRemoved();
  }

  private nextId(): number {
    return ++this.lastId;
  }

  /** The engine tells transports apart by their user fragment, so no two may have the same. */
  private newIceCredentials(replaced?: IceCredentials): IceCredentials {
    let credentials = generateIceCredentials();
    while (this.ufrags.has(credentials.ufrag)) credentials = generateIceCredentials();
    if (replaced !== undefined) this.ufrags.delete(replaced.ufrag);
    this.ufrags.add(credentials.ufrag);
    return credentials;
  }

  private forgetTransport(transport: EngineTransport): void {
    this.transports.delete(transport.id);
    this.ufrags.delete(transport.iceCredentials.ufrag);
  }

  private requestTransportStats(id: TransportId): Promise<TransportStats | null> {
    return this.transportStats.ask((requestId) => {
      this.native.requestTransportStats(requestId, id);
    });
  }

  private trackProducer(producer: Producer): void {
    this.producers.set(producer.id, producer);
    producer.once('closed', () => this.producers.delete(producer.id));
  }

  private handleEvents(events: EngineEvent[]): void {
    for (const event of events) {
      if (this.isClosed) return;
      this.handleEvent(event);
    }
  }

  private handleEvent(event: EngineEvent): void {
    switch (event.type) {
      case 'transport-state':
        this.transports
          .get(event.transportId)
          ?.handleState(event.state, event.failure, event.remoteAddress);
        break;
      case 'producer-started':
        this.producers.get(event.producerId)?.handleStarted();
        break;
      case 'engine-stats':
        this.engineStats.settle(event.requestId, event.stats);
        break;
      case 'transport-stats':
        this.transportStats.settle(event.requestId, event.stats);
        break;
      case 'command-failed':
        this.emit('warning', event.message);
        break;
      case 'events-dropped':
        this.recoverFromDroppedEvents(event.count);
        break;
    }
  }

  /** Among the lost events may have been state changes: asks every transport for its state. */
  private recoverFromDroppedEvents(count: number): void {
    this.emit('warning', `The engine dropped ${count} events because this thread was busy.`);
    this.engineStats.rejectLost();
    this.transportStats.rejectLost();
    for (const transport of this.transports.values()) {
      this.requestTransportStats(transport.id).then(
        (stats) => {
          if (stats !== null) transport.handleState(stats.state, 'none', '');
        },
        // Lost again, and then the next `events-dropped` asks again; or closed.
        () => undefined,
      );
    }
  }

  private requireOpen(): void {
    if (this.isClosed) throw new InternalError('The media engine is closed.');
  }
}
