"""Small nodes and pods for the scheduler's tables."""

from __future__ import annotations

from typing import Any

from podsim.cluster.scheduler.world import NodeInfo, World

Json = dict[str, Any]


def node(name: str = "n1", *, cpu: str = "4", memory: str = "8Gi", pods: str = "110", labels: Json | None = None, **spec: Any) -> Json:
    metadata = {"name": name, "labels": {"kubernetes.io/hostname": name, **(labels or {})}}
    return {"metadata": metadata, "spec": spec, "status": {"allocatable": {"cpu": cpu, "memory": memory, "pods": pods}}}


def pod(name: str = "new", *, cpu: str | None = None, labels: Json | None = None, ports: list[Json] | None = None, **spec: Any) -> Json:
    requests = {"resources": {"requests": {"cpu": cpu}}} if cpu else {}
    container = {"name": "c", "image": "nginx", **requests, **({"ports": ports} if ports else {})}
    metadata = {"name": name, "namespace": "default", "uid": name, "labels": labels or {}, "creationTimestamp": "2026-01-01T00:00:00Z"}
    return {"kind": "Pod", "metadata": metadata, "spec": {"containers": [container], **spec}, "status": {}}


def world(*nodes: Json, **placed: list[Json]) -> World:
    """Nodes, and the pods of each by the node's name."""
    return World(nodes=nodes or (node(),), pods={name: NodeInfo(pods) for name, pods in placed.items()})


def affinity(kind: str, selector: Json, key: str = "kubernetes.io/hostname", **term: Any) -> Json:
    required = [{"labelSelector": {"matchLabels": selector}, "topologyKey": key, **term}]
    return {"affinity": {kind: {"requiredDuringSchedulingIgnoredDuringExecution": required}}}


def node_terms(*terms: Json) -> Json:
    return {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": list(terms)}}}}
