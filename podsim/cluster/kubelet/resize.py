"""In-place resize: whether the node has room, what it takes, and what is said of it.

kubelet allocation/allocation_manager.go, kuberuntime_manager.go computePodResizeAction, events/event.go
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from podsim.cluster.kubelet.admission import shortfalls
from podsim.cluster.kubelet.runtime import PodRuntime, Record
from podsim.cluster.kubelet.spec import Container, PodSpec
from podsim.cluster.scheduler.world import NodeInfo, allocatable_of, requests_of

Json = dict[str, Any]
Resources = Mapping[str, Json]  # container -> its `resources`
LISTS = ("containers", "initContainers")
PENDING, IN_PROGRESS = "PodResizePending", "PodResizeInProgress"
RETRY = 180_000  # ms between looks at a resize that has to wait; retryInterval


def resources_of(pod: Mapping[str, Any]) -> Resources:
    """What the containers ask for that can be resized: regular ones and sidecars.                  IsResizableContainer"""
    return {c["name"]: c.get("resources") or {} for _, c in _resizable(pod)}


def with_resources(pod: Mapping[str, Any], given: Resources) -> Json:
    """The pod, its containers with other resources.                                              UpdatePodFromAllocation"""
    spec = pod["spec"]
    changed = {key: [{**c, "resources": given.get(c["name"], c.get("resources") or {})} for c in spec[key]] for key in LISTS if spec.get(key)}
    return {**pod, "spec": {**spec, **changed}}


def refusal(pod: Json, node: Json, others: NodeInfo) -> tuple[str, str] | None:
    """Reason and message where the node has no room for what the pod wants now: never (Infeasible), or not yet (Deferred)."""
    wanted, capacity = requests_of(pod), allocatable_of(node)
    for name in ("memory", "cpu"):
        if wanted.get(name, 0) > capacity.get(name, 0):
            return "Infeasible", f"Node didn't have enough capacity: {name}, requested: {wanted[name]}, capacity: {capacity.get(name, 0)}"
    return next((("Deferred", message) for _, message in shortfalls(pod, node, others)), None)


def demands_restart(container: Container, record: Record) -> bool:
    """Whether a container has to start anew to get its resources: its resizePolicy for one that differs says so."""
    wanted, has = container.source.get("resources") or {}, record.resources
    if wanted == has:
        return False
    asking = [p["resourceName"] for p in container.source.get("resizePolicy") or () if p["restartPolicy"] == "RestartContainer"]
    return any((wanted.get(side) or {}).get(name) != (has.get(side) or {}).get(name) for name in asking for side in ("requests", "limits"))


def outdated(pod: PodSpec, runtime: PodRuntime) -> list[Record]:
    """The running containers that do not have the resources that the pod was given.               isPodResizeInProgress"""
    wanted = {c.name: c.source.get("resources") for c in (*pod.init, *pod.regular) if c.kind != "init"}
    return [r for r in runtime.records if r.state == "running" and r.name in wanted and r.resources != (wanted[r.name] or {})]


def condition(kind: str, generation: int, stamp: str, old: Json | None, reason: str = "", message: str = "") -> Json:
    """One of the two conditions as the status shows it.                                         updatedPodResizeCondition"""
    since = old["lastTransitionTime"] if old is not None and old.get("reason", "") == reason else stamp
    words = {**({"reason": reason} if reason else {}), **({"message": message} if message else {})}
    return {"type": kind, "observedGeneration": generation, "status": "True", "lastProbeTime": stamp, "lastTransitionTime": since, **words}


def summary(pod: Json, error: str = "") -> str:
    """The resources that the pod wants, as an event tells them.                               makeResourceSummaryFromSpec"""
    found: dict[str, list[Json]] = {}
    for key, container in _resizable(pod):
        found.setdefault(key, []).append({"name": container["name"], "resources": _ordered(container.get("resources") or {})})
    told: Json = {key: found[key] for key in reversed(LISTS) if key in found}
    told |= {"generation": pod["metadata"]["generation"], **({"error": error} if error else {})}
    return json.dumps(told, separators=(",", ":"))


def _ordered(resources: Json) -> Json:
    return {side: dict(sorted(resources[side].items())) for side in ("limits", "requests") if resources.get(side)}


def _resizable(pod: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    for key in LISTS:
        for container in pod["spec"].get(key) or ():
            if key == "containers" or container.get("restartPolicy") == "Always":
                yield key, container
