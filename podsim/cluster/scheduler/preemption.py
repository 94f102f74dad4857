"""Whose end makes room for a pod of higher priority.           framework/preemption/preemption.go, plugins/defaultpreemption"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from podsim.cluster.scheduler.failure import Failure
from podsim.cluster.scheduler.filters import failure_of
from podsim.cluster.scheduler.world import Json, NodeInfo, World, name_of, priority_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node, and the pods to evict there."""

    node: str
    victims: tuple[Json, ...]


def candidate(pod: Json, world: World, failures: Mapping[str, Failure]) -> Candidate | None:
    """The node where evictions help and hurt least.                                       pickOneNodeForPreemption

    Least important most important victim, lowest sum of priorities, fewest victims, the shortest running; then the first node.
    """
    found = [
        Candidate(name_of(node), them)
        for node in world.nodes
        if failures[name_of(node)].preemptible and (them := victims(pod, node, world))
    ]  # fmt: skip
    return min(found, key=lambda c: (*_harm(c.victims), c.node), default=None)


def _harm(pods: Sequence[Json]) -> tuple[int, int, int, float]:
    highest = max(map(priority_of, pods))
    starts = [_started(p) for p in pods if priority_of(p) == highest]
    return highest, sum(priority_of(p) + 2**31 for p in pods), len(pods), -float("".join(c for c in min(starts) if c.isdigit()) or 0)


def victims(pod: Json, node: Json, world: World) -> tuple[Json, ...]:
    """The fewest pods of lower priority whose end lets the pod onto the node; none if that does not help.    SelectVictimsOnNode"""
    lower = [p for p in world.on(node) if priority_of(p) < priority_of(pod)]
    kept = [p for p in world.on(node) if p not in lower]
    if not lower or not _fits(pod, node, world, kept):
        return ()
    chosen: list[Json] = []
    for one in sorted(lower, key=lambda p: (-priority_of(p), _started(p))):
        if _fits(pod, node, world, [*kept, one]):
            kept.append(one)
        else:
            chosen.append(one)
    return tuple(chosen)


def _fits(pod: Json, node: Json, world: World, pods: Sequence[Json]) -> bool:
    return failure_of(pod, node, replace(world, pods={**world.pods, name_of(node): NodeInfo(pods)})) is None


def _started(pod: Json) -> str:
    """When the pod started; the stamps sort as texts."""
    return str((pod.get("status") or {}).get("startTime") or pod["metadata"].get("creationTimestamp", ""))


def waits_for_victims(pod: Json, world: World) -> bool:
    """Whether pods of lower priority are on their way out of the node that was promised.        PodEligibleToPreemptOthers"""
    promised = (pod.get("status") or {}).get("nominatedNodeName")
    return any("deletionTimestamp" in p["metadata"] and priority_of(p) < priority_of(pod) for p in world.pods.get(promised or "", ()))
