// The settings of the signaling server, from the environment.

/** Settings that cannot be used; the message names the variable, its value and what would be right. */
export class SettingError extends Error {}

/**
 * @param {NodeJS.ProcessEnv} env
 * @throws {SettingError}
 */
export function readSettings(env) {
  const level = env.LOG_LEVEL || 'info';
  const levels = ['error', 'warn', 'info', 'debug', 'trace'];
  if (!levels.includes(level)) {
    throw new SettingError(`LOG_LEVEL is '${level}': use one of ${levels.join(', ')}.`);
  }
  return {
    host: env.HOST || '127.0.0.1',
    port: readInteger(env, 'PORT', 8080, 0, 65_535),
    maxPeers: readInteger(env, 'MAX_PEERS', 1_000, 1, 100_000),
    /** Undefined when connections need no token. */
    token: env.SIGNALING_TOKEN || undefined,
    allowedOrigins: (env.ALLOWED_ORIGINS ?? '').split(',').flatMap((part) => part.trim() || []),
    level,
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} fallback
 * @param {number} min
 * @param {number} max
 */
function readInteger(env, name, fallback, min, max) {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new SettingError(`${name} is '${text}': use a whole number from ${min} to ${max}.`);
}
