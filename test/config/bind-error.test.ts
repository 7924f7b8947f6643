/** Errors of the system, put in terms of the settings. */
import assert from 'node:assert/strict';
import { explainBindError } from '../../src/config/bind-error.js';

const SETTING = { hostName: 'host', host: '0.0.0.0', portName: 'port', port: 8080 } as const;

function explain(code: string, address?: string): string {
  const error = Object.assign(new Error(`listen ${code}`), { code }, address && { address });
  return (explainBindError(error, SETTING) as Error).message;
}

describe('an address or port that cannot be bound', () => {
  it('is explained by the port when it is taken or not allowed', () => {
    assert.match(
      explain('EADDRINUSE'),
      /^WEBRTC_PORT \(--port\) is 8080, which another program uses on 0\.0\.0\.0: use another port/,
    );
    assert.match(explain('EACCES'), /^WEBRTC_PORT \(--port\) is 8080, which this user may not use/);
  });

  it('is explained by the address when that is not of this machine', () => {
    assert.match(
      explain('EADDRNOTAVAIL', '203.0.113.9'),
      /^WEBRTC_HOST \(--host\) is "203\.0\.113\.9", which cannot be listened on \(EADDRNOTAVAIL\)/,
    );
  });

  it('is left as it is when it has another cause', () => {
    assert.equal(explain('EMFILE'), 'listen EMFILE');
  });
});
