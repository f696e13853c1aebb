/* A voice message by microphone: recorded in the browser, sent as 8 kHz mono WAV. */

export class Microphone {
  static isThere() {
    return Boolean(navigator.mediaDevices && window.MediaRecorder);
  }

  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    this.parts = [];
    this.recorder = new MediaRecorder(this.stream);
    this.recorder.ondataavailable = (event) => this.parts.push(event.data);
    this.recorder.start();
  }

  /* The WAV, as an ArrayBuffer. */
  async stop() {
    await new Promise((done) => {
      this.recorder.onstop = done;
      this.recorder.stop();
    });
    this.stream.getTracks().forEach((track) => track.stop());
    const packed = await new Blob(this.parts).arrayBuffer();
    const whole = await new AudioContext().decodeAudioData(packed);
    const offline = new OfflineAudioContext(1, Math.max(1, Math.ceil(whole.duration * 8000)), 8000);
    const source = offline.createBufferSource();
    source.buffer = whole;
    source.connect(offline.destination);
    source.start();
    return toWav((await offline.startRendering()).getChannelData(0), 8000);
  }
}

function toWav(samples, rate) {
  const out = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const word = (at, text) => [...text].forEach((c, i) => out.setUint8(at + i, c.charCodeAt(0)));
  word(0, "RIFF");
  out.setUint32(4, 36 + samples.length * 2, true);
  word(8, "WAVEfmt ");
  out.setUint32(16, 16, true);
  out.setUint16(20, 1, true);
  out.setUint16(22, 1, true);
  out.setUint32(24, rate, true);
  out.setUint32(28, rate * 2, true);
  out.setUint16(32, 2, true);
  out.setUint16(34, 16, true);
  word(36, "data");
  out.setUint32(40, samples.length * 2, true);
  samples.forEach((value, i) => out.setInt16(44 + i * 2, Math.max(-1, Math.min(1, value)) * 32767, true));
  return out.buffer;
}
