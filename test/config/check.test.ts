/** The configuration as a program hands it over. */
import assert from 'node:assert/strict';
import { checkTransportConfig } from '../../src/config/check.js';
import type { WebRtcTransportConfig } from '../../src/config/config.js';

describe('the configuration of a transport', () => {
  it('stays the same when it is checked again', () => {
    const settings = checkTransportConfig({ maxPeers: 7, stunServers: ['stun:a.example:1'] });
    assert.deepEqual(checkTransportConfig(settings), settings);
  });

  it('is refused by the name of the setting', () => {
    assert.throws(() => checkTransportConfig({ maxPeers: 0 }), {
      code: 'INVALID_CONFIG',
      message: 'maxPeers is 0: use a whole number from 1 to 10000.',
    });
    assert.throws(() => checkTransportConfig({ listenIps: ['192.0.2.1', 'eth0'] }), {
      message: 'listenIps is "eth0": use IP addresses of this machine, separated by commas.',
    });
  });

  it('is refused when it has a setting that there is not', () => {
    const config = { maxPeer: 5 } as WebRtcTransportConfig;
    assert.throws(() => checkTransportConfig(config), {
      message: /^maxPeer: there is no such setting/,
    });
  });
});
