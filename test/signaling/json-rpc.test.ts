// JSON-RPC 2.0 to the letter, on a real socket.
import assert from 'node:assert/strict';

import { TestPeer, TestServer, type Message } from './harness.js';

describe('JSON-RPC', () => {
  let server: TestServer;
  let peer: TestPeer;

  before(async () => {
    server = await TestServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    peer = await TestPeer.connect(server.url);
  });
  afterEach(() => {
    peer.socket.terminate();
  });

  const answerTo = async (value: unknown): Promise<Message> => {
    peer.send(value);
    return await peer.next(() => true);
  };

  it('answers malformed JSON with a parse error and stays usable', async () => {
    const response = await answerTo('{"jsonrpc": "2.0", "method"');
    assert.equal(response.error?.code, -32700);
    assert.equal(response.id, null);
    assert.equal((await peer.result('list_peers'))['count'], 0);
  });

  it('answers a binary message with a parse error', async () => {
    peer.socket.send(Buffer.from('{"jsonrpc":"2.0","method":"list_peers","id":1}'));
    const response = await peer.next(() => true);
    assert.equal(response.error?.code, -32700);
    assert.match(response.error.message, /binary/);
  });

  for (const [what, value, id] of [
    ['a bare number', 7, null],
    ['an object without a version', { method: 'list_peers', id: 5 }, 5],
    ['a wrong version', { jsonrpc: '1.0', method: 'list_peers', id: 'x' }, 'x'],
    ['an object without a method', { jsonrpc: '2.0', id: 6 }, 6],
    ['a method that is no text', { jsonrpc: '2.0', method: 1, id: 7 }, 7],
    ['an id that is an object', { jsonrpc: '2.0', method: 'list_peers', id: {} }, null],
    ['params that are a text', { jsonrpc: '2.0', method: 'list_peers', params: 'x', id: 8 }, 8],
    ['params that are null', { jsonrpc: '2.0', method: 'list_peers', params: null, id: 9 }, 9],
    ['an empty batch', [], null],
  ] as const) {
    it(`answers ${what} with an invalid request and the id it can make out`, async () => {
      const response = await answerTo(value);
      assert.equal(response.error?.code, -32600);
      assert.equal(response.id, id);
    });
  }

  it('gives errors the id of their request', async () => {
    const response = await answerTo({ jsonrpc: '2.0', method: 'no_such', params: {}, id: 'abc' });
    assert.equal(response.id, 'abc');
    assert.equal(response.error?.code, -32601);
    assert.match(response.error.message, /no_such.*announce, offer/);
  });

  it('does not take names every object has for methods', async () => {
    assert.equal((await peer.error('constructor')).code, -32601);
    assert.equal((await peer.error('peer.toString')).code, -32601);
  });

  it('treats missing params as an empty object', async () => {
    const response = await answerTo({ jsonrpc: '2.0', method: 'list_peers', id: 1 });
    assert.deepEqual(response.result, { peers: [], count: 0 });
  });

  it('answers a request whose id is null', async () => {
    const response = await answerTo({ jsonrpc: '2.0', method: 'list_peers', id: null });
    assert.equal(response.id, null);
    assert.ok(response.result);
  });

  it('refuses params by position', async () => {
    assert.equal((await peer.error('announce', ['peer-1'])).code, -32602);
  });

  it('never answers notifications, neither good nor bad ones', async () => {
    peer.notify('list_peers', {});
    peer.notify('no_such', {});
    peer.notify('announce', { peer_id: 'not valid!' });
    peer.notify('announce', { peer_id: 'quiet' });
    assert.deepEqual(await peer.settled(), []);
    assert.equal((await peer.result('list_peers'))['count'], 1);
  });

  it('does not answer responses', async () => {
    peer.send({ jsonrpc: '2.0', result: {}, id: 3 });
    peer.send({ jsonrpc: '2.0', error: { code: 1, message: 'x' }, id: 4 });
    assert.deepEqual(await peer.settled(), []);
  });

  it('answers a batch with one batch, in which notifications are missing', async () => {
    const frames: unknown[] = [];
    peer.socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString())));
    peer.send([
      { jsonrpc: '2.0', method: 'announce', params: { peer_id: 'batcher' }, id: 1 },
      { jsonrpc: '2.0', method: 'list_peers' },
      { jsonrpc: '2.0', method: 'no_such', id: 2 },
      'nonsense',
      { jsonrpc: '2.0', method: 'list_peers', id: 3 },
    ]);
    await peer.next((message) => message.id === 3);
    assert.equal(frames.length, 1);
    const batch = frames[0] as Message[];
    assert.deepEqual(
      batch.map(({ id, error }) => [id, error?.code]),
      [
        [1, undefined],
        [2, -32601],
        [null, -32600],
        [3, undefined],
      ],
    );
    assert.equal(batch[3]?.result?.['count'], 1);
  });

  it('does not answer a batch of notifications', async () => {
    peer.send([{ jsonrpc: '2.0', method: 'list_peers' }]);
    assert.deepEqual(await peer.settled(), []);
  });

  it('refuses a batch of more than 100 requests as a whole', async () => {
    const response = await answerTo(Array.from({ length: 101 }, () => 1));
    assert.equal(response.error?.code, -32600);
    assert.match(response.error.message, /1 to 100 requests.*101/);
    assert.deepEqual(await peer.settled(), []);
  });
});
