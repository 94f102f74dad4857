"""What a pod asks for in all: effective requests and limits.            component-helpers resource/helpers.go"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from podsim.api.quantity import Quantity

Side = Literal["requests", "limits"]
Amounts = dict[str, Quantity]
HUGE_PAGES = "hugepages-"
POD_LEVEL = ("cpu", "memory")  # and hugepages-*: what spec.resources may set


def pod_requests(pod: Mapping[str, Any]) -> dict[str, str]:
    """The effective requests that the scheduler uses, overhead included, as canonical quantities.       PodRequests"""
    return _texts(_pod(pod, "requests"))


def pod_limits(pod: Mapping[str, Any]) -> dict[str, str]:
    """The effective limits, overhead included where there is a limit.                                     PodLimits"""
    return _texts(_pod(pod, "limits"))


def aggregate(spec: Mapping[str, Any], side: Side) -> Amounts:
    """What the containers ask for together, init containers and sidecars in their order.   AggregateContainerRequests"""
    total: Amounts = {}
    for container in spec.get("containers") or ():
        _combine(total, _of(container, side), Quantity.__add__)
    sidecars: Amounts = {}
    peak: Amounts = {}
    for container in spec.get("initContainers") or ():
        own = _of(container, side)
        if container.get("restartPolicy") == "Always":
            _combine(total, own, Quantity.__add__)
            _combine(sidecars, own, Quantity.__add__)
            own = dict(sidecars)
        else:
            own = dict(own)
            _combine(own, sidecars, Quantity.__add__)
        _combine(peak, own, max)
    _combine(total, peak, max)
    return total


def is_pod_level(name: str) -> bool:
    """Whether spec.resources may set the resource.                                      IsSupportedPodLevelResource"""
    return name in POD_LEVEL or name.startswith(HUGE_PAGES)


def quantities(resources: Mapping[str, Any] | None) -> Amounts:
    """A requests or limits map as quantities."""
    return {name: Quantity(str(amount)) for name, amount in (resources or {}).items()}


def without_overhead(spec: Mapping[str, Any], side: Side) -> Amounts:
    """What the containers ask for together, or what spec.resources says instead."""
    own = quantities((spec.get("resources") or {}).get(side))
    return aggregate(spec, side) | {name: amount for name, amount in own.items() if is_pod_level(name)}


def _pod(pod: Mapping[str, Any], side: Side) -> Amounts:
    spec = pod["spec"]
    total = without_overhead(spec, side)
    for name, amount in quantities(spec.get("overhead")).items():
        if side == "requests" or total.get(name, Quantity("0")).amount:
            total[name] = total[name] + amount if name in total else amount
    return total


def _of(container: Mapping[str, Any], side: Side) -> Amounts:
    asked = container.get("resources")
    return quantities(asked.get(side)) if asked else {}


def _combine(total: Amounts, more: Amounts, how: Callable[[Quantity, Quantity], Quantity]) -> None:
    for name, amount in more.items():
        total[name] = how(total[name], amount) if name in total else amount


def _texts(amounts: Amounts) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items()}
