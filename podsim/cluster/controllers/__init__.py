"""The controllers that make, replace and remove pods: as much of them as the life of a Pod needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podsim.cluster.controllers.deployment import Deployments
from podsim.cluster.controllers.first_pods import DaemonSets, StatefulSets
from podsim.cluster.controllers.garbage import GarbageCollector
from podsim.cluster.controllers.job import Jobs
from podsim.cluster.controllers.replicaset import ReplicaSets

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation


def start(simulation: Simulation) -> None:
    """Starts every controller."""
    Deployments(simulation)
    ReplicaSets(simulation)
    ReplicaSets(simulation, "ReplicationController")
    Jobs(simulation)
    StatefulSets(simulation)
    DaemonSets(simulation)
    GarbageCollector(simulation)
