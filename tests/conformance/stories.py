"""Compares a simulated trace with a recorded one: the same states in the same order for the same time.

The real kubelet jitters its requeues by up to a half and looks at its runtime once a second, so two recordings of one
scenario differ too. What is allowed here is what tells them apart; shorter states may be missing on either side.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

Trace = dict[str, Any]
FLICKERS = (0.0, 0.4, 0.9, 1.4, 1.9, 2.4)  # s; shorter states may be missing
LOOK = 2.0  # s; a relist, a tick, and rounding
DRIFT = 0.03  # of a duration
JITTER = 0.5  # of the time spent in jittered waits
JITTERED = ("BackOff", "ErrImage", "Error", "InvalidImageName", "OOMKilled", "Completed")


@dataclass(frozen=True, slots=True)
class Span:
    """One state of one lane."""

    value: str
    start: float
    end: float


def lanes(trace: Trace, end: float) -> dict[str, list[Span]]:
    """Row, phase, conditions and container states of a trace as spans up to `end`."""
    points: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for revision in trace["revisions"]:
        status = revision["status"]
        if revision["t"] > end or status == "=" or revision["type"] == "DELETED":
            continue
        points["phase"].append((revision["t"], f"{status['phase']} {status.get('reason', '')}"))
        for condition in status.get("conditions", ()):
            words = [condition["status"], condition.get("reason", ""), condition.get("message", "")]
            points[condition["type"]].append((revision["t"], " / ".join(words)))
        for key in ("initContainerStatuses", "containerStatuses"):
            for container in status.get(key, ()):
                kind, body = next(iter((container.get("state") or {"waiting": {}}).items()))
                words = [kind, body.get("reason", ""), str(body.get("exitCode", "")), str(container["restartCount"])]
                points[f"container {container['name']}"].append((revision["t"], " ".join(filter(None, words))))
    for row in trace["kubectl"]:
        if row["t"] <= end:
            _, ready, status, restarts, *_ = row["row"].split("   ")
            points["row"].append((row["t"], f"{ready} {status} {restarts.split(' ')[0]}"))
    return {name: _spans(found, end) for name, found in points.items()}


def differences(recorded: Trace, simulated: Trace, end: float) -> list[str]:
    """What tells the two apart, lane by lane; empty when the simulation could be another recording."""
    ours, theirs = lanes(recorded, end), lanes(simulated, end)
    waits = [s for name, found in ours.items() if name == "row" or name.startswith("container") for s in found if any(w in s.value for w in JITTERED)]
    found: list[str] = []
    for name in sorted(ours.keys() | theirs.keys()):
        tried = [
            _compare(name, _without_flicker(ours.get(name, []), a, end), _without_flicker(theirs.get(name, []), b, end), waits, end)
            for a in FLICKERS for b in FLICKERS
        ]
        found += min(tried, key=len)
    return found


def event_differences(recorded: Trace, simulated: Trace, end: float) -> list[str]:
    """Kinds of events (type, reason, field path) that only one of the two has, if they come well before the end."""
    def kinds(trace: Trace) -> dict[tuple[str, str, str], float]:
        found: dict[tuple[str, str, str], float] = {}
        for event in trace["events"]:
            found.setdefault((event["type"], event["reason"], event.get("fieldPath", "")), event["t"])
        return found

    ours, theirs = kinds(recorded), kinds(simulated)
    both = {**theirs, **ours}
    return [f"event {key} at {both[key]:.1f} s only in one" for key in ours.keys() ^ theirs.keys() if both[key] < 0.7 * end]


def _spans(points: list[tuple[float, str]], end: float) -> list[Span]:
    kept: list[tuple[float, str]] = []
    for t, value in points:
        if not kept or kept[-1][1] != value:
            kept.append((t, value))
    return [Span(v, t, kept[i + 1][0] if i + 1 < len(kept) else end) for i, (t, v) in enumerate(kept)]


def _without_flicker(spans: list[Span], least: float, end: float) -> list[Span]:
    kept = [(s.start, s.value) for s in spans if s.end - s.start >= least or s.end >= end]
    return _spans(kept, end)


def _allowed(start: float, stop: float, waits: list[Span]) -> float:
    jittered = sum(w.end - w.start for w in waits if w.start < stop and w.end > start)
    return LOOK + DRIFT * (stop - start) + JITTER * jittered


def _compare(name: str, ours: list[Span], theirs: list[Span], waits: list[Span], end: float) -> list[str]:
    shared = min(len(ours), len(theirs))
    if [s.value for s in ours[:shared]] != [s.value for s in theirs[:shared]]:
        return [f"{name}: recorded {[s.value for s in ours]}, simulated {[s.value for s in theirs]}"]
    found = [
        f"{name}: {a.value!r} begins at {a.start:.1f} s, simulated {b.start:.1f} s"
        for a, b in zip(ours, theirs, strict=False) if abs(a.start - b.start) > _allowed(0, a.start, waits)
    ]
    longer = ours if len(ours) > len(theirs) else theirs
    return found + [f"{name}: {s.value!r} at {s.start:.1f} s only in one" for s in longer[shared:] if s.start + _allowed(0, end, waits) < end]
