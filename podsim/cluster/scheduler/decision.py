"""Where a pod goes, or why it goes nowhere: a pure decision.                    pkg/scheduler/schedule_one.go"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from podsim.api.quantity import Quantity
from podsim.cluster.scheduler.filters import Failure, Json, World, claim_names, failure_of, matches, requests_of, tolerated

NOT_HELPFUL = "Preemption is not helpful for scheduling"
NO_VICTIMS = "No preemption victims found for incoming pod"
NEVER = "not eligible due to preemptionPolicy=Never"
DEFAULT_REQUESTS = {"cpu": 0.1, "memory": 200.0 * 1024 * 1024}  # of containers that name none, for scoring


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
    """Filters, then scores; without a fit the message that the pod's condition and event show."""
    missing = next((n for n in claim_names(pod) if (pod["metadata"]["namespace"], n) not in world.claims), None)
    if missing is not None:
        return NoFit(f'0/{len(world.nodes)} nodes are available: persistentvolumeclaim "{missing}" not found. not found')
    if not world.nodes:
        return NoFit("no nodes available to schedule pods")
    failures = {n["metadata"]["name"]: failure_of(pod, n, world) for n in world.nodes}
    fitting = [n for n in world.nodes if failures[n["metadata"]["name"]] is None]
    if fitting:
        return Placement(best(pod, fitting, world))
    return _preempt(pod, world, {name: f for name, f in failures.items() if f is not None})


def best(pod: Json, fitting: Sequence[Json], world: World) -> str:
    """The name of the node with the highest score; equal ones by a hash of pod and node, so that it seems random."""
    def rank(node: Json) -> tuple[float, str]:
        name = node["metadata"]["name"]
        return score(pod, node, world), hashlib.sha256(f"{pod['metadata'].get('uid')} {name}".encode()).hexdigest()

    return str(max(fitting, key=rank)["metadata"]["name"])


def score(pod: Json, node: Json, world: World) -> float:
    """Least allocated, without soft taints, near what node affinity prefers; higher is better."""
    soft = sum(t.get("effect") == "PreferNoSchedule" and not tolerated(t, pod) for t in node["spec"].get("taints") or ())
    return _least_allocated(pod, node, world) - 1000.0 * int(soft) + 100 * _preferred(pod, node)


def _least_allocated(pod: Json, node: Json, world: World) -> float:
    free = []
    for name, default in DEFAULT_REQUESTS.items():
        have = float(requests_of_node(node).get(name, 0.0))
        used = sum(float(a.amount) if (a := requests_of(p).get(name)) else default for p in (*world.on(node), pod))
        free.append(max(0.0, have - used) / have if have else 0.0)
    return sum(free) / len(free)


def requests_of_node(node: Json) -> dict[str, float]:
    """The node's allocatable as numbers."""
    return {k: float(Quantity(str(v)).amount) for k, v in node["status"]["allocatable"].items()}


def _preferred(pod: Json, node: Json) -> float:
    terms = ((pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}).get("preferredDuringSchedulingIgnoredDuringExecution") or ()
    labels = node["metadata"].get("labels") or {}
    met = [t["weight"] for t in terms if all(matches(e, labels) for e in t["preference"].get("matchExpressions") or ())]
    total = sum(t["weight"] for t in terms)
    return sum(met) / total if total else 0.0


def _preempt(pod: Json, world: World, failures: dict[str, Failure]) -> NoFit:
    """The message of a pod that fits nowhere, and whom it pushes aside.        defaultpreemption, preemption.go"""
    start = f"0/{len(world.nodes)} nodes are available: {counted(r for f in failures.values() for r in f.reasons)}."
    if pod["spec"].get("preemptionPolicy") == "Never":
        return NoFit(f"{start} preemption: {NEVER}.")
    found = {n["metadata"]["name"]: victims(pod, n, world) for n in world.nodes if failures[n["metadata"]["name"]].preemptible}
    helped = {name: them for name, them in found.items() if them}
    if helped:
        name, them = min(helped.items(), key=lambda item: (max(_priority(v) for v in item[1]), len(item[1]), item[0]))
        what = f"preemption: found a potential placement for pod on node {name}, preempting {len(them)} victims"
        return NoFit(f"{start} {what}", name, tuple(them))
    words = counted(NO_VICTIMS if f.preemptible else NOT_HELPFUL for f in failures.values())
    return NoFit(f"{start} preemption: 0/{len(world.nodes)} nodes are available: {words}.")


def counted(reasons: Iterable[str]) -> str:
    """`2 Insufficient cpu, 1 node(s) had untolerated taint(s)`: counted and sorted as texts."""
    return ", ".join(sorted(f"{number} {reason}" for reason, number in Counter(reasons).items()))


def victims(pod: Json, node: Json, world: World) -> list[Json]:
    """The fewest pods of lower priority whose end lets the pod onto the node; none if that does not help."""
    name = node["metadata"]["name"]
    lower = [p for p in world.on(node) if _priority(p) < _priority(pod)]
    kept = [p for p in world.on(node) if p not in lower]

    def fits(pods: Sequence[Json]) -> bool:
        return failure_of(pod, node, replace(world, pods={**world.pods, name: pods})) is None

    if not lower or not fits(kept):
        return []
    chosen: list[Json] = []
    for candidate in sorted(lower, key=_priority, reverse=True):
        if fits([*kept, candidate]):
            kept.append(candidate)
        else:
            chosen.append(candidate)
    return chosen


def _priority(pod: Json) -> int:
    return int(pod["spec"].get("priority") or 0)
