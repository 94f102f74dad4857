"""The DaemonSet controller: one pod for every node that may have one; updates are not simulated.

controller/daemon/{daemon_controller,util/daemonset_util}.go
"""

from __future__ import annotations

from datetime import datetime

from podsim.api.workloads import template_hash
from podsim.cluster.controllers.ownership import claim, pod_of
from podsim.cluster.controllers.plan import Create, Delete, Event, Plan, Related, WriteStatus
from podsim.cluster.controllers.pods import is_ready, phase
from podsim.cluster.scheduler.filters import node_affinity, taint_toleration
from podsim.cluster.scheduler.world import World
from podsim.cluster.store import Object

# what its pods tolerate beside their own                                   AddOrUpdateDaemonPodTolerations
TOLERATED = (
    ("node.kubernetes.io/not-ready", "NoExecute"), ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"), ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"), ("node.kubernetes.io/unschedulable", "NoSchedule"),
)  # fmt: skip
TOLERATED_ON_THE_HOST_NETWORK = (("node.kubernetes.io/network-unavailable", "NoSchedule"),)
ALWAYS_SHOWN = ("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady", "observedGeneration")


def reconcile(daemon_set: Object, related: Related, now: datetime) -> Plan:
    """Creates the pod of every node that lacks one, replaces failed ones, deletes those of nodes that may have none."""
    del now
    mine, updates = claim(daemon_set, related["Pod"])
    wanted = [n["metadata"]["name"] for n in related["Node"] if _may_run(daemon_set, n)]
    failed = [p for p in mine if phase(p) == "Failed" and "deletionTimestamp" not in p["metadata"]]
    left = [p for p in mine if p not in failed]
    strays = [p for p in left if _target(p) not in wanted and "deletionTimestamp" not in p["metadata"]]
    have = {_target(p) for p in left}
    told = Event("SuccessfulCreate", "Created pod: {name}")
    return Plan((
        *updates,
        *(Event("FailedDaemonPod", _failure(p), "Warning") for p in failed),
        *(Delete(p, Event("SuccessfulDelete", f"Deleted pod: {p['metadata']['name']}")) for p in (*failed, *strays)),
        *(Create(_pod(daemon_set, node), told) for node in wanted if node not in have),
        WriteStatus(_status(daemon_set, len(wanted), [p for p in left if _target(p) in wanted], len(strays))),
    ))  # fmt: skip


def _failure(pod: Object) -> str:
    where = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
    return f"Found failed daemon pod {where} on node {_target(pod)}, will try to kill it"


def _status(daemon_set: Object, wanted: int, pods: list[Object], misscheduled: int) -> Object:
    ready = sum(map(is_ready, pods))
    counts = {
        "currentNumberScheduled": len(pods), "desiredNumberScheduled": wanted, "numberAvailable": ready, "numberMisscheduled": misscheduled,
        "numberReady": ready, "numberUnavailable": wanted - ready, "observedGeneration": daemon_set["metadata"].get("generation", 1),
        "updatedNumberScheduled": len(pods),
    }  # fmt: skip
    return {k: v for k, v in counts.items() if v or k in ALWAYS_SHOWN}


def _may_run(daemon_set: Object, node: Object) -> bool:
    """Whether the node passes the pod's affinity, and the pod tolerates its taints.        NodeShouldRunDaemonPod"""
    pod = {"metadata": {}, "spec": _tolerant(daemon_set["spec"]["template"]["spec"])}
    world = World([node])
    return node_affinity(pod, node, world) is None and taint_toleration(pod, node, world) is None


def _tolerant(spec: Object) -> Object:
    wanted = (*TOLERATED, *(TOLERATED_ON_THE_HOST_NETWORK if spec.get("hostNetwork") else ()))
    own = list(spec.get("tolerations") or ())
    added = [{"effect": effect, "key": key, "operator": "Exists"} for key, effect in wanted]
    return {**spec, "tolerations": [*own, *(t for t in added if t not in own)]}


def _pod(daemon_set: Object, node: str) -> Object:
    """The pod of a node: affinity ties it to the node, the scheduler binds it.      ReplaceDaemonSetPodNodeNameNodeAffinity"""
    template, meta = daemon_set["spec"]["template"], daemon_set["metadata"]
    pod = pod_of(template, daemon_set, f"{meta['name']}-")
    generation = str(meta.get("generation", 1))
    labels = {**(pod["metadata"].get("labels") or {}), "controller-revision-hash": template_hash(template), "pod-template-generation": generation}
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    spec = {**_tolerant(pod["spec"]), "affinity": {**(pod["spec"].get("affinity") or {}), "nodeAffinity": required}}
    return {**pod, "metadata": {**pod["metadata"], "labels": labels}, "spec": spec}


def _target(pod: Object) -> str:
    """The node that a daemon pod is meant for."""
    required = pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    return str(required["nodeSelectorTerms"][0]["matchFields"][0]["values"][0])
