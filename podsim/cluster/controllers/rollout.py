"""How far a rollout may go in one step: pure arithmetic.                 controller/deployment/util/deployment_util.go"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A ReplicaSet's wanted and available pods; `limit` is the most that its Deployment might have had when it was last sized."""

    name: str
    replicas: int
    available: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Resize:
    """A change of one ReplicaSet's size."""

    name: str
    before: int
    after: int


def fence(amount: int | str, replicas: int, *, up: bool) -> int:
    """An absolute number or a percentage of the replicas, rounded up or down.     intstr GetScaledValueFromIntOrPercent"""
    if isinstance(amount, int):
        return amount
    share = int(amount.rstrip("%")) * replicas / 100
    return math.ceil(share) if up else math.floor(share)


def fenceposts(surge: int | str, unavailable: int | str, replicas: int) -> tuple[int, int]:
    """maxSurge and maxUnavailable as numbers; never both zero.                                  ResolveFenceposts"""
    more, fewer = fence(surge, replicas, up=True), fence(unavailable, replicas, up=False)
    return more, 1 if more == 0 and fewer == 0 else fewer


def new_size(replicas: int, surge: int, new: int, total: int) -> int:
    """How big the new ReplicaSet may be; `total` counts it and the old ones.                   NewRSNewReplicas"""
    if new > replicas:
        return replicas
    room = replicas + surge - total
    return new if room <= 0 else min(new + room, replicas)


def shrink_old(replicas: int, unavailable: int, new: Size, old: Sequence[Size]) -> list[Resize]:
    """Steps that take pods from old ReplicaSets (oldest first): unavailable ones, then what availability allows.

    rolling.go reconcileOldReplicaSets
    """
    least = replicas - unavailable
    total = new.replicas + sum(s.replicas for s in old)
    most = total - least - (new.replicas - new.available)
    if most <= 0:
        return []
    spare = new.available + sum(s.available for s in old) - least
    unhealthy = _take(most, [(s.name, s.replicas, s.replicas - s.available) for s in old])
    sizes = {s.name: s.replicas for s in old} | {step.name: step.after for step in unhealthy}
    return [*unhealthy, *_take(spare, [(s.name, sizes[s.name], sizes[s.name]) for s in old])]


def _take(most: int, removable: Sequence[tuple[str, int, int]]) -> list[Resize]:
    """Takes at most `most` pods from sets of (name, size, pods that may go), the first ones first."""
    steps: list[Resize] = []
    for name, size, may_go in removable:
        gone = min(most, may_go)
        if gone > 0:
            steps.append(Resize(name, size, size - gone))
            most -= gone
    return steps


def spread(replicas: int, surge: int, current: int, sets: Sequence[Size]) -> list[Resize]:
    """Sizes in proportion when a Deployment is scaled in the middle of a rollout.                     sync.go scale

    `sets` are those with pods, newest first; `current` is the replicas that the Deployment's status counts.
    """
    allowed = replicas + surge if replicas > 0 else 0
    change = allowed - sum(s.replicas for s in sets)
    by_age = sets if change >= 0 else list(reversed(sets))
    ordered = sorted(by_age, key=lambda s: -s.replicas)
    sizes: dict[str, int] = {}
    done = 0
    for one in ordered:
        share = _share(one, replicas, replicas + surge, current) if one.replicas and change else 0
        share = min(share, change - done) if change > 0 else max(share, change - done)
        sizes[one.name] = one.replicas + share
        done += share
    if ordered and change:
        sizes[ordered[0].name] = max(sizes[ordered[0].name] + change - done, 0)
    return [Resize(s.name, s.replicas, sizes[s.name]) for s in ordered]


def _share(one: Size, replicas: int, most: int, current: int) -> int:
    """What a ReplicaSet gains or loses in proportion.                                   getReplicaSetFraction"""
    if replicas == 0:
        return -one.replicas
    before = one.limit or current
    return math.floor(one.replicas * most / before + 0.5) - one.replicas if before else 0
