/* The texts of one phone: bubbles, a box to write in. */

import { clockTime, countSegments, showNumber } from "./times.js";
import { act } from "./wire.js";
import { WORDS, button, make, say } from "./words.js";

export class Thread {
  constructor(phone, line) {
    this.phone = phone;
    this.line = line;
    this.peer = line;
    this.node = make("div", "view messages");
    this.list = make("div", "thread");
    this.list.tabIndex = 0;
    this.list.setAttribute("role", "log");
    this.list.setAttribute("aria-label", say("messages"));
    this.node.append(this.list, this.composer());
  }

  composer() {
    const form = make("div", "compose");
    this.box = make("textarea");
    this.box.rows = 1;
    this.box.maxLength = 1600;
    this.box.lang = "km";
    this.box.placeholder = WORDS.write_here[0];
    this.box.setAttribute("aria-label", say("write_here"));
    this.size = make("span", "tiny");
    this.box.addEventListener("input", () => this.measure());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    });
    form.append(this.box, button("send", "", () => this.send()), this.size);
    this.measure();
    return form;
  }

  measure() {
    const { units, room, parts } = countSegments(this.box.value);
    this.size.textContent = `${showNumber(this.peer)} · ${units}/${room} · ${parts} SMS`;
  }

  async send() {
    const body = this.box.value;
    if (!body.trim()) return;
    this.box.value = "";
    this.measure();
    await act(this.phone, "text", { body, to: this.peer });
  }

  show(texts) {
    const key = texts.map((text) => text.sid + text.state).join();
    if (key === this.key) return;
    this.key = key;
    const nodes = [];
    let peer = "";
    for (const text of texts) {
      if (text.peer !== peer) {
        peer = text.peer;
        const name = peer === this.line ? "ក្លឹបកុមារ Child Club" : showNumber(peer);
        nodes.push(make("p", "peer-line", name));
      }
      nodes.push(bubble(text));
    }
    if (peer) this.peer = peer;
    this.measure();
    this.list.replaceChildren(...(nodes.length ? nodes : [make("p", "hint", say("no_messages"))]));
    this.list.scrollTop = this.list.scrollHeight;
  }
}

function bubble(text) {
  const node = make("div", text.mine ? "bubble mine" : "bubble");
  const body = make("p", "", text.body);
  body.dir = "auto";
  const foot = make("div", "tiny", `${clockTime(new Date(text.at))} · ${text.segments} SMS`);
  if (text.mine) {
    const [km, en] = WORDS[`state_${text.state}`] || [text.state, ""];
    const state = make("span", text.state === "failed" ? "bad" : "", ` · ${km}`);
    state.title = en;
    foot.append(state);
  }
  node.append(body, foot);
  return node;
}
