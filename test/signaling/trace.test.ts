import assert from 'node:assert/strict';
import { pino } from 'pino';
import { traceMessage } from '../../src/signaling/trace.js';

describe('Tracing of signaling messages', () => {
  function traceAt(level: string): string {
    let log = '';
    const logger = pino({ level }, { write: (line: string) => (log += line) });
    const sdp = 'v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:verysecretverysecret12\r\n';
    traceMessage(logger, 'sent', JSON.stringify({ method: 'offer', params: { sdp } }));
    return log;
  }

  it('shows the message without the password in its description', () => {
    const log = traceAt('trace');
    assert.match(log, /"msg":"Signaling message sent"/);
    assert.match(log, /a=ice-ufrag:abcd/);
    assert.match(log, /a=ice-pwd:\.\.\./);
    assert.doesNotMatch(log, /verysecret/);
  });

  it('shows nothing at other levels', () => {
    assert.equal(traceAt('debug'), '');
  });
});
