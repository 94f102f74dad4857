"""How one container is started: back-off, image, configuration, create, start, postStart.

kuberuntime_manager.go start, kuberuntime_container.go startContainer
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.kubelet import backoff, hooks, occasions, restarts, termination, timing, volumes
from podsim.cluster.kubelet.backoff import BackOff
from podsim.cluster.kubelet.images import StartFailed
from podsim.cluster.kubelet.runtime import CallFailed, PodRuntime, Record
from podsim.cluster.kubelet.spec import Container

if TYPE_CHECKING:
    from podsim.cluster.kubelet.worker import PodWorker

Steps = Generator[simpy.Event, Any, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a container did not start; `until` (ms) is the end of its back-off, None for other reasons."""

    reason: str
    message: str
    until: int | None = None


class Starter:
    """Starts the containers of one pod and remembers their back-off."""

    def __init__(self, worker: PodWorker) -> None:
        self._worker = worker
        self._backoff: dict[tuple[str, str], BackOff] = {}

    def start(self, container: Container, seen: PodRuntime) -> Steps:
        """Starts a container; `seen` is the runtime as this sync found it. Gives a Failure, or None."""
        failure = self._back_off(container, seen)
        if failure is not None:
            return failure
        try:
            cause = occasions.of(self._worker.simulation.history, self._worker.pod, container)
            yield from self._worker.images.ensure(self._worker.pod, container, cause)
        except StartFailed as error:
            self._failed(container, error.reason)
            return Failure(error.reason, error.message)
        return (yield from self._create_and_start(container, seen))

    def _back_off(self, container: Container, seen: PodRuntime) -> Failure | None:
        """Refuses a start that comes too early.                            kuberuntime_manager.go doBackOff"""
        worker = self._worker
        last = next((r for r in seen.of(container.name) if r.state == "exited"), None)
        if last is None or last.finished is None:
            return None
        now, key = worker.simulation.clock.now, (container.name, container.image)
        entry = self._backoff.get(key)
        wait = backoff.remaining(entry, last.finished, now)
        details: dict[str, Any] = {"container": container.name, "image": container.image, "exit": last.exit_code}
        if entry and wait:
            worker.event(container, "Warning", "BackOff", f"Back-off restarting failed container {container.name} in pod {worker.pod.long_name}")
            worker.simulation.history.fact("start-refused", worker.pod.subject, **details, wait=entry.delay / timing.SECOND, remaining=wait / timing.SECOND)
            delay = go_wait(entry.delay)
            text = f"back-off {delay} restarting failed container={container.name} pod={worker.pod.long_name}"
            return Failure("CrashLoopBackOff", text, now + wait)
        self._backoff[key] = backoff.following(entry, last.finished, now)
        history = worker.simulation.history
        cause = occasions.of(history, worker.pod, container)
        reason = restarts.reason(container, worker.pod.restart_policy, last.exit_code)
        history.fact("restart-decided", worker.pod.subject, cause=cause, **details, **reason)
        return None

    def _create_and_start(self, container: Container, seen: PodRuntime) -> Steps:
        worker = self._worker
        newest = seen.newest(container.name)
        attempt = newest.attempt + 1 if newest else 0
        lack = volumes.config_error(worker.pod, container.source, container.name, worker.simulation.store)
        shared: dict[str, Any] = {"container": container.name, "image": container.image}
        if lack is not None:
            self._failed(container, lack.error)
            worker.simulation.history.fact("config-error", worker.pod.subject, **shared, message=lack.error, lacks=lack.object)
            return Failure("CreateContainerConfigError", lack.error)
        try:
            record = yield from worker.runtime.create_container(worker.pod, container, attempt)
        except CallFailed as refusal:
            self._failed(container, str(refusal))
            worker.simulation.history.fact("create-failed", worker.pod.subject, **shared, error=str(refusal))
            return Failure("CreateContainerError", str(refusal))
        worker.event(container, "Normal", "Created", "Container created")
        try:
            record = yield from worker.runtime.start_container(worker.pod, container, record)
        except CallFailed as refusal:
            self._failed(container, str(refusal))
            worker.simulation.history.fact("start-failed", worker.pod.subject, **shared, error=str(refusal))
            return Failure("RunContainerError", str(refusal))
        worker.event(container, "Normal", "Started", "Container started")
        worker.simulation.history.fact("container-started", worker.pod.subject, container=container.name, run=record.run)
        worker.prober.follow(container, record)
        return (yield from self._post_start(container, record))

    def _post_start(self, container: Container, record: Record) -> Steps:
        if container.post_start is None:
            return None
        error = yield from hooks.run(self._worker, container, record, "postStart", container.post_start)
        if error is None:
            return None
        cause = self._worker.simulation.history.newest(self._worker.pod.subject, ("hook-failed",), container.name)
        yield from termination.kill_container(self._worker, record, "FailedPostStartHook", cause)
        return Failure("PostStartHookError", error)

    def _failed(self, container: Container, why: str) -> None:
        self._worker.event(container, "Warning", "Failed", f"Error: {why}")


def go_wait(milliseconds: int) -> str:
    """A back-off as Go prints it: `10s`, `1m20s`, `5m0s`."""
    minutes, seconds = divmod(milliseconds // timing.SECOND, 60)
    return f"{minutes}m{seconds}s" if minutes else f"{seconds}s"
