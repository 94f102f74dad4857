"""The figure as a table: every visible change with its reason, for readers and for notebooks' text output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import takewhile

from podsim.timeline import messages
from podsim.timeline.model import Step, Timeline
from podsim.timeline.scale import reading


@dataclass(frozen=True, slots=True)
class TableRow:
    """What changes at `t` seconds for one reason: (lane's name, before, after) each."""

    t: float
    changes: tuple[tuple[str, str, str], ...]
    because: str


def rows(timeline: Timeline, lanes: Sequence[str] | None = None) -> list[TableRow]:
    """The steps; changes of one instant that share their cause share a row. `lanes` keeps those lane ids or groups."""
    labels = {lane["id"]: lane["label"] for lane in timeline["lanes"]}
    groups = {lane["id"]: lane["group"] for lane in timeline["lanes"]}
    shared: dict[tuple[float, str], list[Step]] = {}
    for step in timeline["steps"]:
        if lanes is None or step["lane"] in lanes or groups.get(step["lane"]) in lanes:
            shared.setdefault((step["t"], step["why"][0]["text"]), []).append(step)
    return [
        TableRow(
            t,
            tuple((labels.get(s["lane"], s["lane"]), s["from"], s["to"]) for s in steps),
            max(map(_because, steps), key=len),
        )
        for (t, _), steps in shared.items()
    ]


def _because(step: Step) -> str:
    """The facts of its why: everything before the first change of one of the pod's lanes at the same instant."""
    facts = list(takewhile(lambda clause: clause["t"] < step["t"] or clause["lane"] in (None, "world"), step["why"]))
    return "; ".join(clause["text"] for clause in facts)


def text(timeline: Timeline, lanes: Sequence[str] | None = None, language: str = "en") -> str:
    """The table as text, the same for the same run; columns as kubectl sets them."""
    cells = [_heads(language)]
    for row in rows(timeline, lanes):
        first, *others = (_change(*change) for change in row.changes)
        cells += [(reading(row.t), first, row.because), *(("", other, "") for other in others)]
    widths = [max(len(cell[n]) for cell in cells) for n in range(2)]
    lines = [f"{a:<{widths[0]}}   {b:<{widths[1]}}   {c}".rstrip() for a, b, c in cells]
    return "\n".join(lines) + "\n"


def html(timeline: Timeline, lanes: Sequence[str] | None = None, language: str = "en") -> str:
    """The table as HTML; `data-t` of a row is its time in seconds."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in _heads(language))
    body = "".join(map(_html_row, rows(timeline, lanes)))
    return f'<table class="podsim-steps">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n'


def _heads(language: str) -> tuple[str, str, str]:
    words = messages.load(language)
    return words.say("table", "time"), words.say("table", "change"), words.say("table", "why")


def _change(lane: str, before: str, after: str) -> str:
    return f"{lane} {after}" if before == "-" else f"{lane} {before} → {after}"


def _html_change(lane: str, before: str, after: str) -> str:
    change = escape(_change("", before, after).strip())
    return f"<b>{escape(lane)}</b> {change}"


def _html_row(row: TableRow) -> str:
    changes = "<br>".join(_html_change(*change) for change in row.changes)
    return f'<tr data-t="{row.t:g}"><td>{reading(row.t)}</td><td>{changes}</td><td>{escape(row.because)}</td></tr>\n'
