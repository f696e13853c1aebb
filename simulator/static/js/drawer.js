/* A drawer from the right: opened by a button, closed by its own button or Escape. */

import { button, label, make } from "./words.js";

export function drawer(id, openerId, title) {
  const node = document.getElementById(id);
  const opener = label(document.getElementById(openerId), title);
  const head = make("div", "drawer-head");
  const body = make("div", "drawer-body");
  const open = (isOpen) => {
    node.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) head.lastChild.focus();
    else opener.focus();
  };
  head.append(label(make("h2"), title), button("close", "plain", () => open(false)));
  node.append(head, body);
  opener.addEventListener("click", () => {
    document.querySelectorAll(".drawer").forEach((other) => other !== node && (other.hidden = true));
    open(node.hidden);
  });
  node.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
  return { body, head };
}
