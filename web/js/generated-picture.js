/**
 * A moving picture with a name and a clock, for those without a camera and for tests: the colors and the
 * motion tell two people apart, the clock shows how old a picture is.
 */

/**
 * @typedef {object} GeneratedTrack
 * @property {MediaStreamTrack} track
 * @property {() => void} stop Ends the track and frees what makes it.
 */

/**
 * @param {object} options
 * @param {string} options.name
 * @param {number} options.width
 * @param {number} options.height
 * @param {number} options.fps
 * @returns {GeneratedTrack}
 */
export function createGeneratedPicture({ name, width, height, fps }) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false, desynchronized: true });
  if (context === null) throw new Error('This browser cannot draw a picture.');

  const hue = nameHash(name) % 360;
  const draw = () => drawPicture(context, name, hue, Date.now());
  draw();

  const track = canvas.captureStream(fps).getVideoTracks()[0];
  if (track === undefined) throw new Error('This browser cannot send a drawn picture.');
  const metronome = new Worker(new URL('metronome-worker.js', import.meta.url));
  metronome.onmessage = draw;
  metronome.postMessage(fps);
  return {
    track,
    stop: () => {
      metronome.terminate();
      track.stop();
    },
  };
}

/**
 * A small number that stays the same for a name (FNV-1a), for what should differ between people.
 *
 * @param {string} name
 */
export function nameHash(name) {
  let hash = 0x811c9dc5;
  for (const character of name) {
    hash = Math.imul(hash ^ /** @type {number} */ (character.codePointAt(0)), 0x01000193) >>> 0;
  }
  return hash;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} name
 * @param {number} hue Degrees on the OKLCH color wheel.
 * @param {number} now Milliseconds since 1970.
 */
function drawPicture(context, name, hue, now) {
  const { width, height } = context.canvas;
  const seconds = now / 1000;

  const sky = context.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, `oklch(32% 0.1 ${hue})`);
  sky.addColorStop(1, `oklch(55% 0.14 ${hue + 50})`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);

  for (let wave = 0; wave < 3; wave++) {
    drawWave(context, { seconds, wave, color: `oklch(75% 0.13 ${hue + 25 * wave} / 0.25)` });
  }
  drawOrbit(context, seconds);

  context.fillStyle = '#fff';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = `600 ${Math.round(height / 8)}px system-ui, sans-serif`;
  context.fillText(name, width / 2, height * 0.42, width * 0.9);
  context.font = `${Math.round(height / 14)}px ui-monospace, monospace`;
  context.fillText(clock(now), width / 2, height * 0.57);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{seconds: number, wave: number, color: string}} shape
 */
function drawWave(context, { seconds, wave, color }) {
  const { width, height } = context.canvas;
  const step = width / 24;
  context.beginPath();
  context.moveTo(0, height);
  for (let x = 0; x <= width; x += step) {
    const phase = (x / width) * (4 + wave) + seconds * (0.7 + 0.35 * wave);
    context.lineTo(x, height * (0.72 + 0.07 * wave + 0.06 * Math.sin(phase)));
  }
  context.lineTo(width, height);
  context.fillStyle = color;
  context.fill();
}

/**
 * One turn in two seconds: a stutter of the picture is seen at once.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} seconds
 */
function drawOrbit(context, seconds) {
  const { width, height } = context.canvas;
  const angle = seconds * Math.PI;
  context.beginPath();
  context.arc(
    width * (0.5 + 0.4 * Math.cos(angle)),
    height * (0.45 + 0.3 * Math.sin(angle)),
    height / 22,
    0,
    2 * Math.PI,
  );
  context.fillStyle = 'rgb(255 255 255 / 0.85)';
  context.fill();
}

/** @param {number} now */
function clock(now) {
  const date = new Date(now);
  const tenths = Math.floor(date.getMilliseconds() / 100);
  return `${date.toTimeString().slice(0, 8)}.${tenths}`;
}
