/** The query for the public address, against servers on this machine that answer by the book or not. */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { queryPublicAddress } from '../../src/media/public-address.js';

/** 203.0.113.5:4660 and 2001:db8::5 port 4660, XORed by hand with the cookie 2112a442. */
const XOR_IPV4 = Buffer.from('0020000800013326ea12d547', 'hex');
const COOKIE = '2112a442';

describe('the query for the public address', () => {
  let server: Socket;
  let requests: Buffer[];
  const never = new AbortController().signal;
  const query = (waitsMs: number[], signal = never) => {
    return queryPublicAddress({ host: '127.0.0.1', port: server.address().port, signal, waitsMs });
  };
  /** Answers from the given request on. */
  const answer = (make: (request: Buffer) => Buffer[], from = 1): void => {
    server.on('message', (request, { port, address }) => {
      if (requests.length < from) return;
      for (const response of make(request)) server.send(response, port, address);
    });
  };
  const success = (request: Buffer, attributes: Buffer): Buffer => {
    const head = Buffer.from([0x01, 0x01, 0, attributes.length]);
    return Buffer.concat([head, request.subarray(4, 20), attributes]);
  };

  beforeEach(async () => {
    requests = [];
    server = createSocket('udp4').on('message', (request) => requests.push(request));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
  });

  it('sends a Binding request and reads the XOR-MAPPED-ADDRESS', async () => {
    answer((request) => [success(request, XOR_IPV4)]);
    assert.equal(await query([5_000]), '203.0.113.5');
    assert.equal(requests[0]?.length, 20);
    assert.equal(requests[0].toString('hex', 0, 8), `00010000${COOKIE}`);
  });

  it('reads IPv6 addresses, after attributes it does not know', async () => {
    answer((request) => {
      const address = Buffer.from('20010db8000000000000000000000005', 'hex');
      const masked = address.map((byte, index) => byte ^ request[4 + index]!);
      const software = Buffer.from('80220003616263ff', 'hex');
      const head = Buffer.from('0020001400023326', 'hex');
      return [success(request, Buffer.concat([software, head, masked]))];
    });
    assert.equal(await query([5_000]), '2001:db8::5');
  });

  it('asks again with the same transaction when an answer is missing', async () => {
    answer((request) => [success(request, XOR_IPV4)], 2);
    assert.equal(await query([20, 5_000]), '203.0.113.5');
    assert.deepEqual(requests[0], requests[1]);
  });

  it('ignores what is no answer to its request', async () => {
    answer((request) => {
      const right = success(request, XOR_IPV4);
      const other = Buffer.from(right);
      other[19]! ^= 1;
      const error = Buffer.from(right);
      error[1] = 0x11;
      const cut = right.subarray(0, right.length - 4);
      return [Buffer.from('hello'), other, error, cut, right];
    });
    assert.equal(await query([5_000]), '203.0.113.5');
  });

  it('gives up when nothing answers', async () => {
    await assert.rejects(query([10, 10]), {
      code: 'OPERATION_TIMEOUT',
      message: '127.0.0.1 answered none of 2 STUN requests.',
    });
    assert.equal(requests.length, 2);
  });

  it('ends when it is aborted', async () => {
    const aborting = new AbortController();
    const pending = query([60_000], aborting.signal);
    await once(server, 'message');
    aborting.abort();
    await assert.rejects(pending, { name: 'AbortError' });
  });
});
