"""LimitRange: defaults for containers, and the bounds that containers, pods and claims must keep.

plugin/pkg/admission/limitranger/admission.go
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from podsim.api import resources
from podsim.api.quantity import Quantity

Json = dict[str, Any]
Amounts = Mapping[str, Quantity]
CONTAINER_LISTS = {"containers": "container", "initContainers": "init container"}
MAX_MILLI_VALUE = 2**63 // 1000
NOTE = "kubernetes.io/limit-ranger"


def with_defaults(pod: Json, limit_range: Mapping[str, Any]) -> Json:
    """The pod with the requests and limits that its containers lack, noted in an annotation.  mergePodResourceRequirements"""
    items = [item for item in limit_range["spec"].get("limits") or () if item.get("type") == "Container"]
    defaults = {
        side: {name: amount for item in items for name, amount in (item.get(field) or {}).items()}
        for side, field in (("requests", "defaultRequest"), ("limits", "default"))
    }
    notes: list[str] = []
    spec = dict(pod["spec"])
    for key, word in CONTAINER_LISTS.items():
        if spec.get(key):
            spec[key] = [_filled(container, defaults, word, notes) for container in spec[key]]
    if not notes:
        return pod
    annotations = {**(pod["metadata"].get("annotations") or {}), NOTE: "LimitRanger plugin set: " + "; ".join(notes)}
    return {**pod, "metadata": {**pod["metadata"], "annotations": annotations}, "spec": spec}


def _filled(container: Json, defaults: Mapping[str, Json], word: str, notes: list[str]) -> Json:
    own = dict(container.get("resources") or {})
    for side, amounts in defaults.items():
        missing = {name: amount for name, amount in amounts.items() if name not in (own.get(side) or {})}
        if missing:
            own[side] = {**(own.get(side) or {}), **missing}
            notes.append(f"{', '.join(sorted(missing))} {side[:-1]} for {word} {container.get('name', '')}")
    return {**container, "resources": own}


def problems(obj: Json, limit_range: Mapping[str, Any]) -> list[str]:
    """What the object breaks of one LimitRange.             PodValidateLimitFunc, PersistentVolumeClaimLimitFunc"""
    return [text for item in limit_range["spec"].get("limits") or () for text in _broken(obj, item)]


def _broken(obj: Json, item: Json) -> Iterator[str]:
    kind, spec = item.get("type", ""), obj["spec"]
    if obj["kind"] == "PersistentVolumeClaim":
        if kind == "PersistentVolumeClaim":
            requests = resources.quantities((spec.get("resources") or {}).get("requests"))
            yield from _too_little(kind, item, requests, {})
            yield from _too_much(kind, item, requests, None)
    elif kind == "Container":
        for key in CONTAINER_LISTS:
            for container in spec.get(key) or ():
                own = container.get("resources") or {}
                yield from _out_of_bounds(kind, item, resources.quantities(own.get("requests")), resources.quantities(own.get("limits")))
    elif kind == "Pod":
        yield from _out_of_bounds(kind, item, resources.without_overhead(spec, "requests"), resources.without_overhead(spec, "limits"))


def _out_of_bounds(kind: str, item: Json, requests: Amounts, limits: Amounts) -> Iterator[str]:
    yield from _too_little(kind, item, requests, limits)
    yield from _too_much(kind, item, requests, limits)
    for name, most in resources.quantities(item.get("maxLimitRequestRatio")).items():
        request, limit = requests.get(name), limits.get(name)
        start = f"{name} max limit to request ratio per {kind} is {most}, but"
        if request is None or not request.amount:
            yield f"{start} no request is specified or request is 0"
        elif limit is None or not limit.amount:
            yield f"{start} no limit is specified or limit is 0"
        elif (ratio := _comparable(limit, request, most)) * (1000 if most.value <= MAX_MILLI_VALUE else 1) > _precise(most):
            yield f"{start} provided ratio is {ratio:f}"


def _precise(most: Quantity) -> int:
    return most.milli_value if most.value <= MAX_MILLI_VALUE else most.value


def _comparable(limit: Quantity, request: Quantity, most: Quantity) -> float:
    """The ratio, of thousandths unless these are too many for 64 bits."""
    if max(limit.value, request.value, most.value) <= MAX_MILLI_VALUE:
        return limit.milli_value / request.milli_value
    return limit.value / request.value


def _too_little(kind: str, item: Json, requests: Amounts, limits: Amounts) -> Iterator[str]:
    for name, least in resources.quantities(item.get("min")).items():
        start = f"minimum {name} usage per {kind} is {least}"
        if name not in requests:
            yield f"{start}.  No request is specified"
        elif requests[name] < least:
            yield f"{start}, but request is {requests[name]}"
        elif name in limits and limits[name] < least:
            yield f"{start}, but limit is {limits[name]}"


def _too_much(kind: str, item: Json, requests: Amounts, limits: Amounts | None) -> Iterator[str]:
    """`limits` None: only what is asked for counts, as of a claim."""
    for name, most in resources.quantities(item.get("max")).items():
        start = f"maximum {name} usage per {kind} is {most}"
        side, counted = ("limit", limits) if limits is not None else ("request", requests)
        if name not in counted:
            yield f"{start}.  No {side} is specified"
        elif counted[name] > most:
            yield f"{start}, but {side} is {counted[name]}"
        elif name in requests and requests[name] > most:
            yield f"{start}, but request is {requests[name]}"
