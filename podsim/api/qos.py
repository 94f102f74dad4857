"""The quality of service class of a pod.                              apis/core/v1/helper/qos ComputePodQOS"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from podsim.api.quantity import Quantity

Class = Literal["Guaranteed", "Burstable", "BestEffort"]
COUNTED = ("cpu", "memory")
NOTHING = Quantity("0")


def qos_class(pod: Mapping[str, Any]) -> Class:
    """The class of a defaulted pod: only cpu and memory count, and zero is nothing.

    Pod-level resources alone decide where they are given.
    """
    spec = pod["spec"]
    own = spec.get("resources") or {}
    if own.get("requests") or own.get("limits"):
        return _class([own])
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    return _class([c.get("resources") or {} for c in containers])


def _class(parts: Iterable[Mapping[str, Any]]) -> Class:
    requests: dict[str, Quantity] = {}
    limits: dict[str, Quantity] = {}
    complete = True
    for part in parts:
        _add(requests, part.get("requests"))
        own = _add(limits, part.get("limits"))
        complete &= own == set(COUNTED)
    if not requests and not limits:
        return "BestEffort"
    guaranteed = complete and requests.keys() == limits.keys() and all(requests[name] == limits[name] for name in limits)
    return "Guaranteed" if guaranteed else "Burstable"


def _add(total: dict[str, Quantity], more: Mapping[str, Any] | None) -> set[str]:
    """Adds the counted, non-zero amounts; gives their names."""
    found: set[str] = set()
    for name in COUNTED:
        if more and name in more and (amount := Quantity(str(more[name]))) > NOTHING:
            found.add(name)
            total[name] = total[name] + amount if name in total else amount
    return found
