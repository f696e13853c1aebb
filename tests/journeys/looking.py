"""What must be true of every page of the desk, whoever sees it, as a browser finds it."""

from __future__ import annotations

import re
from typing import Any

LEAST_HEIGHT = 40
NAMES = frozenset({"Dara", "Sophea", "Bopha", "Rith", "Vanna", "Maly", "Chenda", "Kosal"})
MAY_BE_LATIN = frozenset(
    {"English", "JSON", "Excel", "xlsx", "STOP", "APLE", "Linux"}
    | {"Aegis", "Google", "Authenticator", "FreeOTP"}
)
"""What stands in Latin letters on a Khmer page: names of things that have no other."""

_LATIN = re.compile(r"[A-Za-z]{4,}")
_SENTENCE = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
_REFERENCE = re.compile(r"\b[A-Z0-9]{5}\b")
_DIGITS = re.compile(r"\d{6,}")

LOOK = """
() => {
  const seen = e => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  const controls = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const named = e => [...(e.labels || [])].some(l => l.textContent.trim()) || e.ariaLabel ||
    e.getAttribute("aria-labelledby");
  const of = e => e.outerHTML.slice(0, 120);
  const low = e => Math.round(e.getBoundingClientRect().height);
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement;
    if (!n.data.trim() || e.closest("script, noscript, style, .second")) continue;
    if (!seen(e) && e.tagName !== "OPTION") continue;
    texts.push([n.data.trim(), e.closest("[lang]").lang]);
  }
  for (const e of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]"))
    for (const name of ["aria-label", "placeholder", "alt", "title"])
      if (e.getAttribute(name)) texts.push([e.getAttribute(name), e.closest("[lang]").lang]);
  const buttons = "main button, main a.button, main summary, main select, main textarea," +
    "main input:not([type=hidden]):not([type=radio]):not([type=checkbox])";
  return {
    title: document.title,
    lang: document.documentElement.lang,
    width: document.documentElement.scrollWidth,
    headings: [...document.querySelectorAll("h1")].filter(seen).length,
    nameless: controls.filter(e => !named(e)).map(of),
    mute: [...document.querySelectorAll("button, a[href]")].filter(e => seen(e) &&
      !e.textContent.trim() && !e.ariaLabel).map(of),
    low: [...document.querySelectorAll(buttons)].filter(e => seen(e) && low(e) < LEAST)
      .map(e => low(e) + " px: " + of(e)),
    doubles: [...document.querySelectorAll("[id]")].map(e => e.id)
      .filter((id, place, all) => all.indexOf(id) !== place),
    texts: texts,
  };
}
""".replace("LEAST", str(LEAST_HEIGHT))


def faults_of(page: Any, language: str, width: int, private: frozenset[str]) -> list[str]:
    """What is wrong with the page that is shown; `private`: what no title may hold."""
    found = page.evaluate(LOOK)
    faults = [
        f"{what}: {found[what]}" for what in ("nameless", "mute", "low", "doubles") if found[what]
    ]
    if found["lang"] != language:
        faults.append(f"lang is {found['lang']}")
    if found["width"] != width:
        faults.append(f"{found['width']} px wide")
    if found["headings"] != 1:
        faults.append(f"{found['headings']} headings of the first order")
    if _DIGITS.search(found["title"]) or any(word in found["title"] for word in private):
        faults.append(f"the title tells something: {found['title']}")
    if language == "km":
        faults += [f"left in English: {words}" for words in _english(found["texts"])]
    return faults


def _english(texts: list[list[str]]) -> list[str]:
    """Words in Latin letters that are no name; where a page says "en": more than a code."""
    return [text for text, language in texts if _is_english(text, language)]


def _is_english(text: str, language: str) -> bool:
    if language == "en":
        return _SENTENCE.search(text) is not None
    words = _LATIN.findall(_REFERENCE.sub("", text))
    return any(word not in NAMES | MAY_BE_LATIN for word in words)
