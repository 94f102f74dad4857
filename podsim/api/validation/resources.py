"""Rules for requests, limits and resource claims of containers and pods.

validateResourceRequirements, validatePodResources; k8s.io/kubernetes/pkg/apis/core/helper/helpers.go
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from podsim.api.quantity import Quantity
from podsim.api.resources import aggregate

from . import names
from .field import (
    NOT_NEGATIVE,
    Errors,
    Object,
    child,
    conforms,
    duplicate,
    forbidden,
    invalid,
    items,
    not_found,
    not_supported,
    required,
)

CONTAINER_RESOURCES = ("cpu", "memory", "ephemeral-storage")
POD_RESOURCES = ("cpu", "hugepages-", "memory")
COUNTED = {
    "configmaps",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
}
STANDARD = (
    COUNTED
    | {"storage", "requests.storage"}
    | {f"{side}{name}" for side in ("", "requests.", "limits.") for name in CONTAINER_RESOURCES}
)
HUGE_PAGES = "hugepages-"
DEFAULT_DOMAIN = "kubernetes.io/"


def container_resources(path: str, resources: Object | None, claims: Collection[str]) -> Errors:
    """resources of a container; `claims` are the names in spec.resourceClaims."""
    yield from _requirements(path, resources or {}, container_resource_name, claims)


def overhead(path: str, quantities: Mapping[str, str]) -> Errors:
    """Pod overhead follows the rules of limits.                                   validateOverhead"""
    yield from _requirements(path, {"limits": quantities}, container_resource_name, ())


def pod_resources(path: str, spec: Object, claims: Collection[str]) -> Errors:
    """resources of the whole pod.                                                 validatePodResources"""
    resources = spec.get("resources")
    if resources is None:
        return
    if (spec.get("os") or {}).get("name") == "windows":
        yield forbidden(path, "may not be set for a windows pod")
        return
    if resources.get("claims") is not None:
        yield forbidden(child(path, "claims"), "claims may not be set for Resources at pod-level")
    yield from _requirements(path, resources, _pod_resource_name, claims)
    yield from _consistency(path, spec, resources)


def quantity_value(path: str, resource: str, quantity: str) -> Errors:
    """A quantity is not negative, and whole where things are counted.             ValidateResourceQuantityValue"""
    value = Quantity(quantity)
    if value < Quantity("0"):
        yield invalid(path, str(value), NOT_NEGATIVE)
    if (resource in COUNTED or is_extended(resource)) and value.milli_value % 1000:
        yield invalid(path, str(value), "must be an integer")


def is_native(resource: str) -> bool:
    """Whether Kubernetes itself defines the resource."""
    return "/" not in resource or DEFAULT_DOMAIN in resource


def is_extended(resource: str) -> bool:
    """Whether a device plug-in defines the resource, such as nvidia.com/gpu.      IsExtendedResourceName"""
    if is_native(resource) or resource.startswith("requests."):
        return False
    return not names.check("qualifiedname", f"requests.{resource}")


def may_overcommit(resource: str) -> bool:
    """Whether the request may be smaller than the limit.                          IsOvercommitAllowed"""
    return is_native(resource) and not resource.startswith(HUGE_PAGES)


def resource_name(path: str, resource: str) -> Errors:
    """A resource that Kubernetes knows or that has a domain.                       ValidateResourceName"""
    messages = names.check("qualifiedname", resource)
    for message in messages:
        yield invalid(path, resource, message)
    if (
        not messages
        and "/" not in resource
        and resource not in STANDARD
        and not resource.startswith(("hugepages-", "requests.hugepages-"))
    ):
        yield invalid(path, resource, "must be a standard resource type or fully qualified")


def container_resource_name(path: str, resource: str) -> Errors:
    """A resource that a container can ask for.                                       validateContainerResourceName"""
    yield from resource_name(path, resource)
    if "/" not in resource:
        if resource not in CONTAINER_RESOURCES and not resource.startswith(HUGE_PAGES):
            yield invalid(path, resource, "must be a standard resource for containers")
    elif not is_native(resource) and not is_extended(resource):
        yield invalid(path, resource, "doesn't follow extended resource name standard")


def _pod_resource_name(path: str, resource: str) -> Errors:
    errors = list(resource_name(path, resource))
    yield from errors
    if not errors and resource not in POD_RESOURCES and not resource.startswith(HUGE_PAGES):
        yield not_supported(path, resource, POD_RESOURCES)


def _requirements(
    path: str, resources: Object, name_rule: Callable[[str, str], Errors], claims: Collection[str]
) -> Errors:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for resource, quantity in limits.items():
        yield from _quantity(f"{path}.limits[{resource}]", resource, quantity, name_rule)
        yield from _huge_pages(f"{path}.limits[{resource}]", resource, quantity)
    for resource, quantity in requests.items():
        yield from _quantity(f"{path}.requests[{resource}]", resource, quantity, name_rule)
        yield from _within_limit(path, resource, Quantity(quantity), limits.get(resource))
        yield from _huge_pages(f"{path}.requests[{resource}]", resource, quantity)
    mentioned = {*limits, *requests}
    if any(resource.startswith(HUGE_PAGES) for resource in mentioned) and not mentioned & {"cpu", "memory"}:
        yield forbidden(path, "HugePages require cpu or memory")
    yield from _claims(path, resources, claims)


def _quantity(path: str, resource: str, quantity: str, name_rule: Callable[[str, str], Errors]) -> Errors:
    yield from name_rule(path, resource)
    yield from quantity_value(path, resource, quantity)


def _within_limit(path: str, resource: str, request: Quantity, limit: str | None) -> Errors:
    if limit is None:
        if not may_overcommit(resource):
            yield required(child(path, "limits"), "Limit must be set for non overcommitable resources")
    elif not may_overcommit(resource) and request != Quantity(limit):
        yield invalid(child(path, "requests"), str(request), f"must be equal to {resource} limit of {Quantity(limit)}")
    elif request > Quantity(limit):
        detail = f"must be less than or equal to {resource} limit of {Quantity(limit)}"
        yield invalid(child(path, "requests"), str(request), detail)


def _huge_pages(path: str, resource: str, quantity: str) -> Errors:
    if not resource.startswith(HUGE_PAGES):
        return
    try:
        page = Quantity(resource.removeprefix(HUGE_PAGES))
        whole = page > Quantity("0") and page.milli_value % 1000 == 0 and Quantity(quantity).value % page.value == 0
    except ValueError:
        whole = False
    if not whole:
        shown = str(Quantity(quantity))
        yield invalid(path, shown, f"{shown} is not positive integer multiple of {resource}")


def _claims(path: str, resources: Object, claims: Collection[str]) -> Errors:
    seen: set[str] = set()
    for at, claim in items(resources, "claims", path):
        name, request = claim.get("name") or "", claim.get("request") or ""
        if not name:
            yield required(at)
            continue
        if name in seen:
            yield duplicate(at, name)
        else:
            key = f"{name}/{request}" if request else name
            if request:
                yield from conforms(child(at, "request"), request, "dns1123label")
            if key in seen:
                yield duplicate(at, key)
            elif not request:
                for _ in [other for other in seen if other.startswith(f"{name}/")]:
                    yield duplicate(at, name)
            seen.add(key)
        if name not in claims:
            listed = f": {', '.join(sorted(claims))}" if claims else " which is empty"
            yield not_found(at, name, f"must be one of the names in pod.spec.resourceClaims{listed}")


def _consistency(path: str, spec: Object, resources: Object) -> Errors:
    """The pod's numbers leave room for those of its containers.                   validatePodResourceConsistency"""
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    for resource, total in aggregate(spec, "requests").items():
        if resource in requests and total > Quantity(requests[resource]):
            detail = f"must be greater than or equal to aggregate container requests of {total}"
            yield invalid(f"{path}.requests[{resource}]", str(Quantity(requests[resource])), detail)
    for resource, total in aggregate(spec, "limits").items():
        if resource.startswith(HUGE_PAGES) and resource in limits and total > Quantity(limits[resource]):
            detail = f"must be greater than or equal to aggregate container limits of {total}"
            yield invalid(f"{path}.limits[{resource}]", str(Quantity(limits[resource])), detail)
    for at, container in items(spec, "containers", path):
        for resource, limit in ((container.get("resources") or {}).get("limits") or {}).items():
            if resource in limits and Quantity(limit) > Quantity(limits[resource]):
                detail = f"must be less than or equal to pod limits of {Quantity(limits[resource])}"
                yield invalid(f"{at}[{resource}].limits", str(Quantity(limit)), detail)
