"""The columns of `kubectl get`, kind by kind: data and small functions.        pkg/printers/internalversion/printers.go

A column whose name ends in `+` shows with `-o wide` only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from podsim.kubectl import selectors
from podsim.kubectl.duration import age, human_duration, instant
from podsim.kubectl.pods import NONE, pod_row

Object = Mapping[str, Any]
Cells = Sequence[str | int]
NODE_ROLE = "node-role.kubernetes.io/"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `wide`: only with `-o wide`."""

    name: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class KindTable:
    """The columns of a kind and the cells of one object at `now`."""

    columns: tuple[Column, ...]
    cells: Callable[[Object, datetime], Cells]


def of(kind: str) -> KindTable:
    """The table of a kind; NAME and AGE for one that has no columns of its own."""
    return _TABLES.get(kind, _DEFAULT)


def _table(names: str, cells: Callable[[Object, datetime], Cells]) -> KindTable:
    return KindTable(tuple(Column(name.strip("+ "), name.endswith("+")) for name in names.split("|")), cells)


def _created(obj: Object, now: datetime) -> str:
    return age(obj["metadata"].get("creationTimestamp"), now)


def _name(obj: Object) -> str:
    return str(obj["metadata"]["name"])


def _template(obj: Object) -> tuple[str, str]:
    """Names and images of the template's containers.                                          layoutContainerCells"""
    containers = obj["spec"]["template"].get("spec", {}).get("containers") or ()
    return ",".join(c["name"] for c in containers), ",".join(c.get("image", "") for c in containers)


def _deployment(obj: Object, now: datetime) -> Cells:
    spec, status = obj["spec"], obj.get("status", {})
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 1)}"
    counts = (status.get("updatedReplicas", 0), status.get("availableReplicas", 0))
    return [_name(obj), ready, *counts, _created(obj, now), *_template(obj), selectors.text_of(spec.get("selector"))]


def _replica_set(obj: Object, now: datetime) -> Cells:
    spec, status = obj["spec"], obj.get("status", {})
    counts = (spec.get("replicas", 1), status.get("replicas", 0), status.get("readyReplicas", 0))
    return [_name(obj), *counts, _created(obj, now), *_template(obj), selectors.text_of(spec.get("selector"))]


def _stateful_set(obj: Object, now: datetime) -> Cells:
    ready = f"{obj.get('status', {}).get('readyReplicas', 0)}/{obj['spec'].get('replicas', 1)}"
    return [_name(obj), ready, _created(obj, now), *_template(obj)]


def _daemon_set(obj: Object, now: datetime) -> Cells:
    status, template = obj.get("status", {}), obj["spec"]["template"].get("spec", {})
    numbers = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable")
    counts = [status.get(number, 0) for number in numbers]
    where = selectors.labels_text(template.get("nodeSelector"))
    return [_name(obj), *counts, where, _created(obj, now), *_template(obj), selectors.text_of(obj["spec"].get("selector"))]


JOB_STATUS = (  # the first that holds, in this order; None is the deletion                                     printJob
    ("Complete", "Complete"), ("Failed", "Failed"), (None, "Terminating"), ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"), ("SuccessCriteriaMet", "SuccessCriteriaMet"),
)  # fmt: skip


def _job(obj: Object, now: datetime) -> Cells:
    spec, status = obj["spec"], obj.get("status", {})
    succeeded, parallelism = status.get("succeeded", 0), spec.get("parallelism", 0)
    if spec.get("completions") is not None:
        completions = f"{succeeded}/{spec['completions']}"
    else:
        completions = f"{succeeded}/1 of {parallelism}" if parallelism > 1 else f"{succeeded}/1"
    true = {c["type"] for c in status.get("conditions") or () if c.get("status") == "True"}
    true |= {None} if "deletionTimestamp" in obj["metadata"] else set()
    state = next((text for condition, text in JOB_STATUS if condition in true), "Running")
    start = status.get("startTime")
    took = ""
    if start:
        end = instant(status["completionTime"]) if status.get("completionTime") else now
        took = human_duration((end - instant(start)).total_seconds())
    return [_name(obj), state, completions, took, _created(obj, now), *_template(obj), selectors.text_of(spec.get("selector"))]


def _cron_job(obj: Object, now: datetime) -> Cells:
    spec, status = obj["spec"], obj.get("status", {})
    suspend = {True: "True", False: "False", None: "<unset>"}[spec.get("suspend")]
    last = age(status["lastScheduleTime"], now) if status.get("lastScheduleTime") else NONE
    job = spec["jobTemplate"]["spec"]
    return [
        _name(obj), spec["schedule"], spec.get("timeZone") or NONE, suspend, len(status.get("active") or ()), last,
        _created(obj, now), *_template({"spec": job}), selectors.text_of(job.get("selector")),
    ]  # fmt: skip


def node_roles(obj: Object) -> str:
    """What a node's labels say it is for.                                                            findNodeRoles"""
    labels = obj["metadata"].get("labels") or {}
    roles = {key.removeprefix(NODE_ROLE) for key in labels if key.startswith(NODE_ROLE)} | {labels.get("kubernetes.io/role", "")}
    return ",".join(sorted(roles - {""})) or NONE


def _node(obj: Object, now: datetime) -> Cells:
    spec, status = obj.get("spec", {}), obj.get("status", {})
    ready = next((c.get("status") for c in status.get("conditions") or () if c["type"] == "Ready"), None)
    states = ["Unknown" if ready is None else "Ready" if ready == "True" else "NotReady"]
    states += ["SchedulingDisabled"] if spec.get("unschedulable") else []
    info = status.get("nodeInfo", {})
    addresses = {a["type"]: a["address"] for a in reversed(status.get("addresses") or ())}
    kernel = info.get("kernelVersion") or "<unknown>"
    kernel += f" ({info['architecture']})" if info.get("architecture") else ""
    return [
        _name(obj), ",".join(states), node_roles(obj), _created(obj, now),
        info.get("kubeletVersion", ""), addresses.get("InternalIP", NONE), addresses.get("ExternalIP", NONE),
        info.get("osImage") or "<unknown>", kernel, info.get("containerRuntimeVersion") or "<unknown>",
    ]  # fmt: skip


def _service(obj: Object, now: datetime) -> Cells:
    spec = obj.get("spec", {})
    ports = [f"{p['port']}{':' + str(p['nodePort']) if p.get('nodePort') else ''}/{p.get('protocol', 'TCP')}" for p in spec.get("ports") or ()]
    kind = spec.get("type", "ClusterIP")
    external = (
        spec.get("externalName", "") if kind == "ExternalName" else ",".join(spec.get("externalIPs") or ()) or ("<pending>" if kind == "LoadBalancer" else NONE)
    )
    cluster_ip = next(iter(spec.get("clusterIPs") or ()), spec.get("clusterIP") or NONE)
    return [_name(obj), kind, cluster_ip, external, ",".join(ports) or NONE, _created(obj, now), selectors.labels_text(spec.get("selector"))]


def _endpoint_slice(obj: Object, now: datetime) -> Cells:
    ports = [str(p["port"]) if p.get("port") is not None else "*" for p in obj.get("ports") or ()]
    addresses = [address for endpoint in obj.get("endpoints") or () for address in endpoint.get("addresses") or ()]
    return [_name(obj), obj.get("addressType", ""), _some(ports) or "<unset>", _some(addresses) or "<unset>", _created(obj, now)]


def _some(texts: Sequence[str], most: int = 3) -> str:
    """At most three of them.                                                                   formatDiscoveryPorts"""
    return ",".join(texts[:most]) + (f" + {len(texts) - most} more..." if len(texts) > most else "")


def event_times(event: Object, now: datetime) -> tuple[str, str, int]:
    """Age of the first and of the last occurrence, and how many there were.                              printEvent"""
    first = age(event.get("firstTimestamp") or event.get("eventTime"), now)
    last = age(event["lastTimestamp"], now) if event.get("lastTimestamp") else first
    series = event.get("series")
    if series:
        return first, age(series.get("lastObservedTime"), now), series.get("count", 0)
    return first, last, event.get("count") or 1


def _event(obj: Object, now: datetime) -> Cells:
    first, last, count = event_times(obj, now)
    about = obj.get("involvedObject", {})
    source = obj.get("source", {})
    component, host = source.get("component"), source.get("host")
    if not component:
        component, host = obj.get("reportingComponent", ""), obj.get("reportingInstance")
    name = f"/{about['name']}" if about.get("name") else ""
    return [
        last, obj.get("type", ""), obj.get("reason", ""), about.get("kind", "").lower() + name,
        about.get("fieldPath", ""),
        f"{component}, {host}" if host else component or "", obj.get("message", "").strip(), first, count, _name(obj),
    ]  # fmt: skip


def _priority_class(obj: Object, now: datetime) -> Cells:
    default = str(obj.get("globalDefault", False)).lower()
    policy = obj.get("preemptionPolicy", "PreemptLowerPriority")
    return [_name(obj), obj.get("value", 0), default, _created(obj, now), policy]


def _size(obj: Object, *parts: str) -> int:
    return sum(len(obj.get(part) or ()) for part in parts)


def _plain(*parts: Callable[[Object], str | int]) -> Callable[[Object, datetime], Cells]:
    """Cells of a kind that has nothing but values between NAME and AGE."""
    return lambda obj, now: [_name(obj), *(part(obj) for part in parts), _created(obj, now)]


def _pod(obj: Object, now: datetime) -> Cells:
    return pod_row(obj, now).cells


_TEMPLATE_COLUMNS = "CONTAINERS+|IMAGES+|SELECTOR+"
_DEFAULT = _table("NAME|AGE", _plain())
_TABLES: dict[str, KindTable] = {
    "Pod": _table("NAME|READY|STATUS|RESTARTS|AGE|IP+|NODE+|NOMINATED NODE+|READINESS GATES+", _pod),
    "Deployment": _table(f"NAME|READY|UP-TO-DATE|AVAILABLE|AGE|{_TEMPLATE_COLUMNS}", _deployment),
    "ReplicaSet": _table(f"NAME|DESIRED|CURRENT|READY|AGE|{_TEMPLATE_COLUMNS}", _replica_set),
    "StatefulSet": _table("NAME|READY|AGE|CONTAINERS+|IMAGES+", _stateful_set),
    "DaemonSet": _table(f"NAME|DESIRED|CURRENT|READY|UP-TO-DATE|AVAILABLE|NODE SELECTOR|AGE|{_TEMPLATE_COLUMNS}", _daemon_set),
    "Job": _table(f"NAME|STATUS|COMPLETIONS|DURATION|AGE|{_TEMPLATE_COLUMNS}", _job),
    "CronJob": _table(f"NAME|SCHEDULE|TIMEZONE|SUSPEND|ACTIVE|LAST SCHEDULE|AGE|{_TEMPLATE_COLUMNS}", _cron_job),
    "Node": _table("NAME|STATUS|ROLES|AGE|VERSION|INTERNAL-IP+|EXTERNAL-IP+|OS-IMAGE+|KERNEL-VERSION+|CONTAINER-RUNTIME+", _node),
    "Namespace": _table("NAME|STATUS|AGE", _plain(lambda obj: obj.get("status", {}).get("phase", ""))),
    "Service": _table("NAME|TYPE|CLUSTER-IP|EXTERNAL-IP|PORT(S)|AGE|SELECTOR+", _service),
    "EndpointSlice": _table("NAME|ADDRESSTYPE|PORTS|ENDPOINTS|AGE", _endpoint_slice),
    "ConfigMap": _table("NAME|DATA|AGE", _plain(lambda obj: _size(obj, "data", "binaryData"))),
    "Secret": _table("NAME|TYPE|DATA|AGE", _plain(lambda obj: obj.get("type", "Opaque"), lambda obj: _size(obj, "data"))),
    "LimitRange": _table("NAME|CREATED AT", lambda obj, _: [_name(obj), obj["metadata"].get("creationTimestamp", "")]),
    "RuntimeClass": _table("NAME|HANDLER|AGE", _plain(lambda obj: obj.get("handler", ""))),
    "PriorityClass": _table("NAME|VALUE|GLOBAL-DEFAULT|AGE|PREEMPTIONPOLICY", _priority_class),
    "Event": _table("LAST SEEN|TYPE|REASON|OBJECT|SUBOBJECT+|SOURCE+|MESSAGE|FIRST SEEN+|COUNT+|NAME+", _event),
}
