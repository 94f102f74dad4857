"""The defaults of the API's scheme: what the server writes into an object before anything looks at it.

An object is walked by the types of the schema. What a type gives to fields that are not set stands in `VALUES`, what hangs on
other fields in `RULES`; a struct or a quantity that is no pointer in Go is always there.

k8s.io/kubernetes pkg/apis/core/v1/defaults.go and its neighbours for apps, batch, networking, scheduling and storage
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from podsim.api import image, resources, schema
from podsim.api.quantity import Quantity
from podsim.api.schema import Field

Json = dict[str, Any]
TOKEN_SECONDS = 3600
SESSION_SECONDS = 10800
MAX_INT32 = 2**31 - 1

CONTAINER: Json = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
MODE: Json = {"defaultMode": 0o644}
ISCSI: Json = {"iscsiInterface": "default"}
RBD: Json = {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"}
SCALE_IO: Json = {"storageMode": "ThinProvisioned", "fsType": "xfs"}
VALUES: dict[str, Json] = {
    "PodSpec": {
        "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "securityContext": {},
        "terminationGracePeriodSeconds": 30, "schedulerName": "default-scheduler",
    },
    "Container": CONTAINER, "EphemeralContainer": CONTAINER,
    "ContainerPort": {"protocol": "TCP"},
    "Probe": {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
    "HTTPGetAction": {"path": "/", "scheme": "HTTP"},
    "GRPCAction": {"service": ""},
    "ObjectFieldSelector": {"apiVersion": "v1"},
    "FileKeySelector": {"optional": False},
    "SecretVolumeSource": MODE, "ConfigMapVolumeSource": MODE, "DownwardAPIVolumeSource": MODE, "ProjectedVolumeSource": MODE,
    "ServiceAccountTokenProjection": {"expirationSeconds": TOKEN_SECONDS},
    "HostPathVolumeSource": {"type": ""},
    "AzureDiskVolumeSource": {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"},
    "ISCSIVolumeSource": ISCSI, "ISCSIPersistentVolumeSource": ISCSI,
    "RBDVolumeSource": RBD, "RBDPersistentVolumeSource": RBD,
    "ScaleIOVolumeSource": SCALE_IO, "ScaleIOPersistentVolumeSource": SCALE_IO,
    "PersistentVolumeClaimSpec": {"volumeMode": "Filesystem"},
    "PersistentVolumeSpec": {"volumeMode": "Filesystem", "persistentVolumeReclaimPolicy": "Retain"},
    "DeploymentSpec": {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600},
    "DeploymentStrategy": {"type": "RollingUpdate"},
    "RollingUpdateDeployment": {"maxUnavailable": "25%", "maxSurge": "25%"},
    "ReplicaSetSpec": {"replicas": 1},
    "ReplicationControllerSpec": {"replicas": 1},
    "StatefulSetSpec": {"replicas": 1, "serviceName": "", "revisionHistoryLimit": 10, "podManagementPolicy": "OrderedReady", "persistentVolumeClaimRetentionPolicy": {}},
    "StatefulSetUpdateStrategy": {"type": "RollingUpdate"},
    "RollingUpdateStatefulSetStrategy": {"partition": 0, "maxUnavailable": 1},
    "StatefulSetPersistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    "DaemonSetSpec": {"revisionHistoryLimit": 10},
    "DaemonSetUpdateStrategy": {"type": "RollingUpdate"},
    "RollingUpdateDaemonSet": {"maxUnavailable": 1, "maxSurge": 0},
    "CronJobSpec": {"concurrencyPolicy": "Allow", "suspend": False, "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1},
    "PodFailurePolicyOnPodConditionsPattern": {"status": "True"},
    "Secret": {"type": "Opaque"},
    "ServicePort": {"protocol": "TCP"},
    "ServiceSpec": {"type": "ClusterIP", "sessionAffinity": "None"},
    "PriorityClass": {"preemptionPolicy": "PreemptLowerPriority"},
    "StorageClass": {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
    "NetworkPolicyPort": {"protocol": "TCP"},
}  # fmt: skip


def apply(obj: Json) -> Json:
    """The object with its defaults; kinds without a description come back as they are."""
    return _struct(obj["kind"], obj) if obj.get("kind") in schema.types() else obj


def _struct(type_: str, value: Mapping[str, Any]) -> Json:
    made = dict(value)
    for name, default in VALUES.get(type_, {}).items():
        if made.get(name) is None:
            made[name] = default
    for field in _inner(type_):
        found = made.get(field.name)
        if found is not None:
            made[field.name] = _field(field, found)
        elif _is_always_there(field):
            made[field.name] = "0" if field.type == "quantity" else _struct(field.type, {})
    rule = RULES.get(type_)
    return rule(made) if rule else made


def _field(field: Field, value: Any) -> Any:
    if field.go == "v1.ResourceList":
        return {name: str(Quantity(str(amount)).rounded_to_milli()) for name, amount in value.items()}
    if field.type not in schema.types():
        return value
    if field.container == "array":
        return [_struct(field.type, item or {}) for item in value]
    return value if field.container else _struct(field.type, value)


@cache
def _inner(type_: str) -> tuple[Field, ...]:
    """The fields of a type in which there is something to default."""
    return tuple(field for field in schema.types()[type_].values() if field.name != "status" and _matters(field))


def _matters(field: Field) -> bool:
    if field.go == "v1.ResourceList" or _is_always_there(field):
        return True
    return field.type in schema.types() and (field.type in VALUES or field.type in RULES or bool(_inner(field.type)))


def _is_always_there(field: Field) -> bool:
    """A struct or quantity that is no pointer; an object's own metadata and a claim's selector stay what they are."""
    return not field.pointer and not field.container and (field.type == "quantity" or field.type in schema.types())


def _pod(pod: Json) -> Json:
    """SetDefaults_Pod: what a Pod has and a template has not."""
    spec = {"enableServiceLinks": True, **{k: v for k, v in pod["spec"].items() if v is not None}}
    for key in ("containers", "initContainers"):
        if key in spec:
            spec[key] = [_container_of_pod(c, host_network=bool(spec.get("hostNetwork"))) for c in spec[key]]
    own = spec.get("resources") or {}
    if own.get("limits") or own.get("requests"):
        spec["resources"] = _pod_level(spec, own)
    return {**pod, "spec": spec}


def _container_of_pod(container: Json, *, host_network: bool) -> Json:
    """Limits become requests where none is given; on the host's network a port is the host's."""
    own = container["resources"]
    if own.get("limits"):
        own = {**own, "requests": {**own["limits"], **(own.get("requests") or {})}}
    made = {**container, "resources": own}
    if host_network and container.get("ports"):
        made["ports"] = [{**p, "hostPort": p.get("hostPort") or p["containerPort"]} if p.get("containerPort") else p for p in container["ports"]]
    return made


def _pod_level(spec: Json, own: Json) -> Json:
    """defaultHugePagePodLimits, defaultPodRequests, defaultPodLimits"""
    limits, requests = dict(own.get("limits") or {}), dict(own.get("requests") or {})
    asked, capped = resources.aggregate(spec, "requests"), resources.aggregate(spec, "limits")
    for name in capped:
        if name.startswith(resources.HUGE_PAGES) and name not in requests:
            limits.setdefault(name, str(capped[name]))
    if limits:
        of_containers = {n: str(asked[n]) for n in resources.POD_LEVEL if n in asked}
        requests = {**{n: a for n, a in limits.items() if resources.is_pod_level(n)}, **of_containers, **requests}
    if any(map(resources.is_pod_level, requests)):
        limits = {**{n: str(capped[n]) for n in resources.POD_LEVEL if n in capped and _all_limited(spec, n)}, **limits}
    return {**own, **({"limits": limits} if limits else {}), **({"requests": requests} if requests else {})}


def _all_limited(spec: Json, name: str) -> bool:
    return all(name in (c["resources"].get("limits") or {}) for c in spec.get("containers") or ())


def _pod_spec(spec: Json) -> Json:
    made = dict(spec)
    if made["terminationGracePeriodSeconds"] < 0:
        made["terminationGracePeriodSeconds"] = 1
    account = made.get("serviceAccountName") or made.get("serviceAccount")
    return {**made, "serviceAccountName": account, "serviceAccount": account} if account else made


def _pulled(field: str, policy: str) -> Callable[[Json], Json]:
    """Sets the pull policy of the image that `field` names."""

    def rule(value: Json) -> Json:
        return value if value.get(policy) else {**value, policy: _pull_policy(value.get(field) or "")}

    return rule


def _pull_policy(reference: str) -> str:
    try:
        return image.parse(reference).default_pull_policy
    except ValueError:
        return "IfNotPresent"


def _volume(volume: Json) -> Json:
    return volume if any(v is not None for k, v in volume.items() if k != "name") else {**volume, "emptyDir": {}}


def _rolling(type_: str) -> Callable[[Json], Json]:
    """A strategy of type RollingUpdate has its parameters, which are a `type_`."""

    def rule(strategy: Json) -> Json:
        wanted = strategy["type"] == "RollingUpdate" and strategy.get("rollingUpdate") is None
        return {**strategy, "rollingUpdate": _struct(type_, {})} if wanted else strategy

    return rule


def _with_labels(obj: Json) -> Json:
    """A ReplicationController without labels or selector takes the labels of its template."""
    spec, meta = obj["spec"], obj["metadata"]
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    if not labels:
        return obj
    return {**obj, "metadata": {**meta, "labels": meta.get("labels") or labels}, "spec": {**spec, "selector": spec.get("selector") or labels}}


def _stateful_set(obj: Json) -> Json:
    claims = [
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim, "status": {"phase": "Pending"}}
        for claim in obj["spec"].get("volumeClaimTemplates") or ()
    ]
    return {**obj, "spec": {**obj["spec"], "volumeClaimTemplates": claims}} if claims else obj


def _job(obj: Json) -> Json:
    spec = obj["spec"]
    values: Json = {
        "parallelism": 1, "backoffLimit": 6 if spec.get("backoffLimitPerIndex") is None else MAX_INT32, "completionMode": "NonIndexed",
        "suspend": False, "manualSelector": False,
        "podReplacementPolicy": "TerminatingOrFailed" if spec.get("podFailurePolicy") is None else "Failed",
    }  # fmt: skip
    if spec.get("completions") is None and spec.get("parallelism") is None:
        values["completions"] = 1
    return {**obj, "spec": {**spec, **{k: v for k, v in values.items() if spec.get(k) is None}}}


def _service_spec(spec: Json) -> Json:
    made, kind = dict(spec), spec["type"]
    if made["sessionAffinity"] == "ClientIP":
        made.setdefault("sessionAffinityConfig", {"clientIP": {"timeoutSeconds": SESSION_SECONDS}})
    else:
        made.pop("sessionAffinityConfig", None)
    values = {
        "externalTrafficPolicy": "Cluster" if kind in ("NodePort", "LoadBalancer") or (kind == "ClusterIP" and made.get("externalIPs")) else None,
        "internalTrafficPolicy": "Cluster" if kind in ("ClusterIP", "NodePort", "LoadBalancer") else None,
        "allocateLoadBalancerNodePorts": True if kind == "LoadBalancer" else None,
    }
    return {**{k: v for k, v in values.items() if v is not None}, **made}


def _service_port(port: Json) -> Json:
    return {**port, "targetPort": port.get("targetPort") or port.get("port") or 0}


def _secret(secret: Json) -> Json:
    """stringData is written only: it goes into data, over what is there.   Convert_v1_Secret_To_core_Secret"""
    written = {key: base64.b64encode(text.encode()).decode() for key, text in (secret.get("stringData") or {}).items()}
    made = {key: value for key, value in secret.items() if key != "stringData"}
    return {**made, "data": {**(made.get("data") or {}), **written}} if written else made


def _namespace(obj: Json) -> Json:
    meta = obj["metadata"]
    if not meta.get("name"):
        return obj
    return {**obj, "metadata": {**meta, "labels": {**(meta.get("labels") or {}), "kubernetes.io/metadata.name": meta["name"]}}}


def _limit_range_item(item: Json) -> Json:
    if item.get("type") != "Container":
        return item
    limits = {**(item.get("max") or {}), **(item.get("default") or {})}
    requests = {**(item.get("min") or {}), **limits, **(item.get("defaultRequest") or {})}
    return {**item, **({"default": limits} if limits else {}), **({"defaultRequest": requests} if requests else {})}


def _network_policy_spec(spec: Json) -> Json:
    return {**spec, "policyTypes": spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]}


RULES: dict[str, Callable[[Json], Json]] = {
    "Pod": _pod, "PodSpec": _pod_spec, "Volume": _volume,
    **dict.fromkeys(("Container", "EphemeralContainer"), _pulled("image", "imagePullPolicy")),
    "ImageVolumeSource": _pulled("reference", "pullPolicy"),
    "DeploymentStrategy": _rolling("RollingUpdateDeployment"), "DaemonSetUpdateStrategy": _rolling("RollingUpdateDaemonSet"),
    "StatefulSetUpdateStrategy": _rolling("RollingUpdateStatefulSetStrategy"),
    "ReplicationController": _with_labels, "StatefulSet": _stateful_set, "Job": _job,
    "ServiceSpec": _service_spec, "ServicePort": _service_port, "Secret": _secret, "Namespace": _namespace,
    "LimitRangeItem": _limit_range_item, "NetworkPolicySpec": _network_policy_spec,
}  # fmt: skip
