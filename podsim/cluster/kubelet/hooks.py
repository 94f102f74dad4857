"""postStart and preStop.                                                                  kubelet lifecycle/handlers.go"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Literal

import simpy

from podsim.cluster.kubelet import timing
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


def run(worker: PodWorker, container: Container, name: HookName, handler: Handler) -> Steps:
    """Runs a hook to its end; gives the error text, or None. A failure leaves its event."""
    history, subject = worker.simulation.history, worker.pod.subject
    hooks = worker.runtime.script(worker.pod, container).hooks
    script = hooks.post_start if name == "postStart" else hooks.pre_stop
    seconds = float(handler.fields.get("seconds", 0)) if handler.kind == "sleep" else script.takes
    history.fact("hook-started", subject, container=container.name, hook=name, handler=handler.kind)
    yield worker.simulation.env.timeout(round(seconds * timing.SECOND))
    error = failure(worker, container, handler, script)
    if error is None:
        history.fact("hook-finished", subject, container=container.name, hook=name)
    else:
        report_failure(worker, container, name, error)
    return error


def report_failure(worker: PodWorker, container: Container, name: HookName, error: str) -> None:
    """Event and fact of a failed hook."""
    worker.event(container, "Warning", *EVENTS[name])
    worker.simulation.history.fact("hook-failed", worker.pod.subject, container=container.name, hook=name, message=error)


def failure(worker: PodWorker, container: Container, handler: Handler, script: Hook) -> str | None:
    """Why the hook failed, as a PostStartHookError words it; HTTP hooks take any answer as success."""
    if handler.kind == "tcpSocket":
        return f'Lifecycle hook for Container "{container.name}" in Pod "{worker.pod.long_name}" failed - error: invalid handler: &LifecycleHandler{{}}'
    if not script.fails or handler.kind in ("httpGet", "sleep"):
        return None
    command = handler.fields.get("command") or []
    return (
        f'Exec lifecycle hook ([{" ".join(command)}]) for Container "{container.name}" in Pod "{worker.pod.long_name}" failed'
        f" - error: command '{' '.join(command)}' exited with 1: , message: {_quoted(script.output)}"
    )


def _quoted(text: str) -> str:
    """Go's %q of a short text."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
