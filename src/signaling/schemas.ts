/**
 * The field types of signaling messages and the errors that explain a bad one. Sizes here are part of
 * the protocol and the same for every server.
 */
import { z } from 'zod';

import { SignalingFault } from './signaling-fault.js';

const PEER_ID_PATTERN = /^[a-zA-Z0-9_-]{1,64}$/;
const MAX_SDP_BYTES = 64 * 1024;
const MAX_USER_DATA_BYTES = 1024;
const MAX_CANDIDATE_LENGTH = 1024;
const MAX_MID_LENGTH = 256;
const MAX_REASON_LENGTH = 256;
/** Longest value shown in an error message, characters. */
const MAX_SHOWN_LENGTH = 80;

const PEER_ID_RULE = 'must be 1 to 64 characters out of a-z, A-Z, 0-9, _ and -';
export const peerIdSchema = z
  .string({ error: PEER_ID_RULE })
  .regex(PEER_ID_PATTERN, { error: PEER_ID_RULE });

const SDP_RULE = `must be a session description of at most ${MAX_SDP_BYTES} bytes`;
export const sdpSchema = z
  .string({ error: SDP_RULE })
  .refine((sdp) => Buffer.byteLength(sdp) <= MAX_SDP_BYTES, { error: SDP_RULE });

/** A literal `type` that says nothing the method does not say; it may be left out. */
export function sdpTypeSchema(type: 'offer' | 'answer') {
  return z.literal(type, { error: `must be "${type}", or be left out` }).optional();
}

const CANDIDATE_RULE =
  `must be a candidate of at most ${MAX_CANDIDATE_LENGTH} characters, ` +
  'or empty or null at the end of candidates';
export const candidateSchema = z
  .string({ error: CANDIDATE_RULE })
  .max(MAX_CANDIDATE_LENGTH, { error: CANDIDATE_RULE })
  .nullable();

const MID_RULE = `must be a MID of at most ${MAX_MID_LENGTH} characters or null`;
export const midSchema = z
  .string({ error: MID_RULE })
  .max(MAX_MID_LENGTH, { error: MID_RULE })
  .nullish()
  .transform((mid) => mid ?? null);

const INDEX_RULE = 'must be the position of an m-line from 0 to 65535 or null';
export const mLineIndexSchema = z
  .int({ error: INDEX_RULE })
  .min(0, { error: INDEX_RULE })
  .max(65_535, { error: INDEX_RULE })
  .nullish()
  .transform((index) => index ?? null);

const USER_DATA_RULE = `must be a JSON value of at most ${MAX_USER_DATA_BYTES} bytes`;
export const userDataSchema = z
  .unknown()
  .refine((value) => jsonBytes(value) <= MAX_USER_DATA_BYTES, { error: USER_DATA_RULE })
  .optional();

const REASON_RULE = `must be a text of at most ${MAX_REASON_LENGTH} characters`;
export const reasonSchema = z
  .string({ error: REASON_RULE })
  .max(MAX_REASON_LENGTH, { error: REASON_RULE })
  .nullish();

export function flagSchema() {
  return z.boolean({ error: 'must be true or false' });
}

/**
 * The params of a method, checked.
 * @throws SignalingFault `invalid_params` that names the field, its value and what would be right.
 */
export function parseParams<T>(schema: z.ZodType<T>, params: unknown): T {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new Error('a failed check without an issue');
  const value = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    params,
  );
  const field = ['params', ...issue.path.map(String)].join('.');
  throw new SignalingFault('invalid_params', `${field} is ${show(value)}: it ${issue.message}.`);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = toJson(value);
  if (text === undefined) return 'nested too deeply';
  if (text.length <= MAX_SHOWN_LENGTH) return text;
  return `${text.slice(0, MAX_SHOWN_LENGTH)}... (${Buffer.byteLength(text)} bytes)`;
}

function jsonBytes(value: unknown): number {
  const text = toJson(value);
  return text === undefined ? Infinity : Buffer.byteLength(text);
}

/** Undefined for what is nested too deeply to be written, although it could be read. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
