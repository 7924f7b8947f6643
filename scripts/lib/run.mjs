// Runs programs: in view of the user, or with their output collected.
import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';
import { ScriptError } from './errors.mjs';

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] Added to this process's environment.
 * @property {string} [cwd] Defaults to the root of the repository.
 */

/**
 * Runs a program in view of the user.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @throws {ScriptError} when it cannot be started or does not exit with 0.
 */
export async function runVisibly(command, args, options = {}) {
  const { code } = await start(command, args, options, 'inherit');
  if (code !== 0) throw new ScriptError(`${[command, ...args].join(' ')} failed (exit ${code}).`);
}

/**
 * Runs a program and collects what it prints.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{code: number, output: string}>} the exit code (128 when a signal ended it) and
 *     both streams, in the order they were written.
 */
export async function runQuietly(command, args, options = {}) {
  return start(command, args, options, 'pipe');
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @param {'inherit' | 'pipe'} outputs
 * @returns {Promise<{code: number, output: string}>}
 */
function start(command, args, { env, cwd = ROOT }, outputs) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', outputs, outputs],
    });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => {
      reject(new ScriptError(`${command} cannot be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      const output = Buffer.concat(chunks).toString();
      resolve({
        code: code ?? 128,
        output: signal ? `${output}\n${command} was ended by ${signal}\n` : output,
      });
    });
  });
}
