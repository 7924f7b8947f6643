/** The m-lines of a peer in their order, which no description may ever change (RFC 3264 section 8). */
import { SdpError } from '../errors.js';
import type { EngineTransport } from '../media/engine-transport.js';
import type { MediaKind } from '../native/binding.js';
import type { ActiveMedia, LocalMedia } from '../sdp/local-description.js';
import type { NegotiatedMedia, RejectedMedia } from '../sdp/negotiated-media.js';
import type { MediaParameters } from '../sdp/remote-capabilities.js';
import type { RemoteMedia } from '../sdp/remote-media.js';
import { MediaLine } from './media-line.js';
import type { Track } from './track.js';

/**
 * Most m-lines an offer of ours leads to. A browser spends up to 1 KB on each in its answer, and both
 * descriptions have to stay below the 64 KB that signaling carries.
 */
const MAX_OFFERED_LINES = 56;

interface Owner {
  readonly transport: EngineTransport;
  readonly peerId: string;
  readonly cname: string;
}

export class MediaLines {
  constructor(
    private readonly owner: Owner,
    private readonly entries: (MediaLine | RejectedMedia)[] = [],
  ) {}

  /** Those in use. */
  get active(): MediaLine[] {
    return this.entries.filter((entry) => entry instanceof MediaLine);
  }

  /** Whether the peer has been told the present state of every m-line. */
  get isAnnounced(): boolean {
    return this.active.every((line) => line.isAnnounced);
  }

  hasRoomFor(count: number): boolean {
    return this.entries.length + count <= MAX_OFFERED_LINES;
  }

  /** These m-lines with more at the end. */
  with(added: readonly MediaLine[]): MediaLines {
    return new MediaLines(this.owner, [...this.entries, ...added]);
  }

  /** @throws SdpError unless an offer keeps all m-lines in their places. */
  requireContinued(media: readonly RemoteMedia[]): void {
    if (media.length < this.entries.length) {
      throw new SdpError(
        `The offer has ${media.length} m= lines, but ${this.entries.length} exist: m= lines stay.`,
      );
    }
    this.entries.forEach((entry, index) => {
      const line = media[index];
      if (entry instanceof MediaLine && (line?.mid !== entry.mid || line.type !== entry.kind)) {
        throw new SdpError(
          `The m= line at index ${index} is ${entry.kind} with mid "${entry.mid}", ` +
            `but the offer has ${line?.type} with mid "${line?.mid}" there.`,
        );
      }
    });
  }

  /** @throws SdpError unless an answer has the same m-lines as these. */
  requireSame(media: readonly RemoteMedia[]): void {
    if (media.length !== this.entries.length) {
      throw new SdpError(
        `The answer has ${media.length} m= lines, but the offer has ${this.entries.length}.`,
      );
    }
    this.requireContinued(media);
    this.entries.forEach((entry, index) => {
      if (!(entry instanceof MediaLine) && media[index]?.rejected === false) {
        throw new SdpError(`The answer accepts the m= line at index ${index}, which has port 0.`);
      }
    });
  }

  /**
   * Takes what was agreed on; `undefined` stands for a rejected m-line.
   * @param ours what our offer said; none when the offer was the peer's.
   * @returns the tracks that the peer does not want: it rejected the m-lines that we added for them, or
   *   does not take their codec or anything at all there.
   */
  adopt(
    media: readonly RemoteMedia[],
    agreed: readonly (NegotiatedMedia | undefined)[],
    ours?: readonly LocalMedia[],
  ): Track[] {
    const sources = new Map(this.active.map((line) => [line, line.source]));
    this.enter(media, agreed, ours);
    const unwanted: Track[] = [];
    for (const [line, source] of sources) {
      if (source === undefined || (this.entries.includes(line) && line.canCarry(source))) continue;
      line.assign(undefined);
      if (line.isOurs) unwanted.push(source);
    }
    return unwanted;
  }

  /** A new m-line for our next offer; not one of these until the offer is answered. */
  propose(kind: MediaKind, parameters: MediaParameters, ahead: number): MediaLine {
    const seat = this.entries.length + ahead;
    return this.create({ mid: this.freeMid(seat), kind, addedBy: 'us', seat, parameters });
  }

  describe(describe: (line: MediaLine) => ActiveMedia): LocalMedia[] {
    return this.entries.map((entry) =>
      entry instanceof MediaLine ? describe(entry) : { ...entry, rejected: true },
    );
  }

  /** A description made by {@link describe} is in force. */
  announce(media: readonly LocalMedia[]): void {
    this.entries.forEach((entry, index) => {
      const described = media[index];
      if (entry instanceof MediaLine && described?.rejected === false) {
        entry.announce(described.stream);
      }
    });
  }

  forward(): void {
    for (const line of this.active) line.forward();
  }

  /** Takes sources off their m-lines. */
  release(isReleased: (source: Track) => boolean): void {
    for (const line of this.active) {
      if (line.source !== undefined && isReleased(line.source)) line.assign(undefined);
    }
    this.forward();
  }

  /** Takes the sources off those m-lines that are not in `kept`. */
  releaseAllBut(kept: MediaLines): void {
    for (const line of this.active) {
      if (!kept.entries.includes(line)) line.assign(undefined);
    }
  }

  /** Closes those m-lines that are not in `kept`. */
  closeAllBut(kept: MediaLines): void {
    for (const line of this.active) {
      if (!kept.entries.includes(line)) line.close();
    }
  }

  close(): void {
    for (const line of this.active) line.close();
    this.entries.length = 0;
  }

  private enter(
    media: readonly RemoteMedia[],
    agreed: readonly (NegotiatedMedia | undefined)[],
    ours: readonly LocalMedia[] | undefined,
  ): void {
    media.forEach((remote, index) => {
      const before = this.entries[index];
      const negotiated = agreed[index];
      if (negotiated === undefined) {
        if (before instanceof MediaLine) before.close();
        const { mid, type, protocol, formats } = remote;
        this.entries[index] = { mid, type, protocol, formats };
      } else {
        const line = before instanceof MediaLine ? before : this.addRemote(negotiated);
        this.entries[index] = line;
        line.negotiate(negotiated, ours === undefined || sends(ours[index]));
      }
    });
  }

  private addRemote(negotiated: NegotiatedMedia): MediaLine {
    const { mid, kind } = negotiated;
    const seat = this.active.filter((line) => line.kind === kind).length;
    return this.create({ mid, kind, addedBy: 'remote', seat, parameters: negotiated });
  }

  private create(line: Omit<ConstructorParameters<typeof MediaLine>[0], keyof Owner>): MediaLine {
    return new MediaLine({ ...this.owner, ...line });
  }

  private freeMid(index: number): string {
    const taken = new Set(this.entries.map(({ mid }) => mid));
    let mid = `s${index}`;
    while (taken.has(mid)) mid += 's';
    return mid;
  }
}

function sends(media: LocalMedia | undefined): boolean {
  return media?.rejected === false && media.stream !== undefined;
}
