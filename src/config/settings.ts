/** Every setting of `webrtc-server`: how it is named and explained, and what the right values are. */
import type { ServerSettings } from './config.js';

/** How a text becomes a value: lists are comma-separated. */
export type SettingKind = 'text' | 'list' | 'number' | 'boolean' | 'log-level';

export interface Setting {
  /** Environment variables, the first of which also gives the flag its name. */
  readonly env: readonly [string, ...string[]];
  readonly kind: SettingKind;
  readonly group: 'Signaling' | 'Web server' | 'Media' | 'Peers' | 'Logging';
  /** What it does, for `--help`. */
  readonly description: string;
  /** What is right, as it goes on after "use". */
  readonly expected: string;
  /** Never shown, not even when it is wrong. */
  readonly isSecret?: true;
}

export type SettingName = keyof ServerSettings;

const IDENTIFIER = '1 to 64 letters, digits, "_" and "-"';
const PORT = 'a port from 1 to 65535, or 0 to let the system choose';

export const SETTINGS: Readonly<Record<SettingName, Setting>> = {
  signalingUrl: {
    env: ['WEBRTC_SIGNALING_URL'],
    kind: 'text',
    group: 'Signaling',
    description:
      'External signaling server to connect to and announce at; without it, signaling is served here',
    expected: 'a WebSocket URL such as ws://localhost:8080 or wss://signaling.example.com',
  },
  peerId: {
    env: ['WEBRTC_PEER_ID'],
    kind: 'text',
    group: 'Signaling',
    description:
      'Id to announce at the external signaling server; several servers need several ids',
    expected: IDENTIFIER,
  },
  token: {
    env: ['WEBRTC_TOKEN'],
    kind: 'text',
    group: 'Signaling',
    description:
      'Bearer token that signaling connections need (?token= or Authorization), sent when connecting out',
    expected: 'a text without spaces',
    isSecret: true,
  },
  allowedOrigins: {
    env: ['WEBRTC_ALLOWED_ORIGINS'],
    kind: 'list',
    group: 'Signaling',
    description: 'Origins of other web pages that may connect without a token, * for all',
    expected: 'origins such as https://app.example.com, separated by commas',
  },
  host: {
    env: ['WEBRTC_HOST'],
    kind: 'text',
    group: 'Web server',
    description: 'Address of the web server; 0.0.0.0 lets others than this machine join',
    expected: 'a host name or IP address of this machine',
  },
  port: {
    env: ['WEBRTC_PORT'],
    kind: 'number',
    group: 'Web server',
    description:
      'TCP port of the demo page, /healthz and signaling [default: 8080; with an external signaling ' +
      'server none, and only /healthz if given]',
    expected: PORT,
  },
  udpPort: {
    env: ['WEBRTC_UDP_PORT'],
    kind: 'number',
    group: 'Media',
    description: 'UDP port of all media, 0 for any that is free',
    expected: PORT,
  },
  listenIps: {
    env: ['WEBRTC_LISTEN_IP'],
    kind: 'list',
    group: 'Media',
    description:
      'Addresses to receive media on, all of them announced [default: every address of this machine ' +
      'but link-local ones, loopback last]',
    expected: 'IP addresses of this machine, separated by commas',
  },
  announcedIps: {
    env: ['WEBRTC_ANNOUNCED_IP'],
    kind: 'list',
    group: 'Media',
    description: 'Public address of a 1:1 NAT, announced in place of our own',
    expected: 'IP addresses that peers can reach, separated by commas',
  },
  stunServers: {
    env: ['WEBRTC_STUN_SERVERS'],
    kind: 'list',
    group: 'Media',
    description:
      'Asked in the background for our public address, which is then announced too, with our UDP ' +
      'port: of use where a NAT passes that port on [default: none]',
    expected: 'stun:host:port such as stun:stun.l.google.com:19302, separated by commas',
  },
  turnServers: {
    env: ['WEBRTC_TURN_SERVERS'],
    kind: 'list',
    group: 'Media',
    description:
      'For connections this server will make outwards; peers that connect to it need no TURN server ' +
      'here [default: none]',
    expected: 'turn:host:port:username:credential, separated by commas',
    isSecret: true,
  },
  maxPeers: {
    env: ['WEBRTC_MAX_PEERS'],
    kind: 'number',
    group: 'Peers',
    description: 'Peers at the same time',
    expected: 'a whole number from 1 to 10000',
  },
  session: {
    env: ['WEBRTC_SESSION'],
    kind: 'text',
    group: 'Peers',
    description: 'Session that peers join when they connect',
    expected: IDENTIFIER,
  },
  enableDataChannel: {
    env: ['WEBRTC_ENABLE_DATA_CHANNEL'],
    kind: 'boolean',
    group: 'Peers',
    description:
      'Data channels; not available yet: their m-lines are rejected, media is not touched',
    expected: 'true or false',
  },
  jitterBufferMs: {
    env: ['WEBRTC_JITTER_BUFFER_MS'],
    kind: 'number',
    group: 'Media',
    description:
      'Delay in ms of the jitter buffer for media taken out of the stream; forwarding adds none',
    expected: 'a whole number of milliseconds from 50 to 200',
  },
  logLevel: {
    env: ['LOG_LEVEL', 'RUST_LOG'],
    kind: 'log-level',
    group: 'Logging',
    description:
      'error, warn, info, debug, trace or off; JSON lines when the output is no terminal',
    expected: 'error, warn, info, debug, trace or off',
  },
};

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** The flag of a setting, without its dashes: `max-peers`. */
export function flagOf(name: SettingName): string {
  return SETTINGS[name].env[0].replace('WEBRTC_', '').toLowerCase().replaceAll('_', '-');
}

/** Both names of a setting, for messages that cannot know which was used. */
export function labelOf(name: SettingName): string {
  return `${SETTINGS[name].env[0]} (--${flagOf(name)})`;
}
