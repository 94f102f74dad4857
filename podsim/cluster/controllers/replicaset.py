"""The ReplicaSet controller: as many pods as wanted, no more.                   controller/replicaset/replica_set.go"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from podsim.cluster.clock import Clock, read_stamp
from podsim.cluster.controllers.ownership import FINISHED, condition, is_active, is_ready, owned, pod_of
from podsim.cluster.controllers.queue import Queue
from podsim.cluster.history import subject_of
from podsim.cluster.store import Object

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

DELAY = 9  # ms from a change to the sync
SOURCE = {"ReplicaSet": "replicaset-controller", "ReplicationController": "replication-controller"}
PHASE_RANK = {"Pending": 0, "Unknown": 1, "Running": 2}


class ReplicaSets:
    """Keeps the pods of ReplicaSets (or ReplicationControllers)."""

    def __init__(self, simulation: Simulation, kind: str = "ReplicaSet") -> None:
        self._simulation = simulation
        self._kind = kind
        Queue(simulation, kind, ("Pod",), DELAY, self._reconcile)

    def _reconcile(self, namespace: str, name: str) -> float | None:
        simulation = self._simulation
        replica_set = simulation.store.get(self._kind, namespace, name)
        if replica_set is None:
            return None
        pods = owned(simulation.store, "Pod", replica_set)
        active = [p for p in pods if is_active(p)]
        surplus = len(active) - int(replica_set["spec"].get("replicas", 1))
        for _ in range(-surplus):
            self._create(replica_set)
        for pod in victims(active, surplus):
            self._delete(replica_set, pod)
        now = owned(simulation.store, "Pod", replica_set)
        return self._write_status(replica_set, now)

    def _create(self, replica_set: Object) -> None:
        template = replica_set["spec"]["template"]
        made = self._simulation.server.create(pod_of(template, replica_set, f"{replica_set['metadata']['name']}-")).object
        self._tell(replica_set, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")

    def _delete(self, replica_set: Object, pod: Object) -> None:
        simulation = self._simulation
        fact = simulation.history.fact("scaled", subject_of(pod), by=replica_set["metadata"]["name"])
        simulation.server.delete("Pod", pod["metadata"]["namespace"], pod["metadata"]["name"], cause=fact.id)
        self._tell(replica_set, "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}")

    def _tell(self, replica_set: Object, reason: str, message: str) -> None:
        self._simulation.recorder.event(replica_set, "Normal", reason, message, SOURCE[self._kind])

    def _write_status(self, replica_set: Object, pods: list[Object]) -> float | None:
        """Counts the pods; gives the ms until one of them becomes available."""
        clock, least = self._simulation.clock, int(replica_set["spec"].get("minReadySeconds", 0))
        active = [p for p in pods if is_active(p)]
        waits = [wait for p in active if is_ready(p) and (wait := until_available(p, least, clock)) > 0]
        ready = sum(map(is_ready, active))
        counts: dict[str, Any] = {
            "availableReplicas": ready - len(waits), "fullyLabeledReplicas": len(active),
            "observedGeneration": replica_set["metadata"].get("generation", 1), "readyReplicas": ready, "replicas": len(active),
            "terminatingReplicas": sum("deletionTimestamp" in p["metadata"] and p["status"].get("phase") not in FINISHED for p in pods),
        }  # fmt: skip
        kept = ("replicas", "terminatingReplicas", "observedGeneration")
        status = {k: v for k, v in counts.items() if v or k in kept}
        meta = replica_set["metadata"]
        self._simulation.server.update_status(self._kind, meta["namespace"], meta["name"], lambda _: status)
        return min(waits, default=None)


def until_available(pod: Object, least: int, clock: Clock) -> float:
    """How long (ms) until a ready pod has been ready for `least` seconds; 0 or less: it is available."""
    ready = condition(pod, "Ready")
    if not least or ready is None:
        return 0
    return (read_stamp(ready["lastTransitionTime"]) + timedelta(seconds=least) - clock.wall()).total_seconds() * 1000


def victims(active: list[Object], surplus: int) -> list[Object]:
    """The pods to delete first: unscheduled, Pending, not ready, cheap, younger.        controller_utils.go ActivePodsWithRanks"""
    def rank(pod: Object) -> tuple[Any, ...]:
        ready = condition(pod, "Ready")
        cost = int((pod["metadata"].get("annotations") or {}).get("controller.kubernetes.io/pod-deletion-cost", "0"))
        restarts = sum(c.get("restartCount", 0) for c in pod["status"].get("containerStatuses") or ())
        since = ready["lastTransitionTime"] if ready else ""
        return (
            bool(pod["spec"].get("nodeName")), PHASE_RANK.get(pod["status"].get("phase", "Pending"), 0), is_ready(pod), cost,
            _descending(since), -restarts, _descending(pod["metadata"]["creationTimestamp"]),
        )  # fmt: skip

    return sorted(active, key=rank)[: max(surplus, 0)]


def _descending(stamp: str) -> float:
    """Younger first."""
    return -read_stamp(stamp).timestamp() if stamp else 0.0
