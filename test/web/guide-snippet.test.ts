/**
 * The browser client of the integration guide is a promise: the example has to contain it to the byte.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const SNIPPET_SHA256 = '8fedd91a085588384d291697a87562bfe46d68453ce0c74c6f280a66c59ae436';
const example = new URL('../../examples/browser_client/', import.meta.url);

describe('the browser client example', () => {
  it("contains the guide's snippet unmodified", () => {
    const snippet = readFileSync(new URL('guide-snippet.js', example));
    assert.equal(createHash('sha256').update(snippet).digest('hex'), SNIPPET_SHA256);
  });

  it('has the video element that the snippet looks for', () => {
    const page = readFileSync(new URL('index.html', example), 'utf8');
    assert.match(page, /<video\s[^>]*id="remote-video"[^>]*\sautoplay\s[^>]*playsinline/);
  });
});
