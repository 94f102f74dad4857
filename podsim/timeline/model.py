"""What every picture and table of a run is drawn from: plain data that is JSON already. All times are seconds."""

from __future__ import annotations

from typing import TypedDict

Segment = tuple[float, float, str, str, str]  # from, to, tone, label, short label
ProbeMark = tuple[float, str, int, str]  # t, ok|fail|timeout|refused, failures in a row, message
Event = tuple[float, str, str, str, str]  # t, type, reason, source, message
Mark = tuple[float, str, str]  # t, text, lane
WorldMark = tuple[float, str, str, str | None]  # t, path in the scenario, text, control that moves it


class Lane(TypedDict):
    """One row of bars; `kind` is init, sidecar, ephemeral or "" of a container."""

    id: str
    group: str
    label: str
    kind: str
    segs: list[Segment]


class Folded(TypedDict):
    """A lane that may stand for those in `of`."""

    lane: Lane
    of: list[str]


class Ticks(TypedDict):
    """The answers of one probe."""

    label: str
    container: str
    marks: list[ProbeMark]


class Clause(TypedDict):
    """One sentence of a why; `lane` is the lane it speaks of, if it has one."""

    text: str
    lane: str | None
    t: float


Step = TypedDict("Step", {"t": float, "lane": str, "from": str, "to": str, "why": list[Clause]})


class Timeline(TypedDict):
    """The life of one pod; `gone` is when the object was removed, `folded` what a figure too high for a screen may show instead."""

    kubernetes: str
    pod: str
    horizon: float
    gone: float | None
    lanes: list[Lane]
    folded: Folded | None
    ticks: dict[str, Ticks]
    events: list[Event]
    marks: list[Mark]
    world: list[WorldMark]
    steps: list[Step]
