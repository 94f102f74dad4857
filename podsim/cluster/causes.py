"""What leads to what: facts, transitions, and the tables from which they get their causes.

A fact says its own cause where it is recorded, or else takes the newest fact of the kinds that `FACT_CAUSES` names. A
transition takes another transition of the same revision, or else the newest fact of the kinds that explain it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from podsim.cluster.transitions import Change


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened in the world or that a component did; `t` in ms.

    `subject` is `namespace/name` of a pod, or `Kind/namespace/name` of another object; `cause` the id of what led to it.
    """

    id: int
    t: int
    kind: str
    subject: str
    details: Mapping[str, Any]
    cause: int | None


@dataclass(frozen=True, slots=True)
class Transition:
    """One visible change of a pod between two revisions; `t` in ms.

    `lane`: phase, object, bound, condition/TYPE, container/NAME, restarts/NAME, started/NAME, ready/NAME.
    """

    id: int
    t: int
    lane: str
    subject: str
    before: str | None
    after: str
    details: Mapping[str, Any]
    cause: int | None


Newest = Callable[[Sequence[str], str | None, str | None], int | None]  # (kinds, container, probe) -> id

EXITS = ("container-exited", "start-failed")
OBJECT_FACTS = {"ADDED": "object-created", "MODIFIED": "object-changed", "DELETED": "object-deleted"}
AWAITED = frozenset({"Node", "ConfigMap", "Secret", "PersistentVolumeClaim", "PersistentVolume", "StorageClass"})
# what nothing in the cluster leads to: people and the world outside
ROOTS = frozenset({
    "created", "patched", "gates-removed", "delete-requested", "scaled", "evicted", "status-patched", "node-lost", "node-back",
    "endpoint-failing",
    "endpoint-recovered", *OBJECT_FACTS.values(),
})  # fmt: skip

# fact kind -> kinds of facts that can lead to it, where the fact does not say its cause; the newest one counts
FACT_CAUSES: dict[str, tuple[str, ...]] = {
    "unschedulable": ("created", "gates-removed"),
    "bound": ("created", "gates-removed"),
    "admitted": ("bound", "created"),
    "rejected": ("bound", "created"),
    "volumes-waiting": ("admitted",),
    "sandbox-started": ("volumes-mounted", "admitted"),
    "pull-finished": ("pull-started",),
    "pull-failed": ("pull-started",),
    "pull-refused": ("pull-failed",),
    "config-error": ("image-present", "pull-finished"),
    "create-failed": ("image-present", "pull-finished"),
    "start-failed": ("image-present", "pull-finished"),
    "container-started": ("image-present", "pull-finished"),
    "start-refused": EXITS,
    "not-restarted": EXITS,
    "restart-all": EXITS,
    "containers-removed": ("restart-all",),
    "probe-failed": ("endpoint-failing", "container-exited"),
    "probe-succeeded": ("endpoint-recovered", "container-started"),
    "hook-started": ("container-started", "killing"),
    "hook-finished": ("hook-started",),
    "hook-failed": ("hook-started",),
    "hook-outlived": ("hook-started",),
    "term-sent": ("killing", "hook-finished", "hook-failed", "hook-outlived"),
    "kill-sent": ("term-sent",),
    "pod-finished": ("not-restarted",),
    "deadline-exceeded": ("admitted",),
    "removed": ("sandbox-stopped", "delete-requested"),
    "evicted": ("node-lost",),
    "node-back": ("node-lost",),
    "resize-refused": ("patched",),
    "resize-allocated": ("patched",),
    "resized": ("resize-allocated",),
}

# container state as shown -> kinds of facts that explain it
STATE_CAUSES: dict[str, tuple[str, ...]] = {
    "running": ("container-started",),
    "terminated": EXITS,
    "terminated ContainerStatusUnknown": ("sandbox-stopped", "delete-requested", "deadline-exceeded", "evicted"),
    "waiting": ("admitted", "containers-removed", "patched"),
    "waiting CrashLoopBackOff": ("start-refused",),
    "waiting ErrImagePull": ("pull-failed",),
    "waiting ImagePullBackOff": ("pull-refused",),
    "waiting ErrImageNeverPull": ("image-missing",),
    "waiting InvalidImageName": ("image-name-invalid",),
    "waiting CreateContainerConfigError": ("config-error",),
    "waiting CreateContainerError": ("create-failed",),
    "waiting RunContainerError": ("start-failed",),
    "waiting PostStartHookError": ("hook-failed",),
    "waiting RestartingAllContainers": ("containers-removed",),
}
OBJECT_CAUSES: dict[str, tuple[str, ...]] = {
    "created": ("created",),
    "deleting": ("delete-requested",),
    "gone": ("removed", "delete-requested"),
}
# lane, or its beginning -> lanes of the same revision that explain it, in order of preference, and kinds of facts
LANE_CAUSES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bound": ((), ("bound", "created")),
    "restarts/": (("container/",), ("containers-removed",)),
    "condition/PodScheduled": ((), ("bound", "unschedulable", "created")),
    "condition/PodReadyToStartContainers": ((), ("sandbox-started", "sandbox-stopped", "admitted")),
    "condition/Initialized": (("started/", "container/"), ("admitted",)),
    "condition/ContainersReady": (("ready/", "container/"), ("admitted", "deadline-exceeded", "evicted", "sandbox-stopped")),
    "condition/Ready": (("condition/ContainersReady",), ("admitted", "status-patched", "deadline-exceeded", "evicted", "sandbox-stopped", "node-lost", "node-back")),
    "condition/AllContainersRestarting": (("container/",), ("containers-removed", "admitted", *EXITS)),
    "condition/DisruptionTarget": ((), ("preempted", "evicted")),
    "condition/PodResize": ((), ("resize-refused", "resize-allocated", "resized")),
    "condition/": ((), ("status-patched",)),
    "phase": (("container/",), ("created", "container-started", *EXITS, "sandbox-stopped", "pod-finished", "deadline-exceeded", "evicted", "delete-requested", "rejected")),
}
# conditions that depend on containers of these kinds only, as long as the pod has not finished
KINDS_THAT_MATTER: dict[str, tuple[str, ...]] = {
    "condition/Initialized": ("init", "sidecar"),
    "condition/ContainersReady": ("sidecar", "regular"),
}
FINISHED = ("PodCompleted", "PodFailed")  # reasons of conditions of a pod whose end decided them


def of_transition(change: Change, made: Sequence[Transition], newest: Newest) -> int | None:
    """The id of what led to `change`; `made` are the transitions of the same revision that come before it."""
    container = change.details.get("container")
    if change.lane.startswith("container/"):
        return newest(_kinds_of_state(change.after), container, None)
    if change.lane == "object":
        return newest(OBJECT_CAUSES[change.after], None, None)
    if change.lane.startswith(("started/", "ready/")):
        return _of_probed(change, made, newest)
    lanes, kinds = next(found for start, found in LANE_CAUSES.items() if change.lane.startswith(start))
    for lane in lanes:
        found = list(_agreeing(change, lane, made))
        if found:
            return (found[0] if change.after == "False" else found[-1]).id
    return newest(kinds, container, None)


def _kinds_of_state(after: str) -> tuple[str, ...]:
    words = after.split(" ")
    return STATE_CAUSES.get(" ".join(words[:2])) or STATE_CAUSES[words[0]]


def _agreeing(change: Change, lane: str, made: Sequence[Transition]) -> Iterator[Transition]:
    """The transitions of `lane` that pull the same way as `change`; all of its containers' if none does."""
    container = change.details.get("container")
    mine = [t for t in made if t.lane.startswith(lane) and container in (None, t.details.get("container"))]
    kinds = KINDS_THAT_MATTER.get(change.lane)
    if kinds and change.details.get("reason") not in FINISHED:
        mine = [t for t in mine if t.details["kind"] in kinds]
    alike = [t for t in mine if _agrees(change, t)]
    yield from alike or ([] if lane in ("ready/", "started/") else mine)


def _agrees(change: Change, other: Transition) -> bool:
    code = other.details.get("exitCode", 0)
    if other.lane.startswith(("ready/", "started/", "condition/")):
        return other.after == change.after
    if change.after in ("Failed", "Succeeded"):
        return other.after.startswith("terminated") and (code != 0) == (change.after == "Failed")
    if change.after in ("Running", "Pending"):
        return other.after.startswith("running") == (change.after == "Running")
    return True


def _of_probed(change: Change, made: Sequence[Transition], newest: Newest) -> int | None:
    """Why a container counts as started or ready, or no longer: its state, or the probe that decides.

    A probe's word counts for the run that it was about: what came before the container's last start is over.
    """
    container = change.details.get("container")
    states = [t for t in made if t.lane == f"container/{container}"]
    if states and not states[-1].after.startswith("running"):
        return states[-1].id
    probe, kind = ("startup", "started/") if change.lane.startswith("started/") else ("readiness", "ready/")
    verdict = newest(("probe-succeeded",) if change.after == "True" else ("probe-failed",), container, probe)
    started = newest(("container-started",), container, None)
    if verdict is not None and (started is None or verdict > started):
        return verdict
    gate = [t for t in made if t.lane == f"started/{container}"] if kind == "ready/" else []
    return next((t.id for t in (*gate, *states)), started)
