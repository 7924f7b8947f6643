import assert from 'node:assert/strict';
import { cleanName, parseOptions } from '../../web/js/options.js';

describe('options in the address of the page', () => {
  it('ask for a 640x360 picture at 30 frames per second when the address says nothing', () => {
    const { problems, ...options } = parseOptions('');
    assert.deepEqual(problems, []);
    assert.deepEqual(options, {
      name: '',
      codec: null,
      source: null,
      autojoin: false,
      width: 640,
      height: 360,
      fps: 30,
      token: null,
    });
  });

  it('are all read from one link', () => {
    const { problems, ...options } = parseOptions(
      '?name=Ada%20L&codec=h264&source=generated&autojoin=1&size=1280x720&fps=60&token=s%2Fx',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(options, {
      name: 'Ada L',
      codec: 'H264',
      source: 'generated',
      autojoin: true,
      width: 1280,
      height: 720,
      fps: 60,
      token: 's/x',
    });
  });

  it('that make no sense are named and replaced by what would have been used without them', () => {
    const options = parseOptions('?codec=H266&source=file&size=9x9&fps=0');
    assert.equal(options.codec, null);
    assert.equal(options.source, null);
    assert.equal(options.width, 640);
    assert.equal(options.fps, 30);
    assert.deepEqual(options.problems, [
      'size=9x9 is not a picture size from 64x64 to 3840x2160, such as 1280x720.',
      'codec=H266 is not one of VP8, VP9, H264, AV1.',
      'source=file is not one of camera, generated.',
      'fps=0 is not a frame rate from 1 to 60.',
    ]);
  });

  it('leave unknown keys alone', () => {
    assert.deepEqual(parseOptions('?session=blue').problems, []);
  });

  it('do not join for autojoin=0', () => {
    assert.equal(parseOptions('?autojoin=0').autojoin, false);
  });
});

describe('a name', () => {
  it('is one line without spaces around it', () => {
    assert.equal(cleanName('  Ada\n\tLovelace\u2028 '), 'Ada Lovelace');
  });

  it('is cut after 40 characters, never inside of one', () => {
    assert.equal(cleanName('😀'.repeat(50)), '😀'.repeat(40));
  });
});
