/**
 * A remote participant: one transport, its m-lines, and the negotiation about them (RFC 8829).
 *
 * All operations are synchronous and complete, so they need no queue: commands to the engine are only
 * queued, and nothing here waits for the remote peer.
 *
 * Both sides may offer. If the offers cross, the server gives way: its own offer is withdrawn, the
 * remote one is answered, and the server offers again a little later with what is still to be said. A
 * remote peer that gives way as well ("perfect negotiation", or a browser's implicit rollback) answers
 * the withdrawn offer instead; that answer then counts, as if its own offer had never been made.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { SdpError } from '../errors.js';
import type { EngineTransport } from '../media/engine-transport.js';
import type { TransportFailure, TransportState, TransportStats } from '../native/binding.js';
import type { LocalCandidate } from '../sdp/candidates.js';
import { writeLocalDescription, type LocalMedia } from '../sdp/local-description.js';
import { acceptMedia, acceptOffer, type NegotiatedMedia } from '../sdp/negotiated-media.js';
import { RemoteCapabilities } from '../sdp/remote-capabilities.js';
import { parseRemoteDescription, type RemoteDescription } from '../sdp/remote-description.js';
import type { Setup } from '../sdp/remote-transport.js';
import { assignTracks } from './assign-tracks.js';
import type { MediaLine } from './media-line.js';
import { MediaLines } from './media-lines.js';
import { RemoteEndpoint } from './remote-endpoint.js';
import { Subscriptions } from './subscriptions.js';
import type { Track } from './track.js';

/** How long we wait in negotiations, in ms. */
export interface NegotiationTiming {
  /** For the answer to our offer. Who does not answer keeps what it has, and gets no more offers. */
  readonly answerTimeoutMs: number;
  /** Before we offer again after offers crossed: what the remote peer makes of it has to arrive first. */
  readonly glareBackoffMs: number;
}

export interface PeerOptions {
  readonly id: string;
  /** What the peer said about itself. */
  readonly metadata?: unknown;
  readonly transport: EngineTransport;
  /** SHA-256 fingerprint of our DTLS certificate. */
  readonly fingerprint: string;
  /** Our candidates at the moment of a description. */
  readonly candidates: () => readonly LocalCandidate[];
  readonly timing: NegotiationTiming;
}

interface PeerEvents {
  state: [state: TransportState, failure: TransportFailure];
  /** The peer began to send a track. */
  trackAdded: [track: Track];
  /** The peer stopped to send a track. */
  trackRemoved: [track: Track];
  /** A track is not sent to this peer; the rest of its media is not touched. */
  trackNotSent: [track: Track, reason: string];
  /** An offer for the peer; its answer goes to {@link Peer.handleAnswer}. */
  offer: [sdp: string];
  /** The peer did not answer our offer in time. */
  offerUnanswered: [];
  closed: [];
}

/** An offer of ours: what it says, m-line by m-line. */
interface Offer {
  readonly lines: MediaLines;
  readonly media: readonly LocalMedia[];
}

export class Peer extends EventEmitter<PeerEvents> {
  readonly id: string;
  readonly metadata: unknown;
  private readonly remote: RemoteEndpoint;
  private readonly capabilities = new RemoteCapabilities();
  private readonly sessionId = (randomBytes(8).readBigUInt64BE() >> 1n).toString();
  private readonly subscriptions = new Subscriptions();
  private lines: MediaLines;
  private published: readonly Track[] = [];
  private version = 0;
  private extmapAllowMixed = false;
  private bundled = true;
  private pendingOffer: Offer | undefined;
  private withdrawnOffer: Offer | undefined;
  /** Runs while an offer of ours waits for its answer, or we wait after offers crossed. */
  private timer: NodeJS.Timeout | undefined;
  private offerScheduled = false;
  private mayOffer = true;
  private isClosed = false;

  constructor(private readonly options: PeerOptions) {
    super();
    this.id = options.id;
    this.metadata = options.metadata;
    this.remote = new RemoteEndpoint(options.transport);
    this.lines = new MediaLines({
      transport: options.transport,
      peerId: options.id,
      cname: randomBytes(12).toString('base64url'),
    });
    options.transport.on('state', (state, failure) => {
      this.handleState(state, failure);
    });
  }

  get state(): TransportState {
    return this.options.transport.state;
  }

  /** What the peer sends. */
  get tracks(): readonly Track[] {
    return this.published;
  }

  /** What the peer is sent at the moment, or will be when the current negotiation is over. */
  get receivedTracks(): readonly Track[] {
    return this.lines.active.flatMap(({ source }) => source ?? []);
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Counters of the transport and its streams; null when it is gone. */
  getStats(): Promise<TransportStats | null> {
    return this.isClosed ? Promise.resolve(null) : this.options.transport.getStats();
  }

  /** Whether an offer comes from the connection object we know, or from a new one of the same peer. */
  isContinuedBy(offer: RemoteDescription): boolean {
    return this.remote.isContinuedBy(offer);
  }

  /**
   * Answers an offer.
   * @throws SdpError, CodecMismatchError; nothing has changed then.
   */
  answer(offer: RemoteDescription): string {
    const agreed = acceptContinuedOffer(offer, this.lines);
    this.withdrawOffer();
    this.mayOffer = true;
    this.subscriptions.retryRefused();
    this.capabilities.learn(offer);
    this.extmapAllowMixed = offer.extmapAllowMixed;
    this.bundled = offer.bundled;
    if (offer.transport !== undefined) this.remote.update(offer.transport, offer.sessionId);
    this.refuseAll(this.lines.adopt(offer.media, agreed), 'The peer does not take it.');
    this.assign(this.waitingTracks);
    const media = this.lines.describe((line) => line.describeInAnswer());
    this.lines.announce(media);
    this.lines.forward();
    const sdp = this.write(media, this.remote.answerSetup);
    this.publishTracks();
    this.scheduleOffer();
    return sdp;
  }

  /**
   * Takes the answer to an offer of ours.
   * @throws SdpError; the offer counts as not made then, and the connection stays as it was.
   */
  handleAnswer(sdp: string): void {
    const offer = this.pendingOffer ?? this.withdrawnOffer;
    if (offer === undefined) throw new SdpError('No offer waits for an answer.');
    const wasWithdrawn = offer === this.withdrawnOffer;
    this.settleOffer();
    let agreed: (NegotiatedMedia | undefined)[];
    let answer: RemoteDescription;
    try {
      answer = parseRemoteDescription(sdp, 'answer');
      offer.lines.requireSame(answer.media);
      agreed = answer.media.map(acceptMedia);
    } catch (error) {
      this.giveUpOffering(offer);
      throw error;
    }
    if (wasWithdrawn) this.lines.closeAllBut(offer.lines);
    this.lines = offer.lines;
    this.refuseAll(
      this.lines.adopt(answer.media, agreed, offer.media),
      'The peer did not accept it.',
    );
    this.lines.announce(offer.media);
    this.assign(this.waitingTracks);
    this.publishTracks();
    this.scheduleOffer();
  }

  /** Sends a track to this peer from now on: at once if an m-line is free, else after negotiation. */
  subscribe(track: Track): void {
    if (this.isClosed || !this.subscriptions.add(track)) return;
    this.assign([track]);
    this.scheduleOffer();
  }

  unsubscribe(track: Track): void {
    if (!this.subscriptions.delete(track)) return;
    for (const lines of new Set([this.lines, this.pendingOffer?.lines ?? this.lines])) {
      lines.release((source) => source === track);
    }
    this.assign(this.waitingTracks);
    this.scheduleOffer();
  }

  /** Nobody can be reached with offers until the peer makes one itself. */
  stopOffering(): void {
    if (this.pendingOffer !== undefined) this.giveUpOffering(this.pendingOffer);
    this.mayOffer = false;
  }

  /** Says goodbye and ends the peer's tracks. Idempotent. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.settleOffer();
    this.lines.close();
    this.publishTracks();
    this.subscriptions.clear();
    this.options.transport.close();
    this.emit('closed');
  }

  private handleState(state: TransportState, failure: TransportFailure): void {
    this.emit('state', state, failure);
    if (state !== 'connected') return;
    this.lines.forward();
    this.scheduleOffer();
  }

  /** Tells others about tracks that began or ended since the last call. */
  private publishTracks(): void {
    const before = this.published;
    this.published = this.lines.active.flatMap(({ track }) => track ?? []);
    for (const track of before) {
      if (!this.published.includes(track)) this.emit('trackRemoved', track);
    }
    for (const track of this.published) {
      if (!before.includes(track)) this.emit('trackAdded', track);
    }
  }

  private refuseAll(tracks: readonly Track[], reason: string): void {
    for (const track of tracks) this.refuse(track, reason);
  }

  private refuse(track: Track, reason: string): void {
    if (this.subscriptions.refuse(track)) this.emit('trackNotSent', track, reason);
  }

  /** Tracks that no m-line is there for yet. */
  private get waitingTracks(): Track[] {
    const { active } = this.pendingOffer?.lines ?? this.lines;
    return this.subscriptions.waiting(new Set(active.map(({ source }) => source)));
  }

  private assign(tracks: readonly Track[]): void {
    assignTracks(this.lines.active, tracks);
    this.lines.forward();
  }

  /** Many changes in one turn of the event loop become one offer. */
  private scheduleOffer(): void {
    if (this.offerScheduled || this.isClosed) return;
    this.offerScheduled = true;
    setImmediate(() => {
      this.offerScheduled = false;
      this.offerIfNeeded();
    });
  }

  /** One offer at a time, and the first one only once the peer has shown by connecting that it has our answer. */
  private offerIfNeeded(): void {
    const isReady = this.mayOffer && this.state === 'connected' && this.timer === undefined;
    if (this.isClosed || !isReady) return;
    const added = this.linesForWaitingTracks();
    if (added.length === 0 && this.lines.isAnnounced) return;
    const lines = this.lines.with(added);
    const media = lines.describe((line) => line.describeInOffer());
    this.pendingOffer = { lines, media };
    this.timer = setTimeout(() => {
      this.stopOffering();
      this.emit('offerUnanswered');
    }, this.options.timing.answerTimeoutMs).unref();
    this.emit('offer', this.write(media, 'actpass'));
  }

  private linesForWaitingTracks(): MediaLine[] {
    const added: MediaLine[] = [];
    for (const track of this.waitingTracks) {
      const parameters = this.capabilities.parametersFor(track.kind, track.codecs);
      if (parameters === undefined) {
        this.refuse(track, 'The peer does not know its codec.');
      } else if (this.lines.hasRoomFor(added.length + 1)) {
        const line = this.lines.propose(track.kind, parameters, added.length);
        line.assign(track);
        added.push(line);
      } else if (this.subscriptions.crowdOut(track)) {
        this.emit('trackNotSent', track, 'The peer has as many m-lines as fit in a description.');
      }
    }
    return added;
  }

  /** The offers crossed: ours is off, unless the peer turns out to have given way as well. */
  private withdrawOffer(): void {
    const offer = this.pendingOffer;
    this.settleOffer();
    if (offer === undefined) return;
    offer.lines.releaseAllBut(this.lines);
    this.withdrawnOffer = offer;
    this.timer = setTimeout(() => {
      this.settleOffer();
      this.scheduleOffer();
    }, this.options.timing.glareBackoffMs).unref();
  }

  private giveUpOffering(offer: Offer): void {
    this.settleOffer();
    offer.lines.releaseAllBut(this.lines);
    this.mayOffer = false;
    this.assign(this.waitingTracks);
  }

  private settleOffer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pendingOffer = undefined;
    this.withdrawnOffer = undefined;
  }

  private write(media: readonly LocalMedia[], setup: Setup): string {
    const { transport, fingerprint, candidates } = this.options;
    const { sessionId, extmapAllowMixed, bundled } = this;
    return writeLocalDescription({
      sessionId,
      version: ++this.version,
      iceLite: true,
      ...transport.iceCredentials,
      fingerprint,
      setup,
      candidates: candidates(),
      extmapAllowMixed,
      bundled,
      media,
    });
  }
}

/** @throws SdpError, CodecMismatchError. */
function acceptContinuedOffer(
  offer: RemoteDescription,
  lines: MediaLines,
): (NegotiatedMedia | undefined)[] {
  lines.requireContinued(offer.media);
  const hasStoppedAll = offer.media.every(({ rejected }) => rejected) && lines.active.length > 0;
  return hasStoppedAll ? offer.media.map(() => undefined) : acceptOffer(offer);
}
