"""Node objects from the scenario's short form."""

from __future__ import annotations

from typing import Any

from podsim.cluster.scenario import Node
from podsim.cluster.store import Object

DEFAULT_NODE = Node("node1")


def node_object(node: Node, stamp: str, uid: str) -> Object:
    """The Node as its kubelet would register it, Ready."""
    resources: dict[str, Any] = {"cpu": node.cpu, "memory": node.memory, "pods": str(node.pods), **node.resources}
    well_known = {"kubernetes.io/arch": "amd64", "kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux"}
    spec: dict[str, Any] = {**({"taints": [dict(t) for t in node.taints]} if node.taints else {}), **({"unschedulable": True} if node.unschedulable else {})}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"creationTimestamp": stamp, "labels": {**well_known, **node.labels}, "name": node.name, "uid": uid},
        "spec": spec,
        "status": {
            "allocatable": resources,
            "capacity": resources,
            "conditions": [{
                "lastHeartbeatTime": stamp, "lastTransitionTime": stamp, "message": "kubelet is posting ready status",
                "reason": "KubeletReady", "status": "True", "type": "Ready",
            }],
            "addresses": [{"address": node_ip(node.name), "type": "InternalIP"}, {"address": node.name, "type": "Hostname"}],
        },
    }


def node_ip(name: str) -> str:
    """A node's address: the same for the same name."""
    return f"192.168.1.{2 + sum(name.encode()) % 250}"
