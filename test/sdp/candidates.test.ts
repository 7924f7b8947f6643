import assert from 'node:assert/strict';
import { InvalidConfigError } from '../../src/errors.js';
import { localCandidates } from '../../src/sdp/candidates.js';

function ips(candidates: ReturnType<typeof localCandidates>): string[] {
  return candidates.map(({ ip }) => ip);
}

describe('localCandidates', () => {
  const addresses = ['127.0.0.1', '192.0.2.1', '::1', '2001:db8::1'].map((ip) => ({
    ip,
    port: 5000,
  }));

  it('has every address once, loopback last, with falling priorities', () => {
    const candidates = localCandidates([...addresses, ...addresses], [], []);
    assert.deepEqual(ips(candidates), ['192.0.2.1', '2001:db8::1', '127.0.0.1', '::1']);
    const priorities = candidates.map(({ priority }) => priority);
    assert.equal(priorities[0], 126 * 2 ** 24 + 65535 * 2 ** 8 + 255);
    assert.deepEqual(
      priorities,
      [...priorities].sort((a, b) => b - a),
    );
    assert.equal(new Set(priorities).size, candidates.length);
  });

  it('puts an announced address in the place of those of its family, loopback excepted', () => {
    assert.deepEqual(ips(localCandidates(addresses, ['203.0.113.9'], [])), [
      '203.0.113.9',
      '2001:db8::1',
      '127.0.0.1',
      '::1',
    ]);
  });

  it('announces the address of a NAT for a socket bound to all addresses', () => {
    const any = [{ ip: '0.0.0.0', port: 7000 }];
    const candidates = localCandidates(any, ['203.0.113.9'], []);
    assert.deepEqual(
      candidates.map(({ ip, port }) => `${ip} ${port}`),
      ['203.0.113.9 7000'],
    );
  });

  it('adds public addresses after our own', () => {
    assert.deepEqual(ips(localCandidates(addresses, [], ['203.0.113.9', '192.0.2.1'])), [
      '192.0.2.1',
      '2001:db8::1',
      '203.0.113.9',
      '127.0.0.1',
      '::1',
    ]);
  });

  it('refuses to describe a server that no peer could send to', () => {
    assert.throws(() => localCandidates([{ ip: '0.0.0.0', port: 1 }], [], []), InvalidConfigError);
  });
});
