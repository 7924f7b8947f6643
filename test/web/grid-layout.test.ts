import assert from 'node:assert/strict';
import { gridLayout } from '../../web/js/grid-layout.js';

const DESKTOP = { width: 1248, height: 680, gap: 12, extra: 54, smallest: 150 };
const PHONE = { width: 340, height: 600, gap: 8, extra: 60, smallest: 150 };

describe('the grid', () => {
  it('gives one person all the height there is', () => {
    assert.deepEqual(gridLayout(1, DESKTOP), { columns: 1, tileWidth: 1112 });
  });

  it('puts two people side by side on a wide screen and above each other on a phone', () => {
    assert.equal(gridLayout(2, DESKTOP).columns, 2);
    assert.deepEqual(gridLayout(2, PHONE), { columns: 1, tileWidth: 340 });
  });

  it('never makes a grid that is wider or higher than its space while tiles are large enough', () => {
    for (let count = 1; count <= 20; count++) {
      const { columns, tileWidth } = gridLayout(count, DESKTOP);
      const rows = Math.ceil(count / columns);
      assert.ok(tileWidth >= DESKTOP.smallest);
      assert.ok(columns * tileWidth + (columns - 1) * DESKTOP.gap <= DESKTOP.width);
      const tileHeight = (tileWidth * 9) / 16 + DESKTOP.extra;
      assert.ok(rows * tileHeight + (rows - 1) * DESKTOP.gap <= DESKTOP.height + 0.01);
    }
  });

  it('scrolls in two columns where a phone is too small for everyone', () => {
    assert.deepEqual(gridLayout(12, PHONE), { columns: 2, tileWidth: 166 });
  });

  it('keeps one column where not even two of the smallest tiles fit', () => {
    assert.equal(gridLayout(12, { ...PHONE, width: 200 }).columns, 1);
  });
});
