/* Sound of one phone: plays what is heard in order, stops when the line stops, tells the company. */

import { act } from "./wire.js";

let isOn = localStorage.getItem("sound") !== "off";
const listeners = new Set();

export const soundIsOn = () => isOn;

export function setSound(on) {
  isOn = on;
  localStorage.setItem("sound", on ? "on" : "off");
  listeners.forEach((listener) => listener(on));
}

export class Speaker {
  constructor(phone, holder) {
    this.phone = phone;
    this.current = null;
    this.audio = document.createElement("audio");
    this.audio.preload = "auto";
    this.audio.className = "phone-audio";
    holder.append(this.audio);
    this.audio.addEventListener("playing", () => this.report("started"));
    this.audio.addEventListener("ended", () => this.report("ended"));
    listeners.add((on) => (on ? this.replay() : this.audio.pause()));
  }

  report(what) {
    if (this.current) act(this.phone, "sound", { number: this.current.number, report: what });
  }

  /* `heard` is what the line sounds now, or null. */
  follow(sid, heard) {
    const key = heard ? `${sid}/${heard.number}` : null;
    if (key === this.key) return;
    this.key = key;
    this.audio.pause();
    this.current = heard;
    if (!heard || !isOn) return;
    if (heard.kind === "play") this.start(heard.url);
    if (heard.kind === "beep") beep(1000, 0.5);
  }

  start(url) {
    this.audio.src = url;
    this.audio.play().then(
      () => document.dispatchEvent(new CustomEvent("sound-plays")),
      (error) => {
        if (error.name === "NotAllowedError") document.dispatchEvent(new CustomEvent("sound-blocked"));
      },
    );
  }

  /* Sound came on in the middle of a prompt. */
  replay() {
    if (this.current && this.current.kind === "play") this.start(this.current.url);
  }
}

let context = null;

export function beep(pitch, seconds, volume = 0.12) {
  try {
    context = context || new AudioContext();
    const tone = context.createOscillator();
    const gain = context.createGain();
    gain.gain.value = volume;
    tone.frequency.value = pitch;
    tone.connect(gain).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + seconds);
  } catch {
    /* no sound device: captions are enough */
  }
}
