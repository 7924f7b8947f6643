/** The notations of STUN and TURN servers. */
import assert from 'node:assert/strict';
import { parseStunServer, parseTurnServer } from '../../src/config/ice-servers.js';

describe('the notation of STUN servers', () => {
  it('names a host and a port, 3478 unless told otherwise', () => {
    assert.deepEqual(parseStunServer('stun:a.example:19302'), { host: 'a.example', port: 19302 });
    assert.deepEqual(parseStunServer('stun:a.example'), { host: 'a.example', port: 3478 });
    assert.deepEqual(parseStunServer('stun:[2001:db8::1]:5000'), {
      host: '2001:db8::1',
      port: 5000,
    });
  });

  it('is refused when anything is missing or too much', () => {
    for (const text of [
      '',
      'a.example:1',
      'stun:',
      'stun:a:0',
      'stun:a:65536',
      'stun://a',
      'stun:a:1:b',
    ]) {
      assert.equal(parseStunServer(text), undefined, text);
    }
  });
});

describe('the notation of TURN servers', () => {
  it('names host, port, user name and credential, which may contain colons', () => {
    assert.deepEqual(parseTurnServer('turn:turn.example.com:3478:myuser:my:password'), {
      scheme: 'turn',
      host: 'turn.example.com',
      port: 3478,
      username: 'myuser',
      credential: 'my:password',
    });
    assert.equal(parseTurnServer('turns:[2001:db8::1]:443:u:c')?.host, '2001:db8::1');
  });

  it('is refused when anything is missing', () => {
    for (const text of [
      'turn:a',
      'turn:a:1',
      'turn:a:1:u',
      'turn:a:1:u:',
      'turn:a:0:u:c',
      'stun:a:1:u:c',
    ]) {
      assert.equal(parseTurnServer(text), undefined, text);
    }
  });
});
