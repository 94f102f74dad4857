"""The work queue of a controller: a change asks for a reconciliation a little later, requests meanwhile are merged."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.api.errors import Rejected
from podsim.cluster.controllers.ownership import controller_of
from podsim.cluster.store import Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

Reconcile = Callable[[str, str], float | None]  # namespace, name -> ms after which to look again


class Queue:
    """Reconciles the objects of `kind` when they, or what they own of `watched` kinds, change; `delay` in ms."""

    def __init__(self, simulation: Simulation, kind: str, watched: tuple[str, ...], delay: int, reconcile: Reconcile) -> None:
        self._simulation = simulation
        self._kind = kind
        self._watched = watched
        self._delay = delay
        self._reconcile = reconcile
        self._queued: set[tuple[str, str]] = set()
        simulation.store.subscribe(self._hear)

    def _hear(self, revision: Revision) -> None:
        obj = revision.object
        namespace = obj["metadata"].get("namespace", "")
        if obj["kind"] == self._kind and revision.type != "DELETED":
            self.ask(namespace, obj["metadata"]["name"], self._delay)
        elif obj["kind"] in self._watched:
            owner = controller_of(obj)
            if owner is not None and owner["kind"] == self._kind:
                self.ask(namespace, owner["name"], self._delay)

    def ask(self, namespace: str, name: str, delay: float) -> None:
        """Asks for a reconciliation in `delay` ms."""
        if (namespace, name) not in self._queued:
            self._queued.add((namespace, name))
            self._simulation.process(self._work(namespace, name, delay))

    def _work(self, namespace: str, name: str, delay: float) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(delay)
        self._queued.discard((namespace, name))
        obj = self._simulation.store.get(self._kind, namespace, name)
        if obj is None or "deletionTimestamp" in obj["metadata"]:
            return
        try:
            again = self._reconcile(namespace, name)
        except Rejected as refusal:
            self._simulation.recorder.event(obj, "Warning", "FailedCreate", f"Error creating: {refusal.message}", f"{self._kind.lower()}-controller")
            return
        if again is not None:
            self._simulation.process(self._later(namespace, name, again))

    def _later(self, namespace: str, name: str, delay: float) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(delay)
        self.ask(namespace, name, 0)
