"""Why the kubelet starts a container at this moment: the fact behind it. It decides nothing, it only names the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podsim.cluster.causes import EXITS, Fact, Transition
from podsim.cluster.kubelet.spec import Container, PodSpec

if TYPE_CHECKING:
    from podsim.cluster.history import History

TROUBLE = ("restart-decided", "start-refused", *EXITS, "create-failed", "config-error", "image-missing", "image-name-invalid", "pull-failed", "pull-refused")
REPAIRS = ("object-created", "object-changed")


def of(history: History, pod: PodSpec, container: Container) -> int | None:
    """The id of what makes a start of `container` due: its last trouble, or the repair of it; else what it waited for."""
    subject = pod.subject
    begun = history.newest(subject, ("sandbox-started", "containers-removed"))
    last = history.newest(subject, TROUBLE, container.name)
    if last is not None and (begun is None or last > begun):
        trouble = history.causes[last]
        return _repair(history, subject, trouble, container.image) or last
    if container.kind == "ephemeral":
        return history.newest(subject, ("patched",))
    before = predecessor(pod, container)
    if before is None:
        return begun
    if before.kind == "init":
        return history.newest(subject, ("container-exited",), before.name)
    return history.newest(subject, ("container-started", "hook-finished", "probe-succeeded"), before.name, "startup")


def predecessor(pod: PodSpec, container: Container) -> Container | None:
    """The init container or sidecar that has to be through before `container` may start."""
    before = pod.init if container.kind == "regular" else pod.init[: pod.init.index(container)]
    return before[-1] if before else None


def _repair(history: History, subject: str, trouble: Fact | Transition, image: str) -> int | None:
    """What somebody did about the trouble since: another image, or the object that was lacking."""
    other = trouble.details.get("image", image) != image
    found = history.newest(subject, ("patched",)) if other else history.newest(trouble.details.get("lacks", ""), REPAIRS)
    return found if found is not None and found > trouble.id else None
