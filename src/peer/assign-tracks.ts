/** Decides which track is sent on which free m-line. */
import type { MediaLine } from './media-line.js';
import type { Track } from './track.js';

/**
 * Assigns as many of the waiting tracks as there are free m-lines for, in their order. Audio and video
 * of one sender go to one seat if possible, so that a peer which plays the streams of its own m-lines
 * without asking whose they are hears whom it sees.
 * @returns the tracks that no m-line was found for.
 */
export function assignTracks(lines: readonly MediaLine[], waiting: readonly Track[]): Track[] {
  return waiting.filter((track) => {
    const free = lines.filter((line) => line.source === undefined && line.canCarry(track));
    const line = free.sort((a, b) => rank(lines, a, track) - rank(lines, b, track))[0];
    line?.assign(track);
    return line === undefined;
  });
}

/** 0: the sender already sits there; 1: nobody does; 2: somebody else does. Equal ranks keep their order. */
function rank(lines: readonly MediaLine[], line: MediaLine, track: Track): number {
  const neighbor = lines.find((other) => other.seat === line.seat && other.kind !== line.kind);
  if (neighbor?.source === undefined) return 1;
  return neighbor.source.peerId === track.peerId ? 0 : 2;
}
