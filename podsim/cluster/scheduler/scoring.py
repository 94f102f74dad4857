"""Which of the fitting nodes is best: the default profile's plug-ins and weights.      pkg/scheduler/framework/plugins"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence

from podsim.cluster.scheduler.filters import matches_node, tolerated
from podsim.cluster.scheduler.neighbours import Term, required_terms, same_domain, selector_of, takes
from podsim.cluster.scheduler.world import Json, World, allocatable_of, labels_of, name_of, requests_of
from podsim.cluster.selectors import selected

Scores = Mapping[str, float]  # node -> 0 to 100
Plugin = Callable[[Json, Sequence[Json], World], Scores]

BEST = 100
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
ASSUMED = {"cpu": "100m", "memory": "200Mi"}  # for containers that request none; util/pod_resources.go
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
    return {name_of(n): sum(_free(pod, n, world, r) for r in ASSUMED) / len(ASSUMED) for n in fitting}


def _free(pod: Json, node: Json, world: World, resource: str) -> int:
    have = float(allocatable_of(node)[resource].amount) if resource in allocatable_of(node) else 0
    used = sum(float(requests_of(_assuming(p))[resource].amount) for p in (*world.on(node), pod))
    return int((have - used) * BEST / have) if have and used <= have else 0


def _assuming(pod: Json) -> Json:
    """The pod with requests for the containers that name none."""

    def assume(container: Json) -> Json:
        own = container.get("resources") or {}
        return {**container, "resources": {**own, "requests": {**ASSUMED, **(own.get("requests") or {})}}}

    spec = pod["spec"]
    return {**pod, "spec": {**spec, "containers": [assume(c) for c in spec["containers"]]}}


def balance(pod: Json, fitting: Sequence[Json], world: World) -> Scores:
    """How evenly CPU and memory would be used; a pod that asks for neither does not care."""
    if not any(r in requests_of(pod) for r in ASSUMED):
        return {}
    return {name_of(n): BEST * (1 - _unevenness(pod, n, world)) for n in fitting}


def _unevenness(pod: Json, node: Json, world: World) -> float:
    shares = []
    for resource in ASSUMED:
        have = float(allocatable_of(node)[resource].amount) if resource in allocatable_of(node) else 0
        used = sum(float(r[resource].amount) for p in (*world.on(node), pod) if resource in (r := requests_of(p)))
        shares.append(min(used / have, 1) if have else 0)
    return abs(shares[0] - shares[1]) / 2


def spread(pod: Json, fitting: Sequence[Json], world: World) -> Scores:
    """Constraints with ScheduleAnyway, or the default ones: few similar pods in a node's domains are good."""
    constraints = [c for c in pod["spec"].get("topologySpreadConstraints") or () if c.get("whenUnsatisfiable") == "ScheduleAnyway"]
    if constraints:
        asked = [(c["topologyKey"], c["maxSkew"], _selects(selector_of(c, pod), pod)) for c in constraints]
    elif pod["metadata"].get("ownerReferences") and not pod["spec"].get("topologySpreadConstraints"):
        asked = [(key, skew, _is_sibling(pod)) for key, skew in DEFAULT_SPREAD]
    else:
        return {}
    crowds = {name_of(n): round(sum(_crowd(n, key, skew, alike, fitting, world) for key, skew, alike in asked)) for n in fitting}
    most, least = max(crowds.values()), min(crowds.values())
    return {name: BEST * (most + least - crowd) / most if most else BEST for name, crowd in crowds.items()}


def _crowd(node: Json, key: str, skew: int, alike: Callable[[Json], bool], fitting: Sequence[Json], world: World) -> float:
    if key not in labels_of(node):
        return 0
    domains = {labels_of(n)[key] for n in fitting if key in labels_of(n)}
    here = [n for n in world.nodes if labels_of(n).get(key) == labels_of(node)[key]]
    count = sum(alike(o) and "deletionTimestamp" not in o["metadata"] for n in here for o in world.on(n))
    return count * math.log(len(domains) + 2) + skew - 1


def _selects(selector: Term | None, pod: Json) -> Callable[[Json], bool]:
    return lambda other: other["metadata"]["namespace"] == pod["metadata"]["namespace"] and selected(selector, labels_of(other))


def _is_sibling(pod: Json) -> Callable[[Json], bool]:
    owners = {r["uid"] for r in pod["metadata"]["ownerReferences"]}
    return lambda other: bool(owners & {r["uid"] for r in other["metadata"].get("ownerReferences") or ()})


def preferred_neighbours(pod: Json, fitting: Sequence[Json], world: World) -> Scores:
    """Preferred affinity and anti-affinity between pods, both ways; required affinity of the others counts 1."""
    sums = {name_of(n): sum(_pull(pod, n, where, other, world) for where in world.nodes for other in world.on(where)) for n in fitting}
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
