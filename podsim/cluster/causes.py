"""What leads to what: the one table from which every transition and every fact gets its cause.

A cause is looked up backwards in time: of the kinds that can lead to it, the newest fact or transition about the
same pod (and the same container, where both name one).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened in the world or that a component did; `t` in ms.

    `subject` is `namespace/name` of the pod (or of the object acted on), `cause` the id of what led to it.
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

    `lane`: phase, object, bound, condition/TYPE, container/NAME, restarts/NAME, ready/NAME.
    """

    id: int
    t: int
    lane: str
    subject: str
    before: str | None
    after: str
    details: Mapping[str, Any]
    cause: int | None


EXITS = ("container-exited", "start-failed", "container-lost")

# fact kind -> kinds of facts that can lead to it; the newest one counts
FACT_CAUSES: dict[str, tuple[str, ...]] = {
    "bound": ("created", "gates-removed", "unschedulable", "action"),
    "unschedulable": ("created", "action"),
    "admitted": ("bound", "created"),
    "volumes-waiting": ("admitted", "volumes-waiting"),
    "sandbox-started": ("admitted", "volumes-waiting"),
    "image-present": ("sandbox-started", "restart-decided"),
    "image-missing": ("sandbox-started", "restart-decided"),
    "image-name-invalid": ("sandbox-started", "restart-decided"),
    "pull-started": ("sandbox-started", "restart-decided", "pull-refused", "pull-failed"),
    "pull-finished": ("pull-started",),
    "pull-failed": ("pull-started",),
    "pull-refused": ("pull-failed",),
    "config-error": ("sandbox-started", "image-present", "pull-finished"),
    "create-failed": ("image-present", "pull-finished"),
    "container-started": ("image-present", "pull-finished", "restart-decided"),
    "start-failed": ("image-present", "pull-finished", "restart-decided"),
    "container-exited": ("kill-sent", "term-sent", "container-started"),
    "restart-decided": (*EXITS, "start-refused", "killing"),
    "not-restarted": EXITS,
    "start-refused": (*EXITS, "hook-failed"),
    "probe-failed": ("endpoint-failing", "container-started"),
    "probe-succeeded": ("endpoint-recovered", "container-started"),
    "hook-started": ("container-started", "killing"),
    "hook-finished": ("hook-started",),
    "hook-failed": ("hook-started",),
    "killing": ("probe-failed", "hook-failed", "delete-requested", "deadline-exceeded", "patched", "evicted", "pod-finished"),
    "term-sent": ("killing", "hook-finished", "hook-failed"),
    "kill-sent": ("term-sent",),
    "pod-finished": ("not-restarted", "container-exited"),
    "sandbox-stopped": ("killing", "delete-requested", "pod-finished", "deadline-exceeded"),
    "deadline-exceeded": ("admitted",),
    "delete-requested": ("action", "preempted", "evicted", "scaled"),
    "removed": ("sandbox-stopped", "delete-requested"),
}

# container state as shown -> kinds of facts that explain it
STATE_CAUSES: dict[str, tuple[str, ...]] = {
    "running": ("container-started",),
    "terminated": EXITS,
    "terminated ContainerStatusUnknown": ("sandbox-stopped", "delete-requested", "deadline-exceeded"),
    "waiting": ("admitted", "container-exited"),
    "waiting ContainerCreating": ("admitted",),
    "waiting PodInitializing": ("admitted",),
    "waiting CrashLoopBackOff": ("start-refused",),
    "waiting ErrImagePull": ("pull-failed",),
    "waiting ImagePullBackOff": ("pull-refused",),
    "waiting ErrImageNeverPull": ("image-missing",),
    "waiting InvalidImageName": ("image-name-invalid",),
    "waiting CreateContainerConfigError": ("config-error",),
    "waiting CreateContainerError": ("create-failed",),
    "waiting RunContainerError": ("start-failed",),
    "waiting PostStartHookError": ("hook-failed",),
    "waiting RestartingAllContainers": ("killing", "container-exited"),
}

READY_CAUSES = ("probe-succeeded", "probe-failed", "container-started", *EXITS)
CONDITION_CAUSES: dict[str, tuple[str, ...]] = {
    "PodScheduled": ("bound", "unschedulable", "created"),
    "PodReadyToStartContainers": ("sandbox-started", "sandbox-stopped", "admitted"),
    "Initialized": ("admitted",),
    "ContainersReady": ("admitted", "sandbox-stopped", "deadline-exceeded"),
    "Ready": ("admitted", "action", "sandbox-stopped", "deadline-exceeded"),
    "DisruptionTarget": ("preempted", "evicted"),
}
# lane (or its beginning) -> lanes whose transition in the same revision explains it, in order of preference
LANE_CAUSES: dict[str, tuple[str, ...]] = {
    "condition/ContainersReady": ("ready/", "container/"),
    "condition/Ready": ("condition/ContainersReady",),
    "condition/Initialized": ("container/",),
    "ready/": ("container/",),
    "restarts/": ("container/",),
    "phase": ("container/",),
}
# lane -> kinds of containers that it depends on; all of them where it is not named
KINDS_THAT_MATTER: dict[str, tuple[str | None, ...]] = {
    "condition/Initialized": ("init", "sidecar"),
    "condition/ContainersReady": ("sidecar", "regular"),
}
EVERY_KIND: tuple[str | None, ...] = (None, "init", "sidecar", "regular", "ephemeral")
PHASE_CAUSES = ("created", "container-started", *EXITS, "sandbox-stopped", "deadline-exceeded", "delete-requested")
OBJECT_CAUSES: dict[str, tuple[str, ...]] = {
    "created": ("created",),
    "deleting": ("delete-requested",),
    "gone": ("removed", "delete-requested"),
}


def lanes_that_explain(lane: str) -> tuple[str, ...]:
    """Beginnings of the lanes in which to look first, in the same revision."""
    return next((found for start, found in LANE_CAUSES.items() if lane.startswith(start)), ())


def kinds_that_matter(lane: str) -> tuple[str | None, ...]:
    """Kinds of containers whose changes can explain this lane; None: changes that are no container's."""
    return KINDS_THAT_MATTER.get(lane, EVERY_KIND)


def kinds_that_explain(lane: str, after: str) -> tuple[str, ...]:
    """Kinds of facts that explain a transition of `lane` to `after`."""
    group, _, name = lane.partition("/")
    if group == "container":
        words = after.split(" ")
        return STATE_CAUSES.get(" ".join(words[:2])) or STATE_CAUSES[words[0]]
    if group == "condition":
        return CONDITION_CAUSES.get(name, ("action",))
    table = {"phase": PHASE_CAUSES, "object": OBJECT_CAUSES.get(after, ()), "bound": ("bound",)}
    return table.get(group, READY_CAUSES)
