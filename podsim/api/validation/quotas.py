"""Rules for LimitRanges and ResourceQuotas.        ValidateLimitRange, ValidateResourceQuotaSpec"""

from __future__ import annotations

from collections.abc import Callable

from podsim.api.quantity import Quantity

from .field import Errors, Object, child, conforms, duplicate, forbidden, invalid, items, required
from .metadata import object_meta
from .resources import container_resource_name, may_overcommit, quantity_value, resource_name

LIMIT_TYPES = ("Pod", "Container", "PersistentVolumeClaim")
MIN_OVER_DEFAULT = ("min", "default", "default", "min value {} is greater than default value {}")  # shows min
ORDERS = (  # lower field, upper field, the field that is blamed, the words
    ("min", "max", "min", "min value {} is greater than max value {}"),
    ("min", "defaultRequest", "defaultRequest", "min value {} is greater than default request value {}"),
    ("defaultRequest", "max", "defaultRequest", "default request value {} is greater than max value {}"),
    ("defaultRequest", "default", "defaultRequest", "default request value {} is greater than default limit value {}"),
    MIN_OVER_DEFAULT,
    ("default", "max", "default", "default value {} is greater than max value {}"),
)
COMPUTE = {f"{side}{name}" for side in ("", "requests.", "limits.") for name in ("cpu", "memory")}
OBJECTS = ["configmaps", "pods", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "secrets", "services", "services.loadbalancers", "services.nodeports"]
QUOTA = COMPUTE | {f"{side}ephemeral-storage" for side in ("", "requests.", "limits.")} | {*OBJECTS, "requests.storage"}
OF_PODS = {"pods", *COMPUTE}
SCOPES = {  # what a quota may limit that counts only some pods or claims
    "Terminating": OF_PODS,
    "NotTerminating": OF_PODS,
    "BestEffort": {"pods"},
    "NotBestEffort": OF_PODS,
    "PriorityClass": OF_PODS,
    "CrossNamespacePodAffinity": OF_PODS,
    "VolumeAttributesClass": {"persistentvolumeclaims", "requests.storage"},
}
CONFLICTS = ({"BestEffort", "NotBestEffort"}, {"Terminating", "NotTerminating"})
ONLY_EXISTS = (
    "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
    "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)


def limit_range(value: Object) -> Errors:
    """A LimitRange."""
    yield from object_meta(value.get("metadata") or {})
    taken: set[str] = set()
    for at, limit in items(value.get("spec") or {}, "limits", "spec"):
        kind = limit.get("type") or ""
        problems = list(conforms(child(at, "type"), kind, "qualifiedname"))
        if not problems and "/" not in kind and kind not in LIMIT_TYPES:
            problems = [invalid(child(at, "type"), kind, "must be a standard limit type or fully qualified")]
        yield from problems
        if kind in taken:
            yield duplicate(child(at, "type"), kind)
        taken.add(kind)
        yield from _limit(at, limit, kind)


def _limit(path: str, limit: Object, kind: str) -> Errors:
    rule: Callable[[str, str], Errors] = container_resource_name if kind in ("Pod", "Container") else resource_name
    for field in ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio"):
        if kind == "Pod" and field.startswith("default"):
            if limit.get(field):
                yield forbidden(child(path, field), "may not be specified when `type` is 'Pod'")
            continue
        if field == "maxLimitRequestRatio" and kind == "PersistentVolumeClaim" and not any("storage" in (limit.get(side) or {}) for side in ("min", "max")):
            yield required(child(path, "limits"), "either minimum or maximum storage value is required, but neither was provided")
        for resource in limit.get(field) or {}:
            yield from rule(f"{path}.{field}[{resource}]", resource)
    fields = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
    for resource in dict.fromkeys(name for field in fields for name in limit.get(field) or {}):
        amounts = {field: Quantity(limit[field][resource]) for field in fields if resource in (limit.get(field) or {})}
        yield from _amounts(path, resource, amounts)


def _amounts(path: str, resource: str, amounts: dict[str, Quantity]) -> Errors:
    for order in ORDERS:
        lower, upper, blamed, words = order
        if lower in amounts and upper in amounts and amounts[lower] > amounts[upper]:
            shown = amounts[lower if order == MIN_OVER_DEFAULT else blamed]
            yield invalid(f"{path}.{blamed}[{resource}]", str(shown), words.format(amounts[lower], amounts[upper]))
    if (ratio := amounts.get("maxLimitRequestRatio")) is not None:
        at = f"{path}.maxLimitRequestRatio[{resource}]"
        if ratio < Quantity("1"):
            yield invalid(at, str(ratio), f"ratio {ratio} is less than 1")
        low, high = amounts.get("min"), amounts.get("max")
        if low is not None and high is not None and low.amount and ratio.amount > high.amount / low.amount:
            yield invalid(at, str(ratio), f"ratio {ratio} is greater than max/min = {float(high.amount / low.amount):f}")
    default, request = amounts.get("default"), amounts.get("defaultRequest")
    if not may_overcommit(resource) and default is not None and request is not None and default != request:
        detail = f"default value {default} must equal to defaultRequest value {request} in {resource}"
        yield invalid(f"{path}.defaultRequest[{resource}]", str(request), detail)


def resource_quota(value: Object) -> Errors:
    """A ResourceQuota."""
    spec = value.get("spec") or {}
    hard = spec.get("hard") or {}
    yield from object_meta(value.get("metadata") or {})
    for resource, quantity in hard.items():
        at = f"spec.hard[{resource}]"
        yield from resource_name(at, resource)
        if "/" not in resource and not _is_quota(resource):
            yield invalid(at, resource, "must be a standard resource for quota")
        yield from quantity_value(at, resource, quantity)
    scopes = spec.get("scopes") or []
    for scope in scopes:
        yield from _scope("spec.scopes", "spec.scopes", scope, hard, scopes, scopes)
    yield from _conflicts("spec.scopes", set(scopes), scopes)
    if (selector := spec.get("scopeSelector")) is not None:
        yield from _selector("spec.scopeSelector.matchExpressions", selector, hard, scopes)


def _is_quota(resource: str) -> bool:
    return resource in QUOTA or resource.startswith(("hugepages-", "requests.hugepages-"))


def _scope(path: str, name_path: str, scope: str, hard: Object, shown_name: object, shown: object) -> Errors:
    if scope not in SCOPES:
        yield invalid(name_path, shown_name, "unsupported scope")
    for resource in sorted(hard):
        if _is_quota(resource) and resource not in SCOPES.get(scope, QUOTA):
            yield invalid(path, shown, "unsupported scope applied to resource")


def _conflicts(path: str, scopes: set[str], shown: object) -> Errors:
    for pair in CONFLICTS:
        if pair <= scopes:
            yield invalid(path, shown, "conflicting scopes")


def _selector(path: str, selector: Object, hard: Object, scopes: object) -> Errors:
    found: set[str] = set()
    whole = {"MatchExpressions": [{"ScopeName": e.get("scopeName"), "Operator": e.get("operator"), "Values": e.get("values")} for e in selector.get("matchExpressions") or ()]}
    for _, expression in items(selector, "matchExpressions", ""):
        scope, operator, values = expression.get("scopeName") or "", expression.get("operator") or "", expression.get("values") or []
        yield from _scope(path, child(path, "scopeName"), scope, hard, scope, whole)
        if scope in SCOPES and scope not in ("PriorityClass", "VolumeAttributesClass") and operator != "Exists":
            yield invalid(child(path, "operator"), operator, ONLY_EXISTS)
        if operator in ("In", "NotIn"):
            if not values:
                yield required(child(path, "values"), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")
        elif operator in ("Exists", "DoesNotExist"):
            if values:
                yield invalid(child(path, "values"), values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")
        else:
            yield invalid(child(path, "operator"), operator, "not a valid selector operator")
        found.add(scope)
    yield from _conflicts(path, found, scopes)
