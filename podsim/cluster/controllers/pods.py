"""What controllers ask of a pod: does it count, is it available, which one goes first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cmp_to_key

from podsim.cluster.clock import read_stamp
from podsim.cluster.store import Object

FINISHED = ("Succeeded", "Failed")
PHASE_RANKS = {"Pending": 0, "Unknown": 1, "Running": 2}
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"


def condition(obj: Object, type_: str) -> Object | None:
    """A condition of an object's status."""
    return next((c for c in (obj.get("status") or {}).get("conditions") or () if c["type"] == type_), None)


def phase(pod: Object) -> str:
    """The pod's phase."""
    return str((pod.get("status") or {}).get("phase", "Pending"))


def is_active(pod: Object) -> bool:
    """Whether a pod counts as one of the wanted: not finished, not being deleted.              IsPodActive"""
    return phase(pod) not in FINISHED and "deletionTimestamp" not in pod["metadata"]


def is_terminating(pod: Object) -> bool:
    """Whether a pod is being deleted and still has something to stop.                      IsPodTerminating"""
    return phase(pod) not in FINISHED and "deletionTimestamp" in pod["metadata"]


def is_ready(pod: Object) -> bool:
    """Whether the pod's condition Ready is True."""
    found = condition(pod, "Ready")
    return found is not None and found["status"] == "True"


def until_available(pod: Object, least: int, now: datetime) -> float | None:
    """Milliseconds until a ready pod has been ready for `least` seconds: 0 if it is available; None if it is not ready."""
    ready = condition(pod, "Ready")
    if ready is None or ready["status"] != "True":
        return None
    if not least:
        return 0
    due = read_stamp(ready["lastTransitionTime"]) + timedelta(seconds=least)
    return max((due - now).total_seconds() * 1000, 0)


def first_to_go(pods: Sequence[Object], now: datetime) -> list[Object]:
    """The pods in the order in which a scale-down takes them.            controller_utils.go ActivePodsWithRanks

    Unscheduled, Pending, not ready; then cheaper, doubled up on a node, ready for a shorter time, more restarts, younger.
    Times are compared on a log2 scale of their age; unequal ones of the same magnitude by uid.
    """
    neighbours = Counter(p["spec"].get("nodeName") for p in pods)

    def rank(pod: Object) -> tuple[bool, int, bool, int, int]:
        cost = int((pod["metadata"].get("annotations") or {}).get(DELETION_COST, "0"))
        return bool(pod["spec"].get("nodeName")), PHASE_RANKS.get(phase(pod), 0), is_ready(pod), cost, -neighbours[pod["spec"].get("nodeName")]

    def compare(a: Object, b: Object) -> int:
        if rank(a) != rank(b):
            return -1 if rank(a) < rank(b) else 1
        by_readiness = _younger_first(_ready_since(a), _ready_since(b), a, b, now) if is_ready(a) else 0
        by_age = _younger_first(a["metadata"]["creationTimestamp"], b["metadata"]["creationTimestamp"], a, b, now)
        return by_readiness or _restarts(b) - _restarts(a) or by_age

    return sorted(pods, key=cmp_to_key(compare))


def _ready_since(pod: Object) -> str:
    ready = condition(pod, "Ready")
    return ready["lastTransitionTime"] if ready else ""


def _restarts(pod: Object) -> int:
    return max((s.get("restartCount", 0) for s in (pod.get("status") or {}).get("containerStatuses") or ()), default=0)


def _younger_first(since_a: str, since_b: str, a: Object, b: Object, now: datetime) -> int:
    if since_a == since_b:
        return 0
    difference = _magnitude(since_a, now) - _magnitude(since_b, now)
    return difference or (-1 if a["metadata"]["uid"] < b["metadata"]["uid"] else 1)


def _magnitude(since: str, now: datetime) -> int:
    age = (now - read_stamp(since)) / timedelta(microseconds=1) * 1000  # ns
    return math.floor(math.log2(age)) if age > 0 else -1
