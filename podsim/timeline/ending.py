"""The Ending lanes, one for each container that was stopped: preStop, what is left of the grace period, and the two signals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from podsim.cluster.history import Fact
from podsim.timeline.messages import Messages
from podsim.timeline.model import Lane, Mark, Segment
from podsim.timeline.story import MS, Story

Stretch = tuple[Fact, int, bool]  # the first fact, the end in ms, whether KILL was needed
SIGNALS = {"term-sent": "TERM", "kill-sent": "KILL"}
HOOK_ENDS = ("hook-finished", "hook-failed", "hook-outlived", "kill-sent")


@dataclass(frozen=True, slots=True)
class Ending:
    """The lanes (none if nothing was stopped), their signals, and their changes as (fact, lane, before, after)."""

    lanes: list[Lane]
    marks: list[Mark]
    changes: list[tuple[Fact, str, str, str]]


def of(story: Story, words: Messages, containers: Iterable[str]) -> Ending:
    """How each of the containers was stopped; where there are several, a lane says whose it is."""
    found = Ending([], [], [])
    for container in containers:
        _add(found, story, words, container)
    if len(found.lanes) > 1:
        named: list[Lane] = [{**lane, "label": f"{lane['label']} {lane['id'].partition('/')[2]}"} for lane in found.lanes]
        return Ending(named, found.marks, found.changes)
    return found


def _add(found: Ending, story: Story, words: Messages, container: str) -> None:
    segments: list[Segment] = []
    lane = f"ending/{container}"
    hooks, stops = stretches(story, container)
    for first, end, _ in hooks:
        segments.append((first.t / MS, end / MS, "end", words.say("values", "prestop"), "preStop"))
        found.changes.append((first, lane, "-", "preStop"))
    for first, end, killed in stops:
        label = words.say("values", "term-ignored" if killed else "term-exits")
        segments.append((first.t / MS, end / MS, "end", label, words.say("values", "term")))
        found.changes.append((first, lane, "preStop" if any(h[1] == first.t for h in hooks) else "-", "TERM"))
    if segments:
        label = words.say("lanes", "ending")
        found.lanes.append({"id": lane, "group": "ending", "label": label, "kind": "", "segs": _apart(sorted(segments))})
        found.marks.extend((f.t / MS, SIGNALS[f.kind], lane) for f in story.facts_of(*SIGNALS) if f.details.get("container") == container)


def stretches(story: Story, container: str) -> tuple[list[Stretch], list[Stretch]]:
    """The preStop hooks of a container, and what came after TERM."""
    own = [fact for fact in story.facts if fact.details.get("container") == container]
    hooks = [fact for fact in own if fact.kind == "hook-started" and fact.details.get("hook") == "preStop"]
    return _stretches(own, hooks, HOOK_ENDS, story.end), _stretches(own, [fact for fact in own if fact.kind == "term-sent"], ("container-exited",), story.end)


def _stretches(own: list[Fact], begins: list[Fact], ends: tuple[str, ...], last: int) -> list[Stretch]:
    found: list[Stretch] = []
    for fact in begins:
        later = [f for f in own if f.id > fact.id]
        end = next((f.t for f in later if f.kind in ends), last)
        killed = any(f.kind == "kill-sent" and f.t <= end for f in later)
        if found and fact.t < found[-1][1]:
            first, before, was = found[-1]
            found[-1] = (first, max(before, end), was or killed)
        elif end > fact.t:
            found.append((fact, end, killed))
    return found


def _apart(segments: list[Segment]) -> list[Segment]:
    """Segments cut where the next one begins."""
    ends = [s[0] for s in segments[1:]] + [segments[-1][1]]
    return [(a, min(b, end), *rest) for (a, b, *rest), end in zip(segments, ends, strict=True) if min(b, end) > a]  # type: ignore[misc]
