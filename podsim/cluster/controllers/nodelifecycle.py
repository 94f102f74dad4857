"""Notices nodes of which nothing is heard: their conditions, their taints, their pods.

controller/nodelifecycle/node_lifecycle_controller.go
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.history import subject_of
from podsim.cluster.nodes import HEALTHY, UNKNOWN, is_ready, with_conditions
from podsim.cluster.store import Object, Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

NAME = "node-controller"
DELAY = 5  # ms from a write to what follows from it
PERIOD, PHASE = 5_000, 100  # ms; nodeMonitorPeriod, and when in it
GRACE = 50_000  # ms without a heartbeat; nodeMonitorGracePeriod
TAINTING = 100  # ms between passes that taint; scheduler.NodeEvictionPeriod
TAINTING_GAP = 10_000  # ms between two nodes of one zone; nodeEvictionRate 0.1
UNHEALTHY_SHARE, FEW_UNHEALTHY, LARGE_ZONE = 0.55, 2, 50  # unhealthyZoneThreshold, ComputeZoneState, largeClusterSizeThreshold
ZONE_LABELS = ("topology.kubernetes.io/region", "topology.kubernetes.io/zone")
PREFIX = "node.kubernetes.io/"
UNREACHABLE = {"effect": "NoExecute", "key": f"{PREFIX}unreachable"}
# (condition, status) -> key of the taint that keeps new pods away                     nodeConditionToTaintKeyStatusMap
TAINTS = {
    ("Ready", "False"): "not-ready", ("Ready", "Unknown"): "unreachable", ("MemoryPressure", "True"): "memory-pressure",
    ("DiskPressure", "True"): "disk-pressure", ("PIDPressure", "True"): "pid-pressure",
}  # fmt: skip
Steps = Generator[simpy.Event, Any, None]


def called_for(node: Object) -> list[str]:
    """The keys of the taints that the node's conditions call for."""
    found = [(c["type"], c["status"]) for c in node["status"].get("conditions") or ()]
    return [PREFIX + key for told, key in TAINTS.items() if told in found]


def swapped(taints: Sequence[Object], before: Sequence[str], now: Sequence[str]) -> list[Object]:
    """Taints that keep new pods away, when the conditions called for the keys `before` and call for others `now`."""
    kept = [t for t in taints if t["effect"] != "NoSchedule" or t["key"] not in before or t["key"] in now]
    known = {t["key"] for t in kept if t["effect"] == "NoSchedule"}
    return [*kept, *({"effect": "NoSchedule", "key": key} for key in now if key not in known)]


def still_tainted(zones: Mapping[str, Collection[bool]]) -> set[str]:
    """The zones whose unreachable nodes are tainted; `zones`: for each whether its nodes are ready.          handleDisruption

    None where no node of the cluster is ready: then the fault may be the controller's own. A small zone with more than
    two nodes and 55 % down is left alone.
    """

    def is_spared(ready: Collection[bool]) -> bool:
        down = len(ready) - sum(ready)
        partial = down > FEW_UNHEALTHY and any(ready) and down / len(ready) >= UNHEALTHY_SHARE
        return partial and len(ready) <= LARGE_ZONE

    if not any(any(ready) for ready in zones.values()):
        return set()
    return {zone for zone, ready in zones.items() if not is_spared(ready)}


def zone_of(node: Object) -> str:
    """Region and zone.                                                                      component-helpers GetZoneKey"""
    labels = node["metadata"].get("labels") or {}
    return ":".join(labels.get(key, "") for key in ZONE_LABELS)


class NodeLifecycle:
    """Looks at every node each five seconds once one of them may fall silent."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._free: dict[str, float] = {}  # zone -> when its next node may be tainted (ms)
        self._called_for: dict[str, list[str]] = {}  # node -> keys of taints
        self._monitors = False
        simulation.store.subscribe(self._hear, "Node")

    def _hear(self, revision: Revision) -> None:
        node = revision.object
        if revision.type == "DELETED":
            return
        name = node["metadata"]["name"]
        before, wanted = self._called_for.get(name, []), called_for(node)
        if wanted != before:
            self._called_for[name] = wanted
            self._simulation.process(self._keep_pods_away(name, before, wanted))
        kubelet = self._simulation.kubelets.get(name)
        if kubelet is not None and kubelet.link.spans and not self._monitors:
            self._monitors = True
            self._simulation.process(self._monitor())

    def _keep_pods_away(self, name: str, before: list[str], wanted: list[str]) -> Steps:
        """The taints that follow the node's conditions at once.                          doNoScheduleTaintingPass"""
        yield self._simulation.env.timeout(DELAY)
        node = self._simulation.store.get("Node", "", name)
        if node is not None:
            self._taint(node, swapped(node["spec"].get("taints") or (), before, wanted))

    def _monitor(self) -> Steps:
        """monitorNodeHealth again and again."""
        env = self._simulation.env
        while True:
            yield env.timeout(PERIOD - (env.now - PHASE) % PERIOD)
            self._pass(int(env.now))

    def _pass(self, now: int) -> None:
        zones: dict[str, list[bool]] = defaultdict(list)
        nodes = self._simulation.store.list("Node")
        for node in nodes:
            is_silent, was_ready = self._is_silent(node, now), is_ready(node)
            zones[zone_of(node)].append(was_ready and not is_silent)
            if is_silent and was_ready:
                self._lose(node)
        tainted = still_tainted(zones)
        for node in nodes:
            if not tainted or (is_ready(node) and not self._is_silent(node, now)):
                self._taint(node, [t for t in node["spec"].get("taints") or () if not _is_unreachable(t)])
            elif not is_ready(node) and zone_of(node) in tainted and not any(map(_is_unreachable, node["spec"].get("taints") or ())):
                self._queue(node, now)

    def _queue(self, node: Object, now: int) -> None:
        """Lets the node be tainted when its zone's turn comes before the next pass."""
        at = max(now + TAINTING, self._free.get(zone_of(node), 0))
        if at < now + PERIOD:
            self._free[zone_of(node)] = at + TAINTING_GAP
            self._simulation.process(self._drive_out(node["metadata"]["name"], at - now))

    def _is_silent(self, node: Object, now: int) -> bool:
        """Whether the pass that saw the node's last heartbeat is too long ago."""
        kubelet = self._simulation.kubelets.get(node["metadata"]["name"])
        if kubelet is None:
            return False
        beat = kubelet.link.last_heartbeat(now)
        return now - (beat + (PHASE - beat) % PERIOD) >= GRACE

    def _lose(self, node: Object) -> None:
        """The node's conditions become Unknown, its pods are not ready any more.    tryUpdateNodeHealth, MarkPodsNotReady"""
        simulation, name = self._simulation, node["metadata"]["name"]
        stamp = simulation.clock.stamp()
        texts = dict.fromkeys(HEALTHY, UNKNOWN)
        with simulation.history.written_by(NAME):
            simulation.server.update_status(
                "Node", "", name, lambda s: {**s, "conditions": with_conditions(s["conditions"], texts, stamp, heard=False)}
            )
        simulation.recorder.event(node, "Normal", "NodeNotReady", f"Node {name} status is now: NodeNotReady", NAME)
        for pod in simulation.store.list("Pod"):
            ready = next((c for c in pod["status"].get("conditions") or () if c["type"] == "Ready"), None)
            if pod["spec"].get("nodeName") == name and ready is not None and ready["status"] != "False":
                simulation.history.fact("node-lost", subject_of(pod), node=name)
                changed = {**ready, "status": "False", "lastTransitionTime": stamp}
                conditions = [changed if c is ready else c for c in pod["status"]["conditions"]]
                simulation.store.update({**pod, "status": {**pod["status"], "conditions": conditions}})
                simulation.recorder.event(pod, "Warning", "NodeNotReady", "Node is not ready", NAME)

    def _drive_out(self, name: str, wait: float) -> Steps:
        """doNoExecuteTaintingPass."""
        yield self._simulation.env.timeout(wait)
        node = self._simulation.store.get("Node", "", name)
        if node is not None and not is_ready(node):
            added = {**UNREACHABLE, "timeAdded": self._simulation.clock.stamp()}
            self._taint(node, [*(node["spec"].get("taints") or ()), added])

    def _taint(self, node: Object, taints: list[Object]) -> None:
        if taints != list(node["spec"].get("taints") or ()):
            rest = {k: v for k, v in node["spec"].items() if k != "taints"}
            with self._simulation.history.written_by(NAME):
                self._simulation.store.update({**node, "spec": {**rest, **({"taints": taints} if taints else {})}})


def _is_unreachable(taint: Object) -> bool:
    return {k: taint[k] for k in UNREACHABLE} == UNREACHABLE
