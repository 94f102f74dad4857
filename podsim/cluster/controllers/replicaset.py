"""The ReplicaSet controller: as many pods as wanted, no more.                   controller/replicaset/replica_set.go"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from podsim.cluster.controllers.ownership import claim, pod_of
from podsim.cluster.controllers.plan import Action, Create, Delete, Event, Plan, Related, WriteStatus
from podsim.cluster.controllers.pods import FINISHED, first_to_go, is_active, is_ready, is_terminating, phase, until_available
from podsim.cluster.store import Object

BURST = 500  # pods made or deleted at once, replica_set.go BurstReplicas
ALWAYS_SHOWN = ("replicas", "terminatingReplicas", "observedGeneration")


def reconcile(replica_set: Object, related: Related, now: datetime) -> Plan:
    """Adopts and releases, creates what is missing, deletes what is too much; also for a ReplicationController.

    The status counts the pods as they were before, as the controller does: the changes bring it back.
    """
    found = [p for p in related["Pod"] if phase(p) not in FINISHED]
    mine, actions = claim(replica_set, found)
    active = [p for p in mine if is_active(p)]
    surplus = len(active) - int(replica_set["spec"].get("replicas", 1))
    todo: list[Action] = [*actions]
    for _ in range(min(-surplus, BURST)):
        pod = pod_of(replica_set["spec"]["template"], replica_set, f"{replica_set['metadata']['name']}-")
        todo.append(Create(pod, Event("SuccessfulCreate", "Created pod: {name}")))
    if surplus > 0:
        todo += [Delete(pod, Event("SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}")) for pod in first_to_go(active, now)[: min(surplus, BURST)]]
    least = int(replica_set["spec"].get("minReadySeconds") or 0)
    waits = [wait for p in active if (wait := until_available(p, least, now))]
    return Plan((*todo, WriteStatus(_status(replica_set, active, mine, len(waits)))), again=min(waits, default=None))


def _status(replica_set: Object, active: Sequence[Object], mine: Sequence[Object], not_yet_available: int) -> Object:
    wanted = (replica_set["spec"]["template"].get("metadata") or {}).get("labels") or {}
    ready = sum(map(is_ready, active))
    counts: dict[str, Any] = {
        "availableReplicas": ready - not_yet_available,
        "fullyLabeledReplicas": sum(wanted.items() <= (p["metadata"].get("labels") or {}).items() for p in active),
        "observedGeneration": replica_set["metadata"].get("generation", 1),
        "readyReplicas": ready,
        "replicas": len(active),
    }
    if replica_set["kind"] == "ReplicaSet":
        counts["terminatingReplicas"] = sum(map(is_terminating, mine))
    return {k: v for k, v in sorted(counts.items()) if v or k in ALWAYS_SHOWN}
