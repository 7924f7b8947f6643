/** The command line of `webrtc-server`, and its `--help`, made from the table of settings. */
import yargs, { type Options } from 'yargs';
import { serverSchema } from '../config/config.js';
import { flagOf, SETTING_NAMES, SETTINGS, type SettingName } from '../config/settings.js';
import type { Texts } from '../config/sources.js';
import { VERSION } from '../config/version.js';
import { InvalidConfigError } from '../errors.js';

const EPILOGUE = `Every option can also be set by the environment variable named with it, or in a file .env in the
current folder. Options win over the environment, the environment over .env, .env over defaults.

SIGINT (Ctrl+C) and SIGTERM say goodbye to all peers and exit with 0; a second one exits at once.

Endpoints: /  the demo page   /healthz  state as JSON   WebSocket on any path  JSON-RPC signaling`;

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['$0', 'Serve the demo page and signaling on http://localhost:8080/'],
  ['$0 --host 0.0.0.0 --token s3cret', 'Let other machines join who know the token'],
  ['$0 --signaling-url ws://localhost:9000', 'Join an external signaling server'],
  ['$0 --udp-port 50000 --announced-ip 203.0.113.7', 'Be reachable behind a 1:1 NAT'],
  ['WEBRTC_MAX_PEERS=50 LOG_LEVEL=debug $0', 'Set by the environment'],
];

/** Widest line of `--help`, columns. */
const MAX_HELP_WIDTH = 100;

/**
 * The flags that were given, as texts by name. `--help` and `--version` print and exit.
 * @param args without the interpreter and the script.
 * @throws InvalidConfigError for a flag or an argument that there is not.
 */
export function parseArguments(args: readonly string[]): Texts {
  const parser = yargs([...args])
    .scriptName('webrtc-server')
    .locale('en')
    .usage(
      '$0 [options]\n\nMeet in a browser through a WebRTC server: forwards everyone to everyone.',
    )
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .options(Object.fromEntries(SETTING_NAMES.map((name) => [flagOf(name), describe(name)])))
    .help()
    .version(VERSION)
    .group(['help', 'version'], 'Other:')
    .epilogue(EPILOGUE)
    .wrap(Math.min(MAX_HELP_WIDTH, process.stdout.isTTY ? process.stdout.columns : MAX_HELP_WIDTH));
  for (const [command, what] of EXAMPLES) parser.example(command, what);
  return readGiven(parser.parseSync());
}

function readGiven({
  _: positionals,
  ...given
}: Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] }): Texts {
  const [unexpected] = positionals;
  if (unexpected !== undefined) {
    throw new InvalidConfigError(
      `"${unexpected}" is no argument of webrtc-server, which takes options only: see webrtc-server --help.`,
    );
  }
  const kinds = new Map(SETTING_NAMES.map((name) => [flagOf(name), SETTINGS[name].kind]));
  const texts: Record<string, string> = {};
  for (const [flag, value] of Object.entries(given)) {
    if (flag === '$0') continue;
    const kind = kinds.get(flag);
    if (kind === undefined) {
      const dashes = flag.length === 1 ? '-' : '--';
      throw new InvalidConfigError(
        `${dashes}${flag} is no option of webrtc-server: see webrtc-server --help.`,
      );
    }
    // A flag without a value arrives as true, and --no-enable-data-channel as false.
    texts[flag] = value === true && kind !== 'boolean' ? '' : String(value);
  }
  return texts;
}

function describe(name: SettingName): Options {
  const { env, group, description } = SETTINGS[name];
  return {
    group: `${group}:`,
    describe: `${description}${describeDefault(name)} [${env.join(', ')}]`,
  };
}

function describeDefault(name: SettingName): string {
  const value = serverSchema.parse({})[name];
  const isNone = value === undefined || (Array.isArray(value) && value.length === 0);
  return isNone ? '' : ` [default: ${String(value)}]`;
}
