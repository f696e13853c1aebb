/* The board: what the company carries, live. Newest first; a pair that talks stands on top. */

import { clockTime, lasting, showNumber } from "./times.js";
import { label, make, say } from "./words.js";

const MOST = 60;
const MARKS = { text: "✉", talks: "⇄", over: "☎" };

export class Board {
  constructor(now) {
    this.now = now;
    this.entries = new Map();
    this.names = new Map();
    this.node = document.getElementById("board");
    this.live = make("div", "live");
    this.list = make("ol", "happenings");
    this.list.tabIndex = 0;
    const summary = make("summary");
    this.headline = make("span", "headline");
    summary.append(label(make("b"), "board"), this.headline);
    this.node.append(summary, this.live, this.list);
    this.node.open = matchMedia("(min-width: 761px)").matches;
    setInterval(() => this.tick(), 1000);
    this.draw();
  }

  /* Which number is whose: the line's own, and every phone on the page. */
  know(numbers, phones) {
    numbers.forEach((number) => this.names.set(number, ["ក្លឹបកុមារ", "the line"]));
    phones.forEach((phone) => this.names.set(phone.number, [phone.name_km, phone.name]));
  }

  replace(entries) {
    this.entries = new Map(entries.map((entry) => [entry.id, entry]));
    this.draw();
  }

  add(entry) {
    this.entries.set(entry.id, entry);
    this.draw();
  }

  draw() {
    const newest = [...this.entries.values()].slice(-MOST).reverse();
    const under = newest.filter((entry) => entry.kind === "call" && entry.state !== "over");
    const pairs = under.filter((entry) => entry.with);
    const joined = new Set(pairs.map((entry) => entry.with));
    const alone = under.filter((entry) => !entry.with && !joined.has(entry.phone));
    this.live.replaceChildren(...[...pairs, ...alone].map((entry) => this.card(entry)));
    this.live.hidden = under.length === 0;
    const rows = newest.map((entry) => this.row(entry));
    this.list.replaceChildren(...(rows.length ? rows : [make("li", "hint", say("no_log"))]));
    this.headline.replaceChildren(...(newest.length ? this.sentence(pairs[0] || newest[0]) : []));
    this.tick();
  }

  card(entry) {
    const node = make("div", `card ${entry.with ? "talks" : entry.state}`);
    node.append(...this.sentence(entry));
    return node;
  }

  row(entry) {
    const node = make("li", `${entry.kind} ${entry.with ? "talks" : entry.state}`);
    node.append(make("time", "", clockTime(new Date(entry.at))), ...this.sentence(entry));
    return node;
  }

  /* "☎ the line → Dara  declined", with what each side is shown. */
  sentence(entry) {
    const isText = entry.kind === "text";
    const [from, to] = this.ends(entry);
    const way = entry.with ? "⇄" : "→";
    const mark = make("span", "mark", MARKS[isText ? "text" : entry.with ? "talks" : "over"]);
    const parts = [mark, from, make("span", "way", way), to, this.state(entry)];
    if (entry.calls_back) parts.push(label(make("span", "pill odd"), "calls_back"));
    if (!isText) parts.push(this.shown(entry));
    return parts;
  }

  ends(entry) {
    if (entry.with) return [this.who(entry.with), this.who(entry.phone)];
    return entry.mine
      ? [this.who(entry.phone), this.who(entry.shown)]
      : [this.who(entry.shown), this.who(entry.phone)];
  }

  who(number) {
    const [km, en] = this.names.get(number) || ["", ""];
    const node = make("span", "party", km || showNumber(number));
    if (en) {
      const small = make("span", "", en);
      small.lang = "en";
      node.append(" ", small);
    }
    return node;
  }

  state(entry) {
    // The leg of a bridge that was there first has its pair in the other one.
    const now = entry.state === "talks" && !entry.with ? "listens" : entry.state;
    const word = entry.state === "over" ? entry.how : now;
    const isBad = ["declined", "no_answer", "busy", "failed", "undelivered"].includes(word);
    const node = label(make("span", isBad ? "pill bad" : "pill"), `board ${word}`);
    if (entry.kind === "call" && entry.since) {
      const time = make("span", "for");
      if (entry.state === "over") time.textContent = lasting(entry.seconds);
      else time.dataset.since = entry.since;
      node.append(" ", time);
    }
    return node;
  }

  /* The number on the screen of each phone. */
  shown(entry) {
    const node = make("span", "shown tiny");
    const screens = [[entry.phone, entry.shown]];
    if (entry.with) screens.unshift([entry.with, entry.with_shown]);
    const words = screens.map(([phone, shown]) => `${this.short(phone)}: ${showNumber(shown)}`);
    node.textContent = words.join(" · ");
    node.title = say("screen_shows");
    return node;
  }

  short(number) {
    const [km, en] = this.names.get(number) || ["", ""];
    return en ? en.split(",")[0] : km || showNumber(number);
  }

  tick() {
    for (const node of this.node.querySelectorAll("[data-since]")) {
      node.textContent = lasting((this.now() - new Date(node.dataset.since)) / 1000);
    }
  }
}
