/** One m-line of a native client. */
import { parse } from 'sdp-transform';
import type { Consumer } from '../../src/media/consumer.js';
import type { EngineTransport } from '../../src/media/engine-transport.js';
import type { Producer } from '../../src/media/producer.js';
import type { CodecParameters, HeaderExtension, MediaKind } from '../../src/native/binding.js';
import { toCodecParameters, type Codec } from '../../src/sdp/codec.js';
import type { LocalMedia } from '../../src/sdp/local-description.js';
import { acceptMedia, type NegotiatedMedia } from '../../src/sdp/negotiated-media.js';
import type { Direction, RemoteMedia } from '../../src/sdp/remote-media.js';
import type { ClientLineOptions, ReceivedStream } from './native-client.js';

const OPUS: Codec = {
  name: 'opus',
  payloadType: 111,
  clockRate: 48000,
  channels: 2,
  format: 'minptime=10;useinbandfec=1',
  feedback: ['transport-cc'],
  rtxPayloadType: 0,
};

/** A video codec as a browser offers it. */
export function videoCodec(
  name: 'VP8' | 'VP9' | 'H264' | 'AV1',
  payloadType: number,
  format = '',
): Codec {
  return {
    name,
    payloadType,
    clockRate: 90000,
    channels: 1,
    format,
    feedback: ['nack', 'nack pli', 'ccm fir', 'transport-cc'],
    rtxPayloadType: payloadType + 1,
  };
}

const DEFAULT_CODECS: Readonly<Record<MediaKind, readonly Codec[]>> = {
  audio: [OPUS],
  video: [videoCodec('VP8', 96)],
};

const EXTENSIONS: Readonly<Record<MediaKind, readonly HeaderExtension[]>> = {
  audio: [
    { name: 'mid', id: 4 },
    { name: 'transport-wide-cc', id: 3 },
    { name: 'audio-level', id: 1 },
  ],
  video: [
    { name: 'mid', id: 4 },
    { name: 'transport-wide-cc', id: 3 },
    { name: 'abs-send-time', id: 2 },
  ],
};

/** The stream id of each m-line of a description; undefined where nothing is sent. */
export function streamIdsOf(sdp: string): (string | undefined)[] {
  return parse(sdp).media.map(({ msid }) => msid?.[0]?.id);
}

interface ClientLineState {
  readonly mid: string;
  readonly kind: MediaKind;
  readonly direction: Direction;
  readonly codecs: readonly Codec[];
  readonly headerExtensions: readonly HeaderExtension[];
}

export class ClientLine {
  readonly mid: string;
  readonly kind: MediaKind;
  /** What this side wants; the next offer says so. */
  direction: Direction;
  /** The remote peer's SSRC of the present producer. */
  private remoteSsrc = 0;
  private agreed: NegotiatedMedia | undefined;
  private rejectedByUs: RemoteMedia | undefined;
  private consumer: Consumer | undefined;
  private producer: Producer | undefined;
  private streamId = '';
  private readonly ssrc: number;
  private readonly rtxSsrc: number;

  private constructor(
    private readonly transport: EngineTransport,
    private readonly state: ClientLineState,
  ) {
    this.mid = state.mid;
    this.kind = state.kind;
    this.direction = state.direction;
    this.ssrc = transport.newSsrc();
    this.rtxSsrc = state.kind === 'video' ? transport.newSsrc() : 0;
  }

  /** An m-line that this client offers. */
  static own(transport: EngineTransport, mid: string, options: ClientLineOptions): ClientLine {
    const { kind, direction = 'sendrecv', codecs = DEFAULT_CODECS[kind] } = options;
    const headerExtensions = EXTENSIONS[kind];
    return new ClientLine(transport, { mid, kind, direction, codecs, headerExtensions });
  }

  /** An m-line that the server offers: taken for receiving, as a browser does. */
  static offered(transport: EngineTransport, remote: RemoteMedia): ClientLine {
    const { mid, codecs, headerExtensions } = remote;
    const kind = remote.type === 'audio' ? 'audio' : 'video';
    return new ClientLine(transport, {
      mid,
      kind,
      direction: 'recvonly',
      codecs,
      headerExtensions,
    });
  }

  /** The codec of what is sent; undefined until the server has accepted some. */
  get sendingCodec(): CodecParameters | undefined {
    const codec = this.agreed?.codecs[0];
    return codec && toCodecParameters(codec);
  }

  get isReadyToSend(): boolean {
    return this.consumer !== undefined && this.wantsToSend;
  }

  get received(): ReceivedStream | undefined {
    const { mid, kind, streamId, producer } = this;
    return producer && { mid, kind, streamId, producer };
  }

  /** Takes what the server's description says about this m-line. */
  apply(remote: RemoteMedia, streamId: string): void {
    this.agreed = acceptMedia(remote);
    this.rejectedByUs = this.agreed === undefined ? remote : undefined;
    this.streamId = streamId;
    this.receive(this.wantsToReceive ? this.agreed : undefined);
    if (this.agreed?.remoteReceives === true && this.wantsToSend) this.prepareToSend(this.agreed);
  }

  connect(source: Producer): void {
    const payloadType = this.sendingCodec?.payloadType;
    if (this.consumer === undefined || payloadType === undefined) {
      throw new Error(`nothing can be sent on m-line ${this.mid}`);
    }
    this.consumer.connect(source, [{ from: payloadType, to: payloadType }]);
  }

  describeOffer(): LocalMedia {
    return this.describe(this.direction);
  }

  describeAnswer(): LocalMedia {
    if (this.rejectedByUs !== undefined) return { ...this.rejectedByUs, rejected: true };
    const sends = this.wantsToSend && this.agreed?.remoteReceives === true;
    const receives = this.wantsToReceive && this.agreed?.remoteSends === true;
    if (sends) return this.describe(receives ? 'sendrecv' : 'sendonly');
    return this.describe(receives ? 'recvonly' : 'inactive');
  }

  private get wantsToSend(): boolean {
    return this.direction === 'sendrecv' || this.direction === 'sendonly';
  }

  private get wantsToReceive(): boolean {
    return this.direction === 'sendrecv' || this.direction === 'recvonly';
  }

  private receive(agreed: NegotiatedMedia | undefined): void {
    const ssrc = agreed?.remoteSends === true ? (agreed.encodings[0]?.ssrc ?? 0) : 0;
    if (ssrc === this.remoteSsrc) return;
    this.producer?.close();
    this.producer = undefined;
    this.remoteSsrc = ssrc;
    if (agreed === undefined || ssrc === 0) return;
    this.producer = this.transport.addProducer({
      kind: this.kind,
      mid: this.mid,
      codecs: agreed.codecs.map(toCodecParameters),
      encodings: [...agreed.encodings],
      headerExtensions: [...agreed.headerExtensions],
    });
  }

  private prepareToSend(agreed: NegotiatedMedia): void {
    this.consumer ??= this.transport.addConsumer({
      kind: this.kind,
      mid: this.mid,
      ssrc: this.ssrc,
      rtxSsrc: this.rtxSsrc,
      cname: 'client',
      codecs: agreed.codecs.map(toCodecParameters),
      headerExtensions: [...agreed.headerExtensions],
    });
  }

  private describe(direction: Direction): LocalMedia {
    const { mid, kind, ssrc, rtxSsrc } = this;
    const { codecs, headerExtensions } = this.agreed ?? this.state;
    const sends = direction === 'sendrecv' || direction === 'sendonly';
    const stream = { streamId: 'local', trackId: `${kind}${mid}`, cname: 'client', ssrc, rtxSsrc };
    return {
      rejected: false,
      mid,
      kind,
      direction,
      codecs,
      headerExtensions,
      rtcpRsize: true,
      stream: sends ? stream : undefined,
    };
  }
}
