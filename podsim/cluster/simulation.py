"""One cluster: the API server, the scheduler, the controllers and a kubelet per node on one clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Mapping
from typing import Any

import simpy

from podsim.cluster import actions, controllers
from podsim.cluster import scenario as scenarios
from podsim.cluster.budget import Environment
from podsim.cluster.clock import Clock
from podsim.cluster.history import History
from podsim.cluster.kubelet import Kubelet
from podsim.cluster.names import Names
from podsim.cluster.nodes import DEFAULT_NODE, node_object, pod_subnet
from podsim.cluster.recorder import Recorder
from podsim.cluster.scenario import Node, Scenario
from podsim.cluster.scheduler import Scheduler
from podsim.cluster.server import Server
from podsim.cluster.store import Revision, Store


class Simulation:
    """The parts of the cluster, joined. Time stands at 0 and moves only in `run` and `run_until`."""

    def __init__(self, scenario: Scenario, run_command: Callable[[str], None] | None = None) -> None:
        self.scenario = scenario
        self.env = Environment()
        self.clock = Clock(self.env, round(scenario.kubelet.offset * 1000))
        self.store = Store(self.clock)
        self.history = History(self.clock, self.store, scenario)
        self.random = None if scenario.seed is None else random.Random(scenario.seed)  # noqa: S311 - a simulation's dice
        self.names = Names(scenario.seed or 0)
        self.server = Server(self.clock, self.store, self.history, self.names)
        self.recorder = Recorder(self.clock, self.store)
        self.kubelets: dict[str, Kubelet] = {}
        self.server.furnish()
        Scheduler(self)
        controllers.start(self)
        self.store.subscribe(self._tell_kubelet, "Pod")
        for node in (DEFAULT_NODE,) if scenario.nodes is None else scenario.nodes:
            self.add_node(node)
        actions.start(self, run_command)

    def add_node(self, node: Node | Mapping[str, Any]) -> None:
        """A node joins, ready at once; `node` in the scenario's short form."""
        short = node if isinstance(node, Node) else scenarios.read({"nodes": [node]}).nodes[0]  # type: ignore[index]
        self.kubelets[short.name] = Kubelet(self, short, pod_subnet(len(self.kubelets)))
        self.store.create(node_object(short, self.clock.stamp(), self.names.uid()))

    def run(self, until: int) -> None:
        """Lets time pass up to `until` ms since t = 0; an instant already reached: nothing happens."""
        if until > self.clock.now:
            self.env.run(until=until)

    def run_until(self, predicate: Callable[[], bool], timeout: int) -> bool:
        """Lets time pass until `predicate()` holds, at most `timeout` ms. Whether it came to hold."""
        end = self.clock.now + timeout
        while not predicate():
            due = self.env.peek()
            if due > end:
                self.run(end)
                return predicate()
            self.env.step()
        return True

    def process(self, steps: Generator[simpy.Event, Any, Any]) -> simpy.Process:
        """Starts a process."""
        return self.env.process(steps)

    def _tell_kubelet(self, revision: Revision) -> None:
        kubelet = self.kubelets.get(revision.object["spec"].get("nodeName", ""))
        if kubelet is not None:
            kubelet.hear(revision)
