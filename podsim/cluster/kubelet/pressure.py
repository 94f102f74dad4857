"""What the kubelet says when its node runs out of something.                                    kubelet eviction/helpers.go"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from podsim.api.quantity import Quantity
from podsim.api.resources import pod_requests
from podsim.cluster.scenario import Pressure
from podsim.cluster.scheduler.world import priority_of

CONDITIONS = {"memory": "MemoryPressure", "ephemeral-storage": "DiskPressure", "inodes": "DiskPressure", "pids": "PIDPressure"}
LASTS = 300_000  # ms that the node's condition stays; evictionPressureTransitionPeriod
GRACE = 1  # s, whatever the pod asks for; immediateEvictionGracePeriodSeconds
REASON = "Evicted"


def message(pressure: Pressure, pod: Mapping[str, Any], usage: Mapping[str, str]) -> str:
    """Why a pod is evicted: the threshold, and the containers that use more than they requested.       evictionMessage"""
    text = f"The node was low on resource: {pressure.resource}. "
    text += f"Threshold quantity: {pressure.threshold}, available: {pressure.available}. "
    for container in (*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or ())):
        request = str(((container.get("resources") or {}).get("requests") or {}).get(pressure.resource, "0"))
        used = usage.get(container["name"])
        if used is not None and Quantity(used) > Quantity(request):
            name = container["name"]
            text += f"Container {name} was using {used}, request is {request}, has larger consumption of {pressure.resource}. "
    return text


def rank(pod: Mapping[str, Any], usage: Mapping[str, str], resource: str) -> tuple[bool, int, Fraction]:
    """A pod's place in the order of eviction, the least goes first.         rankMemoryPressure, rankDiskPressureFunc

    Usage (by container) above the request comes first, then the lower priority, then the larger excess.
    """
    used = sum(Quantity(amount).amount for amount in usage.values())
    excess = used - Quantity(pod_requests(pod).get(resource, "0")).amount
    return excess <= 0, priority_of(dict(pod)), -excess


def disruption(text: str, generation: int) -> dict[str, Any]:
    """The condition of an evicted pod, but for its time."""
    return {
        "type": "DisruptionTarget", "observedGeneration": generation, "status": "True", "lastProbeTime": None,
        "lastTransitionTime": None, "reason": "TerminationByKubelet", "message": text,
    }  # fmt: skip
