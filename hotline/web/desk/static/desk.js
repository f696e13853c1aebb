// What neither the pages nor htmx can do; everything works without it.
"use strict";

// ---- The part of a page that renews itself (htmx asks for it every 20 seconds).

const byId = (id) => document.getElementById(id);
const isFresh = (event) => event.detail.elt?.id === "fresh";
const clock = () =>
  new Date().toLocaleTimeString("en-GB", { timeZone: "Asia/Phnom_Penh", hour: "2-digit", minute: "2-digit" });
let renewedAt = clock();
let opened = [];
let held = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isFresh(event) && document.hidden) event.preventDefault(); // nobody looks
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && byId("fresh")) htmx.trigger("#fresh", "wake");
});

// What somebody opened stays open, and whoever was on a line that is gone begins at the top.
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  opened = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
  held = part.contains(document.activeElement) ? document.activeElement.id : null;
});
document.addEventListener("htmx:afterSettle", () => {
  for (const id of opened) byId(id)?.setAttribute("open", "");
  opened = [];
  if (held !== null && document.activeElement === document.body)
    (byId(held) ?? byId("main")).focus({ preventScroll: true });
  held = null;
  say();
});

// A screen reader is told what is new, and only then.
function say() {
  const news = byId("news");
  const words = document.querySelector("[data-news]")?.dataset.news.trim();
  if (!news || words === undefined || words === news.dataset.said) return;
  news.textContent = news.dataset.said === undefined ? "" : words;
  news.dataset.said = words;
}
say();

// Old news is worse than none: a list that cannot renew itself says since when.
document.addEventListener("htmx:afterRequest", (event) => {
  const stale = byId("stale");
  if (!stale || !isFresh(event)) return;
  if (event.detail.successful) renewedAt = clock();
  else stale.textContent = stale.dataset.words.replace("{time}", renewedAt);
  stale.hidden = event.detail.successful;
});

// ---- The menu: Escape, a click elsewhere or the way out of it with the keyboard close it.

const more = document.querySelector(".more");
if (more) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!more.contains(event.target)) more.open = false;
  });
  more.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !more.contains(event.relatedTarget)) more.open = false;
  });
}

// ---- A form is sent once, however often its button is pressed. Those of htmx see to it themselves.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("hx-get") || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A form that was refused comes into view.
document.querySelector(".work [role=alert]")?.scrollIntoView({ block: "center" });

// ---- A sheet of paper.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
