/**
 * What a remote peer has shown of itself in its offers, and the numbers that are taken between it and us. A payload type or an extension id, once used, keeps its meaning as long as the transport lives
 * (RFC 3264 section 8.3.2, RFC 8843 section 9.1.1).
 */
import type { HeaderExtension, HeaderExtensionName, MediaKind } from '../native/binding.js';
import { supportedFeedback, type Codec } from './codec.js';
import { findCompatible, requiredCodecs } from './codec-match.js';
import { offeredHeaderExtensions } from './header-extension.js';
import type { RemoteDescription } from './remote-description.js';
import { isMediaKind } from './remote-media.js';

/** Codecs and extensions for an m-line of our own. */
export interface MediaParameters {
  readonly codecs: readonly Codec[];
  readonly headerExtensions: readonly HeaderExtension[];
}

/** The dynamic range of RFC 3551, then the one that is free when RTP and RTCP share a port (RFC 5761). */
const DYNAMIC_PAYLOAD_TYPES = [...range(96, 127), ...range(35, 63)];
/** What fits the one-byte form of RFC 8285. */
const HEADER_EXTENSION_IDS = range(1, 14);

export class RemoteCapabilities {
  private readonly shown: Record<MediaKind, readonly Codec[]> = { audio: [], video: [] };
  private readonly introduced: Codec[] = [];
  private readonly payloadTypes = new Set<number>();
  private readonly extensionIds = new Map<number, HeaderExtensionName | undefined>();

  /** Remembers what an offer shows. An answer shows nothing new: it keeps to what it was offered. */
  learn(offer: RemoteDescription): void {
    const shown: Record<MediaKind, Codec[]> = { audio: [], video: [] };
    for (const line of offer.media) {
      if (!isMediaKind(line.type) || line.rejected) continue;
      for (const payloadType of line.payloadTypes) this.payloadTypes.add(payloadType);
      for (const id of line.headerExtensionIds) {
        if (!this.extensionIds.has(id)) this.extensionIds.set(id, undefined);
      }
      for (const { id, name } of line.headerExtensions) this.extensionIds.set(id, name);
      const known = shown[line.type];
      known.push(...line.codecs.filter((codec) => !known.some((other) => isSame(codec, other))));
    }
    if (shown.audio.length > 0) this.shown.audio = shown.audio;
    if (shown.video.length > 0) this.shown.video = shown.video;
  }

  /**
   * The parameters of an m-line that is to carry what another peer sends.
   * @returns undefined when this peer has shown that it cannot take the codec, or no numbers are left.
   */
  parametersFor(kind: MediaKind, sent: readonly Codec[]): MediaParameters | undefined {
    const codecs: Codec[] = [];
    for (const codec of requiredCodecs(sent)) {
      const shown = this.shown[kind];
      const match = shown.length > 0 ? findCompatible(codec, shown) : this.introduce(kind, codec);
      if (match === undefined) return undefined;
      codecs.push(match);
    }
    return codecs.length === 0
      ? undefined
      : { codecs, headerExtensions: this.headerExtensionsFor(kind) };
  }

  /** A codec for a peer that has shown nothing of the kind: its answer will tell. RED stays at home. */
  private introduce(kind: MediaKind, codec: Codec): Codec | undefined {
    if (codec.name === 'red') return undefined;
    const known = findCompatible(codec, this.introduced);
    if (known !== undefined) return known;
    const payloadType = codec.clockRate === 8000 ? codec.payloadType : this.takePayloadType();
    const rtxPayloadType = kind === 'video' ? this.takePayloadType() : 0;
    if (payloadType === undefined || rtxPayloadType === undefined) return undefined;
    const introduced = { ...codec, payloadType, rtxPayloadType, feedback: supportedFeedback(kind) };
    this.introduced.push(introduced);
    return introduced;
  }

  private takePayloadType(): number | undefined {
    const free = DYNAMIC_PAYLOAD_TYPES.find((candidate) => !this.payloadTypes.has(candidate));
    if (free !== undefined) this.payloadTypes.add(free);
    return free;
  }

  private headerExtensionsFor(kind: MediaKind): HeaderExtension[] {
    return offeredHeaderExtensions(kind).flatMap((name) => {
      const known = [...this.extensionIds].find(([, other]) => other === name)?.[0];
      const id = known ?? HEADER_EXTENSION_IDS.find((free) => !this.extensionIds.has(free));
      if (id === undefined) return [];
      this.extensionIds.set(id, name);
      return [{ name, id }];
    });
  }
}

function isSame(a: Codec, b: Codec): boolean {
  return a.payloadType === b.payloadType && a.name === b.name && a.format === b.format;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
