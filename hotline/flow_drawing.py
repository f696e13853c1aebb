"""A flow as a picture: steps in layers from the start, ways between them, drawn as SVG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from hotline.core.flow import Ask, Branch, Flow, Go, Number, Phrase, Place, Record, Step, Test, Way
from hotline.core.flow_layers import Arrow, layers_of
from hotline.core.library import Library

_WIDE, _GAP_X, _GAP_Y, _LINE, _PAD, _EDGE = 250, 46, 64, 16, 10, 24
_KHMER_LETTERS, _LATIN_LETTERS, _LONG_LABEL = 46, 38, 12
_FILL = {"ask": "#e8f1fb", "number": "#e8f1fb", "record": "#e8f1fb", "branch": "#fdf3dc"}
_STYLE = """
text { font: 12px "Noto Sans Khmer", "Khmer OS", Helvetica, Arial, sans-serif; fill: #22303c }
.name { font-weight: bold } .quiet { fill: #5d6b78; font-size: 11px }
.case { fill: #a3262a; font-size: 11px; font-weight: bold } .way { fill: #22303c; font-size: 11px }
.box { stroke: #7b8a99 } .line { fill: none; stroke: #7b8a99; stroke-width: 1.3 }
.back { stroke-dasharray: 4 3 } .lit { stroke: #a3262a }
.way { paint-order: stroke; stroke: #fff; stroke-width: 4px }
"""
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><path d="M0 0L8 4L0 8z" fill="#7b8a99"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class Box:
    """One step on the page: its upper left corner, its height, its lines as (class, text)."""

    step: Step
    lines: tuple[tuple[str, str], ...]
    x: float = 0.0
    y: float = 0.0

    @property
    def high(self) -> float:
        return 2 * _PAD + _LINE * len(self.lines)


def draw_flow(library: Library, name: str) -> str:
    """The whole flow as one SVG document. Raises KeyError when there is no such flow."""
    flow = library.flows[name]
    arrows = [arrow for step in flow.steps.values() for arrow in _arrows(step)]
    boxes, width, height = _place(library, flow, arrows)
    title = f"{flow.name}: {flow.title.get('en', '')} {flow.title.get('km', '')}".strip()
    size = f'width="{width:.0f}" height="{height:.0f}"'
    view = f'viewBox="0 0 {width:.0f} {height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} {size} role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        _TIP,
        f'<rect {size} fill="#fff"/>',
        f'<text x="{_EDGE}" y="{_EDGE + 6}" style="font-size:16px">{escape(title)}</text>',
        *_draw_arrows(boxes, arrows),
        *(_draw_box(box, flow.start) for box in boxes.values()),
        "</svg>",
    ]
    return "\n".join(parts)


# ---------------------------------------------------------------- what a step shows


def _lines(library: Library, step: Step) -> Iterator[tuple[str, str]]:
    yield "name", f"{step.name} · {_kind(step)}"
    for phrase in (*step.says, _question(step), step.text):
        yield from _phrase_lines(library, phrase)
    yield from (("case", line) for line in _marks(step.enter))
    for label, way in _labelled(step):
        leads = _leads_to(step, way)
        if leads:
            yield "quiet", f"{label} → {leads}".strip()
        yield from (("case", f"{label}: {line}") for line in _marks(way))
    for left, then in (("hung up", step.on_hang_up), ("left in a hurry", step.on_quick_exit)):
        if then is not None:
            yield from (("case", f"{left}: {line}") for line in _marks(then))


def _kind(step: Step) -> str:
    action = step.action
    for shape, name in ((Ask, "ask"), (Number, "number"), (Record, "record"), (Branch, "branch")):
        if isinstance(action, shape):
            return name
    return (
        "end" if step.way.go == "end" else "say" if step.says else "run" if step.way.run else "do"
    )


def _question(step: Step) -> Phrase | None:
    action = step.action
    return action.phrase if isinstance(action, Ask | Number | Record) else None


def _phrase_lines(library: Library, phrase: Phrase | None) -> Iterator[tuple[str, str]]:
    if phrase is None:
        return
    for saying in dict.fromkeys((phrase.voice, phrase.sms)):
        if saying is None:
            continue
        yield "quiet", saying.prompt
        yield "", _excerpt(library.text(saying.prompt, "km"), _KHMER_LETTERS)
        yield "", _excerpt(library.text(saying.prompt, "en"), _LATIN_LETTERS)


def _excerpt(text: str, letters: int) -> str:
    if len(text) <= letters:
        return text
    cut = letters
    while cut > letters - 6 and 0x17B4 <= ord(text[cut]) <= 0x17D3:  # never tear a Khmer syllable
        cut -= 1
    return text[:cut].rstrip("\u17d2 ") + "…"


def _marks(way: Way) -> Iterator[str]:
    if way.open_case is not None:
        yield f"opens {way.open_case.kind} {way.open_case.priority}"
    if way.flag is not None:
        yield f"flags {way.flag}"


def _leads_to(step: Step, way: Way) -> str:
    """The way in words; "" where the arrow says it all."""
    go = way.go
    is_plain = isinstance(step.action, Go) and way.run is None
    if go is None or (is_plain and (go == "end" or _is_inside(step, go))):
        return ""
    then = go.step if isinstance(go, Place) and _is_inside(step, go) else str(go)
    return f"run {way.run}, then {then}" if way.run is not None else then


def _is_inside(step: Step, go: Place | str) -> bool:
    return isinstance(go, Place) and go.flow == step.flow


def _labelled(step: Step) -> Iterator[tuple[str, Way]]:
    action = step.action
    if isinstance(action, Ask):
        yield from action.choices.items()
    elif isinstance(action, Branch):
        for tests, way in action.ways:
            yield " and ".join(_test(test) for test in tests) or "else", way
    else:
        yield "", step.way
    if isinstance(action, Number) and action.failed is not None:
        yield "not given", action.failed
    if isinstance(action, Record) and action.on_delete is not None:
        yield "deleted", action.on_delete
    if step.on_silence is not None:
        yield "silence", step.on_silence
    if step.on_wrong_key is not None:
        yield "wrong key", step.on_wrong_key


def _test(test: Test) -> str:
    if test.at_least is None and test.at_most is None:
        return f"{test.name}: {'/'.join(sorted(test.values))}"
    least = "" if test.at_least is None else test.at_least
    most = "" if test.at_most is None else test.at_most
    return f"{test.name} {least}..{most}"


def _arrows(step: Step) -> Iterator[Arrow]:
    for label, way in _labelled(step):
        if isinstance(way.go, Place) and way.go.flow == step.flow:
            yield Arrow(step.name, way.go.step, label, way.open_case is not None)


# ---------------------------------------------------------------- where it stands


def _place(
    library: Library, flow: Flow, arrows: list[Arrow]
) -> tuple[dict[str, Box], float, float]:
    """Every step's box, and the size of the page. Layers wider than six go on below."""
    rows = [layer[i : i + 6] for layer in layers_of(flow, arrows) for i in range(0, len(layer), 6)]
    widest = max(len(row) for row in rows)
    width = 2 * _EDGE + widest * _WIDE + (widest - 1) * _GAP_X + 40
    boxes: dict[str, Box] = {}
    y = _EDGE + 36.0
    for row in rows:
        free = width - 40 - len(row) * _WIDE - (len(row) - 1) * _GAP_X
        x = free / 2
        for name in row:
            step = flow.steps[name]
            boxes[name] = Box(step, tuple(_lines(library, step)), x, y)
            x += _WIDE + _GAP_X
        y += max(boxes[name].high for name in row) + _GAP_Y
    return boxes, width, y - _GAP_Y + _EDGE


# ---------------------------------------------------------------- what is drawn


def _draw_box(box: Box, start: str) -> str:
    step = box.step
    fill = _FILL.get(_kind(step), "#eef5ec")
    edge = 2.4 if step.name == start else 1.2
    rows = [
        f'<text class="{kind}" x="{box.x + _PAD:.0f}" '
        f'y="{box.y + _PAD + _LINE * (place + 0.75):.0f}">{escape(_fit(text))}</text>'
        for place, (kind, text) in enumerate(box.lines)
    ]
    place = f'x="{box.x:.0f}" y="{box.y:.0f}" width="{_WIDE}" height="{box.high:.0f}"'
    frame = f'<rect class="box" {place} rx="7" fill="{fill}" stroke-width="{edge}"/>'
    return frame + "".join(rows)


def _fit(text: str) -> str:
    return text if len(text) <= 48 else text[:47] + "…"


def _draw_arrows(boxes: dict[str, Box], arrows: list[Arrow]) -> Iterator[str]:
    merged: dict[tuple[str, str], list[Arrow]] = {}
    for arrow in arrows:
        merged.setdefault((arrow.source, arrow.target), []).append(arrow)
    count: dict[str, int] = {}
    totals: dict[str, int] = {}
    for source, _ in merged:
        totals[source] = totals.get(source, 0) + 1
    for (source, target), several in merged.items():
        place = count.get(source, 0)
        count[source] = place + 1
        share = (place + 1) / (totals[source] + 1)
        yield _draw_arrow(boxes[source], boxes[target], several, share)


def _draw_arrow(source: Box, target: Box, several: list[Arrow], share: float) -> str:
    labels = (arrow.label for arrow in several if len(arrow.label) < _LONG_LABEL)
    label = " / ".join(filter(None, labels))
    lit = " lit" if any(arrow.opens_case for arrow in several) else ""
    x, y = source.x + _WIDE * share, source.y + source.high
    if target.y > source.y:
        to_x, to_y, back = target.x + _WIDE / 2 + (share - 0.5) * 60, target.y - 2, ""
        bend = max(26.0, min(60.0, (to_y - y) / 2))
        path = f"M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} "
        path += f"{to_x:.0f} {to_y:.0f}"
        label_x, label_y = x + 4, y + 14
    else:
        x, y = source.x + _WIDE, source.y + source.high * share
        to_x, to_y, back = target.x + _WIDE + 2, target.y + target.high / 2, " back"
        out = max(x, to_x) + 26
        path = f"M{x:.0f} {y:.0f}C{out:.0f} {y:.0f} {out:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}"
        label_x, label_y = x + 4, y - 3
    words = f'<text class="way" x="{label_x:.0f}" y="{label_y:.0f}">{escape(label[:26])}</text>'
    return f'<path class="line{back}{lit}" marker-end="url(#tip)" d="{path}"/>{words}'
