/** What a peer sends on one m-line: keeps the engine's producer in step with what was negotiated. */
import { isDeepStrictEqual } from 'node:util';
import type { EngineTransport } from '../media/engine-transport.js';
import type { EncodingParameters } from '../native/binding.js';
import { toCodecParameters } from '../sdp/codec.js';
import type { NegotiatedMedia } from '../sdp/negotiated-media.js';
import type { Track } from './track.js';

/** A stream whose SSRC the description does not name is told by its MID. */
const UNNAMED: EncodingParameters = { ssrc: 0, rtxSsrc: 0, rid: '' };

export class IncomingStream {
  private current: Track | undefined;
  private negotiated: NegotiatedMedia | undefined;

  constructor(
    private readonly transport: EngineTransport,
    private readonly peerId: string,
  ) {}

  /** What arrives, if the peer sends anything. */
  get track(): Track | undefined {
    return this.current;
  }

  /** Starts, changes or stops the track. A track whose parameters change ends, and a new one begins. */
  update(media: NegotiatedMedia): void {
    if (!media.remoteSends) {
      this.close();
    } else if (this.negotiated === undefined || !isSameStream(media, this.negotiated)) {
      this.close();
      this.open(media);
    }
  }

  close(): void {
    this.current?.producer.close();
    this.current = undefined;
    this.negotiated = undefined;
  }

  private open(media: NegotiatedMedia): void {
    const { kind, mid, codecs, headerExtensions, encodings } = media;
    const producer = this.transport.addProducer({
      kind,
      mid,
      codecs: codecs.map(toCodecParameters),
      encodings: encodings.length > 0 ? [...encodings] : [UNNAMED],
      headerExtensions: [...headerExtensions],
    });
    this.current = { id: `${kind}-${producer.id}`, peerId: this.peerId, kind, producer, codecs };
    this.negotiated = media;
  }
}

function isSameStream(a: NegotiatedMedia, b: NegotiatedMedia): boolean {
  return (
    isDeepStrictEqual(a.codecs, b.codecs) &&
    isDeepStrictEqual(a.headerExtensions, b.headerExtensions) &&
    isDeepStrictEqual(a.encodings, b.encodings)
  );
}
