/**
 * What the page may not contain, so that it can be served with `default-src 'self'` and without a build.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const web = new URL('../../web/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, web), 'utf8');
const scripts = readdirSync(new URL('js/', web)).map((name) => `js/${name}`);
const styles = readdirSync(new URL('css/', web)).map((name) => `css/${name}`);
const page = read('index.html');

describe('the page', () => {
  it('has no inline script, style or event handler', () => {
    assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
  });

  it('loads nothing from another host', () => {
    for (const path of ['index.html', ...scripts, ...styles]) {
      assert.doesNotMatch(
        read(path),
        /(https?:)?\/\/(?!www\.w3\.org\/2000\/svg)[a-z0-9-]+\.[a-z]/i,
        path,
      );
    }
  });

  it('never turns text into markup', () => {
    for (const path of scripts) {
      assert.doesNotMatch(
        read(path),
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write/,
        path,
      );
    }
  });

  it('refers only to files and parts that exist', () => {
    const files = [...page.matchAll(/(?:src|href)="([^#"][^"]*)"/g)].map((match) => match[1]!);
    assert.ok(files.length > 4);
    for (const file of files) assert.ok(existsSync(new URL(file, web)), file);
    const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]!));
    const references = [...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]!);
    const lookups = [...read('js/app.js').matchAll(/element\('([^']+)'\)/g)].map(
      (match) => match[1]!,
    );
    for (const id of [...references, ...lookups]) assert.ok(ids.has(id), id);
  });
});
