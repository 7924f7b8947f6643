/** The tracks a peer is to be sent, and those among them that it cannot be sent. */
import type { Track } from './track.js';

export class Subscriptions {
  /** In the order they were added. */
  private readonly tracks = new Set<Track>();
  private readonly refused = new Set<Track>();
  private readonly crowdedOut = new Set<Track>();

  /** @returns false when the track was there already. */
  add(track: Track): boolean {
    if (this.tracks.has(track)) return false;
    this.tracks.add(track);
    return true;
  }

  /** @returns false when the track was not there. */
  delete(track: Track): boolean {
    this.refused.delete(track);
    this.crowdedOut.delete(track);
    return this.tracks.delete(track);
  }

  /** Those that are neither assigned nor refused. */
  waiting(assigned: ReadonlySet<Track | undefined>): Track[] {
    return [...this.tracks].filter((track) => !assigned.has(track) && !this.refused.has(track));
  }

  /**
   * The peer cannot or will not take the track: it waits no more.
   * @returns false when nobody needs to be told, because the track is gone.
   */
  refuse(track: Track): boolean {
    if (!this.tracks.has(track)) return false;
    this.refused.add(track);
    return true;
  }

  /** The peer has shown anew what it takes: everything it cannot take now is found out again. */
  retryRefused(): void {
    this.refused.clear();
  }

  /**
   * There is no m-line left for the track. It goes on waiting for one to become free.
   * @returns false when that is nothing new.
   */
  crowdOut(track: Track): boolean {
    if (this.crowdedOut.has(track)) return false;
    this.crowdedOut.add(track);
    return true;
  }

  clear(): void {
    this.tracks.clear();
    this.refused.clear();
    this.crowdedOut.clear();
  }
}
