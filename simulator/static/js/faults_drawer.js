/* Faults on demand, the manners of the carrier, one more phone. */

import { post, remove } from "./wire.js";
import { button, label, make, say } from "./words.js";
import { drawer } from "./drawer.js";

const WEBHOOKS = ["any", "call", "call status", "text", "receipt", "recording"];
const API = ["any", "calls", "messages"];
const GROUPS = [
  [["ការជូនដំណឹង", "Webhooks to the hotline"], [
    ["duplicate", "មកពីរដង", "arrives twice", WEBHOOKS],
    ["lose", "បាត់", "is lost", WEBHOOKS],
    ["stall", "យឺត ១៥ វិនាទី", "comes 15 s late", WEBHOOKS],
    ["bad_signature", "ហត្ថលេខាខុស", "has a wrong signature", WEBHOOKS],
    ["reorder", "បង្កាន់ដៃឆ្លងលំដាប់", "receipts out of order", ["receipt"]],
  ]],
  [["សំណើទៅក្រុមហ៊ុន", "Requests of the hotline"], [
    ["refuse", "បដិសេធ", "refused", API, ["21211", "21610", "21614", "21408"]],
    ["rate_limit", "ច្រើនពេក", "429, too many", API],
    ["server_error", "ខូច", "500, broken", API],
    ["cut", "ដាច់ក្រោយទទួល", "accepted, then cut", API],
    ["slow", "យឺត ១៥ វិនាទី", "answers 15 s late", API],
  ]],
  [["សារ", "Texts"], [
    ["receipt", "មិនដល់", "not delivered", ["messages"], ["30003", "30005", "30007"]],
    ["no_receipt", "គ្មានបង្កាន់ដៃ", "no receipt after sent", ["messages"]],
  ]],
];

export class FaultsDrawer {
  constructor() {
    const { body } = drawer("faults-drawer", "faults-open", "faults");
    this.armed = make("div", "armed");
    this.badge = make("span", "count");
    document.getElementById("faults-open").append(this.badge);
    body.append(label(make("h3"), "armed"), this.armed);
    for (const [title, rows] of GROUPS) body.append(group(title, rows.map(row)));
    body.append(this.account(), newPhone());
    this.show([]);
  }

  show(faults) {
    this.badge.textContent = String(faults.length);
    this.badge.hidden = faults.length === 0;
    const nodes = faults.map((fault) => {
      const node = make("button", "pill odd", `${fault.kind} · ${fault.place} × ${fault.times ?? "∞"} ✕`);
      node.type = "button";
      node.addEventListener("click", () => remove(`/api/faults?number=${fault.number}`));
      return node;
    });
    this.armed.replaceChildren(...(nodes.length ? nodes : [make("span", "tiny", say("nothing_armed"))]));
  }

  account() {
    this.stop = choice(["off", "basic", "advanced"]);
    this.stop.addEventListener("change", () => post("/api/account", { intercepts_stop: this.stop.value }));
    this.offline = make("input");
    this.offline.type = "checkbox";
    this.offline.setAttribute("aria-label", "gateway offline");
    this.offline.addEventListener("change", () => post("/api/account", { gateway_offline: this.offline.checked }));
    this.stop.setAttribute("aria-label", "STOP / HELP");
    return group(["ក្រុមហ៊ុនទូរស័ព្ទ", "The phone company"], [
      line("ឆ្លើយ STOP និង HELP ខ្លួនឯង", "answers STOP and HELP itself (Twilio)", this.stop),
      line("ច្រកផ្ញើសារបិទ", "SMS gateway offline", this.offline),
    ]);
  }

  showAccount(account) {
    this.stop.value = account.intercepts_stop;
    this.offline.checked = account.gateway_offline;
  }
}

function row([kind, km, en, places, codes]) {
  const place = choice(places);
  place.hidden = places.length < 2;
  place.setAttribute("aria-label", `${en}: where`);
  const code = choice(codes || [""]);
  code.hidden = !codes;
  code.setAttribute("aria-label", `${en}: code`);
  const arm = button("arm", "plain", () => post("/api/faults", { kind, place: place.value, code: code.value }));
  arm.setAttribute("aria-label", `${say("arm")}: ${en}`);
  return line(km, en, place, code, arm);
}

function line(km, en, ...controls) {
  const node = make("div", "fault-row");
  const what = make("span", "what", km);
  const small = make("span", "", en);
  small.lang = "en";
  what.append(small);
  node.append(what, ...controls);
  return node;
}

function group([km, en], rows) {
  const node = make("section", "fault-group");
  const title = make("h3", "", `${km} `);
  const small = make("span", "", en);
  small.lang = "en";
  title.append(small);
  node.append(title, ...rows);
  return node;
}

function choice(values) {
  const node = make("select");
  node.append(...values.map((value) => new Option(value, value)));
  return node;
}

function newPhone() {
  const form = make("div", "add-phone");
  const [number, name] = [make("input"), make("input")];
  number.placeholder = "012 345 678";
  number.inputMode = "tel";
  number.setAttribute("aria-label", say("number"));
  name.placeholder = say("name");
  name.setAttribute("aria-label", say("name"));
  const add = button("add", "plain", async () => {
    await post("/api/phones", { number: number.value, name: name.value });
    number.value = name.value = "";
  });
  form.append(number, name, add);
  return group(["បន្ថែមទូរស័ព្ទ", "One more phone"], [form]);
}
