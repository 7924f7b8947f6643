/** Log levels, and the directives of `RUST_LOG` in which they may be given. */

/** Least to most; `off` logs nothing. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** The target of directives that concern this program. */
const OUR_TARGET = /^remotemedia(_webrtc)?($|::)/;

/**
 * Reads a level, or directives such as `remotemedia_webrtc=debug,info`: the level of our own target,
 * else the one for everything, else `info` because only other targets are meant.
 * @returns undefined for a text that names no level at all.
 */
export function parseLogLevel(text: string): LogLevel | undefined {
  const directives = text.split(',').map((directive) => {
    const [target, level] = directive.includes('=') ? directive.split('=', 2) : ['', directive];
    return { target: target?.trim() ?? '', level: asLevel(level ?? '') };
  });
  const ours = directives.find(({ target, level }) => OUR_TARGET.test(target) && level);
  const general = directives.find(({ target, level }) => target === '' && level);
  const level = ours?.level ?? general?.level;
  if (level !== undefined) return level;
  return directives.some((directive) => directive.level) ? 'info' : undefined;
}

function asLevel(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text.trim().toLowerCase());
}
