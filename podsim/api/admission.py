"""The default admission plug-ins, in the order in which the server calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from podsim.api import limits, pod_security, quota
from podsim.api.errors import Rejected
from podsim.api.kinds import kind_of
from podsim.api.quantity import Quantity
from podsim.api.validation.container import all_containers
from podsim.api.validation.pod import MIRROR
from podsim.api.workloads import pod_template

Json = dict[str, Any]
TOKEN_SECONDS = 3607  # bound token, one hour and a little: serviceaccount WarnOnlyBoundTokenExpirationPeriod
TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
TOLERATED_SECONDS = 300
CONTAINER_LISTS = ("containers", "initContainers")
LIMITED = ("Pod", "PersistentVolumeClaim")
OTHER_OVERHEAD = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"
PROTECTION = "kubernetes.io/pvc-protection"


class Lookup(Protocol):
    """What the plug-ins may look up."""

    def get(self, kind: str, namespace: str, name: str) -> Json | None:
        """The stored object, or None."""

    def list(self, kind: str, namespace: str | None = None) -> list[Json]:
        """All stored objects of a kind."""


def admit(obj: Json, lookup: Lookup, suffix: Callable[[], str]) -> Json:
    """The mutating plug-ins. Raises Rejected Forbidden."""
    if obj["kind"] == "PersistentVolumeClaim":
        return _protected(obj)
    if obj["kind"] != "Pod":
        return obj
    for limit_range in lookup.list("LimitRange", obj["metadata"].get("namespace", "default")):
        obj = limits.with_defaults(obj, limit_range)
    for plug_in in (_service_account, _priority, _tolerations, _runtime_class):
        obj = {**obj, "spec": plug_in(obj, lookup, suffix)}
    return obj


def readmit(new: Json, old: Json) -> Json:
    """The mutating plug-ins on an update: missing tolerations come back, the priority stays what it was."""
    if new["kind"] != "Pod":
        return new
    kept = {k: old["spec"][k] for k in ("priority", "preemptionPolicy") if k in old["spec"] and new["spec"].get(k) is None}
    return {**new, "spec": {**new["spec"], "tolerations": _with_default_tolerations(new["spec"]), **kept}}


def check(obj: Json, lookup: Lookup, old: Json | None = None) -> tuple[str, ...]:
    """The validating plug-ins, after validation; gives their warnings. Raises Rejected Forbidden, of a Namespace Invalid."""
    namespace = obj["metadata"].get("namespace", "")
    if obj["kind"] == "Namespace":
        return _check_labels(obj, lookup, old)
    if not namespace:
        return ()
    if old is None:
        for limit_range in lookup.list("LimitRange", namespace) if obj["kind"] in LIMITED else ():
            if found := limits.problems(obj, limit_range):
                raise _forbidden(obj, found[0] if len(found) == 1 else f"[{', '.join(found)}]")
    told = _pod_security(obj, lookup.get("Namespace", "", namespace), old)
    if old is None and obj["kind"] == "Pod":
        _check_overhead(obj, lookup)
    quotas = lookup.list("ResourceQuota", namespace) if old is None else ()
    if quotas and (text := quota.problem(obj, quotas, lookup.list(obj["kind"], namespace))):
        raise _forbidden(obj, text)
    return told


def _check_labels(namespace: Json, lookup: Lookup, old: Json | None) -> tuple[str, ...]:
    """A namespace's Pod Security labels are valid; a stricter level warns of the pods that are there.  ValidateNamespace"""
    policies, errors = pod_security.policies(namespace["metadata"].get("labels"))
    before, old_errors = pod_security.policies(old["metadata"].get("labels")) if old else ({}, [])
    if errors and errors != old_errors:
        text = str(errors[0]) if len(errors) == 1 else f"[{', '.join(map(str, errors))}]"
        raise Rejected("Invalid", f'Namespace "{namespace["metadata"].get("name", "")}" is invalid: {text}', tuple(errors))
    if old is None or not pod_security.is_stricter(policies["enforce"], before["enforce"]):
        return ()
    name = namespace["metadata"]["name"]
    return pod_security.of_existing(policies["enforce"], name, lookup.list("Pod", name))


def _pod_security(obj: Json, namespace: Json | None, old: Json | None) -> tuple[str, ...]:
    """PodSecurity: a pod is refused or warned of, a workload only warned of; an update counts where an image changed."""
    template = obj if obj["kind"] == "Pod" else pod_template(obj)
    labels = ((namespace or {}).get("metadata") or {}).get("labels") or {}
    if template is None or not any(key.startswith(pod_security.LABEL) for key in labels):
        return ()
    if obj["kind"] == "Pod" and old is not None and _images(obj) == _images(old):
        return ()
    policies, _ = pod_security.policies(labels)
    meta, spec = template.get("metadata") or {}, template.get("spec") or {}
    found = pod_security.violations(policies["enforce"], meta, spec) if obj["kind"] == "Pod" else []
    if found:
        raise _forbidden(obj, f'violates PodSecurity "{policies["enforce"]}": {pod_security.described(found)}')
    found = pod_security.violations(policies["warn"], meta, spec)
    return (f'would violate PodSecurity "{policies["warn"]}": {pod_security.described(found)}',) if found else ()


def _images(pod: Json) -> list[tuple[str, str]]:
    return [(at, container.get("image", "")) for at, container in all_containers("", pod["spec"])]


def _protected(claim: Json) -> Json:
    """plugin/pkg/admission/storage/storageobjectinuseprotection"""
    meta = claim["metadata"]
    finalizers = list(meta.get("finalizers") or ())
    kept = finalizers if PROTECTION in finalizers else [*finalizers, PROTECTION]
    return {**claim, "metadata": {**meta, "finalizers": kept}}


def _forbidden(obj: Json, text: str) -> Rejected:
    name = obj["metadata"].get("name") or obj["metadata"].get("generateName", "")
    return Rejected("Forbidden", f'{kind_of(obj["kind"]).resource} "{name}" is forbidden: {text}')


def _service_account(pod: Json, lookup: Lookup, suffix: Callable[[], str]) -> Json:
    """plugin/pkg/admission/serviceaccount"""
    spec = dict(pod["spec"])
    namespace = pod["metadata"].get("namespace", "default")
    if MIRROR in (pod["metadata"].get("annotations") or {}):
        return _of_mirror(pod)
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


def _of_mirror(pod: Json) -> Json:
    """A mirror of a static pod may not use what the API server hands out."""
    spec = pod["spec"]
    if spec.get("serviceAccountName"):
        raise _forbidden(pod, "a mirror pod may not reference service accounts")
    for volume in spec.get("volumes") or ():
        if any(source.get("serviceAccountToken") for source in (volume.get("projected") or {}).get("sources") or ()):
            raise _forbidden(pod, "a mirror pod may not use ServiceAccountToken volume projections")
    return dict(spec)


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
        return spec
    found = lookup.get("RuntimeClass", "", name)
    if found is None:
        raise _forbidden(pod, f'pod rejected: RuntimeClass "{name}" not found')
    if overhead := (found.get("overhead") or {}).get("podFixed"):
        if spec.get("overhead") and not _same_amounts(spec["overhead"], overhead):
            raise _forbidden(pod, OTHER_OVERHEAD)
        spec["overhead"] = overhead
    scheduling = found.get("scheduling") or {}
    wanted, selector = scheduling.get("nodeSelector") or {}, spec.get("nodeSelector") or {}
    for key, value in sorted(wanted.items()):
        if selector.get(key, value) != value:
            raise _forbidden(pod, f"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {selector[key]}")
    if wanted:
        spec["nodeSelector"] = {**selector, **wanted}
    if scheduling:
        spec["tolerations"] = _merged_tolerations([*(spec.get("tolerations") or ()), *(scheduling.get("tolerations") or ())])
    return spec


def _check_overhead(pod: Json, lookup: Lookup) -> None:
    """Nobody but a RuntimeClass may say what a pod costs beside its containers."""
    found = lookup.get("RuntimeClass", "", pod["spec"].get("runtimeClassName") or "")
    fixed, overhead = ((found or {}).get("overhead") or {}).get("podFixed"), pod["spec"].get("overhead")
    if fixed is None and overhead is not None:
        raise _forbidden(pod, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
    if fixed is not None and not _same_amounts(overhead or {}, fixed):
        raise _forbidden(pod, OTHER_OVERHEAD)


def _same_amounts(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    return {name: Quantity(str(amount)) for name, amount in a.items()} == {name: Quantity(str(amount)) for name, amount in b.items()}


def _merged_tolerations(tolerations: list[Json]) -> list[Json]:
    """Without those that another one covers.                            pkg/util/tolerations MergeTolerations"""
    merged: list[Json] = []
    for number, one in enumerate(tolerations):
        later = [other for other in tolerations[number + 1 :] if other != one]
        if not any(_covers(other, one) for other in (*merged, *later)):
            merged.append(one)
    return merged


def _covers(wide: Json, narrow: Json) -> bool:
    """isSuperset"""
    if wide == narrow:
        return True
    operator, effect, seconds = wide.get("operator") or "", wide.get("effect") or "", wide.get("tolerationSeconds")
    if wide.get("key") != narrow.get("key") and (wide.get("key") or operator != "Exists"):
        return False
    if effect and effect != narrow.get("effect"):
        return False
    if effect == "NoExecute" and seconds is not None and (narrow.get("tolerationSeconds") is None or narrow["tolerationSeconds"] > seconds):
        return False
    return operator == "Exists" or ((narrow.get("operator") or "") == "Equal" and (narrow.get("value") or "") == (wide.get("value") or ""))
