/**
 * Posts a message at the rate asked for. Browsers slow down the timers of pages in the background, but
 * not those of workers, and a generated picture has to go on moving in a tab nobody looks at.
 */

onmessage = ({ data: framesPerSecond }) => {
  setInterval(() => postMessage(null), 1000 / framesPerSecond);
};
