"""ResourceQuota: what an object uses, which quotas it counts for, and whether there is room.

pkg/quota/v1/evaluator/core, apiserver pkg/admission/plugin/resourcequota/controller.go CheckRequest
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from podsim.api import resources
from podsim.api.kinds import kind_of
from podsim.api.qos import qos_class
from podsim.api.quantity import Quantity
from podsim.api.validation.resources import DEFAULT_DOMAIN, is_extended

Json = Mapping[str, Any]
Amounts = dict[str, Quantity]
FINISHED = ("Succeeded", "Failed")
COMPUTE = ("cpu", "memory")  # of which every container must say what it needs where a quota counts them
SIZES = (*COMPUTE, "ephemeral-storage")
COUNTED_BY_NAME = {  # kinds with a resource of their own, besides count/…
    "ConfigMap": "configmaps", "Secret": "secrets", "Service": "services", "PersistentVolumeClaim": "persistentvolumeclaims",
    "ReplicationController": "replicationcontrollers", "ResourceQuota": "resourcequotas",
}  # fmt: skip
ONE = Quantity("1")


def problem(obj: Json, quotas: Iterable[Json], others: Iterable[Json]) -> str | None:
    """Why `obj` may not be made: the first quota, by name, that it breaks. `others` are the objects of its kind and namespace."""
    existing = list(others)
    asked = usage(obj)
    applying = [quota for quota in sorted(quotas, key=lambda q: str(q["metadata"]["name"])) if applies(quota, obj)]
    for quota in applying:
        if obj["kind"] == "Pod" and (missing := _missing(obj, _hard(quota))):
            return f"failed quota: {quota['metadata']['name']}: must specify {missing}"
    for quota in applying:
        hard, used = _hard(quota), used_of(quota, existing)
        requested = {name: amount for name, amount in asked.items() if name in hard and amount.amount}
        over = sorted(name for name, amount in requested.items() if used.get(name, Quantity("0")) + amount > hard[name])
        if over:
            shown = [",".join(f"{name}={amounts.get(name, Quantity('0'))}" for name in over) for amounts in (requested, used, hard)]
            return f"exceeded quota: {quota['metadata']['name']}, requested: {shown[0]}, used: {shown[1]}, limited: {shown[2]}"
    return None


def used_of(quota: Json, existing: Iterable[Json]) -> Amounts:
    """What the objects use of the quota's resources."""
    hard = _hard(quota)
    total: Amounts = {}
    for obj in existing:
        if applies(quota, obj):
            for name, amount in usage(obj).items():
                if name in hard:
                    total[name] = total[name] + amount if name in total else amount
    return total


def usage(obj: Json) -> Amounts:
    """What an object uses, by the names of quotas.              PodUsageFunc, pvcEvaluator.Usage, serviceEvaluator.Usage"""
    kind = obj["kind"]
    found: Amounts = {f"count/{kind_of(kind).resource}": ONE}
    if kind == "Pod":
        finished = (obj.get("status") or {}).get("phase") in FINISHED
        return found if finished else found | _pod_usage(resources.pod_requests(obj), resources.pod_limits(obj))
    if kind in COUNTED_BY_NAME:
        found[COUNTED_BY_NAME[kind]] = ONE
    if kind == "PersistentVolumeClaim":
        found |= _claim_usage(obj["spec"])
    if kind == "Service":
        found |= _service_usage(obj["spec"])
    return found


def _pod_usage(requests: Mapping[str, str], limits: Mapping[str, str]) -> Amounts:
    """podComputeUsageHelper"""
    found: Amounts = {"pods": ONE}
    for name, amount in resources.quantities(requests).items():
        if name in SIZES or name.startswith(resources.HUGE_PAGES):
            found |= {name: amount, f"requests.{name}": amount}
        elif is_extended(name):
            found[f"requests.{name}"] = amount
    return found | {f"limits.{name}": amount for name, amount in resources.quantities(limits).items() if name in SIZES}


def _claim_usage(spec: Json) -> Amounts:
    storage, storage_class = ((spec.get("resources") or {}).get("requests") or {}).get("storage"), spec.get("storageClassName")
    names = [""] + ([f"{storage_class}.storageclass.storage.k8s.io/"] if storage_class else [])
    found = {f"{name}persistentvolumeclaims": ONE for name in names}
    return found | ({f"{name}requests.storage": Quantity(storage) for name in names} if storage else {})


def _service_usage(spec: Json) -> Amounts:
    """serviceEvaluator.Usage"""
    ports, kind = Quantity(str(len(spec.get("ports") or ()))), spec.get("type")
    none = Quantity("0")
    balanced = kind == "LoadBalancer"
    node_ports = ports if kind == "NodePort" or (balanced and spec.get("allocateLoadBalancerNodePorts", True)) else none
    return {"services.loadbalancers": ONE if balanced else none, "services.nodeports": node_ports}


def _hard(quota: Json) -> Amounts:
    return resources.quantities((quota["spec"] or {}).get("hard"))


def _missing(pod: Json, hard: Iterable[str]) -> str:
    """What containers must say and do not.                                                     Constraints"""
    required = [name for name in sorted(hard) if name.rpartition(".")[2] in COMPUTE and name.rpartition(".")[0] in ("", "requests", "limits")]
    missing: dict[str, list[str]] = {}
    for key in ("containers", "initContainers"):
        for container in pod["spec"].get(key) or ():
            own = container.get("resources") or {}
            given = _pod_usage(own.get("requests") or {}, own.get("limits") or {})
            for name in required:
                if name not in given:
                    missing.setdefault(name, []).append(container["name"])
    return "; ".join(f"{name} for: {','.join(sorted(names))}" for name, names in missing.items()) if missing else ""


def applies(quota: Json, obj: Json) -> bool:
    """Whether the quota counts the object: it names a resource of it, and every scope fits.              Matches"""
    spec = quota["spec"] or {}
    if not any(name in _resources_of(obj) or _is_prefixed(obj, name) for name in spec.get("hard") or ()):
        return False
    scopes = [{"scopeName": scope, "operator": "Exists"} for scope in spec.get("scopes") or ()]
    scopes += (spec.get("scopeSelector") or {}).get("matchExpressions") or ()
    return all(obj["kind"] == "Pod" and _in_scope(obj, scope) for scope in scopes)


def _resources_of(obj: Json) -> set[str]:
    if obj["kind"] != "Pod":
        return set(usage(obj))
    sizes = {f"{side}{name}" for side in ("", "requests.", "limits.") for name in SIZES}
    return {"pods", "count/pods", *sizes}


def _is_prefixed(obj: Json, name: str) -> bool:
    """Huge pages and extended resources of a pod."""
    extended = "/" in name and DEFAULT_DOMAIN not in name and name.startswith("requests.")
    return obj["kind"] == "Pod" and (name.removeprefix("requests.").startswith(resources.HUGE_PAGES) or extended)


def _in_scope(pod: Json, scope: Json) -> bool:
    """podMatchesScopeFunc"""
    return SCOPES[scope["scopeName"]](pod, scope) if scope["scopeName"] in SCOPES else False


def _has_priority_class(pod: Json, scope: Json) -> bool:
    name, values = pod["spec"].get("priorityClassName") or None, scope.get("values") or ()
    return {"In": name in values, "NotIn": name not in values, "Exists": name is not None, "DoesNotExist": name is None}[scope["operator"]]


def _reaches_other_namespaces(pod: Json) -> bool:
    affinity = pod["spec"].get("affinity") or {}
    terms = [
        term.get("podAffinityTerm") or term
        for kind in ("podAffinity", "podAntiAffinity")
        for terms in (affinity.get(kind) or {}).values()
        for term in terms
    ]
    return any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in terms)


SCOPES: dict[str, Callable[[Json, Json], bool]] = {
    "Terminating": lambda pod, _: pod["spec"].get("activeDeadlineSeconds") is not None,
    "NotTerminating": lambda pod, _: pod["spec"].get("activeDeadlineSeconds") is None,
    "BestEffort": lambda pod, _: qos_class(pod) == "BestEffort",
    "NotBestEffort": lambda pod, _: qos_class(pod) != "BestEffort",
    "PriorityClass": _has_priority_class,
    "CrossNamespacePodAffinity": lambda pod, _: _reaches_other_namespaces(pod),
}
