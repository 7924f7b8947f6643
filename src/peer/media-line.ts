/** One audio or video m-line of a peer: what comes in on it, what goes out on it, how it is described. */
import type { EngineTransport } from '../media/engine-transport.js';
import type { MediaKind } from '../native/binding.js';
import type { ActiveMedia } from '../sdp/local-description.js';
import type { NegotiatedMedia } from '../sdp/negotiated-media.js';
import type { MediaParameters } from '../sdp/remote-capabilities.js';
import type { Direction } from '../sdp/remote-media.js';
import { IncomingStream } from './incoming-stream.js';
import { OutgoingStream } from './outgoing-stream.js';
import type { Track } from './track.js';

export interface MediaLineOptions {
  readonly transport: EngineTransport;
  readonly peerId: string;
  readonly cname: string;
  readonly mid: string;
  readonly kind: MediaKind;
  /** Which of the two sides put the m-line into its offer first. */
  readonly addedBy: 'remote' | 'us';
  /** Its position among the m-lines of its kind: audio and video of one seat are meant to go together. */
  readonly seat: number;
  readonly parameters: MediaParameters;
}

export class MediaLine {
  readonly mid: string;
  readonly kind: MediaKind;
  readonly seat: number;
  private readonly incoming: IncomingStream;
  private readonly outgoing: OutgoingStream;
  private agreed: NegotiatedMedia | undefined;
  /** Whether the peer takes, or is thought to take, what is sent here. */
  private peerReceives = true;
  private parameters: MediaParameters;

  /** Begins as an m-line that is only offered; {@link negotiate} makes it real. */
  constructor(private readonly options: MediaLineOptions) {
    const { mid, kind, seat, transport, peerId, parameters } = options;
    this.mid = mid;
    this.kind = kind;
    this.seat = seat;
    this.parameters = parameters;
    this.incoming = new IncomingStream(transport, peerId);
    this.outgoing = new OutgoingStream({ ...options, unassignedStreamId: `unassigned-${seat}` });
  }

  /** Whether an offer of ours added it. */
  get isOurs(): boolean {
    return this.options.addedBy === 'us';
  }

  /** What the peer sends. */
  get track(): Track | undefined {
    return this.incoming.track;
  }

  /** What is, or will be, sent to the peer. */
  get source(): Track | undefined {
    return this.outgoing.source;
  }

  /** Whether the peer knows who is heard or seen on this m-line. */
  get isAnnounced(): boolean {
    return this.outgoing.isAnnounced;
  }

  /** Whether the track could be sent on this m-line. */
  canCarry(track: Track): boolean {
    return this.peerReceives && this.outgoing.canCarry(track);
  }

  /**
   * Takes what an exchange of descriptions agreed on.
   * @param asked whether the peer was free to say that it receives. The answer to an offer to send
   *   nothing cannot; it leaves open what the answer to another offer would be.
   */
  negotiate(agreed: NegotiatedMedia, asked: boolean): void {
    this.agreed = agreed;
    this.parameters = agreed;
    if (asked) this.peerReceives = agreed.remoteReceives;
    this.incoming.update(agreed);
    if (this.peerReceives) this.outgoing.negotiate(agreed);
  }

  assign(track: Track | undefined): void {
    this.outgoing.assign(track);
  }

  /** What an answer of ours says. */
  describeInAnswer(): ActiveMedia {
    // A peer that never negotiates again still gets to see whoever is assigned later: the m-lines it
    // brought along are announced with their SSRC even if there is nothing to send yet.
    return this.describe(!this.isOurs);
  }

  /** What an offer of ours says. */
  describeInOffer(): ActiveMedia {
    return this.describe(false);
  }

  /** The description is in force; `stream` is what it says is sent. */
  announce(stream: ActiveMedia['stream']): void {
    this.outgoing.announce(this.peerReceives ? stream : undefined);
  }

  /** Brings the consumer in step with what is assigned and announced. */
  forward(): void {
    this.outgoing.forward();
  }

  close(): void {
    this.incoming.close();
    this.outgoing.close();
    this.agreed = undefined;
  }

  private describe(evenUnassigned: boolean): ActiveMedia {
    const { mid, kind } = this;
    const { codecs, headerExtensions } = this.parameters;
    const stream = this.peerReceives ? this.outgoing.describe(evenUnassigned) : undefined;
    const direction = directionOf(stream !== undefined, this.agreed?.remoteSends === true);
    const rtcpRsize = this.agreed?.rtcpRsize ?? true;
    return { rejected: false, mid, kind, direction, codecs, headerExtensions, rtcpRsize, stream };
  }
}

function directionOf(sends: boolean, receives: boolean): Direction {
  if (sends) return receives ? 'sendrecv' : 'sendonly';
  return receives ? 'recvonly' : 'inactive';
}
