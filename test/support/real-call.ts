/** A media server and native clients on real engines, over loopback: media flows. */
import { once, setMaxListeners } from 'node:events';
import { MediaEngine } from '../../src/media/media-engine.js';
import { MediaServer, type MediaServerOptions } from '../../src/media-server.js';
import type { EngineOptions } from '../../src/native/binding.js';
import { loadAddon } from '../../src/native/load.js';
import { InProcessSignaling } from './in-process.js';
import { NativeClient, type NativeClientOptions, type ReceivedStream } from './native-client.js';

const LOOPBACK: EngineOptions = {
  listenIps: ['127.0.0.1'],
  udpPort: 0,
  consentTimeoutMs: 8_000,
  srtpProfiles: ['AEAD_AES_128_GCM', 'SRTP_AES128_CM_HMAC_SHA1_80'],
};

export class RealCall {
  readonly server: MediaServer;
  readonly signaling: InProcessSignaling;
  readonly warnings: string[] = [];
  private readonly serverEngine: MediaEngine;
  private readonly clientEngine: MediaEngine;

  constructor(
    engineOptions: Partial<EngineOptions> = {},
    serverOptions: Partial<MediaServerOptions> = {},
  ) {
    const addon = loadAddon();
    const engine = new MediaEngine(addon, { ...LOOPBACK, ...engineOptions });
    this.serverEngine = engine;
    this.clientEngine = new MediaEngine(addon, LOOPBACK);
    for (const each of [this.serverEngine, this.clientEngine]) {
      each.on('warning', (message) => this.warnings.push(message));
    }
    this.server = new MediaServer({ engine, maxPeers: 100, announcedIps: [], ...serverOptions });
    this.signaling = new InProcessSignaling(this.server);
  }

  client(id: string, options: Partial<NativeClientOptions> = {}): NativeClient {
    const { clientEngine: engine, signaling } = this;
    const client = new NativeClient({ id, engine, signaling, ...options });
    this.signaling.add(client);
    return client;
  }

  /** A client that is connected and sends audio and video, as far as it has m-lines for them. */
  async join(id: string, options: Partial<NativeClientOptions> = {}): Promise<NativeClient> {
    const client = this.client(id, options);
    await client.connect();
    for (const kind of ['audio', 'video'] as const) {
      if (client.canSend(kind)) client.send(kind);
    }
    return client;
  }

  close(): void {
    this.server.close();
    this.clientEngine.close();
    this.serverEngine.close();
  }
}

/** Resolves when media has arrived on as many streams of a client, whatever they are called. */
export async function untilMediaArrives(
  client: NativeClient,
  streams: number,
): Promise<ReceivedStream[]> {
  for (;;) {
    const started = client.received.filter(({ producer }) => producer.started);
    if (started.length >= streams) return started;
    const waiting = client.received.filter(({ producer }) => !producer.started);
    const aborter = new AbortController();
    const { signal } = aborter;
    setMaxListeners(waiting.length + 1, signal);
    await Promise.race([
      once(client, 'negotiated', { signal }),
      ...waiting.map(({ producer }) => once(producer, 'started', { signal })),
    ]);
    aborter.abort();
  }
}
