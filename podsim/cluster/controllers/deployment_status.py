"""What a Deployment's status says: counts, Available, Progressing.   controller/deployment/{sync,progress}.go"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from podsim.cluster.clock import read_stamp, write_stamp
from podsim.cluster.controllers.pods import condition
from podsim.cluster.controllers.rollout import fenceposts
from podsim.cluster.store import Object

ALWAYS_SHOWN = ("terminatingReplicas", "observedGeneration")
COMPLETE, TIMED_OUT, PAUSED = "NewReplicaSetAvailable", "ProgressDeadlineExceeded", "DeploymentPaused"
COUNTED = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
REQUEUE = timedelta(seconds=1)  # after the deadline


@dataclass(frozen=True, slots=True)
class Limits:
    """What a Deployment allows: pods wanted, pods more and pods fewer than that during a rollout."""

    replicas: int
    surge: int
    unavailable: int
    recreates: bool
    deadline: int | None

    @classmethod
    def of(cls, deployment: Object) -> Limits:
        """The limits of a spec."""
        spec = deployment["spec"]
        replicas, deadline = int(spec.get("replicas", 1)), spec.get("progressDeadlineSeconds")
        if spec["strategy"]["type"] == "Recreate":
            return cls(replicas, 0, 0, recreates=True, deadline=deadline)
        rolling = spec["strategy"]["rollingUpdate"]
        surge, unavailable = fenceposts(rolling["maxSurge"], rolling["maxUnavailable"], replicas)
        return cls(replicas, surge, min(unavailable, replicas), recreates=False, deadline=deadline)


def replicas_of(replica_set: Object) -> int:
    """The pods that a ReplicaSet wants."""
    return int(replica_set["spec"].get("replicas", 1))


def counted(deployment: Object, sets: Sequence[Object], new: Object | None, limits: Limits, now: datetime) -> Object:
    """The counts and the condition Available; the other conditions stay.                          calculateStatus"""
    total = {k: _sum(sets, k) for k in ("replicas", "readyReplicas", "availableReplicas", "terminatingReplicas")}
    available = total["availableReplicas"]
    counts = {
        **total,
        "observedGeneration": deployment["metadata"].get("generation", 1),
        "unavailableReplicas": max(sum(map(replicas_of, sets)) - available, 0),
        "updatedReplicas": _sum([new] if new else [], "replicas"),
    }
    conditions = list((deployment.get("status") or {}).get("conditions") or ())
    if available >= limits.replicas - limits.unavailable:
        text = ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    else:
        text = ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    shown = {k: v for k, v in counts.items() if v or k in ALWAYS_SHOWN}
    return dict(sorted({**shown, "conditions": _with(conditions, "Available", *text, now)}.items()))


def rolled(deployment: Object, sets: Sequence[Object], new: Object | None, limits: Limits, now: datetime) -> Object:
    """The status during and after a rollout: also how it progresses.                            syncRolloutStatus"""
    status = counted(deployment, sets, new, limits, now)
    if limits.deadline is None:
        return {**status, "conditions": [c for c in status["conditions"] if c["type"] != "Progressing"]}
    known = condition(deployment, "Progressing")
    if known is not None and known["reason"] == COMPLETE and status.get("replicas", 0) == status.get("updatedReplicas", 0):
        return status
    who = f'ReplicaSet "{new["metadata"]["name"]}"' if new else f'Deployment "{deployment["metadata"]["name"]}"'
    if is_complete(deployment, status):
        told = ("True", COMPLETE, f"{who} has successfully progressed.")
    elif _moved(deployment.get("status") or {}, status):
        told = ("True", "ReplicaSetUpdated", f"{who} is progressing.")
    elif _timed_out(known, limits.deadline, now):
        told = ("False", TIMED_OUT, f"{who} has timed out progressing.")
    else:
        return status
    renew = told[1] == "ReplicaSetUpdated"
    return {**status, "conditions": _with(status["conditions"], "Progressing", *told, now, renew=renew)}


def until_deadline(deployment: Object, limits: Limits, now: datetime) -> float | None:
    """Milliseconds until the progress deadline has passed; None if there is nothing to wait for.   requeueStuckDeployment"""
    known = condition(deployment, "Progressing")
    if limits.deadline is None or known is None or known["reason"] in (COMPLETE, TIMED_OUT):
        return None
    due = read_stamp(known["lastUpdateTime"]) + timedelta(seconds=limits.deadline) + REQUEUE
    return max((due - now).total_seconds() * 1000, 0)


def is_complete(deployment: Object, status: Object) -> bool:
    """Whether every wanted pod is of the newest template and available, and no other is left.   DeploymentComplete"""
    wanted = deployment["spec"].get("replicas", 1)
    observed = status.get("observedGeneration", 0) >= deployment["metadata"].get("generation", 1)
    return observed and all(status.get(k, 0) == wanted for k in ("updatedReplicas", "replicas", "availableReplicas"))


def created(deployment: Object, replica_set: str, now: datetime) -> Object:
    """The Deployment that has just made its ReplicaSet."""
    return _progress(deployment, "True", "NewReplicaSetCreated", f'Created new replica set "{replica_set}"', now)


def found(deployment: Object, replica_set: str, now: datetime) -> Object:
    """The Deployment that came upon a ReplicaSet of its template."""
    if condition(deployment, "Progressing") is not None:
        return deployment
    return _progress(deployment, "True", "FoundNewReplicaSet", f'Found new replica set "{replica_set}"', now)


def paused(deployment: Object, now: datetime) -> Object:
    """The Deployment with the condition that tells of a pause, or of its end."""
    known = condition(deployment, "Progressing")
    reason = known["reason"] if known else None
    if reason == TIMED_OUT or bool(deployment["spec"].get("paused")) == (reason == PAUSED):
        return deployment
    told = ("DeploymentResumed", "Deployment is resumed") if reason == PAUSED else (PAUSED, "Deployment is paused")
    return _progress(deployment, "Unknown", *told, now)


def _progress(deployment: Object, status: str, reason: str, message: str, now: datetime) -> Object:
    if deployment["spec"].get("progressDeadlineSeconds") is None:
        return deployment
    old = deployment.get("status") or {}
    conditions = _with(old.get("conditions") or (), "Progressing", status, reason, message, now)
    return {**deployment, "status": {**old, "conditions": conditions}}


def _sum(sets: Sequence[Object], key: str) -> int:
    return sum((s.get("status") or {}).get(key, 0) for s in sets)


def _moved(before: Object, after: Object) -> bool:
    """Whether there are more new, ready or available pods, or fewer old ones.          DeploymentProgressing"""
    old_before, old_after = (s.get("replicas", 0) - s.get("updatedReplicas", 0) for s in (before, after))
    more = any(after.get(k, 0) > before.get(k, 0) for k in ("updatedReplicas", "readyReplicas", "availableReplicas"))
    return more or old_after < old_before


def _timed_out(known: Object | None, deadline: int, now: datetime) -> bool:
    if known is None or known["reason"] == COMPLETE:
        return False
    return known["reason"] == TIMED_OUT or read_stamp(known["lastUpdateTime"]) + timedelta(seconds=deadline) < now


def _with(conditions: Sequence[Object], type_: str, status: str, reason: str, message: str, now: datetime, *, renew: bool = False) -> list[Object]:
    """A changed condition moves to the end; an equal one stays unless `renew`.              SetDeploymentCondition"""
    old = next((c for c in conditions if c["type"] == type_), None)
    if old and (old["status"], old["reason"]) == (status, reason) and not renew:
        return list(conditions)
    stamp = write_stamp(now)
    since = old["lastTransitionTime"] if old and old["status"] == status else stamp
    new = {"lastTransitionTime": since, "lastUpdateTime": stamp, "message": message, "reason": reason, "status": status, "type": type_}
    return [*(c for c in conditions if c["type"] != type_), new]
