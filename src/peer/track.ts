/** One audio or video stream that a peer sends, as the rest of the session sees it. */
import type { Producer } from '../media/producer.js';
import type { MediaKind } from '../native/binding.js';
import type { Codec } from '../sdp/codec.js';

export interface Track {
  /** Unique on this server, and never used again. */
  readonly id: string;
  /** Who sends it. */
  readonly peerId: string;
  readonly kind: MediaKind;
  readonly producer: Producer;
  /** What the sender may send; it sends the first one. */
  readonly codecs: readonly Codec[];
}
