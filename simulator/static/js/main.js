/* The page: takes the news, draws the phones, the clock and the drawers. */

import { Board } from "./board.js";
import { FaultsDrawer } from "./faults_drawer.js";
import { LogDrawer } from "./log_drawer.js";
import { Phone } from "./phone.js";
import { setSound, soundIsOn } from "./sound.js";
import { clockTime, showNumber } from "./times.js";
import { act, listen, post } from "./wire.js";
import { button, label, make, say } from "./words.js";

const byId = (id) => document.getElementById(id);
const phones = new Map();
const chips = new Map();
const log = new LogDrawer();
const faults = new FaultsDrawer();
let line = "";
let movedBy = 0;

const now = () => new Date(Date.now() + movedBy * 1000);
const board = new Board(now);

function draw(phone) {
  if (!phones.has(phone.id)) {
    const node = new Phone(phone, line, now);
    phones.set(phone.id, node);
    byId("phones").append(node.holder);
    chips.set(phone.id, chip(phone, node));
    byId("tabs").append(chips.get(phone.id));
  }
  board.know([], [phone]);
  phones.get(phone.id).show(phone, nameOf);
  mark(phone);
}

/* Whose number it is, for a phone that talks with it. */
const nameOf = (number) => {
  const [km, en] = board.names.get(number) || ["", ""];
  return km || en || showNumber(number);
};

function chip(phone, node) {
  const name = (phone.name_km || phone.name || showNumber(phone.number)).split(" ")[0];
  const tab = make("button", "", name);
  tab.type = "button";
  tab.addEventListener("click", () => {
    const row = byId("phones");
    row.scrollLeft = node.holder.offsetLeft - row.offsetLeft;
  });
  const count = make("span", "count");
  tab.append(count);
  return tab;
}

function mark(phone) {
  const tab = chips.get(phone.id);
  tab.querySelector(".count").textContent = String(phone.unread);
  tab.querySelector(".count").hidden = phone.unread === 0;
  tab.classList.toggle("is-rung", phones.get(phone.id).isRung);
}

const seen = new IntersectionObserver(
  (entries) => entries.forEach((entry) => {
    for (const [id, phone] of phones) {
      if (phone.holder !== entry.target) continue;
      phone.inView = entry.isIntersecting;
      if (phone.isRead()) setTimeout(() => phone.isRead() && act(id, "read"), 1500);
      if (entry.isIntersecting) {
        chips.forEach((tab, other) => tab.setAttribute("aria-current", String(other === id)));
      }
    }
  }),
  { threshold: 0.5 },
);

function takeState(state) {
  line = state.line;
  movedBy = state.moved_by;
  byId("line-number").textContent = [line, ...state.more_lines].map(showNumber).join(" · ");
  const desk = byId("desk-link");
  desk.hidden = !state.desk_url;
  if (state.desk_url) label(desk, "desk").href = state.desk_url;
  board.know([line, ...state.more_lines], state.phones);
  state.phones.forEach(draw);
  board.replace(state.board);
  phones.forEach((phone) => seen.observe(phone.holder));
  log.replace(state.log);
  faults.show(state.faults);
  faults.showAccount(state);
  tick();
}

function takeNews(news) {
  trouble("");
  const takers = {
    state: () => takeState(news),
    phone: () => draw(news.phone),
    log: () => log.add(news.entry),
    board: () => board.add(news.entry),
    faults: () => faults.show(news.faults),
    account: () => faults.showAccount(news),
    clock: () => {
      movedBy = news.moved_by;
      tick();
    },
  };
  takers[news.type]?.();
}

function tick() {
  byId("clock-time").textContent = clockTime(now());
  byId("clock-time").dateTime = now().toISOString();
  const ahead = Math.round(movedBy / 60);
  byId("clock-note").textContent = ahead ? `ភ្នំពេញ · +${ahead} នាទី min` : "ភ្នំពេញ Phnom Penh";
}

function trouble(words) {
  byId("trouble").textContent = words;
  byId("trouble").hidden = !words;
}

function soundButton() {
  const node = byId("sound-toggle");
  label(node, soundIsOn() ? "sound_on" : "sound_off");
  node.setAttribute("aria-pressed", String(soundIsOn()));
}

for (const [key, seconds] of [["min1", 60], ["min2", 120], ["min5", 300], ["min30", 1800], ["hour", 3600]]) {
  const step = button(key, "", () => post("/api/clock", { seconds }));
  step.setAttribute("aria-label", `${say("later")}: ${say(key)}`);
  step.textContent = say(key).split(" ").slice(0, 2).join(" ");
  byId("clock-steps").append(step);
}
byId("sound-toggle").addEventListener("click", () => {
  setSound(!soundIsOn());
  soundButton();
});
document.addEventListener("trouble", (event) => trouble(event.detail));
document.addEventListener("sound-blocked", () => trouble(say("sound_blocked")));
document.addEventListener("sound-plays", () => trouble(""));
soundButton();
setInterval(tick, 5000);
listen(takeNews, () => trouble(say("lost")));
