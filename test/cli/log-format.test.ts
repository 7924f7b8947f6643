/** The log as people see it on a terminal, and as machines read it elsewhere. */
import assert from 'node:assert/strict';
import { formatForTerminal } from '../../src/cli/log-format.js';
import { createLogger } from '../../src/cli/logger.js';
import type { LogLevel } from '../../src/config/log-level.js';

function loggerTo(lines: string[], isTerminal: boolean, level: LogLevel = 'info') {
  return createLogger(level, { isTerminal, useColor: false, write: (line) => lines.push(line) });
}

describe('the log on a terminal', () => {
  it('looks as in the guide', () => {
    const lines: string[] = [];
    const logger = loggerTo(lines, true);
    logger.info({ version: '0.4.0' }, 'RemoteMedia WebRTC Server starting');
    logger.info({ signalingUrl: 'ws://localhost:8080', maxPeers: 10 }, 'Configuration loaded');
    assert.deepEqual(lines, [
      'INFO RemoteMedia WebRTC Server starting version="0.4.0"\n',
      'INFO Configuration loaded signaling_url="ws://localhost:8080" max_peers=10\n',
    ]);
  });

  it('shows the stack of an error, and of what is only a warning the message', () => {
    const lines: string[] = [];
    const logger = loggerTo(lines, true);
    logger.fatal({ err: new Error('gone wrong') }, 'Uncaught');
    logger.warn({ err: new Error('refused') }, 'Not answered');
    assert.match(lines[0]!, /^FATAL Uncaught\nError: gone wrong\n {4}at .*log-format/);
    assert.equal(lines[1], 'WARN Not answered error="refused"\n');
  });

  it('keeps what others say in one line', () => {
    const lines: string[] = [];
    loggerTo(lines, true).info({ peerId: 'a\nINFO forged\u001b[2J' }, 'Peer\njoined');
    assert.equal(lines[0], 'INFO Peer\\njoined peer_id="a\\nINFO forged\\u001b[2J"\n');
  });

  it('has colors where the terminal has', () => {
    const line = formatForTerminal('{"level":"warn","msg":"careful","left":1}', true);
    assert.equal(line, '\u001b[33mWARN\u001b[39m careful \u001b[2mleft=\u001b[22m1\n');
  });
});

describe('the log elsewhere', () => {
  it('is JSON with a time, the level by name and fields in snake case', () => {
    const lines: string[] = [];
    loggerTo(lines, false).warn({ peerId: 'a' }, 'Careful');
    const { time, ...rest } = JSON.parse(lines[0]!) as Record<string, unknown>;
    assert.deepEqual(rest, { level: 'warn', peer_id: 'a', msg: 'Careful' });
    assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('leaves out what is below the level, and everything when it is off', () => {
    const lines: string[] = [];
    loggerTo(lines, false, 'warn').info('not shown');
    loggerTo(lines, false, 'off').fatal('not shown');
    assert.deepEqual(lines, []);
  });
});
