/**
 * Figures of one participant from successive `getStats` reports (W3C webrtc-stats). Counters only grow,
 * so a rate is what was added between two reports; a stream seen for the first time has none yet.
 */

/**
 * @typedef {object} Figures
 * @property {number | null} bitrate Audio and video together, bits per second.
 * @property {number | null} loss Packets lost since the last report, 0 to 1.
 * @property {number | null} roundTrip Between this browser and the server, seconds.
 * @property {number | null} fps Pictures decoded (received) or encoded (sent) per second.
 * @property {string | null} codec Of the video, such as `VP8`.
 * @property {number | null} width Of the video, pixels.
 * @property {number | null} height
 */

/**
 * One member of a report; which members it has depends on its type.
 *
 * @typedef {{id: string, type: string, timestamp: number} & Record<string, any>} Stat
 */

/** @typedef {{get(id: string): any, values(): Iterable<any>}} Report What `getStats` resolves to. */

/** @type {Readonly<Figures>} */
export const NO_FIGURES = Object.freeze({
  bitrate: null,
  loss: null,
  roundTrip: null,
  fps: null,
  codec: null,
  width: null,
  height: null,
});

export class StatsMeter {
  /** @type {Map<string, Stat>} The streams of the previous report by id. */
  #previous = new Map();
  #inbound;

  /** @param {'inbound' | 'outbound'} direction */
  constructor(direction) {
    this.#inbound = direction === 'inbound';
  }

  /**
   * @param {Report} report
   * @param {ReadonlySet<string>} mids The m-lines that carry this participant's media.
   * @returns {Figures}
   */
  update(report, mids) {
    const type = this.#inbound ? 'inbound-rtp' : 'outbound-rtp';
    const streams = [...report.values()].filter((stat) => stat.type === type && mids.has(stat.mid));
    const video = streams.filter((stat) => stat.kind === 'video');
    const largest = video.reduce(
      (best, stat) => ((stat.frameWidth ?? 0) > (best?.frameWidth ?? 0) ? stat : best),
      video[0],
    );
    const figures = {
      bitrate: scale(this.#rate(streams, this.#inbound ? 'bytesReceived' : 'bytesSent'), 8),
      loss: this.#inbound ? this.#inboundLoss(streams) : outboundLoss(report, streams),
      roundTrip: roundTrip(report),
      fps: this.#rate(video, this.#inbound ? 'framesDecoded' : 'framesEncoded'),
      codec: report.get(largest?.codecId)?.mimeType?.split('/')[1] ?? null,
      width: largest?.frameWidth ?? null,
      height: largest?.frameHeight ?? null,
    };
    this.#previous = new Map(streams.map((stat) => [stat.id, stat]));
    return figures;
  }

  /**
   * Sum over the streams of what a counter grew by per second.
   *
   * @param {Stat[]} streams
   * @param {string} counter
   * @returns {number | null}
   */
  #rate(streams, counter) {
    /** @type {number | null} */
    let sum = null;
    for (const stat of streams) {
      const grown = this.#growth(stat, counter);
      const before = this.#previous.get(stat.id)?.timestamp ?? stat.timestamp;
      const seconds = (stat.timestamp - before) / 1000;
      if (grown !== null && seconds > 0) sum = (sum ?? 0) + grown / seconds;
    }
    return sum;
  }

  /** @param {Stat[]} streams */
  #inboundLoss(streams) {
    const lost = this.#sum(streams, 'packetsLost');
    const received = this.#sum(streams, 'packetsReceived');
    return lost + received > 0 ? lost / (lost + received) : null;
  }

  /**
   * @param {Stat[]} streams
   * @param {string} counter
   */
  #sum(streams, counter) {
    return streams.reduce((sum, stat) => sum + (this.#growth(stat, counter) ?? 0), 0);
  }

  /**
   * Growth since the last report. Late packets can take some of a loss back: that counts as no loss.
   *
   * @param {Stat} stat
   * @param {string} counter
   * @returns {number | null}
   */
  #growth(stat, counter) {
    const previous = this.#previous.get(stat.id);
    if (previous === undefined) return null;
    return Math.max(0, (stat[counter] ?? 0) - (previous[counter] ?? 0));
  }
}

/**
 * The worst of what the server reports back about the streams it receives (RFC 3550, fraction lost).
 *
 * @param {Report} report
 * @param {Stat[]} streams
 * @returns {number | null}
 */
function outboundLoss(report, streams) {
  const fractions = streams
    .map((stat) => report.get(stat.remoteId)?.fractionLost)
    .filter((fraction) => typeof fraction === 'number');
  return fractions.length > 0 ? Math.max(...fractions) : null;
}

/**
 * @param {Report} report
 * @returns {number | null}
 */
function roundTrip(report) {
  for (const stat of report.values()) {
    // Firefox has no transport statistics and marks the pair itself.
    if (stat.type === 'transport' && stat.selectedCandidatePairId) {
      return report.get(stat.selectedCandidatePairId)?.currentRoundTripTime ?? null;
    }
    if (stat.type === 'candidate-pair' && stat.selected) return stat.currentRoundTripTime ?? null;
  }
  return null;
}

/**
 * @param {number | null} value
 * @param {number} factor
 */
function scale(value, factor) {
  return value === null ? null : value * factor;
}
