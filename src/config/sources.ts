/** Puts the configuration of `webrtc-server` together: flags over environment over `.env` over defaults. */
import { check } from './check.js';
import { serverSchema, type ServerSettings } from './config.js';
import { parseLogLevel } from './log-level.js';
import { flagOf, SETTING_NAMES, SETTINGS, type SettingKind, type SettingName } from './settings.js';

/** Texts by the name of the flag (without dashes) or of the variable. */
export type Texts = Readonly<Record<string, string | undefined>>;

export interface ConfigSources {
  readonly flags: Texts;
  readonly environment: Texts;
  /** The variables of the file `.env`. */
  readonly dotenv: Texts;
}

/** @throws InvalidConfigError naming the setting where it was set, its value and what would be right. */
export function readConfig(sources: ConfigSources): ServerSettings {
  const values: Record<string, unknown> = {};
  const labels = new Map<SettingName, string>();
  for (const name of SETTING_NAMES) {
    const found = find(name, sources);
    if (found === undefined) continue;
    values[name] = fromText(SETTINGS[name].kind, found.text);
    labels.set(name, found.label);
  }
  return check(serverSchema, values, (name) => labels.get(name) ?? name);
}

function find(
  name: SettingName,
  { flags, environment, dotenv }: ConfigSources,
): { label: string; text: string } | undefined {
  const { env } = SETTINGS[name];
  const flag = flagOf(name);
  const candidates = [
    { label: `--${flag}`, text: flags[flag] },
    ...env.map((variable) => ({ label: variable, text: nonEmpty(environment[variable]) })),
    ...env.map((variable) => ({
      label: `${variable} in .env`,
      text: nonEmpty(dotenv[variable]),
    })),
  ];
  for (const { label, text } of candidates) if (text !== undefined) return { label, text };
  return undefined;
}

/** A variable that is set to nothing counts as not set: deployment files often do that. */
function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** A text that means nothing stays as it is, for the schema to refuse. */
function fromText(kind: SettingKind, text: string): unknown {
  const trimmed = text.trim();
  switch (kind) {
    case 'text':
      return trimmed;
    case 'list':
      return trimmed
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
    case 'number':
      return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
    case 'boolean':
      if (/^(true|yes|on|1)$/i.test(trimmed)) return true;
      return /^(false|no|off|0)$/i.test(trimmed) ? false : trimmed;
    case 'log-level':
      return parseLogLevel(trimmed) ?? trimmed;
  }
}
