/**
 * Measures what a person would see and hear of a connection's first audio and video stream: decoded
 * frames and samples, not what statistics say.
 */

/** Samples louder than this are sound: the fake microphones beep far above it, silence is far below. */
const LOUD = 0.02;
const LISTENING_INTERVAL_MS = 20;

export class Meter {
  /** @param {RTCPeerConnection} connection whose first audio and video receiver are measured. */
  constructor(connection) {
    const track = (kind) =>
      connection.getReceivers().find((receiver) => receiver.track.kind === kind).track;
    this.connection = connection;
    this.startedAt = Date.now();
    this.firstFrameAt = null;
    this.firstSoundAt = null;
    this.restart();
    this.watch(new MediaStream([track('video')]));
    this.listen(new MediaStream([track('audio')]));
  }

  /** Counts from now on; the times of the first frame and sound stay. */
  restart() {
    this.since = performance.now();
    this.frames = 0;
    this.longestGapMs = 0;
    this.pictures = new Set();
    this.loudMoments = 0;
    this.lastFrame = this.since;
  }

  async report() {
    const now = performance.now();
    const seconds = (now - this.since) / 1_000;
    return {
      startedAt: this.startedAt,
      firstFrameAt: this.firstFrameAt,
      firstSoundAt: this.firstSoundAt,
      width: this.video.videoWidth,
      height: this.video.videoHeight,
      frameRate: this.frames / seconds,
      // The one that is still going on, too.
      longestGapMs: Math.max(this.longestGapMs, now - this.lastFrame),
      differentPictures: this.pictures.size,
      loudShare: (this.loudMoments * LISTENING_INTERVAL_MS) / (now - this.since),
      ...(await this.readStats()),
    };
  }

  /** What cannot be seen or heard: the codec, and the estimate the sender goes by. */
  async readStats() {
    const stats = [...(await this.connection.getStats()).values()];
    const inbound = stats.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    const outbound = stats.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
    const codec = stats.find(({ id }) => id === inbound?.codecId);
    const pairs = stats.filter(({ type }) => type === 'candidate-pair');
    const estimates = pairs.map(({ availableOutgoingBitrate }) => availableOutgoingBitrate ?? 0);
    return {
      codec: codec?.mimeType ?? '',
      estimate: Math.max(0, ...estimates),
      target: outbound?.targetBitrate ?? 0,
    };
  }

  watch(stream) {
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.srcObject = stream;
    document.body.append(this.video);
    void this.video.play();
    const canvas = new OffscreenCanvas(16, 9);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const onFrame = () => {
      const now = performance.now();
      this.firstFrameAt ??= Date.now();
      if (this.frames > 0) this.longestGapMs = Math.max(this.longestGapMs, now - this.lastFrame);
      this.lastFrame = now;
      this.frames += 1;
      if (this.frames % 10 === 0) {
        context.drawImage(this.video, 0, 0, 16, 9);
        this.pictures.add(context.getImageData(0, 0, 16, 9).data.join());
      }
      this.video.requestVideoFrameCallback(onFrame);
    };
    this.video.requestVideoFrameCallback(onFrame);
  }

  listen(stream) {
    // Chromium hands sound to WebAudio only while an element plays the stream.
    this.audio = new Audio();
    this.audio.muted = true;
    this.audio.srcObject = stream;
    void this.audio.play();
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1_024;
    this.context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.listening = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      if (!samples.some((sample) => Math.abs(sample) > LOUD)) return;
      this.firstSoundAt ??= Date.now();
      this.loudMoments += 1;
    }, LISTENING_INTERVAL_MS);
  }

  close() {
    clearInterval(this.listening);
    void this.context.close();
    this.video.remove();
    this.video.srcObject = null;
    this.audio.srcObject = null;
  }
}
