/* The log: every webhook with its fields and its answer, newest first. */

import { exactTime } from "./times.js";
import { remove } from "./wire.js";
import { button, label, make, say } from "./words.js";
import { drawer } from "./drawer.js";

const MOST = 300;

export class LogDrawer {
  constructor() {
    const { body, head } = drawer("log-drawer", "log-open", "log");
    this.body = body;
    head.insertBefore(button("clear", "plain", () => this.clear()), head.lastChild);
    this.badge = make("span", "count");
    document.getElementById("log-open").append(this.badge);
    this.replace([]);
  }

  async clear() {
    await remove("/api/log");
    this.replace([]);
  }

  replace(entries) {
    this.problems = 0;
    this.body.replaceChildren(make("p", "hint", say("no_log")));
    this.isEmpty = true;
    entries.forEach((entry) => this.add(entry));
    this.count();
  }

  add(entry) {
    if (this.isEmpty) this.body.replaceChildren();
    this.isEmpty = false;
    this.body.prepend(draw(entry));
    while (this.body.children.length > MOST) this.body.lastChild.remove();
    if (entry.kind === "problem") this.problems += 1;
    this.count();
  }

  count() {
    this.badge.textContent = String(this.problems);
    this.badge.hidden = this.problems === 0;
  }
}

function draw(entry) {
  const node = make("details", "entry");
  const summary = make("summary");
  const isBad = entry.kind === "problem" || entry.status === null || entry.status >= 400;
  const what = label(make("span"), `kind ${entry.kind}`);
  const digits = entry.fields.Digits ?? entry.fields.MessageStatus ?? entry.fields.CallStatus;
  if (entry.kind === "problem") what.append(make("span", "", ` ${entry.words}`));
  else if (digits) what.append(make("span", "pill odd", digits));
  entry.faults.forEach((fault) => what.append(" ", make("span", "pill odd", fault)));
  const outcome = entry.kind === "problem" ? entry.code : `${entry.status ?? "–"} · ${entry.ms} ms`;
  summary.append(make("time", "", exactTime(new Date(entry.at))), what, make("span", isBad ? "pill bad" : "pill", outcome));
  node.append(summary);
  node.addEventListener("toggle", () => node.open && node.children.length === 1 && node.append(...inside(entry)));
  return node;
}

function inside(entry) {
  const list = make("dl");
  for (const [name, value] of Object.entries(entry.fields)) list.append(make("dt", "", name), make("dd", "", value));
  const nodes = [make("p", "where", `${entry.method} ${entry.url}`), list];
  if (entry.body) nodes.push(make("pre", "", indent(entry.body)));
  return nodes;
}

/* TwiML with one verb a line. */
const indent = (xml) => xml.replace(/></g, ">\n<").replace(/^<(Play|Say|Number)/gm, "    <$1").trim();
