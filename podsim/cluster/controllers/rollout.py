"""How far a rolling update may go: pure arithmetic.                         controller/deployment/util/deployment_util.go"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sets:
    """Wanted and available pods of one ReplicaSet; `ready` of them are ready."""

    name: str
    replicas: int
    current: int
    ready: int
    available: int


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
    """How big the new ReplicaSet may be.                                                       NewRSNewReplicas"""
    room = replicas + surge - total
    return new if room <= 0 else min(new + room, replicas)


def old_sizes(replicas: int, unavailable: int, new: Sets, old: Sequence[Sets]) -> dict[str, int]:
    """The sizes of the old ReplicaSets: unhealthy pods go first, then as many as availability allows.

    reconcileOldReplicaSets; `old` is oldest first
    """
    least = replicas - unavailable
    total = new.replicas + sum(s.replicas for s in old)
    most = total - least - (new.replicas - new.available)
    sizes = {s.name: s.replicas for s in old}
    for one in old:
        gone = min(max(most, 0), sizes[one.name] - one.available)
        if gone > 0:
            sizes[one.name] -= gone
            most -= gone
    available = new.available + sum(s.available for s in old)
    spare = available - least
    for one in old:
        gone = min(max(spare, 0), sizes[one.name])
        sizes[one.name] -= gone
        spare -= gone
    return sizes
