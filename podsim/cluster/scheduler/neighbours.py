"""Filters that look at the other pods near a node: topology spread, affinity and anti-affinity between pods."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from podsim.cluster.scheduler.failure import Failure, hopeless, soft
from podsim.cluster.scheduler.world import Json, World, labels_of
from podsim.cluster.selectors import selected

Term = Mapping[str, Any]
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
SKEWED = "node(s) didn't match pod topology spread constraints"


def topology_spread(pod: Json, node: Json, world: World, counts: Callable[[Term, Json], bool]) -> Failure | None:
    """The skew that the pod would make; `counts(constraint, node)`: whether a node's domain counts.   podtopologyspread/filtering.go"""
    for constraint in hard_constraints(pod):
        key = constraint["topologyKey"]
        if key not in labels_of(node):
            return hopeless(f"{SKEWED} (missing required label)")
        per_domain = pods_per_domain(constraint, pod, world, [n for n in world.nodes if counts(constraint, n)])
        least = min(per_domain.values(), default=0) if len(per_domain) >= (constraint.get("minDomains") or 1) else 0
        own = selected(selector_of(constraint, pod), labels_of(pod))
        if per_domain.get(labels_of(node)[key], 0) + own - least > constraint["maxSkew"]:
            return soft(SKEWED)
    return None


def hard_constraints(pod: Json) -> list[Term]:
    """The constraints that keep a pod off nodes."""
    return [c for c in pod["spec"].get("topologySpreadConstraints") or () if c.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule"]


def selector_of(constraint: Term, pod: Json) -> Term | None:
    """The constraint's selector; matchLabelKeys add the pod's own labels."""
    selector: Term | None = constraint.get("labelSelector")
    own = {key: labels_of(pod)[key] for key in constraint.get("matchLabelKeys") or () if key in labels_of(pod)}
    return selector if selector is None or not own else {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), **own}}


def pods_per_domain(constraint: Term, pod: Json, world: World, nodes: Sequence[Json]) -> dict[str, int]:
    """Domain -> pods of the pod's namespace that the constraint selects, those on their way out left aside."""
    selector, key = selector_of(constraint, pod), constraint["topologyKey"]
    found: dict[str, int] = {}
    for node in nodes:
        if key in labels_of(node):
            domain = labels_of(node)[key]
            found[domain] = found.get(domain, 0) + sum(
                o["metadata"]["namespace"] == pod["metadata"]["namespace"] and "deletionTimestamp" not in o["metadata"] and selected(selector, labels_of(o))
                for o in world.on(node)
            )
    return found


def pod_affinity(pod: Json, node: Json, world: World) -> Failure | None:
    """Required affinity and anti-affinity between pods, both ways.                       interpodaffinity/filtering.go"""
    if not _attracted(pod, node, world):
        return hopeless("node(s) didn't match pod affinity rules")
    if any(is_near(t, pod, node, world) for t in required_terms(pod, "podAntiAffinity")):
        return soft("node(s) didn't match pod anti-affinity rules")
    if any(_repels(other, pod, node, where, world) for where, other in world.placed_with_affinity):
        return soft("node(s) didn't satisfy existing pods anti-affinity rules")
    return None


def required_terms(pod: Json, kind: str) -> Sequence[Term]:
    """The required terms of `podAffinity` or `podAntiAffinity`."""
    return ((pod["spec"].get("affinity") or {}).get(kind) or {}).get(REQUIRED) or ()


def takes(term: Term, owner: Json, other: Json, world: World) -> bool:
    """Whether a term of the pod `owner` speaks of `other`."""
    namespace, selector = other["metadata"]["namespace"], term.get("namespaceSelector")
    listed = term.get("namespaces") or (() if selector is not None else (owner["metadata"]["namespace"],))
    in_space = namespace in listed or selected(selector, labels_of(world.namespaces.get(namespace) or {"metadata": {}}))
    return in_space and selected(term.get("labelSelector"), labels_of(other))


def same_domain(term: Term, a: Json, b: Json) -> bool:
    """Whether two nodes are in the same domain of the term's topology."""
    key = term["topologyKey"]
    return key in labels_of(a) and labels_of(a)[key] == labels_of(b).get(key)


def is_near(term: Term, pod: Json, node: Json, world: World) -> bool:
    """Whether a pod that the term speaks of runs in the node's domain."""
    return any(takes(term, pod, other, world) for where in world.nodes if same_domain(term, node, where) for other in world.on(where))


def _attracted(pod: Json, node: Json, world: World) -> bool:
    """Whether pods that match all terms are in the node's domains; the first of a group that likes itself goes anywhere."""
    terms = required_terms(pod, "podAffinity")
    if not terms:
        return True
    if any(t["topologyKey"] not in labels_of(node) for t in terms):
        return False
    liked = [where for where, other in world.placed if all(takes(t, pod, other, world) for t in terms)]
    if all(any(same_domain(t, node, where) for where in liked) for t in terms):
        return True
    return not liked and all(takes(t, pod, pod, world) for t in terms)


def _repels(other: Json, pod: Json, node: Json, where: Json, world: World) -> bool:
    """Whether the anti-affinity of a pod on `where` keeps the new one off the node."""
    return any(takes(t, other, pod, world) and same_domain(t, where, node) for t in required_terms(other, "podAntiAffinity"))
