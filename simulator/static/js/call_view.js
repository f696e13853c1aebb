/* The call side of one phone: number, captions, keypad, answer and hang up, a voice message. */

import { Captions } from "./captions.js";
import { showNumber } from "./times.js";
import { beep, soundIsOn } from "./sound.js";
import { Microphone } from "./voice.js";
import { act, sendVoice } from "./wire.js";
import { WORDS, button, label, make, say } from "./words.js";

const KEYS = "123456789*0#";
const TONES = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852, "*": 941, 0: 941, "#": 941 };

export class CallView {
  constructor(phone, line, now) {
    this.phone = phone;
    this.line = line;
    this.now = now;
    this.node = make("div", "view calling");
    this.state = make("div", "call-state");
    this.number = make("input", "number");
    this.number.inputMode = "tel";
    this.number.setAttribute("aria-label", say("number"));
    this.number.value = showNumber(line);
    this.hint = label(make("p", "hint"), "idle");
    this.bar = make("div", "bar");
    const fill = make("i");
    this.bar.append(fill);
    this.captions = new Captions(fill);
    this.waits = make("p", "waits");
    const screen = make("div", "screen");
    screen.append(this.state, this.number, this.hint, this.captions.box, this.bar, this.waits);
    this.node.append(screen, this.voicePanel(), this.keypad(), this.actions());
    this.node.addEventListener("keydown", (event) => this.typed(event));
  }

  keypad() {
    const pad = make("div", "keypad");
    pad.setAttribute("role", "group");
    pad.setAttribute("aria-label", "លេខ Keys");
    this.keys = {};
    for (const key of KEYS) {
      const node = make("button", "", key);
      node.type = "button";
      node.dataset.key = key;
      node.addEventListener("click", () => this.press(key));
      this.keys[key] = node;
      pad.append(node);
    }
    return pad;
  }

  actions() {
    const row = make("div", "actions");
    this.dial = button("call", "dial", () => act(this.phone, "dial", { to: this.number.value }));
    this.rub = make("button", "rub", "⌫");
    this.rub.type = "button";
    this.rub.setAttribute("aria-label", say("rub"));
    this.rub.addEventListener("click", () => (this.number.value = this.number.value.slice(0, -1).trim()));
    this.answer = button("answer", "answer", () => act(this.phone, "answer"));
    this.decline = button("decline", "end", () => act(this.phone, "decline"));
    this.end = button("hang_up", "end hang-up", () => this.hangUp());
    row.append(this.rub, this.dial, this.decline, this.answer, this.end);
    return row;
  }

  voicePanel() {
    this.voice = make("div", "voice");
    this.microphone = null;
    this.record = button("microphone", "record", () => this.toggleMicrophone());
    this.record.hidden = !Microphone.isThere();
    this.pretend = button("pretend", "pretend", () => act(this.phone, "speak", { seconds: 8 }));
    this.voice.append(this.record, this.pretend);
    return this.voice;
  }

  async toggleMicrophone() {
    if (this.microphone) return this.closeMicrophone();
    const microphone = new Microphone();
    try {
      await microphone.start();
    } catch {
      this.record.hidden = true;
      return null;
    }
    this.microphone = microphone;
    label(this.record, "stop_microphone").classList.add("on");
    return act(this.phone, "speak", { microphone: "open" });
  }

  async closeMicrophone() {
    if (!this.microphone) return;
    const microphone = this.microphone;
    this.microphone = null;
    label(this.record, "microphone").classList.remove("on");
    await sendVoice(this.phone, await microphone.stop());
  }

  async press(key) {
    if (soundIsOn()) beep(TONES[key], 0.09, 0.05);
    this.keys[key].classList.add("down");
    setTimeout(() => this.keys[key].classList.remove("down"), 140);
    if (!this.isLive) {
      this.number.value = this.fresh ? key : this.number.value + key;
      this.fresh = false;
      return;
    }
    await this.closeMicrophone();
    act(this.phone, "press", { key });
  }

  async hangUp() {
    await this.closeMicrophone();
    act(this.phone, "hang_up");
  }

  typed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const inField = event.target === this.number;
    if (KEYS.includes(event.key) && event.key.length === 1 && (!inField || this.isLive)) this.press(event.key);
    else if (event.key === "Enter" && inField) this.dial.click();
    else if (event.key === "Escape" && this.isLive) this.hangUp();
  }

  show(call) {
    const state = call ? call.state : "idle";
    const isRung = state === "ringing" && call.incoming;
    this.isLive = state === "dialing" || state === "talking" || (state === "ringing" && !isRung);
    const idle = state === "idle" || state === "over";
    if (idle && !this.wasIdle) this.fresh = true;
    this.wasIdle = idle;
    this.number.hidden = this.rub.hidden = this.dial.hidden = !idle;
    this.answer.hidden = this.decline.hidden = !isRung;
    this.end.hidden = !this.isLive;
    this.hint.hidden = state !== "idle";
    this.captions.box.hidden = this.bar.hidden = state === "idle" || isRung;
    this.voice.hidden = !(this.isLive && call.ears === "voice");
    if (call && call.ears !== "voice") this.closeMicrophone();
    this.tell(call, state, isRung);
    if (call) this.captions.show(call, this.now);
  }

  tell(call, state, isRung) {
    this.waits.replaceChildren();
    this.state.replaceChildren();
    if (!call) return;
    const peer = call.peer === this.line ? "ក្លឹបកុមារ Child Club" : showNumber(call.peer);
    const key = isRung ? "ringing_in" : state === "ringing" ? "dialing" : state;
    this.state.append(make("span", "peer", peer), label(make("span"), key));
    if (state === "over" && call.why_over && WORDS[call.why_over]) {
      this.state.append(" · ", label(make("span"), call.why_over));
    }
    if (state === "talking" && call.listening) {
      label(this.waits, call.ears === "voice" ? "speak_now" : "press_key");
    } else if (state === "talking" && call.talks_with) {
      label(this.waits, "connected").append(` · ${showNumber(call.peer)}`); // what its screen shows
    }
  }
}
