"""One pod's part of a history, read once: what `lanes`, `why` and `world` all look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podsim.cluster.clock import EPOCH
from podsim.cluster.controllers.endpointslice import conditions
from podsim.cluster.history import Fact, History, ProbeAnswer, Revision, Transition
from podsim.kubectl.get import Row, pod_row

MS = 1000
Shown = tuple[int, str, str]  # ms, READY, STATUS


@dataclass(frozen=True, slots=True)
class Look:
    """The pod as stored from `t` ms on, with its kubectl row; `service`: whether a Service would send it traffic."""

    t: int
    pod: Mapping[str, Any]
    row: Row
    service: bool


@dataclass(frozen=True, slots=True)
class Story:
    """Times in ms. `gone` is when the object was removed, `end` how far the lanes reach."""

    pod: str
    until: int
    gone: int | None
    looks: tuple[Look, ...]
    facts: tuple[Fact, ...]
    transitions: tuple[Transition, ...]
    causes: Mapping[int, Fact | Transition]
    probes: tuple[ProbeAnswer, ...]
    events: tuple[Revision, ...]

    @property
    def end(self) -> int:
        """Where the lanes end: at the removal, or where the run ends."""
        return self.until if self.gone is None else self.gone

    @property
    def name(self) -> str:
        """The name without its namespace."""
        return self.pod.rpartition("/")[2]

    def facts_of(self, *kinds: str) -> list[Fact]:
        """The facts of those kinds, oldest first."""
        return [f for f in self.facts if f.kind in kinds]


def read(history: History, pod: str | None = None) -> Story:
    """The story of `pod` ("namespace/name" or a bare name; None: the first one). KeyError if there is none."""
    subject = find(history, pod)
    revisions = history.revisions_of(subject)
    gone = revisions[-1].t if revisions[-1].type == "DELETED" else None
    return Story(
        subject,
        history.until,
        gone,
        tuple(_look(r) for r in revisions if r.type != "DELETED"),
        tuple(f for f in history.facts if f.subject == subject),
        tuple(t for t in history.transitions if t.subject == subject),
        history.causes,
        tuple(p for p in history.probes if p.subject == subject),
        tuple(r for r in history.events if r.type != "DELETED" and _about(r.object) == subject),
    )


def statuses(history: History) -> dict[str, list[Shown]]:
    """Name of each pod -> its READY and STATUS from each time on; the last entry's time is where its lane ends."""
    found = {}
    for subject in history.pods():
        revisions = history.revisions_of(subject)
        rows = [(r.t, pod_row(r.object, EPOCH)) for r in revisions if r.type != "DELETED"]
        end = revisions[-1].t if revisions[-1].type == "DELETED" else history.until
        found[subject.rpartition("/")[2]] = [*((t, row.ready, row.status) for t, row in rows), (end, "", "")]
    return found


def find(history: History, pod: str | None) -> str:
    """The full name of the pod meant; KeyError naming the pods there are."""
    known = history.pods()
    for subject in known:
        if pod in (None, subject, subject.rpartition("/")[2]):
            return subject
    raise KeyError(f"pod {pod!r} is not in this history; there are {', '.join(known) or 'no pods'}")


def in_service(pod: dict[str, Any]) -> bool:
    """Whether a Service that selects the pod sends it new traffic: its endpoint would be ready."""
    shown = conditions(pod)
    return shown is not None and shown["ready"]


def _look(revision: Revision) -> Look:
    return Look(revision.t, revision.object, pod_row(revision.object, EPOCH), in_service(revision.object))


def _about(event: Mapping[str, Any]) -> str:
    about = event["involvedObject"]
    return f"{about.get('namespace', '')}/{about['name']}" if about["kind"] == "Pod" else ""
