"""What happened: revisions, events, calls of the runtime, probes, facts, and every visible change with its cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from podsim.cluster import causes, transitions
from podsim.cluster.causes import Fact, Transition
from podsim.cluster.clock import Clock
from podsim.cluster.store import Object, Revision, Store, key_of
from podsim.cluster.transitions import Change

__all__ = ["Fact", "History", "ProbeAnswer", "Revision", "RuntimeCall", "Transition"]


@dataclass(frozen=True, slots=True)
class RuntimeCall:
    """One call of the container runtime interface, or a pseudo call such as `(exit)`; `t` and `end` in ms."""

    t: int
    end: int
    call: str
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """One probe; `t` in ms, `count` how many equal results in a row the worker has seen, this one included."""

    t: int
    subject: str
    container: str
    probe: str
    result: str
    message: str
    count: int


class History:
    """The record of one cluster. It grows while the cluster runs and is read-only for everybody else."""

    def __init__(self, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._last: dict[tuple[str, str], dict[str, int]] = {}
        self._pods: dict[str, Object] = {}
        self.runtime: list[RuntimeCall] = []
        self.probes: list[ProbeAnswer] = []
        self.facts: list[Fact] = []
        self.transitions: list[Transition] = []
        self.causes: dict[int, Fact | Transition] = {}
        self.not_modelled: dict[str, str] = {}
        store.subscribe(self._note, "Pod")

    @property
    def until(self) -> int:
        """How far the cluster has run, in ms."""
        return self._clock.now

    def wall(self, t: int) -> datetime:
        """The wall clock (UTC) at `t` ms."""
        return self._clock.wall(t)

    @property
    def revisions(self) -> list[Revision]:
        """Every stored revision of every object but Events, oldest first."""
        return [r for r in self._store.revisions if r.object["kind"] != "Event"]

    @property
    def events(self) -> list[Revision]:
        """The revisions of Event objects: a repeated event comes again with a higher count."""
        return [r for r in self._store.revisions if r.object["kind"] == "Event"]

    def fact(self, kind: str, subject: str, *, cause: int | None = None, t: int | None = None, **details: Any) -> Fact:
        """Records a fact now (or at `t` ms); without `cause` the table of causes gives it."""
        if cause is None:
            cause = self._newest(causes.FACT_CAUSES.get(kind, ()), subject, details.get("container"))
        fact = Fact(len(self.causes), self._clock.now if t is None else t, kind, subject, details, cause)
        self.facts.append(fact)
        self.causes[fact.id] = fact
        for place in {"", details.get("container", "")}:
            self._last.setdefault((subject, place), {})[kind] = fact.id
        return fact

    def why(self, change: Fact | Transition) -> tuple[Fact | Transition, ...]:
        """The chain of causes of a transition, oldest first, the transition itself last."""
        chain: list[Fact | Transition] = [change]
        while (cause := chain[-1].cause) is not None:
            chain.append(self.causes[cause])
        return tuple(reversed(chain))

    def at(self, seconds: float) -> list[Object]:
        """The objects stored at that second, in order of creation."""
        held: dict[tuple[str, str, str], Object] = {}
        for revision in self.revisions:
            if revision.t > seconds * 1000:
                break
            if revision.type == "DELETED":
                held.pop(key_of(revision.object), None)
            else:
                held[key_of(revision.object)] = revision.object
        return list(held.values())

    def pods(self) -> list[str]:
        """`namespace/name` of every pod there has been, in order of creation."""
        return list(dict.fromkeys(subject_of(r.object) for r in self.of_kind("Pod")))

    def of_kind(self, kind: str) -> Iterator[Revision]:
        """The revisions of one kind."""
        return (r for r in self._store.revisions if r.object["kind"] == kind)

    def revisions_of(self, subject: str, kind: str = "Pod") -> list[Revision]:
        """The revisions of one object, named `namespace/name`."""
        return [r for r in self.of_kind(kind) if subject_of(r.object) == subject]

    def _newest(self, kinds: Iterable[str], subject: str, container: str | None = None) -> int | None:
        """The id of the newest fact of those kinds about the pod, preferring its container's own."""
        everywhere = self._last.get((subject, ""), {})
        if container is None:
            return max((everywhere[k] for k in kinds if k in everywhere), default=None)
        own = self._last.get((subject, container), {})
        found = [own[k] for k in kinds if k in own]
        found += [i for k in kinds if (i := everywhere.get(k)) is not None and "container" not in self.causes[i].details]
        return max(found, default=None)

    def _note(self, revision: Revision) -> None:
        subject = subject_of(revision.object)
        made: list[Transition] = []
        for change in transitions.between(self._pods.get(subject), revision.object, revision.type):
            cause = _explained_by(change, made)
            if cause is None:
                kinds = causes.kinds_that_explain(change.lane, change.after)
                cause = self._newest(kinds, subject, change.details.get("container"))
            made.append(Transition(len(self.causes), revision.t, change.lane, subject, change.before, change.after, change.details, cause))
            self.causes[made[-1].id] = made[-1]
        self.transitions += made
        if revision.type == "DELETED":
            del self._pods[subject]
        else:
            self._pods[subject] = revision.object


def subject_of(obj: Object) -> str:
    """`namespace/name`."""
    return f"{obj['metadata'].get('namespace', '')}/{obj['metadata']['name']}"


def _explained_by(change: Change, made: list[Transition]) -> int | None:
    """The transition of the same revision that leads to `change`."""
    for start in causes.lanes_that_explain(change.lane):
        own = f"{start}{change.details['container']}" if start == "container/" and "container" in change.details else start
        found = [t.id for t in made if t.lane.startswith(own) and t.details.get("kind") in causes.kinds_that_matter(change.lane)]
        if found:
            return found[-1]
    return None
