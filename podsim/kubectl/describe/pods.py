"""`kubectl describe pod`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from podsim.api.qos import qos_class
from podsim.kubectl import selectors
from podsim.kubectl.describe.containers import containers, resources
from podsim.kubectl.describe.sections import NONE, Object, aligned, annotation_lines, controlled_by, events, label_lines, several, time_text, tolerations
from podsim.kubectl.describe.volumes import volumes
from podsim.kubectl.duration import age, instant


def describe(pod: Object, found: Sequence[Object] | None, now: datetime) -> str:
    """The whole text; `found` are the events of the pod, or None for --show-events=false.                describePod"""
    spec, status = pod.get("spec", {}), pod.get("status", {})
    return aligned([*_header(pod, now), *_containers(pod), *_conditions(spec, status), *_tail(pod), *events(found, now)])


def _header(pod: Object, now: datetime) -> list[str]:
    meta, spec, status = pod["metadata"], pod.get("spec", {}), pod.get("status", {})
    told = [("Name", meta["name"]), ("Namespace", meta.get("namespace", ""))]
    told += [("Priority", spec["priority"])] if spec.get("priority") is not None else []
    optional = (("Priority Class Name", "priorityClassName"), ("Runtime Class Name", "runtimeClassName"), ("Service Account", "serviceAccountName"))
    told += [(title, spec[key]) for title, key in optional if spec.get(key)]
    told.append(("Node", f"{spec['nodeName']}/{status.get('hostIP', '')}" if spec.get("nodeName") else NONE))
    told += [("Start Time", time_text(status["startTime"]))] if status.get("startTime") else []
    lines = [f"{title}:\t{value}" for title, value in told]
    lines += label_lines("Labels", meta.get("labels")) + annotation_lines("Annotations", meta.get("annotations"))
    return lines + _state(pod, now)


def _state(pod: Object, now: datetime) -> list[str]:
    meta, spec, status = pod["metadata"], pod.get("spec", {}), pod.get("status", {})
    phase = status.get("phase", "")
    if meta.get("deletionTimestamp") and phase not in ("Succeeded", "Failed"):
        told = [("Status", f"Terminating (lasts {age(meta['deletionTimestamp'], now)})")]
        told += [("Termination Grace Period", f"{meta.get('deletionGracePeriodSeconds', 0)}s")]
    else:
        told = [("Status", phase)]
    told += [(title, status[key]) for title, key in (("Reason", "reason"), ("Message", "message")) if status.get(key)]
    profile = (spec.get("securityContext") or {}).get("seccompProfile")
    if profile:
        told.append(("SeccompProfile", profile.get("type", "")))
        told += [("LocalhostProfile", profile.get("localhostProfile", ""))] if profile.get("type") == "Localhost" else []
    told.append(("IP", status.get("podIP", "")))
    addresses = status.get("podIPs") or ()
    lines = [f"{title}:\t{value}" for title, value in told]
    lines += ["IPs:", *(f"  IP:\t{one['ip']}" for one in addresses)] if addresses else [f"IPs:\t{NONE}"]
    lines += controlled_by(pod)
    lines += [f"NominatedNodeName:\t{status['nominatedNodeName']}"] if status.get("nominatedNodeName") else []
    if spec.get("resources") is not None:
        lines += ["Resources:", *(f"  {line}" for line in resources(spec["resources"]))]
    return lines


def _containers(pod: Object) -> list[str]:
    spec, status, lines = pod.get("spec", {}), pod.get("status", {}), []
    for title, key, statuses in (
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    ):
        if spec.get(key) or key == "containers":
            lines += containers(title, spec.get(key) or (), status.get(statuses) or (), pod)
    return lines


def _conditions(spec: Object, status: Object) -> list[str]:
    found, lines = status.get("conditions") or (), []
    if spec.get("readinessGates"):
        first: dict[str, str] = {}
        for condition in found:
            first.setdefault(condition["type"], condition.get("status", ""))
        wanted = [gate["conditionType"] for gate in spec["readinessGates"]]
        lines = ["Readiness Gates:", "  Type\tStatus", *(f"  {one} \t{first.get(one, NONE)} " for one in wanted)]
    if found:
        lines += ["Conditions:", "  Type\tStatus", *(f"  {c['type']} \t{c.get('status', '')} " for c in found)]
    return lines


def _tail(pod: Object) -> list[str]:
    spec = pod.get("spec", {})
    quality = pod.get("status", {}).get("qosClass") or qos_class(pod)
    return [
        *volumes(spec.get("volumes")),
        f"QoS Class:\t{quality}",
        *label_lines("Node-Selectors", spec.get("nodeSelector")),
        *tolerations("Tolerations", spec.get("tolerations")),
        *spread(spec.get("topologySpreadConstraints") or ()),
    ]


def spread(found: Sequence[Object], indent: str = "") -> list[str]:
    """Topology Spread Constraints, if any."""
    values = []
    for one in sorted(found, key=lambda constraint: str(constraint["topologyKey"])):
        where = f" for selector {selectors.text_of(one['labelSelector'])}" if one.get("labelSelector") is not None else ""
        values.append(f"{one['topologyKey']}:{one['whenUnsatisfiable']} when max skew {one['maxSkew']} is exceeded{where}")
    return several("Topology Spread Constraints", values, indent) if values else []


def pod(pod: Object, events: Sequence[Object], now: str | datetime, show_events: bool = True) -> str:
    """`kubectl describe pod` of a v1 Pod and its v1 Events at `now`."""
    return describe(pod, events if show_events else None, instant(now))
