/* What is heard, as text: the present prompt large, its sentence of the moment in full ink. */

import { make, say } from "./words.js";

const sentences = (text) => text.match(/[^។.?!\n]+[។.?!\n]*\s*/g) || [text];

export class Captions {
  constructor(bar) {
    this.box = make("div", "captions");
    this.box.tabIndex = 0;
    this.box.setAttribute("role", "log");
    this.box.setAttribute("aria-label", "អ្វីដែលឮ What is heard");
    this.bar = bar;
    this.key = "";
    this.tick = this.tick.bind(this);
  }

  show(call, now) {
    const key = `${call.sid}/${call.heard.length}`;
    if (key !== this.key) {
      this.key = key;
      this.build(call.heard);
    }
    this.isPlaying = call.playing !== null;
    this.now = now;
    this.tick();
  }

  build(heard) {
    this.parts = this.lead = null;
    const shown = heard.filter((each) => each.kind !== "pause");
    this.last = shown[shown.length - 1];
    const nodes = shown.slice(-6).map((each) => this.block(each, each === this.last));
    this.box.replaceChildren(...nodes.flat());
    this.box.scrollTop = this.box.scrollHeight;
    if (this.lead) this.box.scrollTop = this.lead.offsetTop - this.box.offsetTop - 8;
  }

  block(heard, isLast) {
    if (heard.kind === "beep") return [make("p", "bell", `♪ ${say("beep")}`)];
    if (heard.kind === "talk") return [make("p", "", say("connected"))];
    const km = make("p", isLast ? "" : "past");
    const en = make("p", isLast ? "en" : "en past");
    en.lang = "en";
    const texts = heard.texts;
    const lists = [[km, texts.km || (texts.en ? "" : heard.prompt)], [en, texts.en || ""]];
    for (const [node, text] of lists) {
      node.append(...sentences(text).map((part) => make("span", "", part)));
    }
    if (isLast) {
      this.parts = [km, en];
      this.lead = km;
    }
    return [km, en];
  }

  /* Move the highlight with the time that has gone by. */
  tick() {
    if (!this.last) return;
    const gone = (this.now() - new Date(this.last.at)) / 1000;
    const share = this.isPlaying ? Math.min(1, gone / Math.max(0.1, this.last.seconds)) : 1;
    this.bar.style.setProperty("transform", `scaleX(${share})`);
    for (const node of this.parts || []) light(node, this.isPlaying ? share : -1);
    if (this.isPlaying && this.parts && this.lead) this.follow();
    clearTimeout(this.timer);
    if (this.isPlaying) this.timer = setTimeout(this.tick, 200);
  }

  follow() {
    const bright = this.lead.querySelector(".now");
    if (!bright || bright === this.bright) return;
    this.bright = bright;
    const top = bright.offsetTop - this.box.offsetTop;
    if (top + bright.offsetHeight > this.box.scrollTop + this.box.clientHeight || top < this.box.scrollTop) {
      this.box.scrollTop = top - 8;
    }
  }
}

/* share -1: all of it in full ink. */
function light(node, share) {
  const parts = [...node.children];
  const total = parts.reduce((sum, part) => sum + part.textContent.length, 0) || 1;
  let before = 0;
  for (const part of parts) {
    const after = before + part.textContent.length / total;
    const isNow = share >= before && share < after;
    part.className = share < 0 || isNow || share >= after ? (isNow ? "now" : "") : "dim";
    before = after;
  }
}
