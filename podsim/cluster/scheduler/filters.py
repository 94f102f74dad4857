"""Which nodes cannot take a pod, and why: one small pure function per plug-in, in the scheduler's order.

pkg/scheduler/framework/plugins
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from podsim.api import resources
from podsim.api.quantity import Quantity

Json = dict[str, Any]
FINISHED = ("Succeeded", "Failed")
HARD_EFFECTS = ("NoSchedule", "NoExecute")


@dataclass(frozen=True, slots=True)
class World:
    """What the scheduler sees: nodes, the pods bound to each, and the claims."""

    nodes: Sequence[Json]
    pods: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    claims: Mapping[tuple[str, str], Json] = field(default_factory=dict)

    def on(self, node: Json) -> Sequence[Json]:
        """The pods bound to a node that have not finished."""
        return self.pods.get(node["metadata"]["name"], ())


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one node does not fit: the plug-in, its texts, and whether evicting pods could help."""

    plugin: str
    reasons: tuple[str, ...]
    preemptible: bool


Filter = Callable[[Json, Json, World], Failure | None]


def requests_of(pod: Json) -> dict[str, Quantity]:
    """The pod's effective requests."""
    return {name: _quantity(amount) for name, amount in resources.pod_requests(pod).items()}


@cache
def _quantity(text: str) -> Quantity:
    return Quantity(text)


def node_unschedulable(pod: Json, node: Json, _world: World) -> Failure | None:
    """A cordoned node, unless the pod tolerates that."""
    taint = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
    if not node["spec"].get("unschedulable") or tolerated(taint, pod):
        return None
    return Failure("NodeUnschedulable", ("node(s) were unschedulable",), preemptible=False)


def taint_toleration(pod: Json, node: Json, _world: World) -> Failure | None:
    """A taint that keeps pods away and that the pod does not tolerate."""
    for taint in node["spec"].get("taints") or ():
        if taint.get("effect") in HARD_EFFECTS and not tolerated(taint, pod):
            return Failure("TaintToleration", ("node(s) had untolerated taint(s)",), preemptible=False)
    return None


def tolerated(taint: Mapping[str, Any], pod: Json) -> bool:
    """Whether a toleration of the pod matches the taint.                          component-helpers ToleratesTaint"""
    for toleration in pod["spec"].get("tolerations") or ():
        key, effect = toleration.get("key", ""), toleration.get("effect", "")
        if effect not in ("", taint.get("effect")) or key not in ("", taint["key"]):
            continue
        if toleration.get("operator", "Equal") == "Exists" or (key and toleration.get("value", "") == taint.get("value", "")):
            return True
    return False


def node_affinity(pod: Json, node: Json, world: World) -> Failure | None:
    """nodeSelector and required node affinity."""
    required = ((pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}).get("requiredDuringSchedulingIgnoredDuringExecution")
    wanted = pod["spec"].get("nodeSelector") or {}
    labels = node["metadata"].get("labels") or {}
    fits = all(labels.get(k) == v for k, v in wanted.items())
    if fits and (required is None or any(_term(t, node) for t in required.get("nodeSelectorTerms") or ())):
        return None
    if required and _names_no_node(required, world):
        return Failure("NodeAffinity", ("node(s) didn't satisfy plugin(s) [NodeAffinity]",), preemptible=False)
    return Failure("NodeAffinity", ("node(s) didn't match Pod's node affinity/selector",), preemptible=False)


def _names_no_node(required: Mapping[str, Any], world: World) -> bool:
    """Whether every term names nodes by matchFields, and none of them exists."""
    known = {n["metadata"]["name"] for n in world.nodes}
    named: set[str] = set()
    for term in required.get("nodeSelectorTerms") or ():
        fields = [f for f in term.get("matchFields") or () if f["key"] == "metadata.name" and f["operator"] == "In"]
        if not fields:
            return False
        named |= {v for f in fields for v in f.get("values") or ()}
    return not named & known


def _term(term: Mapping[str, Any], node: Json) -> bool:
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    if not expressions and not fields:
        return False
    labels = node["metadata"].get("labels") or {}
    return all(matches(e, labels) for e in expressions) and all(matches(f, {"metadata.name": node["metadata"]["name"]}) for f in fields)


def matches(requirement: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """One requirement of a selector: In, NotIn, Exists, DoesNotExist, Gt, Lt."""
    key: str = requirement["key"]
    operator: str = requirement["operator"]
    values: Sequence[str] = requirement.get("values") or []
    if operator in ("Exists", "DoesNotExist"):
        return (key in labels) == (operator == "Exists")
    if operator in ("Gt", "Lt"):
        try:
            mine, other = int(labels[key]), int(values[0])
        except (KeyError, ValueError, IndexError):
            return False
        return mine > other if operator == "Gt" else mine < other
    return (labels.get(key) in values) if operator == "In" else labels.get(key) not in values


def selected(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a label selector takes an object; none takes nothing, an empty one everything."""
    if selector is None:
        return False
    exact = all(labels.get(k) == v for k, v in (selector.get("matchLabels") or {}).items())
    return exact and all(matches(e, labels) for e in selector.get("matchExpressions") or ())


def node_ports(pod: Json, node: Json, world: World) -> Failure | None:
    """Host ports that another pod of the node holds."""
    used = [p for other in world.on(node) for p in host_ports(other)]
    if any(_conflict(a, b) for a in host_ports(pod) for b in used):
        return Failure("NodePorts", ("node(s) didn't have free ports for the requested pod ports",), preemptible=True)
    return None


def host_ports(pod: Json) -> list[tuple[str, str, int]]:
    """(host IP, protocol, port) of every host port."""
    containers = [*(pod["spec"].get("containers") or ()), *(c for c in pod["spec"].get("initContainers") or () if c.get("restartPolicy") == "Always")]
    ports = [p for c in containers for p in c.get("ports") or ()]
    return [(p.get("hostIP") or "0.0.0.0", p.get("protocol", "TCP"), p["hostPort"]) for p in ports if p.get("hostPort")]  # noqa: S104


def _conflict(a: tuple[str, str, int], b: tuple[str, str, int]) -> bool:
    return a[1:] == b[1:] and (a[0] == b[0] or "0.0.0.0" in (a[0], b[0]))  # noqa: S104


def node_resources(pod: Json, node: Json, world: World) -> Failure | None:
    """Requests against what is left of the node's allocatable.                                noderesources/fit.go"""
    allocatable = {k: _quantity(str(v)) for k, v in node["status"]["allocatable"].items()}
    others = world.on(node)
    reasons: list[str] = []
    hopeless = False
    if len(others) + 1 > int(str(allocatable.get("pods", "110"))):
        reasons.append("Too many pods")
    for name, wanted in requests_of(pod).items():
        if not wanted.amount:
            continue
        have = allocatable.get(name, _quantity("0"))
        used = sum((requests_of(o).get(name, _quantity("0")).amount for o in others), start=_quantity("0").amount)
        if wanted.amount > have.amount - used:
            reasons.append(f"Insufficient {name}")
            hopeless = hopeless or wanted.amount > have.amount
    if not reasons:
        return None
    return Failure("NodeResourcesFit", tuple(reasons), preemptible=not hopeless)


def volumes(pod: Json, node: Json, world: World) -> Failure | None:
    """Claims that are not bound and for which the node has no volume."""
    del node
    for name in claim_names(pod):
        claim = world.claims.get((pod["metadata"]["namespace"], name))
        if claim is not None and not claim["spec"].get("volumeName"):
            return Failure("VolumeBinding", ("node(s) didn't find available persistent volumes to bind",), preemptible=False)
    return None


def claim_names(pod: Json) -> list[str]:
    """The PersistentVolumeClaims that the pod mounts."""
    return [v["persistentVolumeClaim"]["claimName"] for v in pod["spec"].get("volumes") or () if v.get("persistentVolumeClaim")]


def topology_spread(pod: Json, node: Json, world: World) -> Failure | None:
    """Constraints with DoNotSchedule: the skew that the pod would make.          podtopologyspread/filtering.go"""
    text = "node(s) didn't match pod topology spread constraints"
    labels = node["metadata"].get("labels") or {}
    for constraint in pod["spec"].get("topologySpreadConstraints") or ():
        if constraint.get("whenUnsatisfiable", "DoNotSchedule") != "DoNotSchedule":
            continue
        key = constraint["topologyKey"]
        if key not in labels:
            return Failure("PodTopologySpread", (f"{text} (missing required label)",), preemptible=False)
        counts = _spread_counts(constraint, pod, world)
        least = min(counts.values(), default=0)
        if len(counts) < (constraint.get("minDomains") or 1):
            least = 0
        own = selected(constraint.get("labelSelector"), pod["metadata"].get("labels") or {})
        if counts.get(labels[key], 0) + own - least > constraint["maxSkew"]:
            return Failure("PodTopologySpread", (text,), preemptible=True)
    return None


def _spread_counts(constraint: Mapping[str, Any], pod: Json, world: World) -> dict[str, int]:
    """Matching pods per domain, over the nodes that count."""
    counts: dict[str, int] = {}
    for node in world.nodes:
        domain = (node["metadata"].get("labels") or {}).get(constraint["topologyKey"])
        honoured = constraint.get("nodeAffinityPolicy", "Honor") != "Honor" or node_affinity(pod, node, world) is None
        untainted = constraint.get("nodeTaintsPolicy", "Ignore") == "Ignore" or taint_toleration(pod, node, world) is None
        if domain is None or not honoured or not untainted:
            continue
        counts.setdefault(domain, 0)
        counts[domain] += sum(
            o["metadata"]["namespace"] == pod["metadata"]["namespace"]
            and "deletionTimestamp" not in o["metadata"]
            and selected(constraint.get("labelSelector"), o["metadata"].get("labels") or {})
            for o in world.on(node)
        )
    return counts


def pod_affinity(pod: Json, node: Json, world: World) -> Failure | None:
    """Required affinity and anti-affinity between pods, both ways.                       interpodaffinity/filtering.go"""
    affinity = pod["spec"].get("affinity") or {}
    if not all(_attracted(t, pod, node, world) for t in _terms(affinity, "podAffinity")):
        return Failure("InterPodAffinity", ("node(s) didn't match pod affinity rules",), preemptible=False)
    if any(_near(t, pod, node, world) for t in _terms(affinity, "podAntiAffinity")):
        return Failure("InterPodAffinity", ("node(s) didn't match pod anti-affinity rules",), preemptible=True)
    if any(_repelled(other, pod, node, where) for where in world.nodes for other in world.on(where)):
        return Failure("InterPodAffinity", ("node(s) didn't satisfy existing pods anti-affinity rules",), preemptible=True)
    return None


def _terms(affinity: Mapping[str, Any], kind: str) -> Iterable[Mapping[str, Any]]:
    return (affinity.get(kind) or {}).get("requiredDuringSchedulingIgnoredDuringExecution") or ()


def _takes(term: Mapping[str, Any], owner: Json, other: Json) -> bool:
    """Whether a term of `owner` speaks of `other`."""
    spaces = term.get("namespaces") or ([] if term.get("namespaceSelector") is not None else [owner["metadata"]["namespace"]])
    everywhere = term.get("namespaceSelector") == {}
    in_space = everywhere or other["metadata"]["namespace"] in spaces
    return in_space and selected(term.get("labelSelector"), other["metadata"].get("labels") or {})


def _domain(node: Json, key: str) -> str | None:
    return (node["metadata"].get("labels") or {}).get(key)


def _near(term: Mapping[str, Any], pod: Json, node: Json, world: World) -> bool:
    """Whether a pod that the term speaks of runs in the node's domain."""
    domain = _domain(node, term["topologyKey"])
    return domain is not None and any(
        _takes(term, pod, other) for where in world.nodes if _domain(where, term["topologyKey"]) == domain for other in world.on(where)
    )


def _attracted(term: Mapping[str, Any], pod: Json, node: Json, world: World) -> bool:
    if _near(term, pod, node, world):
        return True
    nobody = not any(_takes(term, pod, other) for where in world.nodes for other in world.on(where))
    return nobody and _takes(term, pod, pod) and _domain(node, term["topologyKey"]) is not None


def _repelled(other: Json, pod: Json, node: Json, where: Json) -> bool:
    """Whether an existing pod's anti-affinity keeps the new one off the node."""
    return any(
        _takes(term, other, pod) and _domain(where, term["topologyKey"]) is not None and _domain(where, term["topologyKey"]) == _domain(node, term["topologyKey"])
        for term in _terms(other["spec"].get("affinity") or {}, "podAntiAffinity")
    )


FILTERS: tuple[Filter, ...] = (
    node_unschedulable, taint_toleration, node_affinity, node_ports, node_resources, volumes, topology_spread, pod_affinity,
)  # fmt: skip


def failure_of(pod: Json, node: Json, world: World) -> Failure | None:
    """Why the node cannot take the pod: the first plug-in that objects; None if none does."""
    return next((f for check in FILTERS if (f := check(pod, node, world)) is not None), None)
