"""The kubelet of one node: it hears of its pods, gives each a worker, and looks at the runtime once a second."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.history import subject_of
from podsim.cluster.kubelet import admission, pressure, resize, status, timing
from podsim.cluster.kubelet.images import Images
from podsim.cluster.kubelet.link import Link
from podsim.cluster.kubelet.relists import Relists
from podsim.cluster.kubelet.runtime import Runtime
from podsim.cluster.kubelet.spec import PodSpec
from podsim.cluster.kubelet.worker import PodWorker
from podsim.cluster.nodes import HEALTHY, UNDER_PRESSURE, node_ip, with_conditions
from podsim.cluster.scenario import Node, Pressure
from podsim.cluster.scheduler.world import NodeInfo
from podsim.cluster.store import Object, Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

Steps = Generator[simpy.Event, Any, None]
JITTER = 0.5  # pod_workers.go workerBackOffPeriodJitterFactor, workerResyncIntervalJitterFactor


class Kubelet:
    """The agent of a node."""

    def __init__(self, simulation: Simulation, node: Node, subnet: str) -> None:
        clocks = simulation.scenario.kubelet
        tick, relist = clocks.tick, clocks.relist
        if simulation.random is not None:
            tick, relist = simulation.random.random(), simulation.random.random()
        self.simulation = simulation
        self.node = node.name
        self.ip = node_ip(node.name)
        self.tick = round(tick * timing.SECOND) % timing.TICK_PERIOD
        self.runtime = Runtime(simulation, self.ip, subnet)
        self.link = Link(simulation, node.silent, simulation.clock.now)
        self.images = Images(simulation, self.runtime, self.tell)
        self.relists = Relists(simulation, timing.relist_clock(relist), self.runtime)
        self.workers: dict[str, PodWorker] = {}
        self._rejected: set[str] = set()
        self._pressures: dict[str, int] = {}  # condition -> until when (ms)
        if self.link.spans:
            simulation.process(self._come_back())

    def jitter(self) -> float:
        """The factor of one requeue, 1 to 1.5: the scenario's, or drawn where there is a seed."""
        dice = self.simulation.random
        return self.simulation.scenario.kubelet.jitter if dice is None else 1 + JITTER * dice.random()

    def tell(self, about: Object | Mapping[str, Any], type_: str, reason: str, message: str, field_path: str = "") -> None:
        """Records an event; one that happens in silence is told afterwards."""
        recorder, now = self.simulation.recorder, self.simulation.clock.now
        if self.link.is_up:
            recorder.event(about, type_, reason, message, "kubelet", field_path=field_path)
            return

        def later() -> Steps:
            yield from self.link.reach()
            recorder.event(about, type_, reason, message, "kubelet", field_path=field_path, at=now)

        self.simulation.process(later())

    def evict(self, pod: Object, lack: Pressure) -> bool:
        """Evicts a pod because the node lacks something; whether it is one that may be evicted."""
        worker = self.workers.get(pod["metadata"]["uid"])
        if worker is None or admission.is_critical(pod):
            return False
        worker.evict(pressure.message(lack, pod, self._usage(worker.pod, lack)))
        self.simulation.process(self._feel(pressure.CONDITIONS[lack.resource]))
        return True

    def relieve(self, lack: Pressure) -> bool:
        """Evicts the pod that goes first; whether there is one.                         eviction_manager.go synchronize"""
        running = [worker.pod for worker in self.workers.values() if worker.writer.may_run]
        order = sorted(running, key=lambda pod: pressure.rank(dict(pod.source), self._usage(pod, lack), lack.resource))
        return any(self.evict(dict(pod.source), lack) for pod in order)

    def _usage(self, pod: PodSpec, lack: Pressure) -> dict[str, str]:
        """Container -> what it uses of what the node lacks, where anything is said of it."""
        uses = {c.name: self.runtime.script(pod, c).uses.get(lack.resource) for c in (*pod.regular, *pod.init)}
        return {name: used for name, use in uses.items() if (used := lack.usage.get(name, use)) is not None}

    def room_for(self, pod: Object) -> tuple[str, str] | None:
        """Why the node has no room for the resources that one of its pods wants now."""
        node = self.simulation.store.get("Node", "", self.node)
        return resize.refusal(pod, node, self._others(pod["metadata"]["uid"])) if node is not None else None

    def _others(self, uid: str) -> NodeInfo:
        """The pods that have resources of the node, but for one."""
        return NodeInfo(dict(w.pod.source) for w in self.workers.values() if w.writer.may_run and w.pod.uid != uid)

    def _feel(self, condition: str) -> Steps:
        """The node's condition, from the next heartbeat on and some minutes long."""
        env = self.simulation.env
        until = self._pressures[condition] = int(env.now) + pressure.LASTS
        yield from self._post()
        yield self.link.until(until)
        if self._pressures.get(condition) == until:
            del self._pressures[condition]
            yield from self._post()

    def _post(self) -> Steps:
        """Posts the node's conditions with the next heartbeat that arrives."""
        server = self.simulation.server
        yield self.link.until(self.link.next_heartbeat(self.simulation.env.now))
        texts = HEALTHY | {c: UNDER_PRESSURE[c] for c in self._pressures}
        stamp = self.simulation.clock.stamp()
        with self.simulation.history.written_by("kubelet"):
            server.update_status("Node", "", self.node, lambda s: {**s, "conditions": with_conditions(s["conditions"], texts, stamp)})

    def _come_back(self) -> Steps:
        """After each silence the node's conditions and what the kubelet knows of its pods are written again."""
        for _, end in self.link.spans:
            yield self.link.until(end)
            yield from self._post()
            for worker in self.workers.values():
                if not worker.writer.finished:
                    self.simulation.history.fact("node-back", worker.pod.subject, node=self.node)
                    worker.writer.rewrite()

    def hear(self, revision: Revision) -> None:
        """Takes a revision of one of the node's pods."""
        self.simulation.process(self._take(revision.type, revision.object))

    def _take(self, change: str, pod: Object) -> Steps:
        yield self.simulation.env.timeout(timing.WATCH)
        yield from self.link.reach()
        uid = pod["metadata"]["uid"]
        worker = self.workers.get(uid)
        if change == "DELETED":
            if worker is not None:
                worker.remove()
            for other in self.workers.values():
                other.resizing.retry()
        elif worker is not None:
            worker.update(pod)
        elif (refusal := self._refusal(change, pod)) is not None:
            yield from self._reject(pod, *refusal)
        elif uid not in self._rejected:
            worker = self.workers[uid] = PodWorker(self, pod)
            self.relists.follow(uid, worker)

    def _refusal(self, change: str, pod: Object) -> admission.Refusal | None:
        """Why the pod is not taken. Of one that the scheduler has placed only the node's condition is looked at.    AddPod"""
        refusal = admission.under_pressure(pod, self._pressures)
        node = self.simulation.store.get("Node", "", self.node)
        if refusal is not None or change != "ADDED" or node is None:
            return refusal
        return admission.misfit(pod, node, self._others(pod["metadata"]["uid"]))

    def _reject(self, pod: Object, reason: str, message: str) -> Steps:
        """The pod fails before anything of it runs.                                                kubelet.go rejectPod"""
        self._rejected.add(pod["metadata"]["uid"])
        self.tell(pod, "Warning", reason, message)
        yield self.simulation.env.timeout(timing.STATUS_WRITE)
        self.simulation.history.fact("rejected", subject_of(pod), reason=reason, message=message)
        words = {"message": f"Pod was rejected: {message}", "reason": reason}
        self.simulation.server.update_status(
            "Pod", pod["metadata"]["namespace"], pod["metadata"]["name"],
            lambda api: status.rejected(api, words, pod["metadata"]["generation"], self.simulation.clock.stamp()),
        )  # fmt: skip
