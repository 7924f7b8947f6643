// 1. Connect to signaling server
const ws = new WebSocket('ws://localhost:8080');

// 2. Create WebRTC peer connection
const pc = new RTCPeerConnection({
  iceServers: [
    { urls: 'stun:stun.l.google.com:19302' }
  ]
});

// 3. Add local media stream
const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
stream.getTracks().forEach(track => pc.addTrack(track, stream));

// 4. Handle incoming tracks
pc.ontrack = (event) => {
  const remoteVideo = document.getElementById('remote-video');
  remoteVideo.srcObject = event.streams[0];
};

// 5. Create and send offer via signaling
const offer = await pc.createOffer();
await pc.setLocalDescription(offer);

ws.send(JSON.stringify({
  jsonrpc: '2.0',
  method: 'offer',
  params: { sdp: offer.sdp, type: offer.type },
  id: 1
}));

// 6. Handle answer from server
ws.onmessage = async (event) => {
  const response = JSON.parse(event.data);
  if (response.result && response.result.answer) {
    await pc.setRemoteDescription(new RTCSessionDescription(response.result.answer));
  }
};
