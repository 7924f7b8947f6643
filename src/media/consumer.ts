/** An outgoing RTP stream. */
import { InternalError } from '../errors.js';
import type {
  ConsumerId,
  MediaKind,
  NativeEngine,
  PayloadTypeMapping,
  ProducerId,
} from '../native/binding.js';
import { requireInteger } from './checks.js';
import type { Producer } from './producer.js';

/** `connectConsumer` takes this for "nothing". */
const NO_PRODUCER: ProducerId = 0;

/**
 * A stream that goes out to a remote peer: whatever producer it is connected to, one continuous stream
 * of the same SSRC. Created by `EngineTransport.addConsumer`; sends nothing until it is connected.
 */
export class Consumer {
  private source: Producer | undefined;
  private isClosed = false;

  constructor(
    private readonly native: NativeEngine,
    readonly id: ConsumerId,
    readonly kind: MediaKind,
    readonly ssrc: number,
    readonly rtxSsrc: number,
    private readonly forget: () => void,
  ) {}

  /** What it forwards, if anything. */
  get producer(): Producer | undefined {
    return this.source;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /**
   * Forwards a producer from now on, in place of any other.
   * @param payloadTypes which of the producer's payload types becomes which of this consumer's.
   */
  connect(producer: Producer, payloadTypes: PayloadTypeMapping[]): void {
    this.requireOpen();
    if (producer.kind !== this.kind) {
      throw new InternalError(`A consumer of ${this.kind} cannot forward ${producer.kind}.`);
    }
    for (const { from, to } of payloadTypes) {
      requireInteger('The payload type mapped from', from, 0, 127);
      requireInteger('The payload type mapped to', to, 0, 127);
    }
    this.native.connectConsumer(this.id, producer.id, payloadTypes);
    this.source = producer;
  }

  /** Forwards nothing until it is connected again. Idempotent. */
  disconnect(): void {
    if (this.isClosed || this.source === undefined) return;
    this.native.connectConsumer(this.id, NO_PRODUCER, []);
    this.source = undefined;
  }

  /** Removes it. Idempotent. */
  close(): void {
    if (this.isClosed) return;
    this.native.removeConsumer(this.id);
    this.handleRemoved();
  }

  /** For the media layer: the engine has removed it. */
  handleRemoved(): void {
    this.isClosed = true;
    this.source = undefined;
    this.forget();
  }

  private requireOpen(): void {
    if (this.isClosed) throw new InternalError(`Consumer ${this.id} is closed.`);
  }
}
