"""The kubelet of one node: it hears of its pods, gives each a worker, and looks at the runtime once a second."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.kubelet import timing
from podsim.cluster.kubelet.images import Images
from podsim.cluster.kubelet.relists import Relists
from podsim.cluster.kubelet.runtime import Runtime
from podsim.cluster.kubelet.worker import PodWorker
from podsim.cluster.nodes import node_ip
from podsim.cluster.store import Object, Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

JITTER = 0.5  # pod_workers.go workerBackOffPeriodJitterFactor, workerResyncIntervalJitterFactor


class Kubelet:
    """The agent of the node named `node`."""

    def __init__(self, simulation: Simulation, node: str) -> None:
        clocks = simulation.scenario.kubelet
        tick, relist = clocks.tick, clocks.relist
        if simulation.random is not None:
            tick, relist = simulation.random.random(), simulation.random.random()
        self.simulation = simulation
        self.node = node
        self.ip = node_ip(node)
        self.tick = round(tick * timing.SECOND) % timing.TICK_PERIOD
        self.runtime = Runtime(simulation, self.ip)
        self.images = Images(simulation, self.runtime)
        self.relists = Relists(simulation, timing.relist_clock(relist), self.runtime)
        self.workers: dict[str, PodWorker] = {}

    def jitter(self) -> float:
        """The factor of one requeue, 1 to 1.5: the scenario's, or drawn where there is a seed."""
        dice = self.simulation.random
        return self.simulation.scenario.kubelet.jitter if dice is None else 1 + JITTER * dice.random()

    def hear(self, revision: Revision) -> None:
        """Takes a revision of one of the node's pods."""
        self.simulation.process(self._take(revision.type, revision.object))

    def _take(self, change: str, pod: Object) -> Generator[simpy.Event, Any, None]:
        yield self.simulation.env.timeout(timing.WATCH)
        uid = pod["metadata"]["uid"]
        worker = self.workers.get(uid)
        if change == "DELETED":
            if worker is not None:
                worker.remove()
        elif worker is None:
            worker = self.workers[uid] = PodWorker(self, pod)
            self.relists.follow(uid, worker)
        else:
            worker.update(pod)
