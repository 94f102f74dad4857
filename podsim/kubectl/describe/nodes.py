"""`kubectl describe node`.                                            describe.go describeNode, describeNodeResource"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from podsim.api import resources
from podsim.api.quantity import Quantity
from podsim.kubectl.describe.objects import head
from podsim.kubectl.describe.sections import Object, aligned, events, several, time_text
from podsim.kubectl.duration import age, instant
from podsim.kubectl.kindtables import node_roles

LEASE_SECONDS = 10  # the kubelet renews its lease so often
FINISHED = ("Succeeded", "Failed")
COLUMNS = (("requests", "cpu"), ("limits", "cpu"), ("requests", "memory"), ("limits", "memory"))  # of the table of pods
STANDARD = ("cpu", "memory", "ephemeral-storage", "pods")
NONE = Quantity("0")
INFO = {
    "Machine ID": "machineID", "System UUID": "systemUUID", "Boot ID": "bootID", "Kernel Version": "kernelVersion", "OS Image": "osImage",
    "Operating System": "operatingSystem", "Architecture": "architecture", "Container Runtime Version": "containerRuntimeVersion",
    "Kubelet Version": "kubeletVersion",
}  # fmt: skip
Sums = Mapping[str, Mapping[str, Quantity]]  # "requests" or "limits" -> resource -> amount


def node(obj: Object, pods: Sequence[Object], found: Sequence[Object] | None, now: datetime) -> str:
    """`pods` are all that there are."""
    meta, spec, status = obj["metadata"], obj.get("spec") or {}, obj["status"]
    name, *marks = head(obj)
    taints = [f"{t['key']}{'=' + t['value'] if t.get('value') else ''}:{t.get('effect', '')}" for t in spec.get("taints") or ()]
    lines = [
        name, f"Roles:\t{node_roles(obj)}", *marks, f"CreationTimestamp:\t{time_text(meta.get('creationTimestamp'))}",
        *several("Taints", sorted(taints)), f"Unschedulable:\t{str(spec.get('unschedulable', False)).lower()}",
        "Lease:", f"  HolderIdentity:\t{meta['name']}", "  AcquireTime:\t<unset>", f"  RenewTime:\t{_renewed(obj, now)}",
        "Conditions:", "  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage",
        "  ----\t------\t-----------------\t------------------\t------\t-------",
    ]  # fmt: skip
    for one in status.get("conditions") or ():
        beat, since = (time_text(one.get(key)) for key in ("lastHeartbeatTime", "lastTransitionTime"))
        lines.append(f"  {one['type']} \t{one['status']} \t{beat} \t{since} \t{one.get('reason', '')} \t{one.get('message', '')}")
    lines += ["Addresses:", *(f"  {one['type']}:\t{one['address']}" for one in status.get("addresses") or ())]
    for title, key in (("Capacity", "capacity"), ("Allocatable", "allocatable")):
        lines += [f"{title}:", *(f"  {resource}:\t{amount}" for resource, amount in sorted(status[key].items()))]
    info = status.get("nodeInfo") or {}
    lines += ["System Info:", *(f"  {title}:\t{info.get(key, '')}" for title, key in INFO.items())]
    here = [pod for pod in sorted(pods, key=_place) if pod["spec"].get("nodeName") == meta["name"] and pod["status"].get("phase") not in FINISHED]
    return aligned([*lines, *_usage(here, status["allocatable"], now), *events(found, now)])


def _renewed(obj: Object, now: datetime) -> str:
    """When the lease was renewed last."""
    ready = next((c for c in obj["status"].get("conditions") or () if c["type"] == "Ready"), None)
    if ready is not None and ready["status"] == "Unknown":
        return time_text(ready["lastHeartbeatTime"])
    late = (now - instant(obj["metadata"]["creationTimestamp"])).total_seconds() % LEASE_SECONDS
    return time_text((now - timedelta(seconds=late)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _usage(pods: Sequence[Object], allocatable: Mapping[str, str], now: datetime) -> list[str]:
    lines = [
        f"Non-terminated Pods:\t({len(pods)} in total)",
        "  Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge",
        "  ---------\t----\t\t------------\t----------\t---------------\t-------------\t---",
    ]
    sums = [_sums(pod) for pod in pods]
    for pod, asked in zip(pods, sums, strict=True):
        cells = [_share(asked[kind].get(name, NONE), name, allocatable) for kind, name in COLUMNS]
        meta = pod["metadata"]
        lines.append("\t".join([f"  {meta['namespace']}", meta["name"], "", *cells, age(meta.get("creationTimestamp"), now)]))
    lines += ["Allocated resources:", "  (Total limits may be over 100 percent, i.e., overcommitted.)", "  Resource\tRequests\tLimits", "  --------\t--------\t------"]
    extended = sorted(name for name in allocatable if name not in STANDARD)
    pages = [name for name in extended if name.startswith(resources.HUGE_PAGES)]
    for name in ("cpu", "memory", "ephemeral-storage", *pages, *(one for one in extended if one not in pages)):
        totals = [sum((asked[kind].get(name, NONE) for asked in sums), NONE) for kind in ("requests", "limits")]
        plain = name in extended and name not in pages
        lines.append("\t".join([f"  {name}", *(str(total) if plain else _share(total, name, allocatable) for total in totals)]))
    return lines


def _sums(pod: Object) -> Sums:
    amounts = {"requests": resources.pod_requests(pod), "limits": resources.pod_limits(pod)}
    return {kind: {name: Quantity(str(amount)) for name, amount in found.items()} for kind, found in amounts.items()}


def _share(amount: Quantity, name: str, allocatable: Mapping[str, str]) -> str:
    """`100m (0%)`; the share is cut off."""
    whole = Quantity(str(allocatable.get(name, "0")))
    part = amount.milli_value * 100 // whole.milli_value if whole.milli_value else 0
    return f"{amount} ({part}%)"


def _place(pod: Object) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
