"""Rules for environment variables and the fields of a pod they may show.        ValidateEnv, ValidateEnvFrom"""

from __future__ import annotations

from collections.abc import Callable

from podsim.api.quantity import Quantity

from . import names
from .field import (
    Errors,
    Object,
    child,
    conforms,
    invalid,
    items,
    named,
    not_supported,
    required,
)

ENV_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
CONVERTIBLE_FIELDS = (
    *ENV_FIELDS,
    "metadata.annotations",
    "metadata.labels",
    "spec.restartPolicy",
    "spec.schedulerName",
    "status.phase",
)
RESOURCES = tuple(
    f"{side}.{name}" for side in ("limits", "requests") for name in ("cpu", "ephemeral-storage", "memory")
)
HUGE_PAGES = ("limits.hugepages-", "requests.hugepages-")
SIZE_DIVISORS = ("1", *(f"1{prefix}" for prefix in "kMGTPE"), *(f"1{prefix}i" for prefix in "KMGTPE"))
SIZE_DETAIL = f"only divisor's values {', '.join(SIZE_DIVISORS)} are supported with the {{}} resource"
SOURCES_NAMED = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"


def env(path: str, container: Object) -> Errors:
    """env, then envFrom, of a container."""
    for at, variable in items(container, "env", path):
        yield from named(child(at, "name"), variable.get("name"), "envvarrelaxed")
        if (source := variable.get("valueFrom")) is not None:
            yield from _value_from(child(at, "valueFrom"), source, has_value=bool(variable.get("value")))
    for at, source in items(container, "envFrom", path):
        yield from _env_from(at, child(path, "envFrom"), source)


def field_selector(path: str, selector: Object, allowed: tuple[str, ...]) -> Errors:
    """fieldRef: a field of the pod, one of `allowed` or a label or annotation by key.    validateObjectFieldSelector"""
    version, field = selector.get("apiVersion"), selector.get("fieldPath")
    if not version or not field:
        yield required(child(path, "fieldPath" if version else "apiVersion"))
        return
    parent, _, rest = field.partition("['")
    key = rest[:-2] if parent and field.endswith("']") and rest else None
    if problem := _not_convertible(version, field, parent, key):
        yield invalid(child(path, "fieldPath"), field, f"error converting fieldPath: {problem}")
    elif key is not None:
        yield from conforms(path, key.lower() if parent == "metadata.annotations" else key, "qualifiedname")
    else:
        field = "spec.nodeName" if field == "spec.host" else field
        if field not in allowed:
            yield not_supported(child(path, "fieldPath"), field, allowed)


def _not_convertible(version: str, field: str, parent: str, key: str | None) -> str:
    if version != "v1":
        return f"unsupported pod version: {version}"
    if key is not None:
        fine = parent in ("metadata.annotations", "metadata.labels")
        return "" if fine else f"field label does not support subscript: {field}"
    return "" if field in (*CONVERTIBLE_FIELDS, "spec.host") else f"field label not supported: {field}"


def resource_field_selector(path: str, selector: Object, *, volume: bool = False) -> Errors:
    """resourceFieldRef: a request or limit and its divisor.               validateContainerResourceFieldSelector"""
    resource = selector.get("resource") or ""
    if volume and not selector.get("containerName"):
        yield required(child(path, "containerName"))
    elif not resource:
        yield required(child(path, "resource"))
    elif resource not in RESOURCES and not resource.startswith(HUGE_PAGES):
        yield not_supported(child(path, "resource"), resource, RESOURCES)
    divisor = str(Quantity(str(selector.get("divisor") or "0")))
    if divisor != "0" and (detail := _divisor_detail(resource, divisor)):
        yield invalid(child(path, "divisor"), resource, detail)


def _divisor_detail(resource: str, divisor: str) -> str:
    if resource in ("limits.cpu", "requests.cpu"):
        return "" if divisor in ("1m", "1") else "only divisor's values 1m and 1 are supported with the cpu resource"
    titles = {"memory": "memory", "ephemeral-storage": "local ephemeral storage"}
    title = "hugepages" if resource.startswith(HUGE_PAGES) else titles.get(resource.partition(".")[2])
    return "" if title is None or divisor in SIZE_DIVISORS else SIZE_DETAIL.format(title)


def _key_ref(path: str, reference: Object) -> Errors:
    yield from conforms(child(path, "name"), reference.get("name") or "", "dns1123subdomain")
    yield from named(child(path, "key"), reference.get("key"), "configmapkey")


def _file_key_ref(path: str, reference: Object) -> Errors:
    yield from named(child(path, "key"), reference.get("key"), "envvarrelaxed")
    yield from named(child(path, "volumeName"), reference.get("volumeName"), "dns1123label")
    file = reference.get("path")
    if not file:
        yield required(child(path, "path"))
    elif ".." in file.split("/"):
        yield invalid(child(path, "path"), file, "must not contain '..'")


_SOURCES: dict[str, Callable[[str, Object], Errors]] = {
    "fieldRef": lambda path, selector: field_selector(path, selector, ENV_FIELDS),
    "resourceFieldRef": resource_field_selector,
    "configMapKeyRef": _key_ref,
    "secretKeyRef": _key_ref,
    "fileKeyRef": _file_key_ref,
}


def _value_from(path: str, source: Object, *, has_value: bool) -> Errors:
    given = [kind for kind in _SOURCES if source.get(kind) is not None]
    for kind in given:
        yield from _SOURCES[kind](child(path, kind), source[kind])
    if not given:
        yield invalid(path, "", SOURCES_NAMED)
    elif has_value:
        yield invalid(path, "", "may not be specified when `value` is not empty")
    elif len(given) > 1:
        yield invalid(path, "", "may not have more than one field specified at a time")


def _env_from(path: str, list_path: str, source: Object) -> Errors:
    if prefix := source.get("prefix"):
        yield from conforms(child(path, "prefix"), prefix, "envvarrelaxed")
    given = [kind for kind in ("configMapRef", "secretRef") if source.get(kind) is not None]
    for kind in given:
        name = source[kind].get("name")
        if not name:
            yield required(f"{path}.{kind}.name")
        for message in names.check("dns1123subdomain", names.mask_trailing_dash(name)) if name else ():
            yield invalid(f"{path}.{kind}.name", name, message)
    if not given:
        yield invalid(list_path, "", "must specify one of: `configMapRef` or `secretRef`")
    elif len(given) > 1:
        yield invalid(list_path, "", "may not have more than one field specified at a time")
