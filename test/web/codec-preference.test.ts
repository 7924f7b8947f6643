import assert from 'node:assert/strict';
import { preferCodec } from '../../web/js/codec-preference.js';

const BROWSER_CODECS = [
  { mimeType: 'video/VP8' },
  { mimeType: 'video/rtx' },
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1' },
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0' },
  { mimeType: 'video/VP9' },
];

describe('a preferred codec', () => {
  it('comes first in all of its variants and keeps the others behind it', () => {
    const [vp8, rtx, h264, h264Single, vp9] = BROWSER_CODECS;
    assert.deepEqual(preferCodec(BROWSER_CODECS, 'h264'), [h264, h264Single, vp8, rtx, vp9]);
  });

  it('that the browser does not have is told apart from one that is first already', () => {
    assert.equal(preferCodec(BROWSER_CODECS, 'AV1'), null);
    assert.deepEqual(preferCodec(BROWSER_CODECS, 'VP8'), BROWSER_CODECS);
  });
});
