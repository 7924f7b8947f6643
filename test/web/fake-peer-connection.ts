/**
 * The signaling states of an RTCPeerConnection (W3C webrtc-pc, 4.4.1) without media. An offer of its own
 * that is rolled back makes it ask for negotiation again, as browsers do.
 */

interface Description {
  type: string;
  sdp?: string;
}

interface FakeTransceiver {
  mid: string | null;
  receiver: { track: { kind: string } };
  sender: { track: unknown; replaceTrack: (track: unknown) => Promise<void> };
}

export class FakePeerConnection {
  signalingState = 'stable';
  connectionState = 'new';
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  onicecandidate: ((event: { candidate: { candidate: string } | null }) => void) | null = null;
  readonly transceivers: FakeTransceiver[] = [];
  readonly candidates: unknown[] = [];
  iceRestarts = 0;
  #needsNegotiation = false;
  #offers = 0;

  asPeerConnection(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }

  addTransceiver(trackOrKind: string | { kind: string }): FakeTransceiver {
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    const sender = {
      track: trackOrKind as unknown,
      replaceTrack: (track: unknown) => {
        sender.track = track;
        return Promise.resolve();
      },
    };
    const mid = String(this.transceivers.length);
    const transceiver = { mid, receiver: { track: { kind } }, sender };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async setLocalDescription(description?: Description): Promise<void> {
    await Promise.resolve();
    if (description?.type === 'rollback') {
      this.#rollBack();
      this.#settle();
    } else if (this.signalingState === 'have-remote-offer') {
      this.localDescription = { type: 'answer', sdp: `answer to ${this.remoteDescription!.sdp!}` };
      this.#settle();
    } else {
      this.#needsNegotiation = false;
      this.localDescription = { type: 'offer', sdp: `offer ${String(++this.#offers)}` };
      this.signalingState = 'have-local-offer';
    }
  }

  async setRemoteDescription(description: Description): Promise<void> {
    await Promise.resolve();
    if (description.type === 'offer') {
      if (this.signalingState === 'have-local-offer') this.#rollBack();
      this.remoteDescription = description;
      this.signalingState = 'have-remote-offer';
      return;
    }
    if (this.signalingState !== 'have-local-offer') {
      throw new Error(`An answer cannot be set in the state ${this.signalingState}.`);
    }
    this.remoteDescription = description;
    this.#settle();
  }

  addIceCandidate(candidate: unknown): Promise<void> {
    this.candidates.push(candidate);
    return Promise.resolve();
  }

  restartIce(): void {
    this.iceRestarts++;
  }

  close(): void {
    this.signalingState = 'closed';
  }

  changeConnectionState(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  #rollBack(): void {
    this.signalingState = 'stable';
    this.#needsNegotiation = true;
  }

  #settle(): void {
    this.signalingState = 'stable';
    if (this.#needsNegotiation) queueMicrotask(() => this.onnegotiationneeded?.());
  }
}
