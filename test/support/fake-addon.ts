/** An addon without sockets: records every command and lets the test play the engine's events. */
import type {
  ConsumerId,
  ConsumerOptions,
  EngineEvent,
  EngineOptions,
  ListenAddress,
  NativeAddon,
  NativeEngine,
  PayloadTypeMapping,
  ProducerId,
  ProducerOptions,
  RemoteTransportParameters,
  SyntheticProducerOptions,
  TransportId,
  TransportOptions,
  TransportState,
} from '../../src/native/binding.js';

export interface FakeTransport {
  readonly options: TransportOptions;
  readonly remotes: RemoteTransportParameters[];
  readonly iceRestarts: { ufrag: string; pwd: string }[];
}

export interface FakeConsumer {
  readonly options: ConsumerOptions;
  producerId: ProducerId;
  payloadTypes: PayloadTypeMapping[];
}

/** Holds what exists in the engine at the moment. Commands about things that do not exist throw. */
export class FakeEngine implements NativeEngine {
  readonly fingerprint = Array.from({ length: 32 }, (_, index) =>
    (index + 16).toString(16).toUpperCase(),
  ).join(':');
  readonly addresses: ListenAddress[];
  readonly transports = new Map<TransportId, FakeTransport>();
  readonly producers = new Map<ProducerId, ProducerOptions>();
  readonly syntheticProducers = new Map<ProducerId, SyntheticProducerOptions>();
  readonly consumers = new Map<ConsumerId, FakeConsumer>();
  readonly requests: { requestId: number; transportId: TransportId | null }[] = [];
  closed = false;

  constructor(
    readonly options: EngineOptions,
    readonly emit: (events: EngineEvent[]) => void,
  ) {
    const port = options.udpPort === 0 ? 40_000 : options.udpPort;
    this.addresses = options.listenIps.map((ip) => ({ ip, port }));
  }

  addTransport(options: TransportOptions): void {
    this.transports.set(options.id, { options, remotes: [], iceRestarts: [] });
  }

  connectTransport(id: TransportId, remote: RemoteTransportParameters): void {
    get(this.transports, id).remotes.push(remote);
  }

  restartIce(id: TransportId, ufrag: string, pwd: string): void {
    get(this.transports, id).iceRestarts.push({ ufrag, pwd });
  }

  removeTransport(id: TransportId): void {
    get(this.transports, id);
    this.transports.delete(id);
    removeWhere(this.producers, (producer) => producer.transportId === id);
    removeWhere(this.consumers, ({ options }) => options.transportId === id);
  }

  addProducer(options: ProducerOptions): void {
    get(this.transports, options.transportId);
    this.producers.set(options.id, options);
  }

  addSyntheticProducer(options: SyntheticProducerOptions): void {
    this.syntheticProducers.set(options.id, options);
  }

  removeProducer(id: ProducerId): void {
    if (!this.syntheticProducers.delete(id)) get(this.producers, id);
    this.producers.delete(id);
  }

  addConsumer(options: ConsumerOptions): void {
    get(this.transports, options.transportId);
    this.consumers.set(options.id, { options, producerId: 0, payloadTypes: [] });
  }

  connectConsumer(
    id: ConsumerId,
    producerId: ProducerId,
    payloadTypes: PayloadTypeMapping[],
  ): void {
    Object.assign(get(this.consumers, id), { producerId, payloadTypes });
  }

  removeConsumer(id: ConsumerId): void {
    get(this.consumers, id);
    this.consumers.delete(id);
  }

  requestEngineStats(requestId: number): void {
    this.requests.push({ requestId, transportId: null });
  }

  requestTransportStats(requestId: number, transportId: TransportId): void {
    this.requests.push({ requestId, transportId });
  }

  close(): void {
    this.closed = true;
  }

  /** Plays a change of state. */
  setState(transportId: TransportId, state: TransportState): void {
    const remoteAddress = state === 'new' ? '' : '127.0.0.1:5000';
    this.emit([{ type: 'transport-state', transportId, state, failure: 'none', remoteAddress }]);
  }

  /** Every transport connects. */
  connectAll(): void {
    for (const id of [...this.transports.keys()]) this.setState(id, 'connected');
  }

  /** The producers of the peer behind a transport. */
  producersOf(transportId: TransportId): ProducerOptions[] {
    return [...this.producers.values()].filter((options) => options.transportId === transportId);
  }

  /** The consumers that send to the peer behind a transport. */
  consumersOf(transportId: TransportId): FakeConsumer[] {
    return [...this.consumers.values()].filter(
      ({ options }) => options.transportId === transportId,
    );
  }
}

/** An addon whose latest engine is at hand. */
export class FakeAddon implements NativeAddon {
  readonly version = '0.0.0';
  readonly engines: FakeEngine[] = [];
  readonly Engine: NativeAddon['Engine'];

  constructor() {
    const { engines } = this;
    this.Engine = class extends FakeEngine {
      constructor(options: EngineOptions, onEvents: (events: EngineEvent[]) => void) {
        super(options, onEvents);
        engines.push(this);
      }
    };
  }

  get engine(): FakeEngine {
    const engine = this.engines.at(-1);
    if (engine === undefined) throw new Error('no engine has been made');
    return engine;
  }
}

export const FAKE_ENGINE_OPTIONS: EngineOptions = {
  listenIps: ['192.0.2.10', '127.0.0.1'],
  udpPort: 0,
  consentTimeoutMs: 8_000,
  srtpProfiles: ['AEAD_AES_128_GCM'],
};

function get<Value>(map: Map<number, Value>, id: number): Value {
  const value = map.get(id);
  if (value === undefined) throw new Error(`the engine has no object ${id}`);
  return value;
}

function removeWhere<Value>(map: Map<number, Value>, isRemoved: (value: Value) => boolean): void {
  for (const [id, value] of map) if (isRemoved(value)) map.delete(id);
}
