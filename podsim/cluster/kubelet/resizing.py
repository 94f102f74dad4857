"""The resources that one pod wants, was given and has.                         kubelet allocation/allocation_manager.go"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.kubelet import resize, spec
from podsim.cluster.kubelet.resize import IN_PROGRESS, PENDING
from podsim.cluster.kubelet.runtime import PodRuntime
from podsim.cluster.store import Object

if TYPE_CHECKING:
    from podsim.cluster.kubelet.worker import PodWorker

Steps = Generator[simpy.Event, Any, Any]


class Resizing:
    """Takes a resize from the wish to the running containers, and tells of it in `conditions`."""

    def __init__(self, worker: PodWorker, pod: Object) -> None:
        self._worker = worker
        self.wanted = pod
        self.conditions: dict[str, dict[str, Any]] = {}

    def take(self, pod: Object) -> None:
        """The pod as stored now becomes the worker's, with the resources that the node has given it; new wishes are tried."""
        worker, before, self.wanted = self._worker, self.wanted, pod
        if pod["spec"] is before["spec"]:
            worker.pod = spec.read({**pod, "spec": worker.pod.source["spec"]})
            return
        worker.pod = spec.read(resize.with_resources(pod, resize.resources_of(worker.pod.source)))
        if resize.resources_of(before) != resize.resources_of(pod):
            self.attempt()

    def attempt(self) -> None:
        """Gives the pod what it wants if the node has room.                                handlePodResourcesResize"""
        worker, wanted = self._worker, self.wanted
        if resize.resources_of(wanted) == resize.resources_of(worker.pod.source):
            self.conditions.pop(PENDING, None)
            return
        refusal = worker.room_for(wanted)
        if refusal is None:
            worker.pod = spec.read(wanted)
            self.conditions = {IN_PROGRESS: self._condition(IN_PROGRESS)}
            worker.simulation.history.fact("resize-allocated", worker.pod.subject)
            worker.event(None, "Normal", "ResizeStarted", f"Pod resize started: {resize.summary(wanted)}")
        else:
            self._refuse(*refusal)
        worker.ask()

    def _refuse(self, reason: str, message: str) -> None:
        worker, old = self._worker, self.conditions.get(PENDING, {})
        self.conditions[PENDING] = made = self._condition(PENDING, reason, message)
        if {**old, "lastProbeTime": made["lastProbeTime"]} != made:
            worker.simulation.history.fact("resize-refused", worker.pod.subject, message=message)
            worker.event(None, "Warning", f"Resize{reason}", f"Pod resize {reason}: {resize.summary(self.wanted, message)}")
        if reason == "Deferred":
            worker.simulation.process(self._later())

    def _condition(self, kind: str, reason: str = "", message: str = "") -> dict[str, Any]:
        stamp = self._worker.simulation.clock.stamp()
        return resize.condition(kind, self.wanted["metadata"]["generation"], stamp, self.conditions.get(kind), reason, message)

    def _later(self) -> Steps:
        pending = self.conditions[PENDING]
        yield self._worker.simulation.env.timeout(resize.RETRY)
        if self.conditions.get(PENDING) is pending and self._worker.writer.may_run:
            self.attempt()

    def retry(self) -> None:
        """Another pod of the node has gone: there may be room now."""
        if self.conditions.get(PENDING, {}).get("reason") == "Deferred" and self._worker.writer.may_run:
            self.attempt()

    def note(self, seen: PodRuntime) -> None:
        """Ends a resize that every running container has got."""
        worker = self._worker
        if IN_PROGRESS in self.conditions and not resize.outdated(worker.pod, seen):
            del self.conditions[IN_PROGRESS]
            worker.simulation.history.fact("resized", worker.pod.subject)
            worker.event(None, "Normal", "ResizeCompleted", f"Pod resize completed: {resize.summary(dict(worker.pod.source))}")

    def carry_out(self) -> Steps:
        """Updates the running containers; whether there were any to update.                          doPodResizeAction"""
        worker = self._worker
        outdated = resize.outdated(worker.pod, worker.runtime.pod(worker.pod.uid))
        for record in outdated:
            yield from worker.runtime.update_container(worker.pod, record, resize.resources_of(worker.pod.source)[record.name])
            worker.ask()
        return bool(outdated)
