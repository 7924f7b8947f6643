/** Checks the options of an engine, which come from the user's configuration. */
import { isIP } from 'node:net';
import { InvalidConfigError } from '../errors.js';
import type { EngineOptions } from '../native/binding.js';

/** @throws InvalidConfigError naming the option, its value and what would be right. */
export function checkEngineOptions(options: EngineOptions): void {
  const { listenIps, udpPort, consentTimeoutMs, srtpProfiles } = options;
  if (listenIps.length === 0) {
    throw new InvalidConfigError('listenIps is empty: name at least one IP address to listen on.');
  }
  const notAnIp = listenIps.find((ip) => isIP(ip) === 0);
  if (notAnIp !== undefined) {
    throw new InvalidConfigError(
      `listenIps contains "${notAnIp}": use IPv4 or IPv6 addresses such as 192.0.2.1.`,
    );
  }
  if (!Number.isInteger(udpPort) || udpPort < 0 || udpPort > 65535) {
    throw new InvalidConfigError(
      `udpPort is ${udpPort}: use 1 to 65535, or 0 to let the system choose.`,
    );
  }
  if (!Number.isInteger(consentTimeoutMs) || consentTimeoutMs < 1) {
    throw new InvalidConfigError(
      `consentTimeoutMs is ${consentTimeoutMs}: use a whole number of milliseconds above 0.`,
    );
  }
  if (srtpProfiles.length === 0) {
    throw new InvalidConfigError('srtpProfiles is empty: name at least one SRTP profile.');
  }
}
