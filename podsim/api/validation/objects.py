"""Rules for the other kinds a pod lives among."""

from __future__ import annotations

import base64

from podsim.api import gojson

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
    too_long,
)
from .metadata import labels, object_meta
from .pod import PREEMPTION_POLICIES
from .resources import overhead, quantity_value
from .scheduling import taint_effect, tolerations

SECRET_KEYS = {  # what a secret of a type must hold
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/basic-auth": ("username", "password"),  # one of them
}
BASIC_AUTH = "kubernetes.io/basic-auth"
ACCOUNT = "kubernetes.io/service-account.name"
MAX_DATA = 1024 * 1024  # bytes
HIGHEST_USER_PRIORITY = 1_000_000_000
RESERVED = "priority class names with 'system-' prefix are reserved for system use only. error: {}"
SYSTEM_PRIORITY_CLASSES = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}


def config_map(value: Object) -> Errors:
    """A ConfigMap."""
    yield from object_meta(value.get("metadata") or {})
    binary, size = value.get("binaryData") or {}, 0
    for field in ("data", "binaryData"):
        for key, text in (value.get(field) or {}).items():
            yield from conforms(f"{field}[{key}]", key, "configmapkey")
            if field == "data" and key in binary:
                yield invalid(f"data[{key}]", key, "duplicate of key present in binaryData")
            size += len(text.encode()) if field == "data" else _decoded_size(text)
    if size > MAX_DATA:
        yield too_long("[]", MAX_DATA)


def secret(value: Object) -> Errors:
    """A Secret."""
    meta, data, kind = value.get("metadata") or {}, value.get("data") or {}, value.get("type") or ""
    yield from object_meta(meta)
    for key in data:
        yield from conforms(f"data[{key}]", key, "configmapkey")
    if sum(map(_decoded_size, data.values())) > MAX_DATA:
        yield too_long("data", MAX_DATA)
    if kind == "kubernetes.io/service-account-token" and not (meta.get("annotations") or {}).get(ACCOUNT):
        yield required(f"metadata.annotations[{ACCOUNT}]")
    needed = SECRET_KEYS.get(kind, ())
    if kind == BASIC_AUTH and {"username", "password"} & data.keys():
        needed = ()
    for key in needed:
        if key not in data:
            yield required(f"data[{key}]")
        elif key.startswith(".docker") and (problem := _json_problem(data[key])):
            yield invalid(f"data[{key}]", "<secret contents redacted>", problem)


def _decoded_size(text: str) -> int:
    return len(text) * 3 // 4 - text[-2:].count("=")


def _json_problem(encoded: str) -> str:
    """What encoding/json says of a map that is none."""
    try:
        found = gojson.loads(base64.b64decode(encoded).decode(errors="replace"))
    except gojson.GoJSONError as error:
        return str(error)
    if isinstance(found, dict | None):
        return ""
    kind = {str: "string", bool: "bool", list: "array"}.get(type(found), "number")
    return f"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"


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
