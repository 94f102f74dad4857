"""Deletes what a deleted owner leaves behind, in the background.                         controller/garbagecollector"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.controllers.ownership import controller_of
from podsim.cluster.history import subject_of
from podsim.cluster.store import Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

DELAY = 10  # ms
OWNED_KINDS = ("ReplicaSet", "Job", "Pod")


class GarbageCollector:
    """Follows owner references."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        simulation.store.subscribe(self._hear)

    def _hear(self, revision: Revision) -> None:
        if revision.type == "DELETED" and revision.object["kind"] not in ("Pod", "Event"):
            self._simulation.process(self._collect(revision.object["metadata"]["uid"]))

    def _collect(self, uid: str) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(DELAY)
        for kind in OWNED_KINDS:
            for obj in self._simulation.store.list(kind):
                owner = controller_of(obj)
                if owner is not None and owner["uid"] == uid and "deletionTimestamp" not in obj["metadata"]:
                    meta = obj["metadata"]
                    fact = self._simulation.history.fact("scaled", subject_of(obj), by=owner["name"])
                    self._simulation.server.delete(kind, meta["namespace"], meta["name"], cause=fact.id)
