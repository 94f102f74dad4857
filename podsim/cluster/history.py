"""What happened: revisions, events, calls of the runtime, probes, facts, and every visible change with its cause."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from podsim.cluster import causes, transitions, unmodelled
from podsim.cluster.causes import Fact, Transition
from podsim.cluster.clock import Clock
from podsim.cluster.scenario import Scenario
from podsim.cluster.store import Object, Revision, Store, key_of
from podsim.cluster.unmodelled import Note

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


ANY = "*"  # any container, any probe
EMPTY_WORLD = Scenario()


class History:
    """The record of one cluster. It grows while the cluster runs and is read-only for everybody else."""

    def __init__(self, clock: Clock, store: Store, scenario: Scenario = EMPTY_WORLD) -> None:
        self._clock = clock
        self._store = store
        self._scenario = scenario
        self._last: dict[str, dict[tuple[str, str], dict[str, list[int]]]] = {}  # subject -> (container, probe) -> kind -> ids
        self._pods: dict[str, Object] = {}
        self._writer = ""
        self.as_of: int | None = None  # a revision stored now tells of the facts before this id, None: of all
        self.runtime: list[RuntimeCall] = []
        self.probes: list[ProbeAnswer] = []
        self.facts: list[Fact] = []
        self.transitions: list[Transition] = []
        self.causes: dict[int, Fact | Transition] = {}
        self.notes: dict[str, Note] = {}  # of what has been asked for and is left out, by its path
        store.subscribe(self._note, "Pod", *causes.AWAITED)

    @property
    def until(self) -> int:
        """How far the cluster has run, in ms."""
        return self._clock.now

    @property
    def not_modelled(self) -> dict[str, Note]:
        """What manifests, actions and the scenario ask for and the simulation leaves out, by path."""
        specs: list[Object] = []
        for revision in self.of_kind("Pod"):
            if not specs or revision.object["spec"] is not specs[-1]:
                specs.append(revision.object["spec"])
        return {**self.notes, **dict(unmodelled.without_effect(self._scenario, specs))}

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

    def fact(self, kind: str, subject: str, *, cause: int | None = None, **details: Any) -> Fact:
        """Records a fact now; without `cause` the table of causes gives it. A pod of an old name begins anew."""
        if cause is None:
            cause = self.newest(subject, causes.FACT_CAUSES.get(kind, ()), details.get("container"), details.get("probe"))
        fact = Fact(len(self.causes), self._clock.now, kind, subject, details, cause)
        self.facts.append(fact)
        self.causes[fact.id] = fact
        if kind == "created":
            self._last.pop(subject, None)
        container, last = details.get("container", ""), self._last.setdefault(subject, {})
        for place in ((container, details.get("probe", "")), (container, ANY), (ANY, ANY)):
            last.setdefault(place, {}).setdefault(kind, []).append(fact.id)
        return fact

    def newest(self, subject: str, kinds: Sequence[str], container: str | None = None, probe: str | None = None) -> int | None:
        """The id of the newest fact of those kinds about the object, None if there is none.

        With `container`: about that container, or the pod as a whole; with `probe` too: none about another probe.
        """
        places = [(ANY, ANY)] if container is None else [("", ""), (container, ANY)] if probe is None else [("", ""), (container, ""), (container, probe)]
        last = self._last.get(subject, {})
        ids = (found[k] for place in places if (found := last.get(place)) for k in kinds if k in found)
        return max((i for one in ids if (i := self._before(one)) is not None), default=None)

    def _before(self, ids: list[int]) -> int | None:
        """The last of `ids` that counts now."""
        if self.as_of is None or ids[-1] < self.as_of:
            return ids[-1]
        place = bisect_left(ids, self.as_of)
        return ids[place - 1] if place else None

    @contextmanager
    def written_by(self, component: str) -> Iterator[None]:
        """What is stored inside is the work of that component, not of somebody outside."""
        self._writer = component
        try:
            yield
        finally:
            self._writer = ""

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

    def _note(self, revision: Revision) -> None:
        kind = revision.object["kind"]
        if kind != "Pod":
            name = revision.object["metadata"]["name"]
            self.fact(causes.OBJECT_FACTS[revision.type], object_subject(revision.object), object=kind, name=name, by=self._writer)
            return
        subject = subject_of(revision.object)
        made: list[Transition] = []
        for change in transitions.between(self._pods.get(subject), revision.object, revision.type):
            cause = causes.of_transition(change, made, partial(self.newest, subject))
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



def object_subject(obj: Object) -> str:
    """How facts name an object that is no pod: `Kind/namespace/name`."""
    return f"{obj['kind']}/{subject_of(obj)}"
