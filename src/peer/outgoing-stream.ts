/**
 * What we send on one m-line: a consumer with its SSRCs, made before there is anything to send, and the
 * track that is forwarded through it at the moment.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Consumer } from '../media/consumer.js';
import type { EngineTransport } from '../media/engine-transport.js';
import type { MediaKind } from '../native/binding.js';
import { toCodecParameters } from '../sdp/codec.js';
import { mapPayloadTypes } from '../sdp/codec-match.js';
import type { StreamDescription } from '../sdp/local-description.js';
import type { MediaParameters } from '../sdp/remote-capabilities.js';
import type { Track } from './track.js';

export interface OutgoingStreamOptions {
  readonly transport: EngineTransport;
  readonly mid: string;
  readonly kind: MediaKind;
  readonly cname: string;
  /** The stream id under which the m-line is announced while nobody is assigned to it. */
  readonly unassignedStreamId: string;
  /** What the remote peer takes on the m-line, or is offered to take. */
  readonly parameters: MediaParameters;
}

export class OutgoingStream {
  private parameters: MediaParameters;
  private ssrc: number;
  private rtxSsrc = 0;
  private consumer: Consumer | undefined;
  private assigned: Track | undefined;
  private announced: StreamDescription | undefined;

  constructor(private readonly options: OutgoingStreamOptions) {
    this.parameters = options.parameters;
    this.ssrc = options.transport.newSsrc();
    this.matchRtxSsrc();
  }

  /** The track that is, or will be, forwarded. */
  get source(): Track | undefined {
    return this.assigned;
  }

  /** Whether the remote peer has been told who is heard or seen here, or that nobody is. */
  get isAnnounced(): boolean {
    const { announced, assigned } = this;
    if (announced === undefined) return assigned === undefined;
    const streamId = assigned?.peerId ?? this.options.unassignedStreamId;
    return announced.streamId === streamId && announced.ssrc === this.ssrc;
  }

  canCarry(track: Track): boolean {
    return (
      track.kind === this.options.kind &&
      mapPayloadTypes(track.codecs, this.parameters.codecs) !== undefined
    );
  }

  /**
   * Takes what was negotiated. The consumer begins with the first call; when its parameters change it is
   * replaced by one with SSRCs of its own, because an SSRC must not begin again under the same SRTP key.
   */
  negotiate({ codecs, headerExtensions }: MediaParameters): void {
    const parameters = { codecs, headerExtensions };
    if (this.consumer !== undefined) {
      if (isDeepStrictEqual(parameters, this.parameters)) return;
      this.dropConsumer();
    }
    this.parameters = parameters;
    this.matchRtxSsrc();
    const { transport, kind, mid, cname } = this.options;
    this.consumer = transport.addConsumer({
      kind,
      mid,
      cname,
      ssrc: this.ssrc,
      rtxSsrc: this.rtxSsrc,
      codecs: codecs.map(toCodecParameters),
      headerExtensions: [...headerExtensions],
    });
  }

  /** Chooses what to forward; {@link forward} makes it so. */
  assign(track: Track | undefined): void {
    this.assigned = track;
  }

  /** @param evenUnassigned whether the stream is described although nobody is assigned to it. */
  describe(evenUnassigned: boolean): StreamDescription | undefined {
    if (this.assigned === undefined && !evenUnassigned) return undefined;
    const { unassignedStreamId, kind, mid, cname } = this.options;
    const streamId = this.assigned?.peerId ?? unassignedStreamId;
    return { streamId, trackId: `${kind}-${mid}`, cname, ssrc: this.ssrc, rtxSsrc: this.rtxSsrc };
  }

  /** The remote peer has been told of this stream; undefined: that nothing is sent. */
  announce(stream: StreamDescription | undefined): void {
    this.announced = stream;
  }

  /**
   * Sends the source if the remote peer knows that something is sent, and nothing otherwise. Waits for
   * the transport: the keyframe that a new consumer asks for must not come before it can be sent on.
   */
  forward(): void {
    const { consumer, assigned } = this;
    if (consumer === undefined || this.options.transport.state !== 'connected') return;
    const mapping = assigned && mapPayloadTypes(assigned.codecs, this.parameters.codecs);
    const isExpected = this.announced !== undefined && assigned?.producer.closed === false;
    if (assigned === undefined || mapping === undefined || !isExpected) {
      consumer.disconnect();
    } else if (consumer.producer !== assigned.producer) {
      consumer.connect(assigned.producer, mapping);
    }
  }

  close(): void {
    this.dropConsumer();
    this.assigned = undefined;
    this.announced = undefined;
  }

  private dropConsumer(): void {
    this.consumer?.close();
    this.consumer = undefined;
    this.ssrc = this.options.transport.newSsrc();
    this.rtxSsrc = 0;
  }

  private matchRtxSsrc(): void {
    const hasRtx = this.parameters.codecs.some(({ rtxPayloadType }) => rtxPayloadType !== 0);
    if (!hasRtx) this.rtxSsrc = 0;
    else if (this.rtxSsrc === 0) this.rtxSsrc = this.options.transport.newSsrc();
  }
}
