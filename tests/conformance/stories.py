"""Compares a simulated trace with a recorded one: the same states in the same order for the same time.

Two recordings of one scenario differ too. The kubelet looks at its runtime once a second, at a phase that nobody chose:
a trace is played with the phases of its recording, so that one look early or late remains. Its requeues are jittered
by up to a half; podsim takes the middle. A state that one look hides may be missing on either side.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

Trace = Mapping[str, Any]
Points = list[tuple[float, str]]
FLICKERS = (0.0, 0.4, 0.9, 1.4, 1.9, 2.4)  # s; states shorter than one of these may be missing
LOOK = 1.1  # s; one relist, and the work that it starts
DRIFT = 0.03  # of a duration
JITTER = 0.5  # of the jittered waits in it
JITTERED = re.compile("BackOff|ErrImage|Error|InvalidImageName|OOMKilled|Completed|ExitCode|Signal")
COUNT = 0.34  # of an event's count, at least 1
CHANCE = (  # what no two recordings share
    (re.compile(r"\bin [\d.hm]+s \([\d.hm]+s including waiting\)"), "in D (D including waiting)"),
    (re.compile(r"(?<=:)(PORT|\d{5})(?=->)"), "PORT"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """One state of one lane."""

    value: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Shift:
    """A change that both traces show: when, in seconds, and whether a jittered wait came before it."""

    lane: str
    recorded: float
    simulated: float
    waited: bool

    @property
    def seconds(self) -> float:
        """How far apart the two are."""
        return abs(self.recorded - self.simulated)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What tells two traces apart (nothing: either could be a recording of the other), and the times of what they share."""

    problems: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()

    def __add__(self, other: Comparison) -> Comparison:
        return Comparison(self.problems + other.problems, self.shifts + other.shifts)


class Waits:
    """The jittered waits of a trace."""

    def __init__(self, lanes: Mapping[str, list[Span]]) -> None:
        found = (s for name, spans in lanes.items() if name == "row" or name.startswith("container ") for s in spans)
        self._merged: list[list[float]] = []
        for start, end in sorted((s.start, s.end) for s in found if JITTERED.search(s.value)):
            if self._merged and start <= self._merged[-1][1] + 0.2:
                self._merged[-1][1] = max(self._merged[-1][1], end)
            else:
                self._merged.append([start, end])

    def seconds(self, start: float, end: float) -> float:
        """How long the waits are that reach into the time between."""
        return sum(b - a for a, b in self._merged if a < end and b > start)

    def allowed(self, start: float, end: float) -> float:
        """How much longer or shorter the time between may be in the other trace."""
        return LOOK + DRIFT * (end - start) + JITTER * self.seconds(start, end)


def compare(recorded: Trace, simulated: Trace, end: float) -> Comparison:
    """The two traces up to `end` seconds, lane by lane; each lane is read with the flicker that speaks for it."""
    ours, theirs = lanes(recorded, end), lanes(simulated, end)
    waits = Waits(ours)
    found = _events(recorded["events"], simulated["events"], waits, end)
    for name in sorted(ours.keys() | theirs.keys()):
        found += compare_lane(name, ours.get(name, []), theirs.get(name, []), waits, end)
    return found + Comparison(tuple(_calls(recorded["runtime"], simulated["runtime"])))


def lanes(trace: Trace, end: float) -> dict[str, list[Span]]:
    """Phase, conditions, containers and kubectl's row of every pod of a trace, as spans up to `end`."""
    points: dict[str, Points] = defaultdict(list)
    for row in trace["kubectl"]:
        _, ready, status, restarts, *_ = re.split(r"\s{2,}", row["row"].strip())
        points[f"row{_pod(row)}"].append((row["t"], f"{ready} {status} {restarts.split(' ')[0]}"))
    for revision in trace["revisions"]:
        pod, t = _pod(revision), revision["t"]
        if revision["type"] == "DELETED":
            points[f"row{pod}"].append((t, "gone"))
        else:
            for lane, value in _states(revision):
                points[f"{lane}{pod}"].append((t, value))
    return {name: spans(sorted(found, key=lambda point: point[0]), end) for name, found in points.items()}


def spans(points: Iterable[tuple[float, str]], end: float) -> list[Span]:
    """States from the times at which they are seen; one that is seen again goes on."""
    kept: Points = []
    for t, value in points:
        if t <= end and (not kept or kept[-1][1] != value):
            kept.append((t, value))
    return [Span(v, t, kept[i + 1][0] if i + 1 < len(kept) else end) for i, (t, v) in enumerate(kept)]


def _pod(entry: Mapping[str, Any]) -> str:
    return f" of {entry['name']}" if "name" in entry else ""


def _states(revision: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(lane, value) of one revision."""
    status = revision["status"]
    yield "deletion", "asked for" if "deletionTimestamp" in revision["metadata"] else "no"
    if status == "=":
        return
    yield "phase", _words(status.get("phase"), status.get("reason"), status.get("message"))
    for condition in status.get("conditions") or ():
        yield f"condition {condition['type']}", _words(condition["status"], condition.get("reason"), condition.get("message"))
    for key in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
        for container in status.get(key) or ():
            kind, body = next(iter((container.get("state") or {"waiting": {}}).items()))
            state = _words(kind, body.get("reason"), body.get("exitCode"), body.get("message"))
            yield f"container {container['name']}", state
            yield f"container {container['name']} restarts", str(container.get("restartCount", 0))
            yield f"container {container['name']} ready", str(container.get("ready", False))


def _words(*parts: object) -> str:
    text = " / ".join(str(part) for part in parts if part not in (None, ""))
    for pattern, word in CHANCE:
        text = pattern.sub(word, text)
    return text


def compare_lane(name: str, ours: list[Span], theirs: list[Span], waits: Waits, end: float) -> Comparison:
    """One lane, read with the least flicker that leaves no problem, else with that which leaves the fewest."""
    tried = []
    for a, b in product(FLICKERS, FLICKERS):
        tried.append(_side_by_side(name, _without_flicker(ours, a, end), _without_flicker(theirs, b, end), waits, end))
        if not tried[-1].problems:
            break
    return min(tried, key=lambda found: len(found.problems))


def _without_flicker(lane: list[Span], least: float, end: float) -> list[Span]:
    return spans(((s.start, s.value) for s in lane if s.end - s.start >= least or s.end >= end), end)


def _side_by_side(name: str, ours: list[Span], theirs: list[Span], waits: Waits, end: float) -> Comparison:
    shared = min(len(ours), len(theirs))
    if [s.value for s in ours[:shared]] != [s.value for s in theirs[:shared]]:
        return Comparison((f"{name}: Kubernetes {_told(ours)}, podsim {_told(theirs)}",))
    problems: list[str] = []
    for number, (a, b) in enumerate(zip(ours[:shared], theirs[:shared], strict=True)):
        if abs(a.start - b.start) > waits.allowed(0, a.start):
            problems.append(f"{name}: {a.value!r} begins at {a.start:.1f} s, in podsim at {b.start:.1f} s")
        lasted, lasts = a.end - a.start, b.end - b.start
        if number + 1 < shared and abs(lasted - lasts) > waits.allowed(a.start, a.end):
            problems.append(f"{name}: {a.value!r} at {a.start:.1f} s lasts {lasted:.1f} s, in podsim {lasts:.1f} s")
    side, longer = ("Kubernetes", ours) if len(ours) > shared else ("podsim", theirs)
    problems += [f"{name}: {s.value!r} at {s.start:.1f} s only in {side}" for s in longer[shared:] if s.start + waits.allowed(0, end) < end]
    return Comparison(tuple(problems), tuple(Shift(name, a.start, b.start, waits.seconds(0, a.start) > 0) for a, b in zip(ours, theirs, strict=False)))


def _told(lane: list[Span]) -> str:
    return ", ".join(f"{s.value!r} {s.end - s.start:.1f} s" for s in lane)


def _events(recorded: Iterable[Trace], simulated: Iterable[Trace], waits: Waits, end: float) -> Comparison:
    """The same events, first seen at about the same time, and about as often."""
    ours, theirs = _told_events(recorded, end), _told_events(simulated, end)
    problems, found = [], []
    for key in sorted(ours.keys() | theirs.keys()):
        if key in ours and key in theirs:
            (first, count), (begins, times) = ours[key], theirs[key]
            found.append(Shift("events", first, begins, waits.seconds(0, first) > 0))
            if abs(first - begins) > waits.allowed(0, first):
                problems.append(f"events: {key} first at {first:.1f} s, in podsim at {begins:.1f} s")
            if abs(count - times) > max(1, COUNT * count):
                problems.append(f"events: {key} {count} times, in podsim {times} times")
        else:
            (first, _), side = (ours[key], "Kubernetes") if key in ours else (theirs[key], "podsim")
            if first + waits.allowed(0, first) < end:
                problems.append(f"events: {key} at {first:.1f} s only in {side}")
    return Comparison(tuple(problems), tuple(found))


def _told_events(events: Iterable[Trace], end: float) -> dict[str, tuple[float, int]]:
    """Event -> when it is first seen, and its highest count."""
    found: dict[str, tuple[float, int]] = {}
    for event in events:
        if event["t"] <= end:
            key = _words(event["type"], event["reason"], event["message"], event.get("fieldPath")) + _pod(event)
            first, count = found.get(key, (event["t"], 0))
            found[key] = (first, max(count, event.get("count") or 1))
    return found


def _calls(recorded: Iterable[Trace], simulated: Iterable[Trace]) -> Iterator[str]:
    """Pulls and starts, one more or less at the end; the grace given to the first stop of each container."""
    (ours, grace), (theirs, given) = _asked(recorded), _asked(simulated)
    for what in sorted(ours.keys() | theirs.keys()):
        if abs(ours[what] - theirs[what]) > 1:
            yield f"runtime: {what} {ours[what]} times, in podsim {theirs[what]} times"
    for container in sorted(grace.keys() & given.keys()):
        if abs(grace[container] - given[container]) > 1:
            yield f"runtime: {container} is stopped with {grace[container]} s of grace, in podsim with {given[container]} s"


def _asked(calls: Iterable[Trace]) -> tuple[Counter[str], dict[str, float]]:
    times, grace = Counter[str](), dict[str, float]()
    for call in calls:
        if call["call"] in ("StartContainer", "PullImage"):
            times[f"{call['call']} {call.get('container') or call.get('image')}{_pod(call)}"] += 1
        if call["call"] == "StopContainer" and call.get("timeout") is not None:
            grace.setdefault(f"{call['container']}{_pod(call)}", call["timeout"])
    return times, grace
