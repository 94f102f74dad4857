"""Where a pod goes, or why it goes nowhere: a pure decision.                    pkg/scheduler/schedule_one.go"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from podsim.cluster.scheduler import preemption, scoring
from podsim.cluster.scheduler.failure import Failure
from podsim.cluster.scheduler.filters import claim_names, claims_of, failure_of, named_nodes, waits_for_consumer
from podsim.cluster.scheduler.world import Json, World, name_of

NOT_HELPFUL = "Preemption is not helpful for scheduling"
NO_VICTIMS = "No preemption victims found for incoming pod"
NEVER = "not eligible due to preemptionPolicy=Never."
WAITING = "not eligible due to a terminating pod on the nominated node."


@dataclass(frozen=True, slots=True)
class Placement:
    """The node chosen."""

    node: str


@dataclass(frozen=True, slots=True)
class NoFit:
    """No node fits; `nominated` and `victims` where evicting pods of lower priority makes room."""

    message: str
    nominated: str | None = None
    victims: tuple[Json, ...] = ()


def schedule(pod: Json, world: World) -> Placement | NoFit:
    """Filters, then scores where there is a choice; without a fit the message of the pod's condition and event.    schedulePod"""
    if not world.nodes:
        return NoFit("no nodes available to schedule pods")
    start = f"0/{len(world.nodes)} nodes are available:"
    if (refusal := refused_outright(pod, world)) is not None:
        return NoFit(f"{start} {refusal}. not found")
    failures = {name_of(n): failure_of(pod, n, world) for n in world.nodes}
    fitting = [n for n in world.nodes if failures[name_of(n)] is None]
    if fitting:
        return Placement(name_of(fitting[0]) if len(fitting) == 1 else scoring.best(pod, fitting, world))
    return _preempt(pod, world, f"{start} ", {name: f for name, f in failures.items() if f is not None})


def refused_outright(pod: Json, world: World) -> str | None:
    """What keeps a pod from every node, before any is looked at.                              RunPreFilterPlugins"""
    if named_nodes(pod) == frozenset():
        return "pod affinity terms conflict"
    for name in claim_names(pod):
        if (pod["metadata"]["namespace"], name) not in world.claims:
            return f'persistentvolumeclaim "{name}" not found'
    if any(not c["spec"].get("volumeName") and not waits_for_consumer(c, world) for c in claims_of(pod, world)):
        return "pod has unbound immediate PersistentVolumeClaims"
    return None


def _preempt(pod: Json, world: World, start: str, failures: Mapping[str, Failure]) -> NoFit:
    """The rest of the message, and whom the pod pushes aside.                                 defaultpreemption Preempt"""
    start += f"{counted(r for f in failures.values() for r in f.reasons)}. preemption: "
    if pod["spec"].get("preemptionPolicy") == "Never":
        return NoFit(start + NEVER)
    if preemption.waits_for_victims(pod, world):
        return NoFit(start + WAITING, pod["status"]["nominatedNodeName"])
    chosen = preemption.candidate(pod, world, failures)
    if chosen is not None:
        text = f"found a potential placement for pod on node {chosen.node}, preempting {len(chosen.victims)} victims"
        return NoFit(start + text, chosen.node, chosen.victims)
    words = counted(NO_VICTIMS if f.preemptible else NOT_HELPFUL for f in failures.values())
    return NoFit(f"{start}0/{len(world.nodes)} nodes are available: {words}.")


def counted(reasons: Iterable[str]) -> str:
    """`1 node(s) had untolerated taint(s), 2 Insufficient cpu`: counted, and sorted as texts."""
    return ", ".join(sorted(f"{number} {reason}" for reason, number in Counter(reasons).items()))
