/**
 * The demo page: wires lobby, conference and room to each other and to the buttons.
 */

import { Call } from './call.js';
import { Conference } from './conference.js';
import { showMediaState } from './controls.js';
import { Lobby } from './lobby.js';
import { explainMediaError } from './local-media.js';
import { parseOptions } from './options.js';
import { Room } from './room.js';
import { installShortcuts } from './shortcuts.js';
import { openSignalingSocket } from './signaling-socket.js';

const STATS_INTERVAL_MS = 1000;

/** @typedef {import('./conference.js').ConferenceState} ConferenceState */
/** @typedef {import('./local-media.js').LocalMedia} LocalMedia */

/** @type {Record<ConferenceState | 'idle', string>} */
const STATE_TEXT = {
  idle: 'Not connected',
  joining: 'Joining…',
  connected: 'Connected',
  unstable: 'Connection unstable',
  reconnecting: 'Reconnecting…',
  ended: 'Not connected',
};

const element = (/** @type {string} */ id) =>
  /** @type {HTMLElement} */ (document.getElementById(id));

const options = parseOptions(location.search);
const controls = element('controls');
const room = new Room(
  element('grid'),
  /** @type {HTMLTemplateElement} */ (element('tile-template')),
  (blocked) => {
    element('sound').hidden = !blocked;
  },
);
const lobby = new Lobby(
  /** @type {HTMLFormElement} */ (element('lobby')),
  options,
  ({ name, media }) => void join(name, media),
);
const help = /** @type {HTMLDialogElement} */ (element('help'));

/** @type {{conference: Conference, media: LocalMedia} | null} */
let current = null;

/** @type {Record<string, () => void>} */
const actions = {
  mute: () => {
    if (current === null) return;
    current.media.setMuted(!current.media.muted);
    showMedia(current.media);
    announce(current.media.muted ? 'You are muted.' : 'You can be heard.');
  },
  camera: () => void toggleCamera(),
  stats: () => {
    const shown = document.body.classList.toggle('with-stats');
    element('stats').setAttribute('aria-pressed', String(shown));
    room.layOut();
  },
  leave: () => current?.conference.leave(),
  sound: () => room.allowSound(),
  help: () => help.showModal(),
};
for (const button of /** @type {NodeListOf<HTMLElement>} */ (
  document.querySelectorAll('[data-action]')
)) {
  button.onclick = actions[button.dataset.action ?? ''] ?? null;
}

installShortcuts(/** @type {HTMLInputElement} */ (element('shortcuts')));
setInterval(() => void updateStats(), STATS_INTERVAL_MS);
addEventListener('pagehide', () => current?.conference.leave());
showNotice(options.problems.join(' '));
void lobby.start();

/**
 * @param {string} name
 * @param {LocalMedia} media
 */
async function join(name, media) {
  const conference = new Conference(name, {
    openSocket: () => openSignalingSocket(options.token),
    createCall: (signaling, events) =>
      new Call({
        pc: new RTCPeerConnection({ bundlePolicy: 'max-bundle' }),
        stream: media.stream,
        codec: options.codec,
        signaling,
        events,
      }),
  });
  current = { conference, media };
  conference.onState = (state, error) => showState(state, error);
  conference.onParticipants = (participants) => {
    const { joined, left } = room.showParticipants(participants);
    for (const other of joined) announce(`${other} joined.`);
    for (const other of left) announce(`${other} left.`);
    showHeadcount(participants.length + 1);
  };
  media.onEnded = (kind) => void handleDeviceGone(kind);

  element('room').hidden = false;
  room.showLocal(name, media);
  showMedia(media);
  showHeadcount(1);
  element('mute').focus();
  try {
    await conference.join();
  } catch (error) {
    if (current?.conference === conference) showEnd(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {ConferenceState} state
 * @param {Error} [error]
 */
function showState(state, error) {
  const wasReconnecting = element('connection').dataset.state === 'reconnecting';
  showConnection(state);
  if (state === 'ended') {
    showEnd(error?.message ?? null);
  } else if (state === 'reconnecting') {
    room.showLoss();
    showNotice(`${error?.message ?? ''} Trying to join again…`);
  } else if (wasReconnecting) {
    showNotice('');
  }
}

/** @param {keyof typeof STATE_TEXT} state */
function showConnection(state) {
  const pill = element('connection');
  if (pill.dataset.state === state) return;
  pill.dataset.state = state;
  pill.textContent = STATE_TEXT[state];
}

/** @param {string | null} error Null when the person left. */
function showEnd(error) {
  current?.media.close();
  current = null;
  room.clear();
  element('room').hidden = true;
  showConnection('idle');
  element('headcount').textContent = '';
  showNotice('');
  void lobby.show(error);
}

/** @param {LocalMedia} media */
function showMedia(media) {
  showMediaState(controls, media);
  room.updateLocal(media);
}

async function toggleCamera() {
  if (current === null) return;
  const { media, conference } = current;
  try {
    if (media.cameraOff) {
      await conference.call?.replaceTrack('video', await media.startVideo());
    } else {
      media.stopVideo();
      await conference.call?.replaceTrack('video', null);
    }
    showMedia(media);
    announce(media.cameraOff ? 'Your camera is off.' : 'Your camera is on.');
  } catch (error) {
    showNotice(explainMediaError(error));
  }
}

/** @param {'audio' | 'video'} kind */
async function handleDeviceGone(kind) {
  if (kind === 'video') await toggleCamera();
  showNotice(
    kind === 'video' ? 'The camera was disconnected.' : 'The microphone was disconnected.',
  );
}

async function updateStats() {
  const call = current?.conference.call;
  if (!call) return;
  const report = await call.getStats();
  if (call === current?.conference.call) room.update(report, call.sendingMids);
}

/** @param {number} count */
function showHeadcount(count) {
  element('headcount').textContent = count === 1 ? 'Only you' : `${count} people`;
}

/** @param {string} text Read out by screen readers, not shown. */
function announce(text) {
  element('announcer').textContent = text;
}

/** @param {string} text Shown above the grid; empty hides it. */
function showNotice(text) {
  element('notice').textContent = text;
  element('notice').hidden = text === '';
}
