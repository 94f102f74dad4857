"""`kubectl describe` of the objects that make pods, and of any other object in short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from podsim.kubectl import selectors
from podsim.kubectl.describe.containers import containers
from podsim.kubectl.describe.pods import spread
from podsim.kubectl.describe.sections import NONE, Object, aligned, annotation_lines, conditions, controlled_by, events, label_lines, time_text, tolerations
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
    phases = [pod.get("status", {}).get("phase") for pod in pods]
    words = (("Running", "Running"), ("Pending", "Waiting"), ("Succeeded", "Succeeded"), ("Failed", "Failed"))
    lines = [
        f"Name:\t{meta['name']}",
        f"Namespace:\t{meta.get('namespace', '')}",
        f"Selector:\t{selectors.text_of(spec.get('selector'))}",
        *label_lines("Labels", meta.get("labels")),
        *annotation_lines("Annotations", meta.get("annotations")),
        *controlled_by(obj),
        f"Replicas:\t{status.get('replicas', 0)} current / {spec.get('replicas', 1)} desired",
        f"Pods Status:\t{' / '.join(f'{phases.count(phase)} {word}' for phase, word in words)}",
    ]
    return aligned([*lines, *template(spec["template"]), *conditions(status.get("conditions") or ()), *events(found, now)])


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


def brief(obj: Object, found: Sequence[Object] | None, now: datetime) -> str:
    """Name, labels, annotations and events of a kind that podsim has no description of."""
    meta = obj["metadata"]
    lines = [f"Name:\t{meta['name']}"]
    lines += [f"Namespace:\t{meta['namespace']}"] if meta.get("namespace") else []
    lines += label_lines("Labels", meta.get("labels")) + annotation_lines("Annotations", meta.get("annotations"))
    return aligned([*lines, *events(found, now)])
