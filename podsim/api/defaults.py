"""The defaults of the API's scheme: what the server writes into a Pod or a workload before anything looks at it.

k8s.io/kubernetes pkg/apis/core/v1/defaults.go, apps/v1, batch/v1
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from podsim.api import image, resources
from podsim.api.quantity import Quantity
from podsim.api.workloads import with_template

Json = dict[str, Any]
FILE_MODE = 0o644
TOKEN_SECONDS = 3600

POD_SPEC: Json = {
    "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "securityContext": {},
    "terminationGracePeriodSeconds": 30, "schedulerName": "default-scheduler",
}  # fmt: skip
CONTAINER: Json = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "resources": {}}
PROBE: Json = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
ENV_SOURCES: dict[str, Json] = {"fieldRef": {"apiVersion": "v1"}, "fileKeyRef": {"optional": False}}
VOLUMES: dict[str, Json] = {
    "secret": {"defaultMode": FILE_MODE},
    "configMap": {"defaultMode": FILE_MODE},
    "downwardAPI": {"defaultMode": FILE_MODE},
    "projected": {"defaultMode": FILE_MODE},
    "hostPath": {"type": ""},
    "azureDisk": {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"},
    "iscsi": {"iscsiInterface": "default"},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
}
ROLLING = {"maxUnavailable": "25%", "maxSurge": "25%"}
WORKLOADS: dict[str, Json] = {
    "Deployment": {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600},
    "ReplicaSet": {"replicas": 1},
    "ReplicationController": {"replicas": 1},
    "StatefulSet": {"replicas": 1, "serviceName": "", "revisionHistoryLimit": 10, "podManagementPolicy": "OrderedReady"},
    "DaemonSet": {"revisionHistoryLimit": 10},
    "CronJob": {"concurrencyPolicy": "Allow", "suspend": False, "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1},
}


def apply(obj: Json) -> Json:
    """The object with its defaults; kinds without any come back as they are."""
    if obj.get("kind") == "Pod":
        return {**obj, "spec": _pod_spec(obj.get("spec") or {}, pod=True)}
    obj = with_template(obj, _template)
    change = _OF_KIND.get(obj.get("kind", ""))
    return change(obj) if change else obj


def _filled(value: Mapping[str, Any], defaults: Json) -> Json:
    """`value` with the defaults that it lacks; an empty text counts as none where the default is a text."""
    return {**value, **{k: v for k, v in defaults.items() if value.get(k) is None or (value[k] == "" and isinstance(v, str))}}


def _template(template: Json) -> Json:
    return {"metadata": {}, **template, "spec": _pod_spec(template.get("spec") or {}, pod=False)}


def _pod_spec(spec: Mapping[str, Any], *, pod: bool) -> Json:
    """A pod's spec; `pod`: of a Pod itself, not of a template."""
    made = _filled(spec, {**POD_SPEC, **({"enableServiceLinks": True} if pod else {})})
    if made["terminationGracePeriodSeconds"] < 0:
        made["terminationGracePeriodSeconds"] = 1
    account = made.get("serviceAccountName") or made.get("serviceAccount")
    if account:
        made["serviceAccountName"] = made["serviceAccount"] = account
    for key in ("containers", "initContainers", "ephemeralContainers"):
        if spec.get(key):
            made[key] = [_container(c or {}, host_network=pod and bool(spec.get("hostNetwork")), copy_limits=pod and key != "ephemeralContainers") for c in spec[key]]
    if spec.get("volumes"):
        made["volumes"] = [_volume(v or {}) for v in spec["volumes"]]
    if pod and spec.get("resources"):
        made["resources"] = _pod_level(made)
    return made


def _container(container: Mapping[str, Any], *, host_network: bool, copy_limits: bool) -> Json:
    made = _filled(container, CONTAINER)
    made["resources"] = _resources(made["resources"], copy_limits=copy_limits)
    if not container.get("imagePullPolicy"):
        made["imagePullPolicy"] = _pull_policy(container.get("image", ""))
    if container.get("ports"):
        made["ports"] = [_port(p or {}, host_network=host_network) for p in container["ports"]]
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(key) is not None:
            made[key] = _probe(container[key])
    if container.get("lifecycle"):
        made["lifecycle"] = {k: _handler(v) if isinstance(v, dict) else v for k, v in container["lifecycle"].items()}
    if container.get("env"):
        made["env"] = [_variable(e or {}) for e in container["env"]]
    return made


def _pull_policy(reference: str) -> str:
    try:
        return image.parse(reference).default_pull_policy
    except ValueError:
        return "IfNotPresent"


def _resources(own: Mapping[str, Any], *, copy_limits: bool) -> Json:
    """Amounts rounded up to milli; limits become requests where none is given."""
    made = {k: _rounded(v) if k in ("limits", "requests") else v for k, v in own.items()}
    if copy_limits and made.get("limits"):
        made["requests"] = {**made["limits"], **(made.get("requests") or {})}
    return made


def _rounded(amounts: Mapping[str, str] | None) -> Json:
    return {name: str(Quantity(amount).rounded_to_milli()) for name, amount in (amounts or {}).items()}


def _pod_level(spec: Mapping[str, Any]) -> Json:
    """SetDefaults_Pod for spec.resources: what the containers add up to, else the limit."""
    own = {k: _rounded(v) if k in ("limits", "requests") else v for k, v in (spec.get("resources") or {}).items()}
    limits, requests = dict(own.get("limits") or {}), dict(own.get("requests") or {})
    if not limits and not requests:
        return own
    asked = resources.aggregate(spec, "requests")
    capped = resources.aggregate(spec, "limits")
    for name in ("cpu", "memory", *(n for n in (*asked, *limits) if n.startswith("hugepages-"))):
        huge = name.startswith("hugepages-")
        if name not in limits and not huge and _all_limited(spec, name):
            limits[name] = str(capped[name])
        if name not in requests:
            if name in asked and not huge:
                requests[name] = str(asked[name])
            elif name in limits:
                requests[name] = limits[name]
    return {**own, **({"limits": limits} if limits else {}), **({"requests": requests} if requests else {})}


def _all_limited(spec: Mapping[str, Any], name: str) -> bool:
    return all(name in ((c.get("resources") or {}).get("limits") or {}) for c in spec.get("containers") or ())


def _port(port: Mapping[str, Any], *, host_network: bool) -> Json:
    made = _filled(port, {"protocol": "TCP"})
    if host_network and not made.get("hostPort") and made.get("containerPort"):
        made["hostPort"] = made["containerPort"]
    return made


def _probe(probe: Mapping[str, Any]) -> Json:
    """A written 0 counts as unset; an initial delay of 0 is left out."""
    bare = {k: v for k, v in probe.items() if not (v == 0 and k in (*PROBE, "initialDelaySeconds"))}
    return _handler(_filled(bare, PROBE))


def _handler(handler: Mapping[str, Any]) -> Json:
    made = dict(handler)
    if isinstance(handler.get("httpGet"), dict):
        get = handler["httpGet"]
        made["httpGet"] = {**get, "path": get.get("path") or "/", "scheme": get.get("scheme") or "HTTP"}
    if isinstance(handler.get("grpc"), dict):
        made["grpc"] = _filled(handler["grpc"], {"service": ""})
    return made


def _variable(variable: Mapping[str, Any]) -> Json:
    source = variable.get("valueFrom")
    if not isinstance(source, dict):
        return dict(variable)
    made = {k: _filled(v, ENV_SOURCES[k]) if k in ENV_SOURCES and isinstance(v, dict) else v for k, v in source.items()}
    return {**variable, "valueFrom": made}


def _volume(volume: Mapping[str, Any]) -> Json:
    made = dict(volume)
    if not any(v is not None for k, v in volume.items() if k != "name"):
        made["emptyDir"] = {}
    for key, defaults in VOLUMES.items():
        if isinstance(made.get(key), dict):
            made[key] = _filled(made[key], defaults)
    if isinstance(made.get("downwardAPI"), dict) and made["downwardAPI"].get("items"):
        made["downwardAPI"] = {**made["downwardAPI"], "items": _downward(made["downwardAPI"]["items"])}
    if isinstance(made.get("image"), dict) and not made["image"].get("pullPolicy"):
        made["image"] = {**made["image"], "pullPolicy": _pull_policy(made["image"].get("reference", ""))}
    if isinstance(made.get("projected"), dict) and made["projected"].get("sources"):
        made["projected"] = {**made["projected"], "sources": [_projection(s or {}) for s in made["projected"]["sources"]]}
    return made


def _projection(source: Mapping[str, Any]) -> Json:
    made = dict(source)
    if isinstance(source.get("serviceAccountToken"), dict):
        made["serviceAccountToken"] = _filled(source["serviceAccountToken"], {"expirationSeconds": TOKEN_SECONDS})
    if isinstance(source.get("downwardAPI"), dict) and source["downwardAPI"].get("items"):
        made["downwardAPI"] = {**source["downwardAPI"], "items": _downward(source["downwardAPI"]["items"])}
    return made


def _downward(items: list[Any]) -> list[Json]:
    return [
        {**i, "fieldRef": _filled(i["fieldRef"], {"apiVersion": "v1"})} if isinstance(i.get("fieldRef"), dict) else dict(i) for i in items
    ]


def _with_labels(obj: Json) -> Json:
    """A ReplicationController without labels takes those of its template."""
    labels = ((obj.get("spec") or {}).get("template") or {}).get("metadata", {}).get("labels")
    meta = obj.get("metadata") or {}
    return {**obj, "metadata": {**meta, "labels": labels}} if labels and not meta.get("labels") else obj


def _workload(obj: Json) -> Json:
    return {**obj, "spec": _filled(obj.get("spec") or {}, WORKLOADS[obj["kind"]])}


def _deployment(obj: Json) -> Json:
    obj = _workload(obj)
    strategy = _filled(obj["spec"].get("strategy") or {}, {"type": "RollingUpdate"})
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = _filled(strategy.get("rollingUpdate") or {}, ROLLING)
    return {**obj, "spec": {**obj["spec"], "strategy": strategy}}


def _daemon_set(obj: Json) -> Json:
    obj = _workload(obj)
    strategy = _filled(obj["spec"].get("updateStrategy") or {}, {"type": "RollingUpdate"})
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = _filled(strategy.get("rollingUpdate") or {}, {"maxUnavailable": 1, "maxSurge": 0})
    return {**obj, "spec": {**obj["spec"], "updateStrategy": strategy}}


def _stateful_set(obj: Json) -> Json:
    obj = _workload(obj)
    strategy = _filled(obj["spec"].get("updateStrategy") or {}, {"type": "RollingUpdate"})
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = _filled(strategy.get("rollingUpdate") or {}, {"partition": 0, "maxUnavailable": 1})
    retention = _filled(obj["spec"].get("persistentVolumeClaimRetentionPolicy") or {}, {"whenDeleted": "Retain", "whenScaled": "Retain"})
    claims = [_claim(c) for c in obj["spec"].get("volumeClaimTemplates") or ()]
    made = {**obj["spec"], "updateStrategy": strategy, "persistentVolumeClaimRetentionPolicy": retention}
    return {**obj, "spec": {**made, **({"volumeClaimTemplates": claims} if claims else {})}}


def _claim(claim: Json) -> Json:
    spec = _filled(claim.get("spec") or {}, {"volumeMode": "Filesystem"})
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim, "spec": spec, "status": {"phase": "Pending"}}


def _job(obj: Json) -> Json:
    return {**obj, "spec": _job_spec(obj.get("spec") or {})}


def _job_spec(spec: Mapping[str, Any]) -> Json:
    made = dict(spec)
    if made.get("completions") is None and made.get("parallelism") is None:
        made["completions"] = 1
    defaults = {"parallelism": 1, "backoffLimit": 6, "completionMode": "NonIndexed", "suspend": False, "manualSelector": False}
    made = _filled(made, defaults)
    if made.get("backoffLimitPerIndex") is not None and spec.get("backoffLimit") is None:
        made["backoffLimit"] = 2**31 - 1
    policy = made.get("podFailurePolicy")
    return _filled(made, {"podReplacementPolicy": "Failed" if policy else "TerminatingOrFailed"})


def _service(obj: Json) -> Json:
    spec = _filled(obj.get("spec") or {}, {"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster"})
    spec["ports"] = [_filled(p, {"protocol": "TCP", "targetPort": p.get("port")}) for p in spec.get("ports") or ()]
    return {**obj, "spec": spec, "status": {"loadBalancer": {}}}


_OF_KIND: dict[str, Callable[[Json], Json]] = {
    "Deployment": _deployment, "ReplicaSet": _workload, "ReplicationController": lambda o: _with_labels(_workload(o)),
    "StatefulSet": _stateful_set, "DaemonSet": _daemon_set, "Job": _job, "CronJob": _workload, "Service": _service,
}  # fmt: skip
