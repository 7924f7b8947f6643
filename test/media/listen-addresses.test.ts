/** Which addresses of a machine are listened on. */
import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { listenAddresses } from '../../src/media/listen-addresses.js';

const INTERFACES = {
  lo: [at('127.0.0.1', true), at('::1', true)],
  eth0: [at('192.0.2.2'), at('fd00::2'), at('fe80::1'), at('169.254.1.1')],
  eth1: [at('198.51.100.2'), at('192.0.2.2')],
};

function at(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, internal, netmask: '', mac: '', cidr: null };
  return address.includes(':')
    ? { ...common, family: 'IPv6', scopeid: 0 }
    : { ...common, family: 'IPv4' };
}

describe('the addresses to listen on', () => {
  it('are all but link-local ones, each once, loopback last', () => {
    assert.deepEqual(listenAddresses([], INTERFACES), [
      '192.0.2.2',
      'fd00::2',
      '198.51.100.2',
      '127.0.0.1',
      '::1',
    ]);
  });

  it('are the chosen ones when there are such', () => {
    assert.deepEqual(listenAddresses(['198.51.100.2', '::1'], INTERFACES), ['198.51.100.2', '::1']);
  });

  it('are all of a family in place of its unspecified address', () => {
    assert.deepEqual(listenAddresses(['0.0.0.0'], INTERFACES), [
      '192.0.2.2',
      '198.51.100.2',
      '127.0.0.1',
    ]);
    assert.deepEqual(listenAddresses(['::', 'fd00::2'], INTERFACES), ['fd00::2', '::1']);
  });
});
