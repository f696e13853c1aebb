"""A written flow into its shape, or every fault in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hotline.core.flow import (
    CHANNELS,
    END,
    TARGETS,
    Flow,
    Go,
    Step,
    Way,
)
from hotline.core.flow_fault import FaultBook
from hotline.core.located import Located, Rows, Table, Text
from hotline.core.step_file import PART_NAMES, StepReader
from hotline.core.way_file import EFFECT_NAMES, NAME

_FLOW_NAMES = frozenset(
    {"flow", "title", "about", "channels", "start", "steps", "home", "resumable"}
    | {"on_silence", "on_wrong_key", "on_hang_up", "on_quick_exit"}
)
_KINDS = ("ask", "number", "record", "branch")
_STEP_NAMES = frozenset(
    {"say", "text", "go", "run", "then", "end"}
    | {"on_silence", "on_wrong_key", "on_hang_up", "on_quick_exit"}
    | set(_KINDS)
    | EFFECT_NAMES
)


def read_flow(data: Located, stem: str, book: FaultBook) -> Flow | None:
    """The flow a file tells; `stem` is the file's name without its ending, and so the flow's."""
    if not isinstance(data, Table):
        book.note(data.line, "this is not a flow", "begin with flow: NAME")
        return None
    reader = StepReader(stem, book)
    reader.check_names(data, _FLOW_NAMES)
    entries = data.entries
    _check_name(data, stem, reader)
    steps = _read_steps(entries.get("steps"), reader)
    start, home = _read_begins(data, steps, reader)
    return Flow(
        name=stem,
        file=book.file,
        line=data.line,
        title=dict(reader.pairs(entries.get("title"), "title")),
        about=dict(reader.pairs(entries.get("about"), "about")),
        channels=_read_channels(entries.get("channels"), reader),
        start=start,
        steps=steps,
        home=home,
        is_resumable=reader.flag(data, "resumable"),
        on_silence=reader.way(entries.get("on_silence")),
        on_wrong_key=reader.way(entries.get("on_wrong_key")),
        on_hang_up=_read_leaving("on_hang_up", entries, reader),
        on_quick_exit=_read_leaving("on_quick_exit", entries, reader),
    )


def _read_begins(data: Table, steps: dict[str, Step], reader: StepReader) -> tuple[str, str | None]:
    """The step a flow starts with, and the one key 0 leads to, if it is this flow's."""
    start = reader.text(data.entries.get("start"), "start")
    home = reader.text(data.entries.get("home"), "home") or None
    for what, name in (("start", start), ("home", home)):
        if name is not None and name not in steps:
            wrong = f"{what} {name!r} is not a step" if name else f"{what} is missing"
            reader.book.note(data.line_of(what), wrong, f"write {what}: one of {', '.join(steps)}")
    return start, home


def _check_name(data: Table, stem: str, reader: StepReader) -> None:
    name = reader.text(data.entries.get("flow"), "flow")
    if name != stem:
        wrong = f"the flow is called {name!r} in a file called {stem!r}"
        reader.book.note(data.line_of("flow"), wrong, f"write flow: {stem}, or rename the file")
    if not NAME.match(stem):
        reader.book.note(data.line, f"the name {stem!r} is odd", "use small letters, digits and _")
    if "title" not in data.entries:
        reader.book.note(data.line, "there is no title", "write title: {en: …, km: …}")


def _read_channels(data: Located | None, reader: StepReader) -> frozenset[str]:
    if data is None:
        return frozenset(CHANNELS)
    items = data.items if isinstance(data, Rows) else (data,)
    return frozenset(reader.one_of(item, "channel", CHANNELS) for item in items)


def _read_steps(data: Located | None, reader: StepReader) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    if not isinstance(data, Table) or not data.entries:
        reader.book.note(data.line if data else 1, "there are no steps", "write them under steps:")
        return steps
    for name, entry in data.entries.items():
        reader.book.step = name
        if not NAME.match(name) or name in TARGETS:
            right = f"use small letters, digits and _, and not {', '.join(sorted(TARGETS))}"
            reader.book.note(entry.line, f"a step cannot be called {name!r}", right)
        if isinstance(entry, Table):
            steps[name] = _read_step(name, entry, reader)
        else:
            reader.book.note(entry.line, "the step is not a table", "write say:, ask:, … under it")
    reader.book.step = ""
    return steps


def _read_step(name: str, entry: Table, reader: StepReader) -> Step:
    entries = entry.entries
    kinds = [kind for kind in _KINDS if kind in entries]
    kind = kinds[0] if kinds else ""
    if len(kinds) > 1:
        wrong = f"the step is {' and '.join(kinds)} at once"
        reader.book.note(entry.line, wrong, "make one step of each")
    reader.check_names(entry, _STEP_NAMES | PART_NAMES.get(kind, frozenset()))
    action = reader.action(kind, entry)
    step = Step(
        flow=reader.flow,
        name=name,
        line=entry.line,
        action=action,
        says=reader.phrases(entries.get("say"), "say"),
        text=reader.phrase(entries.get("text"), "text"),
        enter=reader.effects(entry),
        way=_read_way(entry, kind, reader),
        on_silence=reader.way(entries.get("on_silence")),
        on_wrong_key=reader.way(entries.get("on_wrong_key")),
        on_hang_up=_read_leaving("on_hang_up", entries, reader),
        on_quick_exit=_read_leaving("on_quick_exit", entries, reader),
    )
    does = step.says or step.text or step.enter.has_effects or step.way.run or step.way.go == END
    if isinstance(action, Go) and not does:
        reader.book.note(entry.line, "the step does nothing", "write say:, ask:, run: or end:")
    return replace(step, asks=_what_it_asks(kind, entry))


def _read_way(entry: Table, kind: str, reader: StepReader) -> Way:
    """Where a step leads that asks for no choice."""
    entries = entry.entries
    run = reader.run(entries.get("run"))
    go = reader.target(entries.get("go") or entries.get("then"), "go")
    if reader.flag(entry, "end"):
        if go is not None or run is not None:
            reader.book.note(entry.line, "the step ends and goes on", "keep end or go")
        go = END
    if kind in ("ask", "branch") and (go is not None or run is not None):
        right = "put it into the choices" if kind == "ask" else "put it into the branch"
        reader.book.note(entry.line, f"a step with {kind} cannot go on by itself", right)
    elif kind not in ("ask", "branch") and go is None:
        right = "write go: and the next step, go: back, or end: true"
        reader.book.note(entry.line, "the step has no way out", right)
        go = END
    return Way(go=go, run=run, line=entry.line)


def _read_leaving(name: str, entries: Mapping[str, Located], reader: StepReader) -> Way | None:
    """What happens when the caller leaves: nobody is there any more to be led on."""
    way = reader.way(entries.get(name), EFFECT_NAMES)
    if way is not None and (way.go or way.run):
        reader.book.note(way.line, f"{name} leads on", "nobody listens: keep only the effects")
    return way


def _what_it_asks(kind: str, entry: Table) -> str:
    asked = entry.entries.get(kind)
    if isinstance(asked, Text):
        return f"{kind} {asked.value}"
    if isinstance(asked, Table):
        sides = [item.value for item in asked.entries.values() if isinstance(item, Text)]
        return " ".join((kind, *sides))
    return ""
