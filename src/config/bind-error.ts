/** Says which setting is to blame when the system refuses an address or a port. */
import { InvalidConfigError } from '../errors.js';
import { labelOf, type SettingName } from './settings.js';

/** A socket as the settings describe it. */
export interface BoundSetting {
  readonly hostName: SettingName;
  readonly host: string;
  readonly portName: SettingName;
  readonly port: number;
}

const NO_SUCH_ADDRESS = new Set(
  'EADDRNOTAVAIL EAFNOSUPPORT EAI_AGAIN EAI_FAIL EINVAL ENOTFOUND'.split(' '),
);

interface SystemError extends NodeJS.ErrnoException {
  /** Which of several addresses it is about. */
  readonly address?: string;
}

/**
 * @param error what the system said; anything but a refused address or port is returned as it is.
 */
export function explainBindError(error: unknown, setting: BoundSetting): unknown {
  const { code, address = setting.host } = error as SystemError;
  const host = `${labelOf(setting.hostName)} is "${address}"`;
  const port = `${labelOf(setting.portName)} is ${setting.port}`;
  const options = { cause: error };
  if (code === 'EADDRINUSE') {
    return new InvalidConfigError(
      `${port}, which another program uses on ${address}: use another port, or 0 to let the system choose.`,
      options,
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new InvalidConfigError(
      `${port}, which this user may not use: use a port from 1024 on, or 0 to let the system choose.`,
      options,
    );
  }
  if (code !== undefined && NO_SUCH_ADDRESS.has(code)) {
    return new InvalidConfigError(
      `${host}, which cannot be listened on (${code}): use an address of this machine.`,
      options,
    );
  }
  return error;
}
