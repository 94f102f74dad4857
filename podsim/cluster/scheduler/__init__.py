"""The scheduler: it waits for pods without a node and for anything that could make them fit.  pkg/scheduler/scheduler.go"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import simpy

from podsim.api.errors import Rejected
from podsim.cluster.causes import OBJECT_FACTS
from podsim.cluster.history import object_subject, subject_of
from podsim.cluster.scheduler.decision import NoFit, Placement, schedule
from podsim.cluster.scheduler.world import FINISHED, NodeInfo, World, name_of, priority_of
from podsim.cluster.store import Object, Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

NAME = "default-scheduler"
DELAY = 8  # ms from a write to the decision
NEWS = ("created", "patched", "gates-removed", "bound", "pod-finished", "sandbox-stopped", "removed", *OBJECT_FACTS.values())
WAKING_KINDS = ("Node", "PersistentVolumeClaim", "PersistentVolume", "StorageClass", "Namespace")


class Scheduler:
    """Binds pods to nodes, one decision at a time."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._waiting: dict[str, str] = {}  # pod -> the last message that it got
        self._known: dict[str, tuple[Any, ...]] = {}  # pod -> what of it matters for anybody's place
        self._nodes: defaultdict[str, NodeInfo] = defaultdict(NodeInfo)
        self._promised: dict[str, Object] = {}  # unbound pods that wait for their victims to leave a node
        self._woken = False
        self._news: int | None = None  # the newest fact that made the scheduler look again
        simulation.store.subscribe(self._hear, "Pod", *WAKING_KINDS)

    def _hear(self, revision: Revision) -> None:
        if revision.object["kind"] == "Pod":
            self._hear_of_pod(revision)
        else:
            self._wake(object_subject(revision.object))

    def _hear_of_pod(self, revision: Revision) -> None:
        pod, subject = revision.object, subject_of(revision.object)
        gone = revision.type == "DELETED" or _is_finished(pod)
        self._place(pod, subject, gone=gone)
        waits = wants_node(pod) and not gone
        matters = (pod["spec"], pod["metadata"].get("labels"), gone, waits)
        if self._known.get(subject) == matters:
            return
        self._known[subject] = matters
        if waits:
            self._waiting.setdefault(subject, "")
        else:
            self._waiting.pop(subject, None)
        self._wake(subject)

    def _place(self, pod: Object, subject: str, *, gone: bool) -> None:
        """Keeps up with who is on which node."""
        node, promised = pod["spec"].get("nodeName"), (pod.get("status") or {}).get("nominatedNodeName")
        if node and gone:
            self._nodes[node].drop(pod)
        elif node:
            self._nodes[node].put(pod)
        if promised and not node and not gone:
            self._promised[subject] = pod
        else:
            self._promised.pop(subject, None)

    def _wake(self, subject: str) -> None:
        self._news = self._simulation.history.newest(subject, NEWS)
        if self._waiting and not self._woken:
            self._woken = True
            self._simulation.process(self._cycle())

    def _cycle(self) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(DELAY)
        self._woken = False
        found = (self._simulation.store.get("Pod", *_names(subject)) for subject in self._waiting)
        waiting, world = sorted((p for p in found if p is not None), key=lambda p: -priority_of(p)), self._world()
        for pod in waiting:
            decision = schedule(pod, replace(world, pods=self._with_promises(pod)))
            if isinstance(decision, Placement):
                self._bind(pod, decision.node)
            else:
                self._refuse(pod, decision)

    def _world(self) -> World:
        store = self._simulation.store
        return World(
            nodes=store.list("Node"),
            claims={_names(subject_of(c)): c for c in store.list("PersistentVolumeClaim")},
            volumes=store.list("PersistentVolume"),
            storage_classes={name_of(c): c for c in store.list("StorageClass")},
            namespaces={name_of(n): n for n in store.list("Namespace")},
        )

    def _with_promises(self, pod: Object) -> dict[str, NodeInfo]:
        """The pods of each node; a node promised to one at least as important as `pod` counts as taken."""
        pods: dict[str, NodeInfo] = self._nodes
        for subject, other in self._promised.items():
            if subject != subject_of(pod) and priority_of(other) >= priority_of(pod):
                node = other["status"]["nominatedNodeName"]
                pods = {**pods, node: NodeInfo([*pods.get(node, ()), other])}
        return pods

    def _bind(self, pod: Object, node: str) -> None:
        simulation, subject = self._simulation, subject_of(pod)
        refused = self._waiting.pop(subject, "")
        simulation.history.fact("bound", subject, cause=self._news if refused else None, node=node)
        simulation.server.bind(*_names(subject), node)
        simulation.recorder.event(pod, "Normal", "Scheduled", f"Successfully assigned {subject} to {node}", NAME, action="Binding")

    def _refuse(self, pod: Object, why: NoFit) -> None:
        simulation, subject = self._simulation, subject_of(pod)
        before = self._waiting.get(subject)
        if before == why.message:
            return
        self._waiting[subject] = why.message
        fact = simulation.history.fact("unschedulable", subject, cause=self._news if before else None, message=why.message)
        simulation.recorder.event(pod, "Warning", "FailedScheduling", why.message, NAME, action="Scheduling")
        for victim in why.victims:
            self._evict(victim, pod, fact.id)
        simulation.server.update_status("Pod", *_names(subject), lambda status: self._unschedulable(pod, status, why))

    def _unschedulable(self, pod: Object, status: Object, why: NoFit) -> Object:
        old = next((c for c in status.get("conditions") or () if c["type"] == "PodScheduled"), None)
        since = old["lastTransitionTime"] if old and old["status"] == "False" else self._simulation.clock.stamp()
        condition = {
            "type": "PodScheduled", "observedGeneration": pod["metadata"].get("generation", 1), "status": "False",
            "lastProbeTime": None, "lastTransitionTime": since, "reason": "Unschedulable", "message": why.message,
        }  # fmt: skip
        others = [c for c in status.get("conditions") or () if c["type"] != "PodScheduled"]
        kept = {k: v for k, v in status.items() if k != "nominatedNodeName"}
        promised = {"nominatedNodeName": why.nominated} if why.nominated else {}
        return {**kept, "conditions": [*others, condition], **promised}

    def _evict(self, victim: Object, winner: Object, cause: int) -> None:
        """Deletes a pod of lower priority, with the condition that says why.                     preemption.go PreemptPod"""
        simulation, subject = self._simulation, subject_of(victim)
        fact = simulation.history.fact("preempted", subject, cause=cause, by=subject_of(winner))
        message = f"{NAME}: preempting to accommodate a higher priority pod"
        with suppress(Rejected):
            simulation.server.disrupt(*_names(subject), "PreemptionByScheduler", message, cause=fact.id)
        text = f"Preempted by pod {winner['metadata']['uid']} on node {victim['spec']['nodeName']}"
        simulation.recorder.event(victim, "Normal", "Preempted", text, NAME, action="Preempting")


def wants_node(pod: Object) -> bool:
    """Whether a pod waits for this scheduler: no node, no gates, not being deleted."""
    spec = pod["spec"]
    return (
        not spec.get("nodeName")
        and not spec.get("schedulingGates")
        and spec.get("schedulerName", NAME) == NAME
        and "deletionTimestamp" not in pod["metadata"]
        and not _is_finished(pod)
    )


def _is_finished(pod: Object) -> bool:
    return (pod.get("status") or {}).get("phase") in FINISHED


def _names(subject: str) -> tuple[str, str]:
    namespace, _, name = subject.partition("/")
    return namespace, name
