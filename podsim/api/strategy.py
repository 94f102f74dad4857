"""What the registry's strategy writes when an object is created: generation, status, QoS class, selectors.

registry/core/pod/strategy.go PrepareForCreate and its siblings
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from podsim.api.qos import qos_class

Json = dict[str, Any]
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
PROFILES = {"runtime/default": "RuntimeDefault", "unconfined": "Unconfined"}
GATED = "Scheduling is blocked due to non-empty scheduling gates"
WITH_GENERATION = frozenset(
    {"Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController", "PodTemplate", "PodDisruptionBudget"}
)
EMPTY_STATUS: dict[str, Json] = {
    "Deployment": {},
    "ReplicaSet": {"replicas": 0},
    "ReplicationController": {"replicas": 0},
    "StatefulSet": {"availableReplicas": 0, "replicas": 0},
    "DaemonSet": {"currentNumberScheduled": 0, "desiredNumberScheduled": 0, "numberMisscheduled": 0, "numberReady": 0},
    "Job": {},
    "CronJob": {},
    "Namespace": {"phase": "Active"},
    "PersistentVolumeClaim": {"phase": "Pending"},
    "PersistentVolume": {"phase": "Pending"},
    "ResourceQuota": {},
    "Service": {"loadBalancer": {}},
    "PodDisruptionBudget": {"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0},
    "Ingress": {"loadBalancer": {}},
}
REQUIRED, PREFERRED = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"


def prepare(obj: Json) -> Json:
    """The object with generation 1 and the status that the server gives it; one sent by the client is dropped."""
    kind = obj["kind"]
    made = {**obj, "metadata": {**obj["metadata"], "generation": 1}} if kind in WITH_GENERATION else obj
    change = _OF_KIND.get(kind)
    made = change(made) if change else made
    return {**made, "status": EMPTY_STATUS[kind]} if kind in EMPTY_STATUS else made


def profile_of_annotation(written: str) -> Json | None:
    """The appArmorProfile that an old annotation stands for, None if for none.        ApparmorFieldForAnnotation"""
    local = written.removeprefix("localhost/")
    if local != written:
        return {"localhostProfile": local, "type": "Localhost"} if local else None
    return {"type": PROFILES[written]} if written in PROFILES else None


def _pod(pod: Json) -> Json:
    pod = _with_profiles(_with_label_keys(pod))
    return {**pod, "status": _pod_status(pod)}


def _with_profiles(pod: Json) -> Json:
    """The old AppArmor annotations become fields.           registry/core/pod/strategy.go applyAppArmorVersionSkew"""
    annotations, spec = pod["metadata"].get("annotations") or {}, dict(pod["spec"])
    if not any(key.startswith(APPARMOR) for key in annotations) or (spec.get("os") or {}).get("name") == "windows":
        return pod
    whole = (spec.get("securityContext") or {}).get("appArmorProfile")
    for key in ("initContainers", "containers"):
        if key in spec:
            spec[key] = [_with_profile(c, annotations.get(APPARMOR + c.get("name", ""), ""), whole) for c in spec[key]]
    return {**pod, "spec": spec}


def _with_profile(container: Json, written: str, whole: Json | None) -> Json:
    own, profile = container.get("securityContext") or {}, profile_of_annotation(written)
    if profile is None or own.get("appArmorProfile") is not None or profile == whole:
        return container
    return {**container, "securityContext": {**own, "appArmorProfile": profile}}


def _with_label_keys(pod: Json) -> Json:
    """matchLabelKeys and mismatchLabelKeys become expressions.   mutatePodAffinity, mutateTopologySpreadConstraints"""
    labels, spec = pod["metadata"].get("labels") or {}, dict(pod["spec"])
    if spec.get("topologySpreadConstraints"):
        spec["topologySpreadConstraints"] = [_with_expressions(c, labels) for c in spec["topologySpreadConstraints"]]
    if affinity := dict(spec.get("affinity") or {}):
        for kind in ("podAffinity", "podAntiAffinity"):
            if terms := dict(affinity.get(kind) or {}):
                for field, inner in ((REQUIRED, ""), (PREFERRED, "podAffinityTerm")):
                    if terms.get(field):
                        terms[field] = [
                            {**t, inner: _with_expressions(t.get(inner) or {}, labels)} if inner else _with_expressions(t, labels) for t in terms[field]
                        ]
                affinity[kind] = terms
        spec["affinity"] = affinity
    return {**pod, "spec": spec}


def _with_expressions(term: Mapping[str, Any], labels: Mapping[str, str]) -> Json:
    selector = term.get("labelSelector")
    added = [
        {"key": key, "operator": operator, "values": [labels[key]]}
        for field, operator in (("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn"))
        for key in term.get(field) or ()
        if key in labels
    ]
    if selector is None or not added:
        return dict(term)
    return {**term, "labelSelector": {**selector, "matchExpressions": [*(selector.get("matchExpressions") or ()), *added]}}


def _job(job: Json) -> Json:
    """A Job selects its pods by its uid unless told otherwise.                registry/batch/job/strategy.go"""
    spec, meta = job["spec"], job["metadata"]
    if spec.get("manualSelector") or "uid" not in meta:
        return job
    uid, name = {"batch.kubernetes.io/controller-uid": meta["uid"]}, meta.get("name", "")
    labels = {"controller-uid": meta["uid"], "job-name": name, **uid, "batch.kubernetes.io/job-name": name}
    template = spec["template"]
    inner = {**template["metadata"], "labels": {**labels, **(template["metadata"].get("labels") or {})}}
    selector = spec.get("selector") or {}
    matched = {**uid, **(selector.get("matchLabels") or {})}
    made = {**spec, "selector": {**selector, "matchLabels": matched}, "template": {**template, "metadata": inner}}
    return {**job, "metadata": {**meta, "labels": meta.get("labels") or inner["labels"]}, "spec": made}


def _daemon_set(obj: Json) -> Json:
    annotations = {**(obj["metadata"].get("annotations") or {}), "deprecated.daemonset.template.generation": "1"}
    return {**obj, "metadata": {**obj["metadata"], "annotations": annotations}}


def _namespace(obj: Json) -> Json:
    """The finalizer that lets the namespace controller empty it.          registry/core/namespace/strategy.go"""
    finalizers = list((obj.get("spec") or {}).get("finalizers") or ())
    return {**obj, "spec": {"finalizers": finalizers if "kubernetes" in finalizers else [*finalizers, "kubernetes"]}}


_OF_KIND: dict[str, Callable[[Json], Json]] = {"Pod": _pod, "Job": _job, "DaemonSet": _daemon_set, "Namespace": _namespace}


def _pod_status(pod: Json) -> Json:
    gated = {"message": GATED, "reason": "SchedulingGated", "status": "False", "type": "PodScheduled"}
    since = pod["metadata"].get("creationTimestamp")
    conditions = [{"lastProbeTime": None, "lastTransitionTime": since, **gated}] if pod["spec"].get("schedulingGates") else []
    return {**({"conditions": conditions} if conditions else {}), "phase": "Pending", "qosClass": qos_class(pod)}
