"""The process around a controller's decision: it waits for changes, asks for a plan and carries it out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import simpy

from podsim.api.errors import Rejected
from podsim.cluster.controllers.ownership import controller_of, owns, wants
from podsim.cluster.controllers.plan import Action, Create, Delete, Event, Plan, Related, Update, WriteStatus
from podsim.cluster.history import subject_of
from podsim.cluster.store import Object, Revision, Store

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

RETRY, RETRY_MAX = 5, 1_000_000  # ms; client-go DefaultControllerRateLimiter


def owners(store: Store, kind: str, revision: Revision) -> list[Object]:
    """The object's controller, or those that could adopt it; a cluster-scoped one concerns all."""
    obj = revision.object
    namespace, ref = obj["metadata"].get("namespace"), controller_of(obj)
    if ref is None:
        return [o for o in store.list(kind, namespace) if namespace is None or wants(o, obj)]
    owner = store.get(kind, namespace or "", ref["name"])
    return [owner] if owner is not None and owns(owner, obj) else []


@dataclass(frozen=True, slots=True)
class Controller:
    """One controller: what it looks after, what wakes it, how soon (ms), and its decision.

    `batch`: ms in which changes of what it owns, and of its own status, are gathered; None: as soon as others.
    `concerned`: which objects of its kind a change of a watched one concerns.
    """

    kind: str
    source: str
    watched: tuple[str, ...]
    related: Callable[[Store, Object], Related]
    reconcile: Callable[[Object, Related, datetime], Plan]
    delay: int = 8
    batch: int | None = None
    concerned: Callable[[Store, str, Revision], list[Object]] = owners


class Loop:
    """Runs one controller; a request while another one waits is merged with it, the earlier time counts."""

    def __init__(self, simulation: Simulation, controller: Controller) -> None:
        self._simulation = simulation
        self._controller = controller
        self._due: dict[tuple[str, str], float] = {}
        self._generations: dict[str, int] = {}
        self._failures: dict[tuple[str, str], int] = {}
        simulation.store.subscribe(self._hear, controller.kind, *controller.watched)

    def _hear(self, revision: Revision) -> None:
        controller, obj = self._controller, revision.object
        gathered = controller.delay if controller.batch is None else controller.batch
        if obj["kind"] == controller.kind:
            if revision.type != "DELETED":
                self._ask(obj, controller.delay if self._is_news(obj) else gathered)
        else:
            for owner in controller.concerned(self._simulation.store, controller.kind, revision):
                self._ask(owner, gathered)

    def _is_news(self, obj: Object) -> bool:
        """Whether the spec of the object has changed since it was last heard of."""
        uid, generation = obj["metadata"]["uid"], int(obj["metadata"].get("generation", 1))
        known, self._generations[uid] = self._generations.get(uid), generation
        return known != generation

    def _ask(self, obj: Object, delay: float) -> None:
        self._ask_for((obj["metadata"]["namespace"], obj["metadata"]["name"]), delay)

    def _ask_for(self, key: tuple[str, str], delay: float) -> None:
        due = self._simulation.env.now + delay
        if due < self._due.get(key, float("inf")):
            self._due[key] = due
            self._simulation.process(self._work(key, delay))

    def _work(self, key: tuple[str, str], delay: float) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(delay)
        if self._due.get(key) != self._simulation.env.now:
            return
        del self._due[key]
        store, controller = self._simulation.store, self._controller
        owner = store.get(controller.kind, *key)
        if owner is None:
            return
        plan = controller.reconcile(owner, controller.related(store, owner), self._simulation.clock.wall())
        if "deletionTimestamp" in owner["metadata"]:
            plan = Plan(tuple(action for action in plan.actions if isinstance(action, WriteStatus)))
        refused = sum(not self._carry_out(action, owner) for action in plan.actions)
        self._failures[key] = self._failures.get(key, 0) + 1 if refused else 0
        if refused:
            self._simulation.process(self._later(key, min(RETRY * 2 ** (self._failures[key] - 1), RETRY_MAX)))
        elif plan.again is not None:
            self._simulation.process(self._later(key, plan.again))

    def _later(self, key: tuple[str, str], delay: float) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(round(delay))
        self._ask_for(key, 0)

    def _carry_out(self, action: Action, owner: Object) -> bool:
        """Whether the server let it."""
        server, meta = self._simulation.server, owner["metadata"]
        try:
            match action:
                case Create(obj, event):
                    made = server.create(obj).object
                    if event is not None:
                        self._tell(owner, event, name=made["metadata"]["name"])
                case Delete(obj, event):
                    cause = self._simulation.history.fact("scaled", subject_of(obj), by=meta["name"]).id if obj["kind"] == "Pod" else None
                    server.delete(obj["kind"], obj["metadata"]["namespace"], obj["metadata"]["name"], cause=cause)
                    if event is not None:
                        self._tell(owner, event)
                case Update(obj):
                    server.release(obj)
                case WriteStatus(status):
                    server.update_status(owner["kind"], meta["namespace"], meta["name"], lambda _: status)
                case Event():
                    self._tell(owner, action)
        except Rejected as refusal:
            if isinstance(action, Create):
                self._tell(owner, Event("FailedCreate", f"Error creating: {refusal.message}", "Warning"))
            return False
        return True

    def _tell(self, owner: Object, event: Event, **names: str) -> None:
        message = event.message.format(**names) if names else event.message
        self._simulation.recorder.event(owner, event.type, event.reason, message, self._controller.source)
