import assert from 'node:assert/strict';
import {
  formatBitrate,
  formatFrameRate,
  formatLoss,
  formatRoundTrip,
} from '../../web/js/format.js';

describe('figures as text', () => {
  it('show a dash for what is not known', () => {
    for (const format of [formatBitrate, formatLoss, formatRoundTrip, formatFrameRate]) {
      assert.equal(format(null), '–');
    }
  });

  it('count bitrates in kilobits and from a megabit on in megabits', () => {
    assert.deepEqual([0, 64_400, 999_499, 999_500, 2_540_000, 12_400_000].map(formatBitrate), [
      '0 kb/s',
      '64 kb/s',
      '999 kb/s',
      '1.0 Mb/s',
      '2.5 Mb/s',
      '12 Mb/s',
    ]);
  });

  it('show small losses with a digit behind the point', () => {
    assert.deepEqual([0, 0.004, 0.052, 0.25].map(formatLoss), ['0 %', '0.4 %', '5.2 %', '25 %']);
  });

  it('show short round trips with a digit behind the point', () => {
    assert.deepEqual([0, 0.0012, 0.0423].map(formatRoundTrip), ['0 ms', '1.2 ms', '42 ms']);
  });

  it('round frame rates', () => {
    assert.equal(formatFrameRate(29.6), '30 fps');
  });
});
