"""What becomes of the objects that a deleted owner has.                                  controller/garbagecollector

In the background: they are deleted once the owner is gone. In the foreground: they are deleted first, and the owner's
finalizer waits for them. Orphaned: they lose their owner.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.controllers.job_rules import TRACKING
from podsim.cluster.controllers.ownership import controller_of, without_controller
from podsim.cluster.history import subject_of
from podsim.cluster.server import FINALIZERS
from podsim.cluster.store import Object, Revision, key_of

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

DELAY = 10  # ms
OWNED_KINDS = ("ReplicaSet", "Job", "EndpointSlice", "Pod")
OWNERS = ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service")
Steps = Generator[simpy.Event, Any, None]


class GarbageCollector:
    """Follows owner references."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        simulation.store.subscribe(self._hear, *dict.fromkeys((*OWNERS, *OWNED_KINDS)))

    def _hear(self, revision: Revision) -> None:
        obj = revision.object
        if revision.type != "DELETED":
            if "deletionTimestamp" in obj["metadata"] and _finalizers(obj) & set(FINALIZERS.values()):
                self._simulation.process(self._attend(key_of(obj)))
            return
        if obj["kind"] in OWNERS:
            self._simulation.process(self._collect(obj["metadata"]["uid"]))
        if owner := controller_of(obj):
            self._simulation.process(self._attend((owner["kind"], obj["metadata"]["namespace"], owner["name"])))

    def _collect(self, uid: str) -> Steps:
        yield self._simulation.env.timeout(DELAY)
        for obj in self._owned(uid):
            if "deletionTimestamp" not in obj["metadata"]:
                self._delete(obj, foreground=False)

    def _attend(self, key: tuple[str, str, str]) -> Steps:
        """An owner that waits for the end of what it has, or leaves it behind.         processDeletingDependentsItem, orphanDependents"""
        yield self._simulation.env.timeout(DELAY)
        owner = self._simulation.store.get(*key)
        if owner is None or "deletionTimestamp" not in owner["metadata"]:
            return
        marks, owned = _finalizers(owner), self._owned(owner["metadata"]["uid"])
        if FINALIZERS["Orphan"] in marks:
            for obj in owned:
                self._simulation.store.update(without_controller(obj))
        elif FINALIZERS["Foreground"] not in marks:
            return
        elif owned:
            for obj in owned:
                if "deletionTimestamp" not in obj["metadata"]:
                    self._delete(obj, foreground=bool(self._owned(obj["metadata"]["uid"])))
            return
        self._simulation.server.release(_without_finalizers(owner, set(FINALIZERS.values())))

    def _owned(self, uid: str) -> list[Object]:
        every = (obj for kind in OWNED_KINDS for obj in self._simulation.store.list(kind))
        return [obj for obj in every if (owner := controller_of(obj)) is not None and owner["uid"] == uid]

    def _delete(self, obj: Object, *, foreground: bool) -> None:
        """A pod whose Job is gone is counted no more: its finalizer goes first.          job_controller.go syncOrphanPod"""
        server, meta, owner = self._simulation.server, obj["metadata"], controller_of(obj) or {}
        if TRACKING in _finalizers(obj):
            server.release(_without_finalizers(obj, {TRACKING}))
        cause = self._simulation.history.fact("scaled", subject_of(obj), by=owner["name"]).id if obj["kind"] == "Pod" else None
        server.delete(obj["kind"], meta["namespace"], meta["name"], cause=cause, propagation="Foreground" if foreground else "Background")


def _finalizers(obj: Object) -> set[str]:
    return set(obj["metadata"].get("finalizers") or ())


def _without_finalizers(obj: Object, gone: set[str]) -> Object:
    left = [one for one in obj["metadata"].get("finalizers") or () if one not in gone]
    meta = {key: value for key, value in obj["metadata"].items() if key != "finalizers"}
    return {**obj, "metadata": {**meta, **({"finalizers": left} if left else {})}}
