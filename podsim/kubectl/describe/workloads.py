"""`kubectl describe` of the objects that make pods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from podsim.kubectl import selectors
from podsim.kubectl.describe.containers import containers
from podsim.kubectl.describe.objects import UNSET, head
from podsim.kubectl.describe.pods import spread
from podsim.kubectl.describe.sections import (
    NONE,
    Object,
    aligned,
    annotation_lines,
    conditions,
    controlled_by,
    events,
    go_value,
    label_lines,
    time_text,
    tolerations,
)
from podsim.kubectl.describe.volumes import volumes
from podsim.kubectl.duration import human_duration, instant

INDEX_LIMIT = 50  # describeJob capIndexesListOrNone


def template(found: Object, indent: str = "  ") -> list[str]:
    """The Pod Template section.                                                                DescribePodTemplate"""
    meta, spec = found.get("metadata") or {}, found.get("spec") or {}
    lines = ["Pod Template:", *label_lines("Labels", meta.get("labels"), indent)]
    if meta.get("annotations"):
        lines += annotation_lines("Annotations", meta["annotations"], indent)
    lines += [f"  Service Account:\t{spec['serviceAccountName']}"] if spec.get("serviceAccountName") else []
    for title, key in (("Init Containers", "initContainers"), ("Containers", "containers")):
        if spec.get(key) or key == "containers":
            lines += containers(title, spec.get(key) or (), (), None, indent)
    lines += volumes(spec.get("volumes"), indent)
    lines += spread(spec.get("topologySpreadConstraints") or (), indent)
    lines += [f"  Priority Class Name:\t{spec['priorityClassName']}"] if spec.get("priorityClassName") else []
    return lines + label_lines("Node-Selectors", spec.get("nodeSelector"), indent) + tolerations("Tolerations", spec.get("tolerations"), indent)


def deployment(obj: Object, sets: Sequence[Object], found: Sequence[Object] | None, now: datetime) -> str:
    """`sets` are the ReplicaSets that the deployment controls.                                    describeDeployment"""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status", {})
    counts = [f"{spec.get('replicas', 1)} desired"]
    counts += [f"{status.get(key, 0)} {word}" for key, word in (
        ("updatedReplicas", "updated"), ("replicas", "total"),
        ("availableReplicas", "available"), ("unavailableReplicas", "unavailable"),
    )]  # fmt: skip
    strategy = spec.get("strategy", {})
    lines = [
        f"Name:\t{meta['name']}",
        f"Namespace:\t{meta.get('namespace', '')}",
        f"CreationTimestamp:\t{time_text(meta.get('creationTimestamp'))}",
        *label_lines("Labels", meta.get("labels")),
        *annotation_lines("Annotations", meta.get("annotations")),
        f"Selector:\t{selectors.text_of(spec.get('selector'))}",
        f"Replicas:\t{' | '.join(counts)}",
        f"StrategyType:\t{strategy.get('type', '')}",
        f"MinReadySeconds:\t{spec.get('minReadySeconds', 0)}",
    ]
    if rolling := strategy.get("rollingUpdate"):
        lines.append(f"RollingUpdateStrategy:\t{rolling['maxUnavailable']} max unavailable, {rolling['maxSurge']} max surge")
    lines += template(spec["template"]) + conditions(status.get("conditions") or ())
    if sets:
        new = _newest(obj, sets)
        lines.append(f"OldReplicaSets:\t{_sets([one for one in sets if one is not new])}")
        lines.append(f"NewReplicaSet:\t{_sets([new] if new else [])}")
    return aligned(lines + events(found, now))


def _newest(obj: Object, sets: Sequence[Object]) -> Object | None:
    """The ReplicaSet of the template as it is now.                                               FindNewReplicaSet"""
    wanted = obj["spec"]["template"]
    for one in sorted(sets, key=lambda replica_set: str(replica_set["metadata"].get("creationTimestamp"))):
        made = one["spec"]["template"]
        marked = {k: v for k, v in made["metadata"].get("labels", {}).items() if k != "pod-template-hash"}
        if {**made, "metadata": {**made["metadata"], "labels": marked}} == wanted:
            return one
    return None


def _sets(sets: Sequence[Object]) -> str:
    counts = [(one["metadata"]["name"], one.get("status", {}).get("replicas", 0), one["spec"].get("replicas", 1)) for one in sets]
    return ", ".join(f"{name} ({have}/{wanted} replicas created)" for name, have, wanted in counts) or NONE


def replica_set(obj: Object, pods: Sequence[Object], found: Sequence[Object] | None, now: datetime) -> str:
    """`pods` are those that the set controls.                                                     describeReplicaSet"""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status", {})
    lines = [
        f"Name:\t{meta['name']}",
        f"Namespace:\t{meta.get('namespace', '')}",
        f"Selector:\t{selectors.text_of(spec.get('selector'))}",
        *label_lines("Labels", meta.get("labels")),
        *annotation_lines("Annotations", meta.get("annotations")),
        *controlled_by(obj),
        f"Replicas:\t{status.get('replicas', 0)} current / {spec.get('replicas', 1)} desired",
        f"Pods Status:\t{_phases(pods)}",
    ]
    return aligned([*lines, *template(spec["template"]), *conditions(status.get("conditions") or ()), *events(found, now)])


def _phases(pods: Sequence[Object]) -> str:
    """getPodStatusForController"""
    phases = [pod.get("status", {}).get("phase") for pod in pods]
    words = (("Running", "Running"), ("Pending", "Waiting"), ("Succeeded", "Succeeded"), ("Failed", "Failed"))
    return " / ".join(f"{phases.count(phase)} {word}" for phase, word in words)


def job(obj: Object, found: Sequence[Object] | None, now: datetime) -> str:
    """describeJob"""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status", {})
    start, end = status.get("startTime"), status.get("completionTime")
    took = human_duration((instant(end) - instant(start)).total_seconds()) if start and end else None
    told = [
        ("Parallelism", spec.get("parallelism")),
        ("Completions", spec.get("completions", "<unset>")),
        ("Completion Mode", spec.get("completionMode")),
        ("Suspend", str(spec["suspend"]).lower() if spec.get("suspend") is not None else None),
        ("Backoff Limit", spec.get("backoffLimit")),
        ("TTL Seconds After Finished", spec.get("ttlSecondsAfterFinished")),
        ("Start Time", time_text(start) if start else None),
        ("Completed At", time_text(end) if end else None),
        ("Duration", took),
        ("Active Deadline Seconds", f"{spec['activeDeadlineSeconds']}s" if spec.get("activeDeadlineSeconds") is not None else None),
    ]
    ready = f" ({status['ready']} Ready)" if status.get("ready") is not None else ""
    active, succeeded, failed = (status.get(key, 0) for key in ("active", "succeeded", "failed"))
    counts = f"{active} Active{ready} / {succeeded} Succeeded / {failed} Failed"
    lines = [
        f"Name:\t{meta['name']}",
        f"Namespace:\t{meta.get('namespace', '')}",
        f"Selector:\t{selectors.text_of(spec.get('selector'))}",
        *label_lines("Labels", meta.get("labels")),
        *annotation_lines("Annotations", meta.get("annotations")),
        *controlled_by(obj),
        *(f"{title}:\t{value}" for title, value in told if value is not None),
        f"Pods Statuses:\t{counts}",
    ]
    if spec.get("completionMode") == "Indexed":
        lines.append(f"Completed Indexes:\t{_indexes(status.get('completedIndexes', ''))}")
    return aligned([*lines, *template(spec["template"]), *events(found, now)])


def _indexes(text: str) -> str:
    cut = text.find(",", INDEX_LIMIT)
    return NONE if not text else text if cut < 0 else text[: cut + 1] + "..."


def stateful_set(obj: Object, pods: Sequence[Object], found: Sequence[Object] | None, now: datetime) -> str:
    """`pods` are those that the set controls.                                                    describeStatefulSet"""
    meta, spec = obj["metadata"], obj["spec"]
    update, kept = spec.get("updateStrategy") or {}, spec.get("persistentVolumeClaimRetentionPolicy") or {}
    rolling = update.get("rollingUpdate") or {}
    lines = [
        f"Name:\t{meta['name']}",
        f"Namespace:\t{meta.get('namespace', '')}",
        f"CreationTimestamp:\t{time_text(meta.get('creationTimestamp'))}",
        f"Selector:\t{selectors.text_of(spec.get('selector'))}",
        *label_lines("Labels", meta.get("labels")),
        *annotation_lines("Annotations", meta.get("annotations")),
        f"Service Name:\t{spec.get('serviceName', '')}",
        f"Pod Management Policy:\t{spec.get('podManagementPolicy', '')}",
        f"Replicas:\t{spec.get('replicas', 1)} desired | {obj.get('status', {}).get('replicas', 0)} total",
        f"Update Strategy:\t{update.get('type', '')}",
    ]
    if "partition" in rolling:
        lines.append(f"  Partition:\t{rolling['partition']}")
        lines += [f"  MaxUnavailable:\t{rolling['maxUnavailable']}"] if "maxUnavailable" in rolling else []
    if kept:
        lines += ["Persistent Volume Claim Retention Policy:", f"  WhenDeleted:\t{kept.get('whenDeleted', '')}", f"  WhenScaled:\t{kept.get('whenScaled', '')}"]
    lines.append(f"Pods Status:\t{_phases(pods)}")
    return aligned([*lines, *template(spec["template"]), *_claims(spec.get("volumeClaimTemplates") or ()), *events(found, now)])


def _claims(found: Sequence[Object]) -> list[str]:
    """describeVolumeClaimTemplates"""
    lines = ["Volume Claims:" if found else f"Volume Claims:\t{NONE}"]
    for claim in found:
        meta, spec = claim["metadata"], claim["spec"]
        capacity = ((spec.get("resources") or {}).get("requests") or {}).get("storage", "<default>")
        lines += [f"  Name:\t{meta['name']}", f"  StorageClass:\t{spec.get('storageClassName', '')}"]
        lines += label_lines("Labels", meta.get("labels"), "  ") + label_lines("Annotations", meta.get("annotations"), "  ")
        lines += [f"  Capacity:\t{capacity}", f"  Access Modes:\t{go_value(list(spec.get('accessModes') or ()))}"]
    return lines


def daemon_set(obj: Object, pods: Sequence[Object], found: Sequence[Object] | None, now: datetime) -> str:
    """`pods` are those that the set controls.                                                      describeDaemonSet"""
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status", {})
    counts = (
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    )
    lines = [
        f"Name:\t{meta['name']}",
        f"Namespace:\t{meta.get('namespace', '')}",
        f"Selector:\t{selectors.text_of(spec.get('selector'))}",
        f"Node-Selector:\t{selectors.labels_text((spec['template'].get('spec') or {}).get('nodeSelector'))}",
        *label_lines("Labels", meta.get("labels")),
        *annotation_lines("Annotations", meta.get("annotations")),
        *(f"{title}: {status.get(key, 0)}" for title, key in counts),
        f"Pods Status:\t{_phases(pods)}",
    ]
    return aligned([*lines, *template(spec["template"]), *events(found, now)])


def cron_job(obj: Object, found: Sequence[Object] | None, now: datetime) -> str:
    """describeCronJob, describeJobTemplate"""
    spec, status = obj["spec"], obj.get("status") or {}
    job_spec = spec["jobTemplate"]["spec"]
    told = {
        "Schedule": spec.get("schedule"),
        "Concurrency Policy": spec.get("concurrencyPolicy"),
        "Suspend": str(spec["suspend"]) if "suspend" in spec else None,
        "Time Zone": spec.get("timeZone"),
        "Successful Job History Limit": spec.get("successfulJobsHistoryLimit"),
        "Failed Job History Limit": spec.get("failedJobsHistoryLimit"),
        "Starting Deadline Seconds": f"{spec['startingDeadlineSeconds']}s" if "startingDeadlineSeconds" in spec else None,
        "Selector": selectors.text_of(job_spec["selector"]) if "selector" in job_spec else None,
        "Parallelism": job_spec.get("parallelism"),
        "Completions": job_spec.get("completions"),
    }
    lines = head(obj) + [f"{title}:\t{UNSET if value is None else value}" for title, value in told.items()]
    lines += [f"Active Deadline Seconds:\t{job_spec['activeDeadlineSeconds']}s"] if "activeDeadlineSeconds" in job_spec else []
    last = time_text(status["lastScheduleTime"]) if status.get("lastScheduleTime") else UNSET
    active = ", ".join(one["name"] for one in status.get("active") or ()) or NONE
    return aligned([*lines, *template(job_spec["template"]), f"Last Schedule Time:\t{last}", f"Active Jobs:\t{active}", *events(found, now)])
