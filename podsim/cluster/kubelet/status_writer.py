"""The way of a status from the kubelet to the API server.                         kubelet status/status_manager.go

A status is kept and written a little later; a newer one that comes meanwhile takes its place.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.kubelet import phase, status, timing
from podsim.cluster.kubelet.link import Link
from podsim.cluster.kubelet.phase import Statuses
from podsim.cluster.kubelet.spec import PodSpec

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

Json = dict[str, Any]


class StatusWriter:
    """Keeps the newest status of one pod and brings it to the API server."""

    def __init__(self, simulation: Simulation, link: Link, pod: PodSpec) -> None:
        self._simulation = simulation
        self._link = link
        self._pod = pod
        self._writing = False
        self._made = 0  # how much of the history there was when the status was made
        self.status: Json = {}
        self.disruption: Json | None = None  # the condition that comes with the end of the pod
        self.may_run = True  # whether containers may still run; a terminal phase is held back as long
        self.finished = False  # whether the kubelet has had its last word on the pod

    def set(self, new: Json, *, force: bool = False) -> None:
        """Takes a status from `generate`; an equal one changes nothing unless `force`."""
        timed = status.with_times(new, self.status, self._simulation.clock.stamp())
        if timed == self.status and not force:
            return
        self.status = timed
        self.rewrite()

    def rewrite(self) -> None:
        """Writes the status even if the kubelet has nothing new: somebody else may have changed it.       needsReconcile"""
        self._made = len(self._simulation.history.causes)
        if self.status and not self._writing:
            self._writing = True
            self._simulation.process(self._write())

    def set_container(self, pod: PodSpec, name: str, **fields: bool) -> None:
        """Changes `ready` or `started` of one container at once, and the conditions with it.   SetContainerReadiness"""
        if not self.status:
            return
        changed = dict(self.status)
        for key in ("initContainerStatuses", "containerStatuses"):
            if key in changed:
                changed[key] = [{**s, **fields} if s["name"] == name else s for s in changed[key]]
        self.set(_reconditioned(changed, pod))

    def terminate(self) -> None:
        """The kubelet's last word: the object may go once it is written.                            TerminatePod"""
        self.finished = True
        self.set(status.mark_lost(self.status, self._pod), force=True)

    def _write(self) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(timing.STATUS_WRITE)
        yield from self._link.reach()
        self._writing = False
        held = self.may_run
        mark = self.disruption and {**self.disruption, "lastTransitionTime": self._simulation.clock.stamp()}
        written = self._simulation.server.update_status(
            "Pod", self._pod.namespace, self._pod.name, lambda api: merged(api, self.status, hold=held, mark=mark), as_of=self._made
        )
        if written and self.finished and "deletionTimestamp" in written["metadata"]:
            yield self._simulation.env.timeout(timing.REMOVE_OBJECT)
            self._simulation.server.finish_deletion(self._pod.namespace, self._pod.name, self._pod.uid)


def merged(api: Json, own: Json, *, hold: bool, mark: Json | None = None) -> Json:
    """What is written: `own`, with the conditions that others keep, and without a terminal phase that comes too early.

    mergePodStatus; `mark`, a DisruptionTarget, comes with the change to that phase.
    """
    ends = own["phase"] in phase.FINISHED and api.get("phase") not in phase.FINISHED
    foreign = [c for c in api.get("conditions") or () if status.is_foreign(c)]
    marks = [mark] if mark and ends and not hold else []
    new = {**own, "conditions": [*foreign, *marks, *(c for c in own["conditions"] if not status.is_foreign(c))]}
    if not (hold and ends):
        return new
    kept = {k: v for k, v in new.items() if k not in ("reason", "message")}
    return {**kept, "phase": api["phase"], **{k: api[k] for k in ("reason", "message") if k in api}}


def _reconditioned(body: Json, pod: PodSpec) -> Json:
    """`body` with Ready and ContainersReady as its container statuses demand."""
    ready = phase.containers_ready(pod, Statuses.of(body), body["phase"])
    foreign = [c for c in body["conditions"] if status.is_foreign(c)]
    fresh = {"ContainersReady": ready, "Ready": phase.pod_ready(pod, ready, foreign)}
    return {**body, "conditions": [fresh.get(c["type"], _untimed(c)) for c in body["conditions"]]}


def _untimed(condition: Json) -> Json:
    return {k: v for k, v in condition.items() if k not in ("lastTransitionTime", "lastProbeTime", "observedGeneration")} if condition["type"] in status.OWN_CONDITIONS else condition
