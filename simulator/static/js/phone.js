/* One phone on the page: its head, its two sides, its sound. */

import { CallView } from "./call_view.js";
import { showNumber } from "./times.js";
import { Speaker } from "./sound.js";
import { Thread } from "./thread.js";
import { act } from "./wire.js";
import { button, label, make, say } from "./words.js";

export class Phone {
  constructor(phone, line, now) {
    this.id = phone.id;
    this.node = make("section", `phone ${phone.role || "caller"}`);
    this.node.dataset.number = phone.number;
    this.holder = make("div", "holder");
    this.holder.append(this.node);
    this.title = make("h2", "", phone.name_km || phone.name || showNumber(phone.number));
    this.node.setAttribute("aria-label", `${phone.name_km} ${phone.name} ${showNumber(phone.number)}`);
    this.call = new CallView(phone.id, line, now);
    this.thread = new Thread(phone.id, line);
    this.stage = make("div", "stage");
    this.stage.append(this.call.node, this.thread.node);
    this.banner = make("button", "banner");
    this.banner.type = "button";
    this.banner.hidden = true;
    this.banner.addEventListener("click", () => this.look("messages"));
    this.band = make("p", "band");
    this.band.hidden = true;
    this.node.append(this.head(phone), this.band, this.views(), this.stage, this.banner);
    this.speaker = new Speaker(phone.id, this.node);
    this.look(phone.role === "staff" ? "messages" : "phone");
  }

  head(phone) {
    const head = make("header", "phone-head");
    const who = make("div", "who");
    const small = make("span", "tiny", [phone.name, showNumber(phone.number)].filter(Boolean).join(" · "));
    who.append(this.title, small);
    head.append(who, this.settings());
    return head;
  }

  settings() {
    const box = make("details", "settings");
    const summary = make("summary", "", "⋯");
    summary.setAttribute("aria-label", say("settings"));
    const list = make("div", "settings-list");
    this.switches = {};
    for (const name of ["is_on", "withholds"]) {
      const input = make("input");
      input.type = "checkbox";
      input.addEventListener("change", () => act(this.id, "settings", { [name]: input.checked }));
      this.switches[name] = input;
      const row = make("label");
      row.append(input, label(make("span"), name));
      list.append(row);
    }
    box.append(summary, list);
    return box;
  }

  views() {
    const row = make("div", "views");
    row.setAttribute("role", "tablist");
    this.tabs = {};
    for (const name of ["phone", "messages"]) {
      const tab = button(name, "", () => this.look(name));
      tab.setAttribute("role", "tab");
      this.tabs[name] = tab;
      row.append(tab);
    }
    this.count = make("span", "count");
    this.count.hidden = true;
    this.tabs.messages.append(" ", this.count);
    return row;
  }

  look(name) {
    this.looksAt = name;
    this.call.node.hidden = name !== "phone";
    this.thread.node.hidden = name !== "messages";
    for (const [key, tab] of Object.entries(this.tabs)) tab.setAttribute("aria-selected", String(key === name));
    if (name === "messages") {
      this.banner.hidden = true;
      this.thread.list.scrollTop = this.thread.list.scrollHeight;
      if (this.unread) act(this.id, "read");
    }
  }

  /* A text counts as read when its thread can be seen. */
  isRead() {
    return this.unread && this.inView && this.looksAt === "messages" && document.visibilityState === "visible";
  }

  show(phone, nameOf) {
    const call = phone.call;
    this.join(call, nameOf);
    const isRung = Boolean(call && call.state === "ringing" && call.incoming);
    this.node.classList.toggle("is-rung", isRung);
    this.node.classList.toggle("is-off", !phone.is_on);
    this.switches.is_on.checked = phone.is_on;
    this.switches.withholds.checked = phone.withholds;
    this.notice(phone);
    this.call.show(call);
    this.thread.show(phone.texts);
    if (isRung && !this.wasRung) this.look("phone");
    this.wasRung = isRung;
    const heard = call && call.playing !== null ? call.heard.find((each) => each.number === call.playing) : null;
    this.speaker.follow(call ? call.sid : "", heard || null);
    this.isRung = isRung;
  }

  /* Two phones that talk with each other wear the same band. */
  join(call, nameOf) {
    const other = call && call.state === "talking" ? call.talks_with : null;
    this.node.classList.toggle("is-joined", Boolean(other));
    this.band.hidden = !other;
    if (other) label(this.band, "joined_with").prepend("⇄ ");
    if (other) this.band.append(` ${nameOf(other)}`);
  }

  /* A new text: a badge, a banner on the call side, read at once on the texts side. */
  notice(phone) {
    const isFirst = this.unread === undefined;
    const isNew = isFirst ? this.looksAt === "messages" && phone.unread > 0 : phone.unread > this.unread;
    this.unread = phone.unread;
    this.count.textContent = String(phone.unread);
    this.count.hidden = phone.unread === 0;
    if (phone.unread === 0) this.banner.hidden = true;
    if (!isNew) return;
    const last = phone.texts.filter((text) => !text.mine).at(-1);
    if (this.looksAt === "messages") {
      setTimeout(() => this.isRead() && act(this.id, "read"), 2500);
    } else if (last) {
      this.banner.replaceChildren(make("span", "tiny", say("messages")), make("div", "", last.body));
      this.banner.hidden = false;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.banner.hidden = true), 9000);
    }
    const speak = `${this.title.textContent}: ${last ? last.body : ""}`;
    document.getElementById("announcer").textContent = speak;
  }
}
