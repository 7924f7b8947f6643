/**
 * A media server in this process, and clients in another: what benchmarks measure is this process.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MediaEngine } from '../../src/media/media-engine.js';
import { MediaServer } from '../../src/media-server.js';
import { loadAddon } from '../../src/native/load.js';
import type { FromLoad, SendPattern, ToLoad } from './load-messages.js';

export class Load {
  readonly engine: MediaEngine;
  readonly server: MediaServer;
  private readonly child: ChildProcess;
  private readonly connected = new Set<string>();

  private constructor() {
    this.engine = new MediaEngine(loadAddon(), {
      listenIps: ['127.0.0.1'],
      udpPort: 0,
      consentTimeoutMs: 8_000,
      srtpProfiles: ['AEAD_AES_128_GCM'],
    });
    this.server = new MediaServer({
      engine: this.engine,
      maxPeers: 10_000,
      announcedIps: [],
    });
    this.child = fork(fileURLToPath(new URL('load-client.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
    });
    this.child.on('message', (message: FromLoad) => void this.handle(message));
    this.server.useSignaling({
      sendOffer: (peerId, sdp) => {
        this.tell({ type: 'offer', peerId, sdp });
        return Promise.resolve();
      },
      notifyStateChange: () => undefined,
      notifyPeerDisconnected: () => undefined,
    });
  }

  static async start(): Promise<Load> {
    const load = new Load();
    await load.next('ready');
    return load;
  }

  /** Connects peers, a few at a time; resolves when all of them are. */
  async connect(peerIds: readonly string[], role: 'sender' | 'viewer' | 'idle'): Promise<void> {
    for (let i = 0; i < peerIds.length; i += 20) {
      const batch = peerIds.slice(i, i + 20);
      for (const peerId of batch) this.tell({ type: 'connect', peerId, role });
      while (!batch.every((peerId) => this.connected.has(peerId))) await this.next('connected');
    }
  }

  send(peerId: string, pattern: SendPattern): void {
    this.tell({ type: 'send', peerId, pattern });
  }

  /** Media packets that have arrived at the clients so far. */
  async countReceived(): Promise<number> {
    this.tell({ type: 'count' });
    return (await this.next('received')).packets;
  }

  /** Media packets this process has sent to all peers so far. */
  async countForwarded(): Promise<number> {
    const peers = await Promise.all(this.server.peers.list().map((peer) => peer.getStats()));
    return peers
      .flatMap((stats) => stats?.consumers ?? [])
      .reduce((sum, consumer) => sum + consumer.packetsSent, 0);
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
    this.server.close();
    this.engine.close();
  }

  private async handle(message: FromLoad): Promise<void> {
    switch (message.type) {
      case 'offer': {
        const { peerId, sdp } = message;
        const capabilities = { audio: true, video: true, data: false };
        this.server.handlePeerJoined({ peerId, capabilities });
        this.tell({ type: 'answer', peerId, sdp: await this.server.handleOffer(peerId, sdp) });
        break;
      }
      case 'answer':
        await this.server.handleAnswer(message.peerId, message.sdp);
        break;
      case 'connected':
        this.connected.add(message.peerId);
        break;
      case 'ready':
      case 'received':
        break; // awaited where they are asked for
    }
  }

  private tell(message: ToLoad): void {
    this.child.send(message);
  }

  private next<Type extends FromLoad['type']>(type: Type): Promise<FromLoad & { type: Type }> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: FromLoad): void => {
        if (message.type !== type) return;
        this.child.off('message', onMessage);
        this.child.off('exit', onExit);
        resolve(message as FromLoad & { type: Type });
      };
      const onExit = (): void => {
        reject(new Error('The load process has ended.'));
      };
      this.child.on('message', onMessage);
      this.child.once('exit', onExit);
    });
  }
}
