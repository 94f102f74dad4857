"""The scheduler: it waits for pods without a node and for anything that could make them fit.  pkg/scheduler/scheduler.go"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.api.errors import Rejected
from podsim.cluster.history import subject_of
from podsim.cluster.scheduler.decision import NoFit, Placement, schedule
from podsim.cluster.scheduler.filters import FINISHED, World
from podsim.cluster.store import Object, Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

NAME = "default-scheduler"
DELAY = 8  # ms from a write to the decision
WAKING_KINDS = ("Node", "Pod", "PersistentVolumeClaim", "PersistentVolume")


class Scheduler:
    """Binds pods to nodes, one decision at a time."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._waiting: dict[str, str] = {}
        self._woken = False
        simulation.store.subscribe(self._hear)

    def _hear(self, revision: Revision) -> None:
        kind, obj = revision.object["kind"], revision.object
        if kind == "Pod" and wants_node(obj) and revision.type != "DELETED":
            if subject_of(obj) not in self._waiting or revision.type == "ADDED":
                self._waiting[subject_of(obj)] = ""
                self._wake()
        elif kind == "Pod" and revision.type == "DELETED":
            self._waiting.pop(subject_of(obj), None)
        if kind in WAKING_KINDS and self._waiting and self._frees(revision):
            self._wake()

    def _frees(self, revision: Revision) -> bool:
        """Whether a change could make a waiting pod fit."""
        obj = revision.object
        if obj["kind"] != "Pod":
            return True
        return revision.type == "DELETED" or (obj.get("status") or {}).get("phase") in FINISHED or wants_node(obj)

    def _wake(self) -> None:
        if not self._woken:
            self._woken = True
            self._simulation.process(self._cycle())

    def _cycle(self) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(DELAY)
        self._woken = False
        store = self._simulation.store
        ready = [p for s in self._waiting if (p := store.get("Pod", *_names(s))) is not None and wants_node(p)]
        for pod in sorted(ready, key=lambda p: -int(p["spec"].get("priority") or 0)):
            self._decide(pod)

    def _decide(self, pod: Object) -> None:
        decision = schedule(pod, self._world())
        if isinstance(decision, Placement):
            self._bind(pod, decision.node)
        else:
            self._refuse(pod, decision)

    def _bind(self, pod: Object, node: str) -> None:
        simulation, subject = self._simulation, subject_of(pod)
        self._waiting.pop(subject, None)
        simulation.history.fact("bound", subject, node=node)
        simulation.server.bind(*_names(subject), node)
        simulation.recorder.event(pod, "Normal", "Scheduled", f"Successfully assigned {subject} to {node}", NAME, action="Binding")

    def _refuse(self, pod: Object, why: NoFit) -> None:
        simulation, subject = self._simulation, subject_of(pod)
        if self._waiting.get(subject) == why.message:
            return
        self._waiting[subject] = why.message
        simulation.history.fact("unschedulable", subject, message=why.message)
        simulation.recorder.event(pod, "Warning", "FailedScheduling", why.message, NAME, action="Scheduling")
        simulation.server.update_status("Pod", *_names(subject), lambda status: self._unschedulable(pod, status, why))
        for victim in why.victims:
            self._evict(victim, pod)

    def _unschedulable(self, pod: Object, status: Object, why: NoFit) -> Object:
        old = next((c for c in status.get("conditions") or () if c["type"] == "PodScheduled"), None)
        stamp = self._simulation.clock.stamp()
        condition = {
            "type": "PodScheduled", "observedGeneration": pod["metadata"].get("generation", 1), "status": "False", "lastProbeTime": None,
            "lastTransitionTime": old["lastTransitionTime"] if old and old["status"] == "False" and old["lastTransitionTime"] else stamp,
            "reason": "Unschedulable", "message": why.message,
        }  # fmt: skip
        others = [c for c in status.get("conditions") or () if c["type"] != "PodScheduled"]
        nominated = {"nominatedNodeName": why.nominated} if why.nominated else {}
        return {**status, "conditions": [*others, condition], **nominated}

    def _evict(self, victim: Object, winner: Object) -> None:
        """Deletes a pod of lower priority, with the condition that says why.                     preemption.go prepareCandidate"""
        simulation, subject = self._simulation, subject_of(victim)
        message = f"{NAME}: preempting to accommodate a higher priority pod"
        condition = {
            "type": "DisruptionTarget", "observedGeneration": victim["metadata"].get("generation", 1), "status": "True", "lastProbeTime": None,
            "lastTransitionTime": simulation.clock.stamp(), "reason": "PreemptionByScheduler", "message": message,
        }  # fmt: skip
        fact = simulation.history.fact("preempted", subject, by=subject_of(winner))
        simulation.server.update_status("Pod", *_names(subject), lambda s: {**s, "conditions": [*(s.get("conditions") or ()), condition]})
        node = victim["spec"]["nodeName"]
        text = f"Preempted by pod {winner['metadata']['uid']} on node {node}"
        simulation.recorder.event(victim, "Normal", "Preempted", text, NAME, action="Preempting")
        try:
            simulation.server.delete("Pod", *_names(subject), cause=fact.id)
        except Rejected:
            return

    def _world(self) -> World:
        store = self._simulation.store
        pods: dict[str, list[Object]] = {}
        for pod in store.list("Pod"):
            if pod["spec"].get("nodeName") and pod["status"].get("phase") not in FINISHED:
                pods.setdefault(pod["spec"]["nodeName"], []).append(pod)
        claims = {(c["metadata"]["namespace"], c["metadata"]["name"]): c for c in store.list("PersistentVolumeClaim")}
        return World(store.list("Node"), pods, claims)


def wants_node(pod: Object) -> bool:
    """Whether a pod waits for this scheduler: no node, no gates, not being deleted."""
    spec = pod["spec"]
    return (
        not spec.get("nodeName")
        and not spec.get("schedulingGates")
        and spec.get("schedulerName", NAME) == NAME
        and "deletionTimestamp" not in pod["metadata"]
        and (pod.get("status") or {}).get("phase") not in FINISHED
    )


def _names(subject: str) -> tuple[str, str]:
    namespace, _, name = subject.partition("/")
    return namespace, name
