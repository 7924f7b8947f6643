/** Log lines for people: `INFO Configuration loaded signaling_url="ws://localhost:8080" max_peers=10`. */
import { styleText } from 'node:util';

/** A log record as pino writes it. */
interface LogRecord {
  readonly level: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
  readonly [field: string]: unknown;
}

const COLORS: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  fatal: 'red',
  error: 'red',
  warn: 'yellow',
  info: 'green',
  debug: 'blue',
  trace: 'gray',
};

/**
 * @param json one record as pino writes it, with the level's name in `level`.
 * @param useColor whether the terminal shows colors.
 * @returns the line, with its line break; below it the stack of an error that is to be looked into.
 */
export function formatForTerminal(json: string, useColor: boolean): string {
  const { level, msg = '', err, ...fields } = JSON.parse(json) as LogRecord;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    useColor ? styleText(style, text, { validateStream: false }) : text;
  const isSevere = level === 'error' || level === 'fatal';
  const shown = err === undefined || isSevere ? fields : { ...fields, error: err.message };
  const parts = [
    paint(COLORS[level] ?? 'reset', level.toUpperCase()),
    msg.replace(/\p{Cc}/gu, escapeControl),
    ...Object.entries(shown).map(
      ([name, value]) =>
        `${paint('dim', `${name}=`)}${JSON.stringify(value).replace(/\p{Cc}/gu, escapeControl)}`,
    ),
  ];
  const stack = isSevere && err !== undefined ? `\n${err.stack ?? err.message ?? ''}` : '';
  return `${parts.join(' ')}${stack}\n`;
}

/** No message may break the line or steer the terminal. */
function escapeControl(character: string): string {
  const escaped = JSON.stringify(character).slice(1, -1);
  if (escaped !== character) return escaped;
  // DEL and the C1 controls, which JSON leaves as they are.
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
