// Makes the desk pleasanter; everything works without it.
"use strict";

// A list that renews itself: only when it changed, and whoever was on a line stays on it.
const fresh = document.getElementById("fresh");
if (fresh) {
  const renew = async () => {
    if (document.hidden) return;
    let answer;
    try {
      answer = await fetch(fresh.dataset.renew, { credentials: "same-origin", cache: "no-store" });
    } catch {
      return; // away for a moment: try again at the next turn
    }
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const newer = page.getElementById("fresh");
    if (!newer || newer.innerHTML === fresh.innerHTML) return;
    const held = document.activeElement?.id;
    fresh.replaceChildren(...newer.childNodes);
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
  };
  setInterval(renew, Number(fresh.dataset.seconds) * 1000);
  document.addEventListener("visibilitychange", renew);
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A form that was refused comes into view.
document.querySelector(".work [role=alert]")?.scrollIntoView({ block: "center" });
