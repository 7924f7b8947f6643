/** Checks values against the schema, and says in one line what is wrong with the first bad one. */
import type { z } from 'zod';
import { InvalidConfigError } from '../errors.js';
import { transportSchema, type TransportSettings, type WebRtcTransportConfig } from './config.js';
import { redactTurnServer, redactUrl } from './redact.js';
import { SETTINGS, type SettingName } from './settings.js';

/**
 * Checks the configuration of a transport and fills in the defaults.
 * @throws InvalidConfigError naming the setting, its value and what would be right.
 */
export function checkTransportConfig(config: WebRtcTransportConfig): TransportSettings {
  return check(transportSchema, config, (name) => name);
}

/**
 * @param labelOf what to call a setting in a message.
 * @throws InvalidConfigError
 */
export function check<Settings>(
  schema: z.ZodType<Settings>,
  values: Readonly<Record<string, unknown>> | WebRtcTransportConfig,
  labelOf: (name: SettingName) => string,
): Settings {
  const { success, data, error } = schema.safeParse(values);
  if (success) return data;
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      throw new InvalidConfigError(`${issue.keys.join(', ')}: there is no such setting.`);
    }
  }
  const [name, ...path] = error.issues[0]?.path ?? [];
  const setting = name as SettingName;
  const value = path.reduce<unknown>(elementOf, elementOf(values, setting));
  throw new InvalidConfigError(
    `${labelOf(setting)} is ${show(setting, value)}: use ${SETTINGS[setting].expected}.`,
  );
}

function elementOf(value: unknown, key: PropertyKey): unknown {
  return (value as Readonly<Record<PropertyKey, unknown>>)[key];
}

/** The value as a message may show it. */
function show(name: SettingName, value: unknown): string {
  if (typeof value !== 'string') return String(value);
  if (name === 'signalingUrl') return JSON.stringify(redactUrl(value));
  if (!SETTINGS[name].isSecret) return JSON.stringify(value);
  const shown = redactTurnServer(value);
  return shown === undefined ? 'not right (its value is secret)' : JSON.stringify(shown);
}
