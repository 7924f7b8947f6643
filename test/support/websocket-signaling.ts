/** Signaling of native clients over a WebSocket, with prefixed method names (`peer.offer`). */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientSignaling, NativeClient } from './native-client.js';

const SERVER = 'remotemedia-server';

interface Waiting {
  readonly resolve: (result: Record<string, unknown>) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sdp?: string };
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** One announced peer. */
export class WebSocketSignaling implements ClientSignaling {
  /** Methods of the notifications that arrived, in their order. */
  readonly notifications: string[] = [];
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private client: NativeClient | undefined;

  private constructor(
    private readonly socket: WebSocket,
    readonly peerId: string,
  ) {
    socket.on('message', (data: Buffer) => {
      this.handle(JSON.parse(data.toString()) as Message);
    });
  }

  static async connect(url: string, peerId: string): Promise<WebSocketSignaling> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const signaling = new WebSocketSignaling(socket, peerId);
    await signaling.call('peer.announce', { peer_id: peerId, capabilities: ['audio', 'video'] });
    return signaling;
  }

  /** The client that answers offers of the server. */
  serve(client: NativeClient): void {
    this.client = client;
  }

  async offer(peerId: string, sdp: string): Promise<string> {
    const result = await this.call('peer.offer', { from: peerId, to: SERVER, sdp });
    return String(result['sdp']);
  }

  async answer(peerId: string, sdp: string): Promise<void> {
    await this.call('peer.answer', { from: peerId, to: SERVER, sdp });
  }

  /** @throws (rejects with) an Error with the JSON-RPC error's code at the front of its message. */
  call(method: string, params: object): Promise<Record<string, unknown>> {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private handle({ id, method, params, result, error }: Message): void {
    if (method !== undefined) {
      this.notifications.push(method);
      if (method === 'peer.offer') void this.client?.handleOffer(params?.sdp ?? '');
      return;
    }
    const waiting = this.waiting.get(id ?? 0);
    this.waiting.delete(id ?? 0);
    if (error === undefined) waiting?.resolve(result ?? {});
    else waiting?.reject(new Error(`${error.code} ${error.message}`));
  }
}
