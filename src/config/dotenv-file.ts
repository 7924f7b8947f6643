/** Reads the file `.env`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { InvalidConfigError } from '../errors.js';

/**
 * The variables of the file `.env` in a folder; none when there is no such file.
 * @throws InvalidConfigError when it is there and cannot be read.
 */
export function readDotenv(folder: string): Record<string, string> {
  const path = join(folder, '.env');
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new InvalidConfigError(
      `The file ${path} cannot be read (${code ?? message}): make it a readable text file with lines ` +
        'like WEBRTC_MAX_PEERS=50, or remove it.',
      { cause: error },
    );
  }
}
