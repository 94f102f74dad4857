"""The Ending lane: preStop, what is left of the grace period, and the two signals."""

from __future__ import annotations

from dataclasses import dataclass

from podsim.cluster.history import Fact
from podsim.timeline.messages import Messages
from podsim.timeline.model import Lane, Mark, Segment
from podsim.timeline.story import MS, Story

Stretch = tuple[Fact, int, bool]  # the first fact, the end in ms, whether KILL was needed
SIGNALS = {"term-sent": "TERM", "kill-sent": "KILL"}


@dataclass(frozen=True, slots=True)
class Ending:
    """The lane (none if nothing was stopped), its signals, and its changes as (fact, before, after)."""

    lanes: list[Lane]
    marks: list[Mark]
    changes: list[tuple[Fact, str, str]]


def of(story: Story, words: Messages) -> Ending:
    """How the containers of the pod were stopped; stops that overlap share one stretch of the lane."""
    segments: list[Segment] = []
    changes: list[tuple[Fact, str, str]] = []
    hooks, stops = stretches(story)
    for first, end, _ in hooks:
        segments.append((first.t / MS, end / MS, "end", words.say("values", "prestop"), "preStop"))
        changes.append((first, "-", "preStop"))
    for first, end, killed in stops:
        label = words.say("values", "term-ignored" if killed else "term-exits")
        segments.append((first.t / MS, end / MS, "end", label, words.say("values", "term")))
        changes.append((first, "preStop" if any(h[1] == first.t for h in hooks) else "-", "TERM"))
    marks: list[Mark] = [(f.t / MS, SIGNALS[f.kind], "signal") for f in story.facts_of(*SIGNALS)]
    if not segments:
        return Ending([], [], [])
    label = words.say("lanes", "ending")
    lane: Lane = {"id": "ending", "group": "ending", "label": label, "kind": "", "segs": _apart(sorted(segments))}
    return Ending([lane], list(dict.fromkeys(marks)), changes)


def stretches(story: Story) -> tuple[list[Stretch], list[Stretch]]:
    """The preStop hooks, and what came after TERM; those of several containers that overlap are one."""
    hooks = _stretches(story, "hook-started", ("hook-finished", "hook-failed", "hook-outlived", "kill-sent"), hook="preStop")
    return hooks, _stretches(story, "term-sent", ("container-exited",))


def _stretches(story: Story, start: str, ends: tuple[str, ...], **wanted: str) -> list[Stretch]:
    found: list[Stretch] = []
    for fact in story.facts_of(start):
        if any(fact.details.get(k) != v for k, v in wanted.items()):
            continue
        later = [
            f for f in story.facts if f.id > fact.id and f.details.get("container") == fact.details.get("container")
        ]
        end = next((f.t for f in later if f.kind in ends), story.end)
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
