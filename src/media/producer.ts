/** An incoming RTP stream. */
import { EventEmitter } from 'node:events';
import type { MediaKind, NativeEngine, ProducerId } from '../native/binding.js';

interface ProducerEvents {
  /** Its first packet has arrived. */
  started: [];
  /** It was removed, alone or with its transport. Final. */
  closed: [];
}

/**
 * A stream that comes in from a remote peer, or is made by the engine itself. Created by
 * `EngineTransport.addProducer` or `MediaEngine.createSyntheticProducer`.
 */
export class Producer extends EventEmitter<ProducerEvents> {
  private isClosed = false;
  private hasStarted = false;

  constructor(
    private readonly native: NativeEngine,
    readonly id: ProducerId,
    readonly kind: MediaKind,
  ) {
    super();
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Whether a packet has arrived. */
  get started(): boolean {
    return this.hasStarted;
  }

  /** Removes it; its consumers go silent. Idempotent. */
  close(): void {
    if (this.isClosed) return;
    this.native.removeProducer(this.id);
    this.handleRemoved();
  }

  /** For the media layer: the engine says the first packet is there. */
  handleStarted(): void {
    this.hasStarted = true;
    this.emit('started');
  }

  /** For the media layer: the engine has removed it. */
  handleRemoved(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.emit('closed');
  }
}
