// What the signaling tests share: a server on a free port, peers on real sockets, a media server that
// writes down what it is told.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { pino } from 'pino';
import { WebSocket, type ClientOptions } from 'ws';

import type { LocalEndpoint } from '../../src/signaling/local-endpoint.js';
import {
  SignalingServer,
  type SignalingServerOptions,
} from '../../src/signaling/signaling-server.js';

export const silentLogger = pino({ level: 'silent' });

export const SDP =
  'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';
export const ANSWER_SDP = SDP.replace('o=- 1', 'o=- 7');
export const CANDIDATE = 'candidate:1 1 UDP 2130706431 192.0.2.7 54321 typ host';

export interface Message {
  readonly jsonrpc: string;
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { code: number; message: string; data: { reason: string } };
}

/** A signaling server with an HTTP server of its own. */
export class TestServer {
  /** Stays known after {@link stop}, so that a later server can take its place. */
  port = 0;
  private readonly http: Server;

  private constructor(readonly signaling: SignalingServer) {
    this.http = createServer().on('upgrade', (request, socket, head) => {
      signaling.handleUpgrade(request, socket, head);
    });
  }

  static async start(options: Partial<SignalingServerOptions> = {}, port = 0): Promise<TestServer> {
    const server = new TestServer(new SignalingServer({ logger: silentLogger, ...options }));
    server.http.listen(port, '127.0.0.1');
    await once(server.http, 'listening');
    server.port = (server.http.address() as AddressInfo).port;
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Resolves when no connection is left. */
  async stop(): Promise<void> {
    await this.signaling.close();
    if (!this.http.listening) return;
    const closed = once(this.http, 'close');
    this.http.close();
    this.http.closeAllConnections();
    await closed;
  }
}

/** A peer as a WebSocket, with its messages in the order they come. */
export class TestPeer {
  readonly received: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Set<() => void>();
  private nextId = 1;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.wake();
      });
    });
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message | Message[];
      this.received.push(...[message].flat());
      this.wake();
    });
  }

  static async connect(url: string, options: ClientOptions = {}): Promise<TestPeer> {
    const peer = new TestPeer(new WebSocket(url, options));
    await once(peer.socket, 'open');
    return peer;
  }

  /** Announced in the plain dialect. */
  static async plain(server: TestServer, peerId: string): Promise<TestPeer> {
    const peer = await TestPeer.connect(server.url);
    await peer.result('announce', { peer_id: peerId, capabilities: { audio: true, video: true } });
    return peer;
  }

  /** Announced in the prefixed dialect. */
  static async prefixed(server: TestServer, peerId: string): Promise<TestPeer> {
    const peer = await TestPeer.connect(server.url);
    await peer.result('peer.announce', { peer_id: peerId, capabilities: ['audio', 'video'] });
    return peer;
  }

  send(value: unknown): void {
    this.socket.send(typeof value === 'string' ? value : JSON.stringify(value));
  }

  notify(method: string, params: unknown): void {
    this.send({ jsonrpc: '2.0', method, params });
  }

  /** Calls a method and waits for its response, whatever it is. */
  async call(method: string, params?: unknown): Promise<Message> {
    const id = this.nextId++;
    this.send({ jsonrpc: '2.0', method, params, id });
    return await this.next((message) => message.method === undefined && message.id === id);
  }

  async result(method: string, params?: unknown): Promise<Record<string, unknown>> {
    const response = await this.call(method, params);
    assert.equal(response.error, undefined, JSON.stringify(response.error));
    return response.result!;
  }

  /** The code and reason of the error a call is answered with. */
  async error(method: string, params?: unknown): Promise<{ code: number; reason: string }> {
    const { error } = await this.call(method, params);
    assert.ok(error, `${method} was to fail`);
    return { code: error.code, reason: error.data.reason };
  }

  /** The params of the next notification of a method; each is given out once. */
  async notification(method: string): Promise<Record<string, unknown>> {
    const message = await this.next((candidate) => candidate.method === method);
    return message.params!;
  }

  /** The next message that fits; each is given out once. */
  async next(fits: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const index = this.received.findIndex(fits);
      if (index >= 0) return this.received.splice(index, 1)[0]!;
      assert.equal(this.socket.readyState, WebSocket.OPEN, 'the connection closed too early');
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Everything the server has sent up to now, apart from what was given out. */
  async settled(): Promise<readonly Message[]> {
    await this.call('list_peers');
    return this.received;
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** A media server that accepts everything and records it. */
export class RecordingEndpoint implements LocalEndpoint {
  readonly calls: unknown[][] = [];
  private readonly watchers = new Set<() => void>();

  handlePeerJoined(peer: Parameters<LocalEndpoint['handlePeerJoined']>[0]): void {
    this.record('joined', peer);
  }

  handleOffer(peerId: string, sdp: string): Promise<string> {
    this.record('offer', peerId, sdp);
    return Promise.resolve(ANSWER_SDP);
  }

  handleAnswer(peerId: string, sdp: string): Promise<void> {
    this.record('answer', peerId, sdp);
    return Promise.resolve();
  }

  handleCandidate(peerId: string, candidate: unknown): void {
    this.record('candidate', peerId, candidate);
  }

  handlePeerLeft(peerId: string, reason: string): void {
    this.record('left', peerId, reason);
  }

  /** The names of the calls up to now. */
  get names(): unknown[] {
    return this.calls.map(([name]) => name);
  }

  /** Waits until a call of the name has been made, and gives its arguments. */
  async until(name: string): Promise<unknown[]> {
    for (;;) {
      const call = this.calls.find(([candidate]) => candidate === name);
      if (call !== undefined) return call.slice(1);
      await new Promise<void>((resolve) => this.watchers.add(resolve));
    }
  }

  private record(...call: unknown[]): void {
    this.calls.push(call);
    for (const resolve of this.watchers) resolve();
    this.watchers.clear();
  }
}
