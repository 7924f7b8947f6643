/**
 * A JSON-RPC 2.0 client over one open WebSocket: requests with a deadline, notifications both ways.
 */

/** @typedef {Pick<WebSocket, 'send' | 'close' | 'onmessage' | 'onclose'>} Socket The part that is used. */

/** An error response of the server; `code` is the JSON-RPC error code. */
export class RpcError extends Error {
  /**
   * @param {number} code
   * @param {string} message
   * @param {unknown} [data]
   */
  constructor(code, message, data) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }
}

/** The connection ended, or an answer did not come in time. */
export class ConnectionLostError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'ConnectionLostError';
  }
}

/**
 * @typedef {object} Pending
 * @property {(result: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {ReturnType<typeof setTimeout>} timer
 */

export class JsonRpcClient {
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #nextId = 1;
  #closed = false;
  #socket;
  #timeoutMs;

  /** @type {(method: string, params: any) => void} Called for every notification of the server. */
  onNotification = () => {};
  /** @type {(event: CloseEvent) => void} Called once, when the other side is gone. */
  onClose = () => {};

  /**
   * @param {Socket} socket An open socket; its handlers belong to this client from now on.
   * @param {number} [timeoutMs] How long a response may take, in milliseconds.
   */
  constructor(socket, timeoutMs = 30_000) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = (event) => {
      if (this.#closed) return;
      this.#end('The connection to the server was lost.');
      this.onClose(event);
    };
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>} The result; rejects with {@link RpcError} or {@link ConnectionLostError}.
   */
  request(method, params = {}) {
    if (this.#closed) return Promise.reject(new ConnectionLostError('The connection is closed.'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        const seconds = this.#timeoutMs / 1000;
        reject(new ConnectionLostError(`The server did not answer ${method} within ${seconds} s.`));
      }, this.#timeoutMs);
      this.#pending.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /**
   * @param {string} method
   * @param {object} [params]
   */
  notify(method, params = {}) {
    if (!this.#closed) this.#socket.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  /** Ends the connection from this side; open requests reject and `onClose` stays silent. */
  close() {
    if (this.#closed) return;
    this.#end('The connection was closed.');
    this.#socket.close(1000);
  }

  /** @param {unknown} data */
  #receive(data) {
    if (this.#closed) return;
    const message = parseMessage(data);
    if (message === null) return;
    if (typeof message.method === 'string') {
      this.onNotification(message.method, message.params ?? {});
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    clearTimeout(pending.timer);
    const { error } = message;
    if (error) pending.reject(new RpcError(error.code, error.message, error.data));
    else pending.resolve(message.result);
  }

  /** @param {string} reason */
  #end(reason) {
    this.#closed = true;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new ConnectionLostError(reason));
    }
    this.#pending.clear();
  }
}

/**
 * @param {unknown} data
 * @returns {any} Null for what is no JSON object: there is nobody to report it to.
 */
function parseMessage(data) {
  try {
    const message = JSON.parse(String(data));
    return typeof message === 'object' ? message : null;
  } catch {
    return null;
  }
}
