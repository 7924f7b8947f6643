/**
 * A soft tone for those without a microphone and for tests. Its pitch comes from the name, so that two
 * people can be told apart, and its slow swell never falls silent.
 */

import { nameHash } from './generated-picture.js';

/** A pentatonic scale above A3, as ratios: any of these notes sound well together. */
const INTERVALS = [1, 9 / 8, 5 / 4, 3 / 2, 5 / 3, 2];
const LOWEST_HZ = 220;
const LEVEL = 0.08;
const SWELL_LEVEL = 0.03;
const SWELL_HZ = 0.5;

/**
 * @param {string} name
 * @returns {import('./generated-picture.js').GeneratedTrack}
 */
export function createGeneratedTone(name) {
  const context = new AudioContext();
  const output = context.createMediaStreamDestination();
  const gain = new GainNode(context, { gain: LEVEL });
  const swell = new OscillatorNode(context, { frequency: SWELL_HZ });
  const swellGain = new GainNode(context, { gain: SWELL_LEVEL });
  const interval = INTERVALS[nameHash(name) % INTERVALS.length] ?? 1;
  const tone = new OscillatorNode(context, { frequency: LOWEST_HZ * interval });
  swell.connect(swellGain).connect(gain.gain);
  tone.connect(gain).connect(output);
  swell.start();
  tone.start();

  const track = output.stream.getAudioTracks()[0];
  if (track === undefined) throw new Error('This browser cannot send a generated tone.');
  const stopWaiting = resumeOnGesture(context);
  return {
    track,
    stop: () => {
      stopWaiting();
      track.stop();
      void context.close();
    },
  };
}

/**
 * Browsers keep sound suspended until the page has been clicked or typed on.
 *
 * @param {AudioContext} context
 * @returns {() => void} Stops waiting for that.
 */
function resumeOnGesture(context) {
  const gestures = /** @type {const} */ (['pointerdown', 'keydown']);
  const resume = () => {
    if (context.state === 'suspended') void context.resume();
  };
  for (const gesture of gestures) addEventListener(gesture, resume);
  return () => {
    for (const gesture of gestures) removeEventListener(gesture, resume);
  };
}
