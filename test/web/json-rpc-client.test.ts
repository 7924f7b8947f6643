import assert from 'node:assert/strict';
import { ConnectionLostError, JsonRpcClient, RpcError } from '../../web/js/json-rpc-client.js';
import { FakeSocket } from './fake-socket.js';

describe('the JSON-RPC client', () => {
  let socket: FakeSocket;
  let client: JsonRpcClient;

  beforeEach(() => {
    socket = new FakeSocket();
    client = new JsonRpcClient(socket.asWebSocket(), 60_000);
  });

  afterEach(() => {
    client.close();
  });

  it('resolves each request with the response that carries its id, in any order', async () => {
    const first = client.request('a', { x: 1 });
    const second = client.request('b');
    assert.deepEqual(socket.sent, [
      { jsonrpc: '2.0', id: 1, method: 'a', params: { x: 1 } },
      { jsonrpc: '2.0', id: 2, method: 'b', params: {} },
    ]);
    socket.receive({ jsonrpc: '2.0', id: 2, result: 'two' });
    socket.receive({ jsonrpc: '2.0', id: 1, result: 'one' });
    assert.equal(await first, 'one');
    assert.equal(await second, 'two');
  });

  it('rejects with the code and data of an error response', async () => {
    const request = client.request('peer.offer');
    const error = { code: -32005, message: 'busy', data: { reason: 'offer under way' } };
    socket.receive({ jsonrpc: '2.0', id: 1, error });
    await assert.rejects(request, (thrown) => {
      assert.ok(thrown instanceof RpcError);
      assert.equal(thrown.code, -32005);
      assert.equal(thrown.message, 'busy');
      assert.deepEqual(thrown.data, { reason: 'offer under way' });
      return true;
    });
  });

  it('hands notifications over and answers none of them', () => {
    const seen: unknown[] = [];
    client.onNotification = (method, params) => seen.push([method, params]);
    socket.receive({ jsonrpc: '2.0', method: 'peer.left', params: { peer_id: 'ada' } });
    socket.receive({ jsonrpc: '2.0', method: 'bare' });
    assert.deepEqual(seen, [
      ['peer.left', { peer_id: 'ada' }],
      ['bare', {}],
    ]);
    assert.deepEqual(socket.sent, []);
  });

  it('sends notifications without an id', () => {
    client.notify('peer.disconnect', { peer_id: 'ada' });
    const message = { jsonrpc: '2.0', method: 'peer.disconnect', params: { peer_id: 'ada' } };
    assert.deepEqual(socket.sent, [message]);
  });

  it('goes on after text that is no JSON and responses nobody waits for', async () => {
    const request = client.request('a');
    socket.receiveText('{');
    socket.receiveText('null');
    socket.receive({ jsonrpc: '2.0', id: 99, result: 'stray' });
    socket.receive({ jsonrpc: '2.0', id: 1, result: 'kept' });
    assert.equal(await request, 'kept');
  });

  it('rejects open requests and tells once when the server goes', async () => {
    let closings = 0;
    client.onClose = () => closings++;
    const request = client.request('a');
    socket.drop();
    await assert.rejects(request, ConnectionLostError);
    await assert.rejects(client.request('b'), ConnectionLostError);
    assert.equal(closings, 1);
  });

  it('rejects open requests and stays silent when it is closed from this side', async () => {
    client.onClose = () => assert.fail('told of its own closing');
    const request = client.request('a');
    client.close();
    await assert.rejects(request, ConnectionLostError);
    assert.equal(socket.closed, true);
  });

  it('gives up on a response that does not come', async () => {
    const impatient = new JsonRpcClient(new FakeSocket().asWebSocket(), 1);
    await assert.rejects(impatient.request('peer.list'), {
      name: 'ConnectionLostError',
      message: 'The server did not answer peer.list within 0.001 s.',
    });
  });
});
