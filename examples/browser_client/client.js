/**
 * Runs the guide's client and says how far it got. The client itself is guide-snippet.js, exactly as the
 * guide prints it.
 */

const status = document.getElementById('status');
const video = document.getElementById('remote-video');

video.addEventListener('playing', () => {
  status.textContent = 'Playing. If there is no sound, click the picture.';
});
video.addEventListener('click', () => video.play());

try {
  await import('./guide-snippet.js');
  status.textContent = 'The offer is sent. Open this page in a second tab to see it here.';
} catch (error) {
  status.textContent = `The client stopped: ${error.message}. Is webrtc-server running on port 8080?`;
}
