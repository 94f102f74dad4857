"""Deletes what a deleted owner leaves behind, in the background.                         controller/garbagecollector"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.controllers.job_rules import TRACKING
from podsim.cluster.controllers.ownership import controller_of
from podsim.cluster.history import subject_of
from podsim.cluster.store import Object, Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

DELAY = 10  # ms
OWNED_KINDS = ("ReplicaSet", "Job", "EndpointSlice", "Pod")
OWNERS = ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service")


class GarbageCollector:
    """Follows owner references."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        simulation.store.subscribe(self._hear, *OWNERS)

    def _hear(self, revision: Revision) -> None:
        if revision.type == "DELETED":
            self._simulation.process(self._collect(revision.object["metadata"]["uid"]))

    def _collect(self, uid: str) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(DELAY)
        for kind in OWNED_KINDS:
            for obj in self._simulation.store.list(kind):
                owner = controller_of(obj)
                if owner is not None and owner["uid"] == uid and "deletionTimestamp" not in obj["metadata"]:
                    self._delete(obj, owner["name"])

    def _delete(self, obj: Object, owner: str) -> None:
        """A pod whose Job is gone is counted no more: its finalizer goes first.          job_controller.go syncOrphanPod"""
        server, meta = self._simulation.server, obj["metadata"]
        if TRACKING in (meta.get("finalizers") or ()):
            left = [f for f in meta["finalizers"] if f != TRACKING]
            server.release({**obj, "metadata": {**{k: v for k, v in meta.items() if k != "finalizers"}, **({"finalizers": left} if left else {})}})
        cause = self._simulation.history.fact("scaled", subject_of(obj), by=owner).id if obj["kind"] == "Pod" else None
        server.delete(obj["kind"], meta["namespace"], meta["name"], cause=cause)
