"""Which of the fitting nodes is best: the default profile's plug-ins and weights.      pkg/scheduler/framework/plugins"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence

from podsim.cluster.scheduler.filters import matches_node, tolerated
from podsim.cluster.scheduler.neighbours import Term, required_terms, same_domain, selector_of, takes
from podsim.cluster.scheduler.world import (
    ASSUMED,
    Amounts,
    Json,
    World,
    allocatable_of,
    has_pod_affinity,
    labels_of,
    name_of,
    non_zero_requests_of,
    requests_of,
)
from podsim.cluster.selectors import selected

Scores = Mapping[str, float]  # node -> 0 to 100
Plugin = Callable[[Json, Sequence[Json], World], Scores]

BEST = 100
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
# (topology key, maxSkew) for pods of a controller without constraints of their own      podtopologyspread/plugin.go
DEFAULT_SPREAD = (("kubernetes.io/hostname", 3), ("topology.kubernetes.io/zone", 5))


def best(pod: Json, fitting: Sequence[Json], world: World) -> str:
    """The name of the node with the highest score; among equals one that a hash picks, so that it looks random."""
    totals = dict.fromkeys(map(name_of, fitting), 0.0)
    for weight, plugin in PLUGINS:
        for name, score in plugin(pod, fitting, world).items():
            totals[name] += weight * int(score)

    def rank(name: str) -> tuple[float, str]:
        return totals[name], hashlib.sha256(f"{pod['metadata'].get('uid')} {name}".encode()).hexdigest()

    return max(totals, key=rank)


def soft_taints(pod: Json, fitting: Sequence[Json], _world: World) -> Scores:
    """The fewer PreferNoSchedule taints that the pod does not tolerate, the better."""
    found = {name_of(n): _untolerated(pod, n) for n in fitting}
    most = max(found.values())
    return {name: BEST - BEST * count / most if most else BEST for name, count in found.items()}


def _untolerated(pod: Json, node: Json) -> int:
    return sum(t.get("effect") == "PreferNoSchedule" and not tolerated(t, pod) for t in node["spec"].get("taints") or ())


def node_preference(pod: Json, fitting: Sequence[Json], _world: World) -> Scores:
    """The weights of the preferred node affinity terms that a node meets."""
    terms = ((pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}).get(PREFERRED) or ()
    met = {name_of(n): sum(t["weight"] for t in terms if matches_node(t["preference"], n)) for n in fitting}
    most = max(met.values())
    return {name: BEST * weight / most if most else 0 for name, weight in met.items()}


def least_allocated(pod: Json, fitting: Sequence[Json], world: World) -> Scores:
    """The share of CPU and memory that would be left."""
    own = non_zero_requests_of(pod)
    return {name_of(n): sum(_free(n, r, own, world) for r in ASSUMED) / len(ASSUMED) for n in fitting}


def _free(node: Json, resource: str, own: Amounts, world: World) -> int:
    have, used = allocatable_of(node).get(resource, 0), own[resource] + world.on(node).non_zero_requested[resource]
    return (have - used) * BEST // have if have and used <= have else 0


def balance(pod: Json, fitting: Sequence[Json], world: World) -> Scores:
    """How evenly CPU and memory would be used; a pod that asks for neither does not care."""
    own = requests_of(pod)
    if not any(r in own for r in ASSUMED):
        return {}
    return {name_of(n): BEST * (1 - _unevenness(n, own, world)) for n in fitting}


def _unevenness(node: Json, own: Amounts, world: World) -> float:
    have, others = allocatable_of(node), world.on(node).requested
    cpu, memory = (min((own.get(r, 0) + others[r]) / have[r], 1) if have.get(r) else 0 for r in ASSUMED)
    return abs(cpu - memory) / 2


def spread(pod: Json, fitting: Sequence[Json], world: World) -> Scores:
    """Constraints with ScheduleAnyway, or the default ones: few similar pods in a node's domains are good."""
    constraints = [c for c in pod["spec"].get("topologySpreadConstraints") or () if c.get("whenUnsatisfiable") == "ScheduleAnyway"]
    if constraints:
        asked = [(c["topologyKey"], c["maxSkew"], _selects(selector_of(c, pod), pod)) for c in constraints]
    elif pod["metadata"].get("ownerReferences") and not pod["spec"].get("topologySpreadConstraints"):
        asked = [(key, skew, _is_sibling(pod)) for key, skew in DEFAULT_SPREAD]
    else:
        return {}
    crowds = dict.fromkeys(map(name_of, fitting), 0.0)
    for key, skew, alike in asked:
        for name, crowd in _crowds(key, skew, alike, fitting, world).items():
            crowds[name] += crowd
    rounded = {name: round(crowd) for name, crowd in crowds.items()}
    most, least = max(rounded.values()), min(rounded.values())
    return {name: BEST * (most + least - crowd) / most if most else BEST for name, crowd in rounded.items()}


def _crowds(key: str, skew: int, alike: Callable[[Json], bool], fitting: Sequence[Json], world: World) -> dict[str, float]:
    """Node -> how many pods like the new one are in its domain, weighted by the number of domains; nothing without a domain."""
    domain_of = {name_of(n): labels_of(n)[key] for n in fitting if key in labels_of(n)}
    counts = dict.fromkeys(domain_of.values(), 0)
    for node, pod in world.placed if counts else ():
        domain = labels_of(node).get(key)
        if domain in counts:
            counts[domain] += alike(pod) and "deletionTimestamp" not in pod["metadata"]
    return {name: counts[domain] * math.log(len(counts) + 2) + skew - 1 for name, domain in domain_of.items()}


def _selects(selector: Term | None, pod: Json) -> Callable[[Json], bool]:
    return lambda other: other["metadata"]["namespace"] == pod["metadata"]["namespace"] and selected(selector, labels_of(other))


def _is_sibling(pod: Json) -> Callable[[Json], bool]:
    owners = {r["uid"] for r in pod["metadata"]["ownerReferences"]}
    return lambda other: bool(owners & {r["uid"] for r in other["metadata"].get("ownerReferences") or ()})


def preferred_neighbours(pod: Json, fitting: Sequence[Json], world: World) -> Scores:
    """Preferred affinity and anti-affinity between pods, both ways; required affinity of the others counts 1."""
    others = world.placed if has_pod_affinity(pod) else world.placed_with_affinity
    sums = {name_of(n): sum(_pull(pod, n, where, other, world) for where, other in others) for n in fitting}
    most, least = max(sums.values()), min(sums.values())
    return {name: BEST * (value - least) / (most - least) if most > least else 0 for name, value in sums.items()}


def _pull(pod: Json, node: Json, where: Json, other: Json, world: World) -> int:
    """How much one pod on `where` draws the new one to the node."""
    pull = 0
    for kind, sign in (("podAffinity", 1), ("podAntiAffinity", -1)):
        for owner, target in ((pod, other), (other, pod)):
            terms = ((owner["spec"].get("affinity") or {}).get(kind) or {}).get(PREFERRED) or ()
            weighted = [(t["weight"], t["podAffinityTerm"]) for t in terms]
            if owner is other and sign > 0:
                weighted += [(1, t) for t in required_terms(other, kind)]
            pull += sum(sign * weight for weight, t in weighted if same_domain(t, where, node) and takes(t, owner, target, world))
    return pull


PLUGINS: tuple[tuple[int, Plugin], ...] = (
    (3, soft_taints), (2, node_preference), (2, spread), (2, preferred_neighbours), (1, least_allocated), (1, balance),
)  # fmt: skip
