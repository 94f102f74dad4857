"""The default admission plug-ins, in the order in which the server calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from podsim.api.errors import Rejected
from podsim.api.quantity import Quantity

Json = dict[str, Any]
TOKEN_SECONDS = 3607  # bound token, one hour and a little: serviceaccount WarnOnlyBoundTokenExpirationPeriod
TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
TOLERATED_SECONDS = 300
CONTAINER_LISTS = ("containers", "initContainers")


class Lookup(Protocol):
    """What the plug-ins may look up."""

    def get(self, kind: str, namespace: str, name: str) -> Json | None:
        """The stored object, or None."""

    def list(self, kind: str, namespace: str | None = None) -> list[Json]:
        """All stored objects of a kind."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """The object after the mutating plug-ins, and their warnings."""

    object: Json
    warnings: tuple[str, ...] = ()


def admit(obj: Json, lookup: Lookup, suffix: Callable[[], str]) -> Admitted:
    """The mutating plug-ins; only Pods are changed. Raises Rejected Forbidden."""
    if obj["kind"] != "Pod":
        return Admitted(obj)
    obj = _limit_ranger(obj, lookup)
    for plug_in in (_service_account, _tolerations, _priority, _runtime_class):
        obj = {**obj, "spec": plug_in(obj, lookup, suffix)}
    return Admitted(obj)


def readmit(new: Json, old: Json) -> Json:
    """The mutating plug-ins on an update: missing tolerations come back, the priority stays what it was."""
    if new["kind"] != "Pod":
        return new
    kept = {k: old["spec"][k] for k in ("priority", "preemptionPolicy") if k in old["spec"] and new["spec"].get(k) is None}
    return {**new, "spec": {**new["spec"], "tolerations": _with_default_tolerations(new["spec"]), **kept}}


def check(obj: Json, lookup: Lookup) -> None:
    """The validating plug-ins, after validation: LimitRange. Raises Rejected Forbidden."""
    if obj["kind"] == "Pod":
        _check_limits(obj, lookup)


def _forbidden(obj: Json, text: str) -> Rejected:
    name = obj["metadata"].get("name") or obj["metadata"].get("generateName", "")
    return Rejected("Forbidden", f'pods "{name}" is forbidden: {text}')


def _service_account(pod: Json, lookup: Lookup, suffix: Callable[[], str]) -> Json:
    """plugin/pkg/admission/serviceaccount"""
    spec = dict(pod["spec"])
    namespace = pod["metadata"].get("namespace", "default")
    name = spec.get("serviceAccountName") or "default"
    spec["serviceAccountName"] = spec["serviceAccount"] = name
    account = lookup.get("ServiceAccount", namespace, name)
    if account is None:
        raise _forbidden(pod, f'error looking up service account {namespace}/{name}: serviceaccount "{name}" not found')
    wanted = spec.get("automountServiceAccountToken", account.get("automountServiceAccountToken", True))
    if wanted:
        spec = _with_token(spec, suffix)
    if not spec.get("imagePullSecrets") and account.get("imagePullSecrets"):
        spec["imagePullSecrets"] = account["imagePullSecrets"]
    return spec


def _with_token(spec: Json, suffix: Callable[[], str]) -> Json:
    made, used = dict(spec), False
    existing = next((v["name"] for v in spec.get("volumes") or () if str(v.get("name", "")).startswith("kube-api-access-")), None)
    name = existing or f"kube-api-access-{suffix()}"
    mount = {"mountPath": TOKEN_MOUNT, "name": name, "readOnly": True}
    for key in CONTAINER_LISTS:
        if key in spec:
            free = [not any(m.get("mountPath") == TOKEN_MOUNT for m in c.get("volumeMounts") or ()) for c in spec[key]]
            used = used or any(free)
            made[key] = [{**c, "volumeMounts": [*(c.get("volumeMounts") or ()), mount]} if f else c for c, f in zip(spec[key], free, strict=True)]
    if used and existing is None:
        made["volumes"] = [*(spec.get("volumes") or ()), {"name": name, "projected": _token_projection()}]
    return made


def _token_projection() -> Json:
    return {
        "defaultMode": 420,
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": TOKEN_SECONDS, "path": "token"}},
            {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
            {"downwardAPI": {"items": [{"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}, "path": "namespace"}]}},
        ],
    }


def _tolerations(pod: Json, _lookup: Lookup, _suffix: Callable[[], str]) -> Json:
    """plugin/pkg/admission/defaulttolerationseconds"""
    return {**pod["spec"], "tolerations": _with_default_tolerations(pod["spec"])}


def _with_default_tolerations(spec: Json) -> list[Json]:
    own = list(spec.get("tolerations") or ())
    for key in (NOT_READY, UNREACHABLE):
        if not any(t.get("key", "") in (key, "") and t.get("effect", "NoExecute") in ("NoExecute", "") for t in own):
            own.append({"effect": "NoExecute", "key": key, "operator": "Exists", "tolerationSeconds": TOLERATED_SECONDS})
    return own


def _priority(pod: Json, lookup: Lookup, _suffix: Callable[[], str]) -> Json:
    """plugin/pkg/admission/priority"""
    spec = dict(pod["spec"])
    name = spec.get("priorityClassName")
    found = lookup.get("PriorityClass", "", name) if name else _default_class(lookup)
    if name and found is None:
        raise _forbidden(pod, f"no PriorityClass with name {name} was found")
    if found is not None:
        spec["priorityClassName"] = found["metadata"]["name"]
    value = found.get("value", 0) if found else 0
    policy = (found or {}).get("preemptionPolicy", "PreemptLowerPriority")
    if spec.get("priority") is not None and spec["priority"] != value:
        raise _forbidden(
            pod,
            f"the integer value of priority ({spec['priority']}) must not be provided in pod spec; "
            f"priority admission controller computed {value} from the given PriorityClass name",
        )
    if spec.get("preemptionPolicy") is not None and spec["preemptionPolicy"] != policy:
        raise _forbidden(
            pod,
            f"the string value of PreemptionPolicy ({spec['preemptionPolicy']}) must not be provided in pod spec; "
            f"priority admission controller computed {policy} from the given PriorityClass name",
        )
    return {**spec, "priority": value, "preemptionPolicy": policy}


def _default_class(lookup: Lookup) -> Json | None:
    found = [c for c in lookup.list("PriorityClass") if c.get("globalDefault")]
    return min(found, key=lambda c: int(c["value"])) if found else None


def _runtime_class(pod: Json, lookup: Lookup, _suffix: Callable[[], str]) -> Json:
    """plugin/pkg/admission/runtimeclass"""
    spec = dict(pod["spec"])
    name = spec.get("runtimeClassName")
    if not name:
        if spec.get("overhead"):
            raise _forbidden(pod, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
        return spec
    found = lookup.get("RuntimeClass", "", name)
    if found is None:
        raise _forbidden(pod, f'pod rejected: RuntimeClass "{name}" not found')
    overhead = (found.get("overhead") or {}).get("podFixed")
    if overhead:
        spec["overhead"] = overhead
    scheduling = found.get("scheduling") or {}
    if scheduling.get("nodeSelector"):
        spec["nodeSelector"] = {**(spec.get("nodeSelector") or {}), **scheduling["nodeSelector"]}
    added = [t for t in scheduling.get("tolerations") or () if t not in (spec.get("tolerations") or ())]
    return {**spec, "tolerations": [*(spec.get("tolerations") or ()), *added]} if added else spec


def _limit_ranger(pod: Json, lookup: Lookup) -> Json:
    """plugin/pkg/admission/limitranger: default requests and limits of containers, noted in an annotation"""
    notes: list[str] = []
    spec = dict(pod["spec"])
    for item in _container_limits(pod, lookup):
        for key in CONTAINER_LISTS:
            word = "container" if key == "containers" else "init container"
            if spec.get(key):
                spec[key] = [_with_defaults(c, item, word, notes) for c in spec[key]]
    if not notes:
        return pod
    annotations = {**(pod["metadata"].get("annotations") or {}), "kubernetes.io/limit-ranger": "LimitRanger plugin set: " + "; ".join(notes)}
    return {**pod, "metadata": {**pod["metadata"], "annotations": annotations}, "spec": spec}


def _container_limits(pod: Json, lookup: Lookup) -> list[Json]:
    ranges = lookup.list("LimitRange", pod["metadata"].get("namespace", "default"))
    return [item for r in ranges for item in r["spec"]["limits"] if item.get("type") == "Container"]


def _with_defaults(container: Json, item: Json, word: str, notes: list[str]) -> Json:
    own = dict(container.get("resources") or {})
    for field, default in (("requests", "defaultRequest"), ("limits", "default")):
        missing = {k: v for k, v in (item.get(default) or {}).items() if k not in (own.get(field) or {})}
        if missing:
            own[field] = {**(own.get(field) or {}), **missing}
            notes.append(f"{', '.join(sorted(missing))} {field[:-1]} for {word} {container.get('name', '')}")
    return {**container, "resources": own}


def _check_limits(pod: Json, lookup: Lookup) -> None:
    problems: list[str] = []
    for item in _container_limits(pod, lookup):
        for container in pod["spec"].get("containers") or ():
            own = container.get("resources") or {}
            for name, least in (item.get("min") or {}).items():
                asked = (own.get("requests") or {}).get(name)
                if asked is None:
                    problems.append(f"minimum {name} usage per Container is {least}.  No request is specified")
                elif Quantity(str(asked)) < Quantity(str(least)):
                    problems.append(f"minimum {name} usage per Container is {least}, but request is {asked}")
            for name, most in (item.get("max") or {}).items():
                capped = (own.get("limits") or {}).get(name)
                if capped is None:
                    problems.append(f"maximum {name} usage per Container is {most}.  No limit is specified")
                elif Quantity(str(capped)) > Quantity(str(most)):
                    problems.append(f"maximum {name} usage per Container is {most}, but limit is {capped}")
    if problems:
        raise _forbidden(pod, problems[0] if len(problems) == 1 else "[" + ", ".join(problems) + "]")
