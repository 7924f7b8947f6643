/** Levels and the directives of RUST_LOG. */
import assert from 'node:assert/strict';
import { parseLogLevel } from '../../src/config/log-level.js';

describe('the log level', () => {
  const cases: [text: string, level: string | undefined][] = [
    ['warn', 'warn'],
    ['TRACE', 'trace'],
    ['off', 'off'],
    ['remotemedia_webrtc=debug,info', 'debug'],
    ['info,remotemedia_webrtc::signaling=trace', 'trace'],
    ['remotemedia_webrtc=trace,webrtc=debug', 'trace'],
    ['webrtc=debug,error', 'error'],
    ['webrtc=debug', 'info'],
    ['loud', undefined],
    ['remotemedia_webrtc=loud', undefined],
    ['', undefined],
  ];
  for (const [text, level] of cases) {
    it(`of "${text}" is ${level ?? 'none'}`, () => {
      assert.equal(parseLogLevel(text), level);
    });
  }
});
