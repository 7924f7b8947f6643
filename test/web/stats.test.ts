import assert from 'node:assert/strict';
import { NO_FIGURES, StatsMeter } from '../../web/js/stats.js';

type Fields = Record<string, unknown>;

const MIDS = new Set(['0', '1']);

function report(stats: Record<string, Fields>, timestamp: number): Map<string, Fields> {
  return new Map(Object.entries(stats).map(([id, fields]) => [id, { id, timestamp, ...fields }]));
}

function inboundVideo(fields: Fields): Fields {
  return { type: 'inbound-rtp', kind: 'video', mid: '1', ...fields };
}

describe('figures of what is received', () => {
  it('are unknown until a second report', () => {
    const meter = new StatsMeter('inbound');
    const first = report({ v: inboundVideo({ bytesReceived: 9000, framesDecoded: 90 }) }, 1000);
    assert.deepEqual(meter.update(first, MIDS), NO_FIGURES);
  });

  it('are rates over the time between two reports, audio and video together', () => {
    const meter = new StatsMeter('inbound');
    const audio = { type: 'inbound-rtp', kind: 'audio', mid: '0' };
    meter.update(
      report(
        {
          a: { ...audio, bytesReceived: 1000, packetsReceived: 10, packetsLost: 0 },
          v: inboundVideo({
            bytesReceived: 5000,
            framesDecoded: 30,
            packetsReceived: 20,
            packetsLost: 1,
          }),
        },
        1000,
      ),
      MIDS,
    );
    const figures = meter.update(
      report(
        {
          a: { ...audio, bytesReceived: 2000, packetsReceived: 60, packetsLost: 2 },
          v: inboundVideo({
            bytesReceived: 30_000,
            framesDecoded: 90,
            packetsReceived: 66,
            packetsLost: 3,
          }),
        },
        3000,
      ),
      MIDS,
    );
    assert.equal(figures.bitrate, (26_000 * 8) / 2);
    assert.equal(figures.fps, 30);
    assert.equal(figures.loss, 4 / 100);
  });

  it('leave out streams of other participants', () => {
    const meter = new StatsMeter('inbound');
    const other = { type: 'inbound-rtp', kind: 'video', mid: '7' };
    meter.update(report({ o: { ...other, bytesReceived: 0 } }, 1000), MIDS);
    const second = report({ o: { ...other, bytesReceived: 1_000_000 } }, 2000);
    assert.equal(meter.update(second, MIDS).bitrate, null);
  });

  it('count a packet that was lost and came late as no loss', () => {
    const meter = new StatsMeter('inbound');
    const at = (packetsReceived: number, packetsLost: number, time: number) =>
      meter.update(report({ v: inboundVideo({ packetsReceived, packetsLost }) }, time), MIDS);
    at(100, 5, 1000);
    assert.equal(at(150, 4, 2000).loss, 0);
  });

  it('start anew when an m-line passes to another stream', () => {
    const meter = new StatsMeter('inbound');
    meter.update(report({ old: inboundVideo({ bytesReceived: 1_000_000 }) }, 1000), MIDS);
    const second = report({ new: inboundVideo({ bytesReceived: 2000 }) }, 2000);
    assert.equal(meter.update(second, MIDS).bitrate, null);
    const third = report({ new: inboundVideo({ bytesReceived: 3000 }) }, 3000);
    assert.equal(meter.update(third, MIDS).bitrate, 8000);
  });

  it('tell codec and picture size', () => {
    const stats = {
      v: inboundVideo({ codecId: 'c', frameWidth: 640, frameHeight: 360 }),
      c: { type: 'codec', mimeType: 'video/VP9' },
    };
    const { codec, width, height } = new StatsMeter('inbound').update(report(stats, 0), MIDS);
    assert.deepEqual({ codec, width, height }, { codec: 'VP9', width: 640, height: 360 });
  });
});

describe('figures of what is sent', () => {
  const video = { type: 'outbound-rtp', kind: 'video', mid: '1', remoteId: 'r' };

  it('are rates of what was encoded, with the loss that the server reports', () => {
    const meter = new StatsMeter('outbound');
    meter.update(report({ v: { ...video, bytesSent: 0, framesEncoded: 0 } }, 1000), MIDS);
    const figures = meter.update(
      report(
        {
          v: { ...video, bytesSent: 50_000, framesEncoded: 25 },
          r: { type: 'remote-inbound-rtp', fractionLost: 0.125 },
        },
        2000,
      ),
      MIDS,
    );
    assert.equal(figures.bitrate, 400_000);
    assert.equal(figures.fps, 25);
    assert.equal(figures.loss, 0.125);
  });
});

describe('the round trip', () => {
  const pair = { type: 'candidate-pair', currentRoundTripTime: 0.042 };
  const roundTrip = (stats: Record<string, Fields>) =>
    new StatsMeter('inbound').update(report(stats, 0), MIDS).roundTrip;

  it('is that of the candidate pair which the transport uses', () => {
    const idle = { type: 'candidate-pair', currentRoundTripTime: 9 };
    const transport = { type: 'transport', selectedCandidatePairId: 'p' };
    assert.equal(roundTrip({ i: idle, t: transport, p: pair }), 0.042);
  });

  it('is that of the pair marked as selected where there are no transport statistics', () => {
    assert.equal(
      roundTrip({ i: { ...pair, currentRoundTripTime: 9 }, p: { ...pair, selected: true } }),
      0.042,
    );
  });
});
