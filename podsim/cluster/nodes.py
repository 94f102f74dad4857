"""Node objects from the scenario's short form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from podsim.api.schema import KUBERNETES
from podsim.cluster.scenario import Node
from podsim.cluster.store import Object

DEFAULT_NODE = Node("node1")
Text = tuple[str, str, str]  # a condition's status, reason and message
HEALTHY: dict[str, Text] = {  # what a kubelet without trouble posts                                    nodestatus/setters.go
    "MemoryPressure": ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    "Ready": ("True", "KubeletReady", "kubelet is posting ready status"),
}
UNDER_PRESSURE: dict[str, Text] = {
    "MemoryPressure": ("True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
    "DiskPressure": ("True", "KubeletHasDiskPressure", "kubelet has disk pressure"),
    "PIDPressure": ("True", "KubeletHasInsufficientPID", "kubelet has insufficient PID available"),
}
MACHINE = {  # what every node runs
    "architecture": "amd64", "bootID": "", "containerRuntimeVersion": "containerd://2.1.4", "kernelVersion": "3.16.0-0.bpo.4-amd64",
    "kubeProxyVersion": "", "kubeletVersion": KUBERNETES, "operatingSystem": "linux", "osImage": "Debian GNU/Linux 7 (wheezy)", "systemUUID": "",
}  # fmt: skip
UNKNOWN: Text = ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")


def node_object(node: Node, stamp: str, uid: str) -> Object:
    """The Node as its kubelet would register it, Ready."""
    resources: dict[str, Any] = {"cpu": node.cpu, "memory": node.memory, "pods": str(node.pods), **node.resources}
    well_known = {"beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux"}
    spec: dict[str, Any] = {**({"taints": [dict(t) for t in node.taints]} if node.taints else {}), **({"unschedulable": True} if node.unschedulable else {})}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"creationTimestamp": stamp, "labels": {**well_known, **node.labels}, "name": node.name, "uid": uid},
        "spec": spec,
        "status": {
            "allocatable": resources,
            "capacity": resources,
            "conditions": with_conditions([], HEALTHY, stamp),
            "addresses": [{"address": node_ip(node.name), "type": "InternalIP"}, {"address": node.name, "type": "Hostname"}],
            "nodeInfo": {**MACHINE, "machineID": node.name},
        },
    }


def with_conditions(old: Sequence[Object], texts: Mapping[str, Text], stamp: str, *, heard: bool = True) -> list[Object]:
    """`old` with conditions as `texts` say; `heard`: whether the kubelet itself says so now."""
    known = {c["type"]: c for c in old}
    for kind, (status, reason, message) in texts.items():
        before = known.get(kind, {"lastHeartbeatTime": stamp})
        since = before["lastTransitionTime"] if before.get("status") == status else stamp
        known[kind] = {
            "lastHeartbeatTime": stamp if heard else before["lastHeartbeatTime"], "lastTransitionTime": since,
            "message": message, "reason": reason, "status": status, "type": kind,
        }  # fmt: skip
    return list(known.values())


def is_ready(node: Object) -> bool:
    """Whether the node's condition Ready is True."""
    return any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"].get("conditions") or ())


def pod_subnet(number: int) -> str:
    """The first three bytes of the addresses of a node's pods; nodes are numbered as they join."""
    return f"10.{244 + number // 256}.{number % 256}"


def node_ip(name: str) -> str:
    """A node's address: the same for the same name."""
    return f"192.168.1.{2 + sum(name.encode()) % 250}"
