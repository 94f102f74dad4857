"""What the registry's strategy writes when an object is created: generation, status, QoS class.

registry/core/pod/strategy.go PrepareForCreate and its siblings
"""

from __future__ import annotations

from typing import Any

from podsim.api.qos import qos_class

Json = dict[str, Any]
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
PROFILES = {"runtime/default": "RuntimeDefault", "unconfined": "Unconfined"}
GATED = "Scheduling is blocked due to non-empty scheduling gates"
WITH_GENERATION = frozenset({"Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController", "PodTemplate"})
EMPTY_STATUS: dict[str, Json] = {
    "Deployment": {},
    "ReplicaSet": {"replicas": 0},
    "ReplicationController": {"replicas": 0},
    "StatefulSet": {"availableReplicas": 0, "replicas": 0},
    "DaemonSet": {"currentNumberScheduled": 0, "desiredNumberScheduled": 0, "numberMisscheduled": 0, "numberReady": 0},
    "Job": {},
    "CronJob": {},
}


def prepare(obj: Json) -> Json:
    """The object with generation 1 and the status that the server gives it; one sent by the client is dropped."""
    kind = obj["kind"]
    made = {**obj, "metadata": {**obj["metadata"], "generation": 1}} if kind in WITH_GENERATION else obj
    if kind == "Pod":
        made = _with_profiles(made)
        return {**made, "status": _pod_status(made)}
    if kind == "Job":
        made = _with_selector(made)
    if kind == "DaemonSet":
        annotations = {**(made["metadata"].get("annotations") or {}), "deprecated.daemonset.template.generation": "1"}
        made = {**made, "metadata": {**made["metadata"], "annotations": annotations}}
    return {**made, "status": EMPTY_STATUS[kind]} if kind in EMPTY_STATUS else made


def _with_profiles(pod: Json) -> Json:
    """The old AppArmor annotations become fields.           registry/core/pod/strategy.go applyAppArmorVersionSkew"""
    annotations = pod["metadata"].get("annotations") or {}
    if not any(key.startswith(APPARMOR) for key in annotations):
        return pod
    spec = dict(pod["spec"])
    for key in ("initContainers", "containers"):
        if key in spec:
            spec[key] = [_with_profile(c, annotations.get(APPARMOR + c.get("name", ""))) for c in spec[key]]
    return {**pod, "spec": spec}


def _with_profile(container: Json, written: str | None) -> Json:
    own = container.get("securityContext") or {}
    if not written or own.get("appArmorProfile"):
        return container
    local = written.removeprefix("localhost/")
    profile = {"localhostProfile": local, "type": "Localhost"} if local != written else {"type": PROFILES.get(written, written)}
    return {**container, "securityContext": {**own, "appArmorProfile": profile}}


def _with_selector(job: Json) -> Json:
    """A Job selects its pods by its uid unless told otherwise.                registry/batch/job/strategy.go"""
    spec, meta = job["spec"], job["metadata"]
    if spec.get("manualSelector") or "uid" not in meta:
        return job
    uid = {"batch.kubernetes.io/controller-uid": meta["uid"]}
    labels = {**uid, "batch.kubernetes.io/job-name": meta["name"], "controller-uid": meta["uid"], "job-name": meta["name"]}
    template = spec["template"]
    inner = {**template["metadata"], "labels": {**(template["metadata"].get("labels") or {}), **labels}}
    made = {**spec, "selector": {"matchLabels": uid}, "template": {**template, "metadata": inner}}
    return {**job, "metadata": {**meta, "labels": inner["labels"] if not meta.get("labels") else meta["labels"]}, "spec": made}


def _pod_status(pod: Json) -> Json:
    gated = {"message": GATED, "reason": "SchedulingGated", "status": "False", "type": "PodScheduled"}
    since = pod["metadata"].get("creationTimestamp")
    conditions = [{"lastProbeTime": None, "lastTransitionTime": since, **gated}] if pod["spec"].get("schedulingGates") else []
    return {**({"conditions": conditions} if conditions else {}), "phase": "Pending", "qosClass": qos_class(pod)}
