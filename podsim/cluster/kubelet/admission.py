"""Whether a kubelet takes a pod that is bound to its node.              kubelet lifecycle/predicate.go, eviction_manager.go Admit"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from podsim.api.qos import qos_class
from podsim.cluster.scheduler.filters import node_affinity, node_ports, tolerated
from podsim.cluster.scheduler.world import NodeInfo, World, allocatable_of, priority_of, requests_of

Json = dict[str, Any]
Refusal = tuple[str, str]  # reason and message
CRITICAL = 2_000_000_000  # priority; apis/scheduling SystemCriticalPriority
MEMORY_TAINT = {"key": "node.kubernetes.io/memory-pressure", "effect": "NoSchedule"}
PREDICATES = {
    "NodeAffinity": "node(s) didn't match Pod's node affinity/selector",
    "NodePorts": "node(s) didn't have free ports for the requested pod ports",
    "TaintToleration": "node(s) had untolerated taint(s)",
}


def is_critical(pod: Json) -> bool:
    """Whether the pod is one that nodes keep at any price.                                  kubelet types IsCriticalPod"""
    return priority_of(pod) >= CRITICAL


def under_pressure(pod: Json, pressures: Collection[str]) -> Refusal | None:
    """Why a node with these conditions does not take the pod: memory pressure keeps BestEffort pods out, others all."""
    spared = qos_class(pod) != "BestEffort" or tolerated(MEMORY_TAINT, pod)
    if not pressures or is_critical(pod) or (spared and set(pressures) == {"MemoryPressure"}):
        return None
    return "Evicted", f"The node had condition: [{' '.join(pressures)}]. "


def misfit(pod: Json, node: Json, others: NodeInfo) -> Refusal | None:
    """Why the pod does not fit beside those that the node has; the first reason counts.          scheduler AdmissionCheck"""
    for name, message in shortfalls(pod, node, others):
        return f"OutOf{name}", message
    world = World([node], {node["metadata"]["name"]: others})
    broken = {
        "NodeAffinity": node_affinity(pod, node, world),
        "NodePorts": node_ports(pod, node, world),
        "TaintToleration": any(t["effect"] == "NoExecute" and not tolerated(t, pod) for t in node["spec"].get("taints") or ()),
    }
    return next(((name, f"Predicate {name} failed: {PREDICATES[name]}") for name, is_broken in broken.items() if is_broken), None)


def shortfalls(pod: Json, node: Json, others: NodeInfo) -> Iterator[tuple[str, str]]:
    """(resource, message) of everything that the node has too little of; cpu in milli.           noderesources/fit.go Fits"""
    capacity = allocatable_of(node)
    wanted = {"pods": 1, **{name: amount for name, amount in requests_of(pod).items() if "/" not in name or name in capacity}}
    used = {**others.requested, "pods": len(others)}
    for name, amount in wanted.items():
        if amount and amount > capacity.get(name, 0) - used.get(name, 0):
            sums = f"requested: {amount}, used: {used.get(name, 0)}, capacity: {capacity.get(name, 0)}"
            yield name, f"Node didn't have enough resource: {name}, {sums}"
