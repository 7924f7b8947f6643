/** Where settings come from, and what is said of a bad one. */
import assert from 'node:assert/strict';
import { SETTING_NAMES, flagOf } from '../../src/config/settings.js';
import { readConfig, type ConfigSources } from '../../src/config/sources.js';
import { InvalidConfigError } from '../../src/errors.js';

function read(sources: Partial<ConfigSources>) {
  return readConfig({ flags: {}, environment: {}, dotenv: {}, ...sources });
}

function complaint(sources: Partial<ConfigSources>): string {
  try {
    read(sources);
  } catch (error) {
    assert.ok(error instanceof InvalidConfigError);
    return error.message;
  }
  return assert.fail('the configuration was accepted');
}

describe('the sources of the configuration', () => {
  it('give the defaults when they are empty', () => {
    const settings = read({});
    assert.equal(settings.signalingUrl, undefined);
    assert.equal(settings.port, undefined);
    assert.deepEqual(settings.stunServers, []);
    assert.equal(settings.maxPeers, 100);
    assert.equal(settings.host, '127.0.0.1');
    assert.equal(settings.session, 'default');
    assert.equal(settings.jitterBufferMs, 100);
    assert.equal(settings.enableDataChannel, true);
    assert.equal(settings.logLevel, 'info');
  });

  it('count flags over the environment over .env', () => {
    const dotenv = { WEBRTC_MAX_PEERS: '3' };
    const environment = { WEBRTC_MAX_PEERS: '2' };
    const flags = { 'max-peers': '1' };
    assert.equal(read({ dotenv }).maxPeers, 3);
    assert.equal(read({ dotenv, environment }).maxPeers, 2);
    assert.equal(read({ dotenv, environment, flags }).maxPeers, 1);
  });

  it('take a variable that is set to nothing for one that is not set', () => {
    const environment = { WEBRTC_MAX_PEERS: '', WEBRTC_TOKEN: '' };
    const settings = read({ environment, dotenv: { WEBRTC_MAX_PEERS: '7' } });
    assert.equal(settings.maxPeers, 7);
    assert.equal(settings.token, undefined);
  });

  it('prefer LOG_LEVEL to RUST_LOG and understand both', () => {
    assert.equal(
      read({ environment: { RUST_LOG: 'remotemedia_webrtc=debug,info' } }).logLevel,
      'debug',
    );
    assert.equal(read({ environment: { RUST_LOG: 'debug', LOG_LEVEL: 'warn' } }).logLevel, 'warn');
  });

  it('read the production configuration of the guide', () => {
    const settings = read({
      environment: {
        WEBRTC_SIGNALING_URL: 'wss://signaling.example.com',
        WEBRTC_STUN_SERVERS: 'stun:stun.l.google.com:19302, stun:stun1.l.google.com:19302',
        WEBRTC_TURN_SERVERS: 'turn:turn.example.com:3478:username:password',
        WEBRTC_MAX_PEERS: '50',
        WEBRTC_ENABLE_DATA_CHANNEL: 'true',
        WEBRTC_JITTER_BUFFER_MS: '150',
      },
    });
    assert.equal(settings.signalingUrl, 'wss://signaling.example.com');
    assert.deepEqual(settings.stunServers, [
      'stun:stun.l.google.com:19302',
      'stun:stun1.l.google.com:19302',
    ]);
    assert.deepEqual(settings.turnServers, ['turn:turn.example.com:3478:username:password']);
    assert.equal(settings.maxPeers, 50);
    assert.equal(settings.jitterBufferMs, 150);
  });

  it('have a flag of its own for each setting', () => {
    const flags = SETTING_NAMES.map(flagOf);
    assert.equal(new Set(flags).size, flags.length);
    assert.ok(flags.every((flag) => /^[a-z]+(-[a-z]+)*$/.test(flag)));
  });
});

describe('a bad setting is refused in one line that names it, its value and the remedy:', () => {
  const port = 'use a port from 1 to 65535, or 0 to let the system choose.';
  const count = 'use a whole number from 1 to 10000.';
  const cases: [variable: string, value: string, rest: string][] = [
    ['WEBRTC_MAX_PEERS', 'abc', `is "abc": ${count}`],
    ['WEBRTC_MAX_PEERS', '0', `is 0: ${count}`],
    ['WEBRTC_MAX_PEERS', '2.5', `is "2.5": ${count}`],
    ['WEBRTC_MAX_PEERS', '-1', `is "-1": ${count}`],
    ['WEBRTC_PORT', '65536', `is 65536: ${port}`],
    ['WEBRTC_UDP_PORT', '1e3', `is "1e3": ${port}`],
    ['WEBRTC_JITTER_BUFFER_MS', '49', 'is 49: use a whole number of milliseconds from 50 to 200.'],
    ['WEBRTC_ENABLE_DATA_CHANNEL', 'maybe', 'is "maybe": use true or false.'],
    [
      'WEBRTC_LISTEN_IP',
      '192.0.2.1,localhost',
      'is "localhost": use IP addresses of this machine, separated by commas.',
    ],
    [
      'WEBRTC_ANNOUNCED_IP',
      '0.0.0.0',
      'is "0.0.0.0": use IP addresses that peers can reach, separated by commas.',
    ],
    ['WEBRTC_HOST', 'a b', 'is "a b": use a host name or IP address of this machine.'],
    ['WEBRTC_PEER_ID', 'a/b', 'is "a/b": use 1 to 64 letters, digits, "_" and "-".'],
    [
      'WEBRTC_ALLOWED_ORIGINS',
      'https://a.example/path',
      'is "https://a.example/path": use origins such as https://app.example.com, separated by commas.',
    ],
    [
      'WEBRTC_STUN_SERVERS',
      'stun.example.com',
      'is "stun.example.com": use stun:host:port such as stun:stun.l.google.com:19302, separated by commas.',
    ],
    ['LOG_LEVEL', 'loud', 'is "loud": use error, warn, info, debug, trace or off.'],
  ];
  for (const [variable, value, rest] of cases) {
    it(`${variable}=${value}`, () => {
      assert.equal(complaint({ environment: { [variable]: value } }), `${variable} ${rest}`);
    });
  }

  for (const url of ['localhost:8080', 'http://localhost:8080', 'ws://', 'ws://a b', 'ws://a/#b']) {
    it(`WEBRTC_SIGNALING_URL=${url}`, () => {
      assert.equal(
        complaint({ environment: { WEBRTC_SIGNALING_URL: url } }),
        `WEBRTC_SIGNALING_URL is "${url}": use a WebSocket URL such as ws://localhost:8080 or ` +
          'wss://signaling.example.com.',
      );
    });
  }

  it('by the place where it was set', () => {
    assert.match(complaint({ flags: { 'max-peers': 'x' } }), /^--max-peers is "x": use/);
    assert.match(
      complaint({ dotenv: { WEBRTC_MAX_PEERS: 'x' } }),
      /^WEBRTC_MAX_PEERS in .env is "x"/,
    );
  });

  it('without showing what is secret', () => {
    const secrets: Record<string, string[]> = {
      WEBRTC_TURN_SERVERS: [
        'turn:turn.example.com:port:me:s3cret',
        'me:s3cret@turn.example.com',
        'turn:s3cret@turn.example.com:3478',
        's3cret',
      ],
      WEBRTC_TOKEN: ['s3cret token'],
      WEBRTC_SIGNALING_URL: ['http://me:s3cret@signaling.example.com/?token=s3cret'],
    };
    for (const [variable, values] of Object.entries(secrets)) {
      for (const value of values) {
        const message = complaint({ environment: { [variable]: value } });
        assert.ok(message.startsWith(`${variable} is `), message);
        assert.doesNotMatch(message, /s3cret/);
      }
    }
  });
});
