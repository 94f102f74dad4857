"""Rules for the other kinds a pod lives among."""

from __future__ import annotations

from podsim.api.quantity import Quantity

from . import names
from .claim import claim_spec
from .field import (
    Errors,
    Object,
    child,
    conforms,
    duplicate,
    forbidden,
    invalid,
    items,
    named,
    one_of,
    required,
)
from .metadata import labels, object_meta
from .pod import PREEMPTION_POLICIES
from .probe import port_number_or_name
from .resources import overhead, quantity_value
from .scheduling import taint_effect, tolerations

SERVICE_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
SESSION_AFFINITIES = ("ClientIP", "None")
PROTOCOLS = ("SCTP", "TCP", "UDP")
MIN_OVER_DEFAULT = ("min", "default", "default", "min value {} is greater than default value {}")  # shows min
LIMIT_ORDERS = (  # lower field, upper field, the field that is blamed, the words
    ("min", "max", "min", "min value {} is greater than max value {}"),
    ("min", "defaultRequest", "defaultRequest", "min value {} is greater than default request value {}"),
    ("defaultRequest", "max", "defaultRequest", "default request value {} is greater than max value {}"),
    ("defaultRequest", "default", "defaultRequest", "default request value {} is greater than default limit value {}"),
    MIN_OVER_DEFAULT,
    ("default", "max", "default", "default value {} is greater than max value {}"),
)
SECRET_KEYS = {  # what a secret of a type must hold
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
HIGHEST_USER_PRIORITY = 1_000_000_000
RESERVED = "priority class names with 'system-' prefix are reserved for system use only. error: {}"
SYSTEM_PRIORITY_CLASSES = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}


def config_map(value: Object) -> Errors:
    """A ConfigMap."""
    yield from object_meta(value.get("metadata") or {})
    binary = value.get("binaryData") or {}
    for field in ("data", "binaryData"):
        for key in value.get(field) or {}:
            yield from conforms(f"{field}[{key}]", key, "configmapkey")
            if field == "data" and key in binary:
                yield invalid(f"data[{key}]", key, "duplicate of key present in binaryData")


def secret(value: Object) -> Errors:
    """A Secret."""
    yield from object_meta(value.get("metadata") or {})
    for key in value.get("data") or {}:
        yield from conforms(f"data[{key}]", key, "configmapkey")
    for key in SECRET_KEYS.get(value.get("type") or "", ()):
        if key not in (value.get("data") or {}):
            yield required(f"data[{key}]")


def service(value: Object) -> Errors:
    """A Service."""
    spec = value.get("spec") or {}
    ports, kind = spec.get("ports") or (), spec.get("type")
    headless = spec.get("clusterIP") == "None"
    yield from object_meta(value.get("metadata") or {}, "dns1123label")
    if not ports and not headless and kind != "ExternalName":
        yield required("spec.ports")
    if kind in ("LoadBalancer", "NodePort") and headless:
        yield invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {kind} services")
    if kind == "ExternalName":
        yield from named("spec.externalName", (spec.get("externalName") or "").removesuffix("."), "dns1123subdomain")
    taken: set[str] = set()
    for at, port in items(spec, "ports", "spec"):
        yield from _service_port(at, port, taken, alone=len(ports) == 1)
    yield from labels("spec.selector", spec.get("selector"))
    yield from one_of("spec.sessionAffinity", spec.get("sessionAffinity"), SESSION_AFFINITIES)
    yield from one_of("spec.type", kind, SERVICE_TYPES)
    for at, port in items(spec if kind == "ClusterIP" else {}, "ports", "spec"):
        if port.get("nodePort"):
            yield forbidden(child(at, "nodePort"), "may not be used when `type` is 'ClusterIP'")


def _service_port(path: str, port: Object, taken: set[str], *, alone: bool) -> Errors:
    name = port.get("name") or ""
    if name or not alone:
        yield from named(child(path, "name"), name, "dns1123label")
    if name and name in taken:
        yield duplicate(child(path, "name"), name)
    taken.add(name)
    yield from conforms(child(path, "port"), port.get("port") or 0, "portnum")
    yield from one_of(child(path, "protocol"), port.get("protocol"), PROTOCOLS)
    yield from port_number_or_name(child(path, "targetPort"), port.get("targetPort"))


def node(value: Object) -> Errors:
    """A Node."""
    spec, status = value.get("spec") or {}, value.get("status") or {}
    yield from object_meta(value.get("metadata") or {})
    taken: set[tuple[str, str]] = set()
    for at, taint in items(spec, "taints", "spec"):
        key, effect = taint.get("key") or "", taint.get("effect") or ""
        yield from conforms(child(at, "key"), key, "qualifiedname")
        for message in names.check("labelvalue", taint.get("value") or ""):
            yield invalid(child(at, "value"), taint.get("value") or "", message)
        yield from taint_effect(child(at, "effect"), effect) if effect else [required(child(at, "effect"))]
        if (key, effect) in taken:
            yield duplicate(at, dict(taint))
        taken.add((key, effect))
    for field in ("capacity", "allocatable"):
        for resource, quantity in (status.get(field) or {}).items():
            yield from quantity_value(f"status.{field}[{resource}]", resource, quantity)


def priority_class(value: Object) -> Errors:
    """A PriorityClass."""
    name, number = (value.get("metadata") or {}).get("name") or "", value.get("value") or 0
    yield from object_meta(value.get("metadata") or {})
    if name.startswith("system-") and SYSTEM_PRIORITY_CLASSES.get(name) != number:
        yield forbidden("metadata.name", RESERVED.format(_not_a_system_class(name)))
    elif number > HIGHEST_USER_PRIORITY and not name.startswith("system-"):
        yield forbidden("value", f"maximum allowed value of a user defined priority is {HIGHEST_USER_PRIORITY}")
    if (policy := value.get("preemptionPolicy")) is not None:
        yield from one_of("preemptionPolicy", policy, PREEMPTION_POLICIES)


def _not_a_system_class(name: str) -> str:
    if name in SYSTEM_PRIORITY_CLASSES:
        return f"value of {name} PriorityClass must be {SYSTEM_PRIORITY_CLASSES[name]}"
    return f"{name} is not a known system priority class"


def runtime_class(value: Object) -> Errors:
    """A RuntimeClass."""
    placing = value.get("scheduling") or {}
    yield from object_meta(value.get("metadata") or {})
    yield from named("handler", value.get("handler"), "dns1123label")
    if (extra := (value.get("overhead") or {}).get("podFixed")) is not None:
        yield from overhead("overhead", extra)
    yield from labels("scheduling.nodeSelector", placing.get("nodeSelector"))
    yield from tolerations("scheduling", placing)


def limit_range(value: Object) -> Errors:
    """A LimitRange."""
    yield from object_meta(value.get("metadata") or {})
    taken: set[str] = set()
    for at, limit in items(value.get("spec") or {}, "limits", "spec"):
        kind = limit.get("type") or ""
        if kind in taken:
            yield duplicate(child(at, "type"), kind)
        taken.add(kind)
        for field in ("default", "defaultRequest"):
            if kind == "Pod" and limit.get(field):
                yield forbidden(child(at, field), "may not be specified when `type` is 'Pod'")
        for order in LIMIT_ORDERS:
            yield from _in_order(at, limit, order)


def _in_order(path: str, limit: Object, order: tuple[str, str, str, str]) -> Errors:
    lower, upper, blamed, words = order
    for resource, low in (limit.get(lower) or {}).items():
        high = (limit.get(upper) or {}).get(resource)
        if high is not None and Quantity(low) > Quantity(high):
            shown = low if order == MIN_OVER_DEFAULT else limit[blamed][resource]
            yield invalid(f"{path}.{blamed}[{resource}]", shown, words.format(Quantity(low), Quantity(high)))


def resource_quota(value: Object) -> Errors:
    """A ResourceQuota."""
    yield from object_meta(value.get("metadata") or {})
    for resource, quantity in ((value.get("spec") or {}).get("hard") or {}).items():
        yield from conforms(f"spec.hard[{resource}]", resource, "qualifiedname")
        yield from quantity_value(f"spec.hard[{resource}]", resource, quantity)


def persistent_volume_claim(value: Object) -> Errors:
    """A PersistentVolumeClaim."""
    yield from object_meta(value.get("metadata") or {})
    yield from claim_spec("spec", value.get("spec") or {})


def named_label(value: Object) -> Errors:
    """A kind whose name is a DNS label, without other rules: Namespace."""
    yield from object_meta(value.get("metadata") or {}, "dns1123label")


def other(value: Object) -> Errors:
    """A kind without rules of its own here."""
    yield from object_meta(value.get("metadata") or {})
