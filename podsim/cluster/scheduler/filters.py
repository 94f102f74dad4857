"""Which nodes cannot take a pod, and why: one small pure function per plug-in, in the scheduler's order.

pkg/scheduler/framework/plugins
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from podsim.api.quantity import Quantity
from podsim.cluster.scheduler import neighbours
from podsim.cluster.scheduler.failure import Failure, hopeless, soft
from podsim.cluster.scheduler.world import Json, World, allocatable_of, labels_of, name_of, requests_of
from podsim.cluster.selectors import matches

Filter = Callable[[Json, Json, World], Failure | None]

HARD_EFFECTS = ("NoSchedule", "NoExecute")
UNSCHEDULABLE = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - a host port without an address takes all of them
WITHOUT_PROVISIONER = "kubernetes.io/no-provisioner"


def node_unschedulable(pod: Json, node: Json, _world: World) -> Failure | None:
    """A cordoned node, unless the pod tolerates that."""
    if not node["spec"].get("unschedulable") or tolerated(UNSCHEDULABLE, pod):
        return None
    return hopeless("node(s) were unschedulable")


def taint_toleration(pod: Json, node: Json, _world: World) -> Failure | None:
    """A taint that keeps pods away and that the pod does not tolerate."""
    taints = node["spec"].get("taints") or ()
    if all(t.get("effect") not in HARD_EFFECTS or tolerated(t, pod) for t in taints):
        return None
    return hopeless("node(s) had untolerated taint(s)")


def tolerated(taint: Mapping[str, Any], pod: Json) -> bool:
    """Whether a toleration of the pod matches the taint."""
    return any(tolerates(toleration, taint) for toleration in pod["spec"].get("tolerations") or ())


def tolerates(toleration: Mapping[str, Any], taint: Mapping[str, Any]) -> bool:
    """Whether one toleration matches the taint.                                   component-helpers ToleratesTaint"""
    key, effect = toleration.get("key", ""), toleration.get("effect", "")
    if effect not in ("", taint.get("effect")) or key not in ("", taint["key"]):
        return False
    return toleration.get("operator", "Equal") == "Exists" or bool(key and toleration.get("value", "") == taint.get("value", ""))


def node_affinity(pod: Json, node: Json, _world: World) -> Failure | None:
    """nodeSelector and required node affinity."""
    named = named_nodes(pod)
    if named is not None and name_of(node) not in named:
        return hopeless("node(s) didn't satisfy plugin(s) [NodeAffinity]")
    required = _required_node_terms(pod)
    wanted = pod["spec"].get("nodeSelector") or {}
    if wanted.items() <= labels_of(node).items() and (required is None or any(matches_node(t, node) for t in required)):
        return None
    return hopeless("node(s) didn't match Pod's node affinity/selector")


def named_nodes(pod: Json) -> frozenset[str] | None:
    """The only nodes that are looked at, where every required term names nodes; None: all.       NodeAffinity PreFilter"""
    names: set[str] = set()
    for term in _required_node_terms(pod) or ():
        sets = [set(f.get("values") or ()) for f in term.get("matchFields") or () if f["key"] == "metadata.name" and f["operator"] == "In"]
        if not sets:
            return None
        names |= set.intersection(*sets)
    return frozenset(names) if _required_node_terms(pod) else None


def _required_node_terms(pod: Json) -> list[Json] | None:
    affinity = (pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    return None if required is None else list(required.get("nodeSelectorTerms") or ())


def matches_node(term: Mapping[str, Any], node: Json) -> bool:
    """Whether a node selector term takes the node; an empty one takes none."""
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    by_field = {"metadata.name": name_of(node)}
    return bool(expressions or fields) and all(matches(e, labels_of(node)) for e in expressions) and all(matches(f, by_field) for f in fields)


def node_ports(pod: Json, node: Json, world: World) -> Failure | None:
    """Host ports that another pod of the node holds."""
    if any(_conflict(a, b) for a in host_ports(pod) for other in world.on(node) for b in host_ports(other)):
        return soft("node(s) didn't have free ports for the requested pod ports")
    return None


def host_ports(pod: Json) -> list[tuple[str, str, int]]:
    """(host IP, protocol, port) of every host port."""
    sidecars = [c for c in pod["spec"].get("initContainers") or () if c.get("restartPolicy") == "Always"]
    ports = [p for c in (*pod["spec"]["containers"], *sidecars) for p in c.get("ports") or ()]
    return [(p.get("hostIP") or ANY_ADDRESS, p.get("protocol", "TCP"), p["hostPort"]) for p in ports if p.get("hostPort")]


def _conflict(a: tuple[str, str, int], b: tuple[str, str, int]) -> bool:
    return a[1:] == b[1:] and (a[0] == b[0] or ANY_ADDRESS in (a[0], b[0]))


def node_resources(pod: Json, node: Json, world: World) -> Failure | None:
    """Requests against what is left of the node's allocatable.                                noderesources/fit.go"""
    allocatable, here = allocatable_of(node), world.on(node)
    reasons: list[str] = []
    never = False
    if len(here) + 1 > allocatable.get("pods", 0):
        reasons.append("Too many pods")
    for name, wanted in requests_of(pod).items():
        have = allocatable.get(name, 0)
        if wanted and wanted > have - here.requested[name]:
            reasons.append(f"Insufficient {name}")
            never = never or wanted > have
    if not reasons:
        return None
    return hopeless(*reasons) if never else soft(*reasons)


def volume_binding(pod: Json, _node: Json, world: World) -> Failure | None:
    """A claim that waits for its pod, where no volume can be bound to it."""
    for claim in claims_of(pod, world):
        if not claim["spec"].get("volumeName") and not _is_provisioned(claim, world) and not any(_could_bind(v, claim) for v in world.volumes):
            return hopeless("node(s) didn't find available persistent volumes to bind")
    return None


def claim_names(pod: Json) -> list[str]:
    """The PersistentVolumeClaims that the pod mounts."""
    return [v["persistentVolumeClaim"]["claimName"] for v in pod["spec"].get("volumes") or () if v.get("persistentVolumeClaim")]


def claims_of(pod: Json, world: World) -> list[Json]:
    """Those of them that exist."""
    found = (world.claims.get((pod["metadata"]["namespace"], name)) for name in claim_names(pod))
    return [claim for claim in found if claim is not None]


def waits_for_consumer(claim: Json, world: World) -> bool:
    """Whether a claim is bound only when a pod that uses it is scheduled."""
    storage_class = world.storage_classes.get(claim["spec"].get("storageClassName") or "")
    return storage_class is not None and storage_class.get("volumeBindingMode") == "WaitForFirstConsumer"


def _is_provisioned(claim: Json, world: World) -> bool:
    storage_class = world.storage_classes.get(claim["spec"].get("storageClassName") or "")
    return storage_class is not None and storage_class.get("provisioner") != WITHOUT_PROVISIONER


def _could_bind(volume: Json, claim: Json) -> bool:
    """Whether a free volume is of the claim's class, big enough and has its access modes."""
    spec, wanted = volume["spec"], claim["spec"]
    fits = Quantity(str(spec["capacity"]["storage"])) >= Quantity(str(wanted["resources"]["requests"]["storage"]))
    same_class = (spec.get("storageClassName") or "") == (wanted.get("storageClassName") or "")
    return fits and same_class and not spec.get("claimRef") and set(wanted.get("accessModes") or ()) <= set(spec.get("accessModes") or ())


def topology_spread(pod: Json, node: Json, world: World) -> Failure | None:
    """Constraints with DoNotSchedule, over the nodes that count for them."""

    def counts(constraint: Mapping[str, Any], other: Json) -> bool:
        honoured = constraint.get("nodeAffinityPolicy", "Honor") != "Honor" or node_affinity(pod, other, world) is None
        return honoured and (constraint.get("nodeTaintsPolicy", "Ignore") == "Ignore" or taint_toleration(pod, other, world) is None)

    return neighbours.topology_spread(pod, node, world, counts)


# NodeName does not appear: a pod with a node never comes to the scheduler
FILTERS: tuple[Filter, ...] = (
    node_unschedulable, taint_toleration, node_affinity, node_ports, node_resources, volume_binding, topology_spread, neighbours.pod_affinity,
)  # fmt: skip


def failure_of(pod: Json, node: Json, world: World) -> Failure | None:
    """Why the node cannot take the pod: the first plug-in that objects; None if none does."""
    return next((f for check in FILTERS if (f := check(pod, node, world)) is not None), None)
