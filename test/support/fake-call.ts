/** A media server and native clients on engines without sockets: negotiation alone, step by step. */
import { MediaEngine } from '../../src/media/media-engine.js';
import { MediaServer, type MediaServerOptions } from '../../src/media-server.js';
import type { TransportId } from '../../src/native/binding.js';
import { FAKE_ENGINE_OPTIONS, FakeAddon, type FakeEngine } from './fake-addon.js';
import { InProcessSignaling } from './in-process.js';
import { NativeClient, type NativeClientOptions } from './native-client.js';

export class FakeCall {
  readonly server: MediaServer;
  readonly signaling: InProcessSignaling;
  /** The server's engine. */
  readonly engine: FakeEngine;
  private readonly clientEngine: MediaEngine;
  private readonly clients = new Map<string, NativeClient>();

  constructor(options: Partial<MediaServerOptions> = {}) {
    const addon = new FakeAddon();
    const engine = new MediaEngine(addon, FAKE_ENGINE_OPTIONS);
    this.engine = addon.engine;
    this.clientEngine = new MediaEngine(new FakeAddon(), FAKE_ENGINE_OPTIONS);
    this.server = new MediaServer({ engine, maxPeers: 100, announcedIps: [], ...options });
    this.signaling = new InProcessSignaling(this.server);
  }

  client(id: string, options: Partial<NativeClientOptions> = {}): NativeClient {
    const { clientEngine: engine, signaling } = this;
    const client = new NativeClient({ id, engine, signaling, ...options });
    this.signaling.add(client);
    this.clients.set(id, client);
    return client;
  }

  /** A client that has joined and connected; what follows from it has been negotiated. */
  async join(id: string, options: Partial<NativeClientOptions> = {}): Promise<NativeClient> {
    const client = this.client(id, options);
    await client.negotiate();
    this.connect(id);
    await this.settle();
    return client;
  }

  /** ICE and DTLS of a peer are up. */
  connect(id: string): void {
    this.engine.setState(this.transportOf(id), 'connected');
  }

  /** Waits until no more descriptions go back and forth. */
  async settle(): Promise<void> {
    for (let quietTurns = 0, seen = -1; quietTurns < 10; quietTurns++) {
      const { length } = this.signaling.offersSent;
      if (length !== seen) quietTurns = 0;
      seen = length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** What the engine forwards to a peer: "<kind> of <peer>", sorted. */
  forwardedTo(id: string): string[] {
    return this.engine
      .consumersOf(this.transportOf(id))
      .flatMap(({ producerId }) => this.engine.producers.get(producerId) ?? [])
      .map(({ kind, transportId }) => `${kind} of ${this.peerOf(transportId)}`)
      .sort();
  }

  /** The engine's transport of a peer, found by the latest remote credentials. */
  transportOf(id: string): TransportId {
    const ufrag = this.clients.get(id)?.ufrag;
    for (const [transportId, { remotes }] of this.engine.transports) {
      if (remotes.at(-1)?.ufrag === ufrag) return transportId;
    }
    throw new Error(`the server has no transport for ${id}`);
  }

  private peerOf(transportId: TransportId): string | undefined {
    const ufrag = this.engine.transports.get(transportId)?.remotes.at(-1)?.ufrag;
    return [...this.clients.values()].find((client) => client.ufrag === ufrag)?.id;
  }
}

/** "<kind> of <stream id>" of everything a client is told it receives, sorted. */
export function heardBy(client: NativeClient): string[] {
  return client.received.map(({ kind, streamId }) => `${kind} of ${streamId}`).sort();
}
