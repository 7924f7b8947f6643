/** Signaling without a network: native clients talk to a `MediaServer` in the same process. */
import type { MediaServer } from '../../src/media-server.js';
import type { ConnectionState, SignalingChannel } from '../../src/signaling/local-endpoint.js';
import type { ClientSignaling, NativeClient } from './native-client.js';

/** Connects clients, which have to be added by {@link add}, to a media server. */
export class InProcessSignaling implements ClientSignaling, SignalingChannel {
  readonly offersSent: { peerId: string; sdp: string }[] = [];
  readonly states: { peerId: string; state: ConnectionState }[] = [];
  readonly disconnected: { peerId: string; reason: string }[] = [];
  /** Answers the server refused, by the error. */
  readonly refusedAnswers: unknown[] = [];
  private readonly clients = new Map<string, NativeClient>();

  constructor(private readonly server: MediaServer) {
    server.useSignaling(this);
  }

  add(client: NativeClient): void {
    this.clients.set(client.id, client);
  }

  offer(peerId: string, sdp: string): Promise<string> {
    this.server.handlePeerJoined({
      peerId,
      capabilities: { audio: true, video: true, data: false },
    });
    return this.server.handleOffer(peerId, sdp);
  }

  answer(peerId: string, sdp: string): Promise<void> {
    return this.server.handleAnswer(peerId, sdp);
  }

  /** Like a WebSocket, it has delivered nothing yet when it returns. */
  sendOffer(peerId: string, sdp: string): Promise<void> {
    this.offersSent.push({ peerId, sdp });
    setImmediate(() => {
      this.clients
        .get(peerId)
        ?.handleOffer(sdp)
        .catch((error: unknown) => this.refusedAnswers.push(error));
    });
    return Promise.resolve();
  }

  notifyStateChange(peerId: string, state: ConnectionState): void {
    this.states.push({ peerId, state });
  }

  notifyPeerDisconnected(peerId: string, reason: string): void {
    this.disconnected.push({ peerId, reason });
  }
}
