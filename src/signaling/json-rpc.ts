/**
 * The envelope of JSON-RPC 2.0 (jsonrpc.org/specification) as both sides of signaling read and write
 * it: which value is a request, a notification, a response or neither, and which id an error carries.
 */

/** A request id; null is legal, though a caller cannot tell its answers apart. */
export type JsonRpcId = string | number | null;

export type JsonObject = Readonly<Record<string, unknown>>;

export interface JsonRpcErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject;
}

export type JsonRpcResponse =
  | { readonly jsonrpc: '2.0'; readonly id: JsonRpcId; readonly result: JsonObject }
  | { readonly jsonrpc: '2.0'; readonly id: JsonRpcId; readonly error: JsonRpcErrorObject };

/** What one element of a message turned out to be. */
export type IncomingItem =
  | {
      readonly kind: 'request';
      readonly id: JsonRpcId;
      readonly method: string;
      readonly params: unknown;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: JsonRpcId; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: JsonRpcId; readonly error: unknown }
  | { readonly kind: 'invalid'; readonly id: JsonRpcId; readonly why: string };

/** Sorts one parsed JSON value. The id of an invalid request is kept where it can be made out. */
export function classify(value: unknown): IncomingItem {
  if (!isObject(value)) {
    return { kind: 'invalid', id: null, why: 'it must be an object, or a batch of objects' };
  }
  const hasId = 'id' in value;
  const id = value['id'];
  if (hasId && !isId(id)) {
    return { kind: 'invalid', id: null, why: 'its id must be a string, a number or null' };
  }
  const knownId = hasId ? (id as JsonRpcId) : null;
  const invalid = (why: string): IncomingItem => ({ kind: 'invalid', id: knownId, why });

  if (value['jsonrpc'] !== '2.0') return invalid('it must have "jsonrpc": "2.0"');
  if (!('method' in value)) {
    if ('result' in value) return { kind: 'result', id: knownId, result: value['result'] };
    if ('error' in value) return { kind: 'error', id: knownId, error: value['error'] };
    return invalid('it must have a method');
  }
  const method = value['method'];
  if (typeof method !== 'string') return invalid('its method must be a string');
  const params = 'params' in value ? value['params'] : {};
  if (typeof params !== 'object' || params === null) {
    return invalid('its params must be an object or be left out');
  }
  return hasId
    ? { kind: 'request', id: knownId, method, params }
    : { kind: 'notification', method, params };
}

/** The text of a request, or of a notification where there is no id. */
export function encodeCall(method: string, params: JsonObject, id?: number): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params, ...(id === undefined ? {} : { id }) });
}

export function resultResponse(id: JsonRpcId, result: JsonObject): JsonRpcResponse {
  return { jsonrpc: '2.0', id, result };
}

export function errorResponse(id: JsonRpcId, error: JsonRpcErrorObject): JsonRpcResponse {
  return { jsonrpc: '2.0', id, error };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is JsonRpcId {
  return value === null || typeof value === 'string' || typeof value === 'number';
}
