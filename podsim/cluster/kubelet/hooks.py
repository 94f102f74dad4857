"""postStart and preStop.                                                                  kubelet lifecycle/handlers.go"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Literal

import simpy

from podsim.cluster.kubelet import timing
from podsim.cluster.kubelet.runtime import KILLED, Record
from podsim.cluster.kubelet.spec import Container, Handler
from podsim.cluster.scenario import Hook

if TYPE_CHECKING:
    from podsim.cluster.kubelet.worker import PodWorker

Steps = Generator[simpy.Event, Any, Any]
HookName = Literal["postStart", "preStop"]
EVENTS: dict[HookName, tuple[str, str]] = {
    "postStart": ("FailedPostStartHook", "PostStartHook failed"),
    "preStop": ("FailedPreStopHook", "PreStopHook failed"),
}


def run(worker: PodWorker, container: Container, record: Record, name: HookName, handler: Handler) -> Steps:
    """Runs a hook to its end, or that of its container; gives the error text, or None. A failure leaves its event."""
    history, subject = worker.simulation.history, worker.pod.subject
    hooks = worker.runtime.script(worker.pod, container).hooks
    script = hooks.post_start if name == "postStart" else hooks.pre_stop
    seconds = float(handler.fields.get("seconds", 0)) if handler.kind == "sleep" else script.takes
    history.fact("hook-started", subject, container=container.name, hook=name, handler=handler.kind)
    end = worker.simulation.env.timeout(round(seconds * timing.SECOND))
    yield end if handler.kind == "sleep" else end | worker.runtime.gone(record)
    cut_off = not end.processed
    error = failure(worker, container, handler, script, cut_off=cut_off)
    if error is None:
        history.fact("hook-finished", subject, container=container.name, hook=name)
        return None
    worker.event(container, "Warning", *EVENTS[name])
    cause = history.newest(subject, ("container-exited",), container.name) if cut_off else None
    history.fact("hook-failed", subject, cause=cause, container=container.name, hook=name, message=error)
    return error


def failure(worker: PodWorker, container: Container, handler: Handler, script: Hook, *, cut_off: bool) -> str | None:
    """Why the hook failed, as a PostStartHookError words it.

    HTTP hooks take any answer as success; `cut_off`: the container ended before the hook did, and took it along.
    """
    if handler.kind == "tcpSocket":
        return f'Lifecycle hook for Container "{container.name}" in Pod "{worker.pod.long_name}" failed - error: invalid handler: &LifecycleHandler{{}}'
    if not cut_off and (not script.fails or handler.kind in ("httpGet", "sleep")):
        return None
    if handler.kind == "httpGet":
        return "EOF"
    command = handler.fields.get("command") or []
    code, output = (KILLED, "") if cut_off else (1, script.output)
    return (
        f'Exec lifecycle hook ([{" ".join(command)}]) for Container "{container.name}" in Pod "{worker.pod.long_name}" failed'
        f" - error: command '{' '.join(command)}' exited with {code}: , message: {_quoted(output)}"
    )


def _quoted(text: str) -> str:
    """Go's %q of a short text."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
