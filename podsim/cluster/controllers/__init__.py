"""The controllers that make, replace and remove pods: as much of them as the life of a Pod needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podsim.cluster.controllers import daemonset, deployment, replicaset, statefulset
from podsim.cluster.controllers.endpointslice import EndpointSlices
from podsim.cluster.controllers.garbage import GarbageCollector
from podsim.cluster.controllers.job import Jobs
from podsim.cluster.controllers.loop import Controller, Loop
from podsim.cluster.controllers.nodelifecycle import NodeLifecycle
from podsim.cluster.controllers.ownership import candidates
from podsim.cluster.controllers.plan import Related
from podsim.cluster.controllers.tainteviction import TaintEviction
from podsim.cluster.store import Object, Store

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

JOB_BATCH = 1_000  # ms; job_controller.go syncJobBatchPeriod


def start(simulation: Simulation) -> None:
    """Starts every controller."""
    slices = EndpointSlices()
    for controller in (
        Controller("Deployment", "deployment-controller", ("ReplicaSet",), _sets, deployment.reconcile),
        Controller("ReplicaSet", "replicaset-controller", ("Pod",), _pods, replicaset.reconcile, delay=9),
        Controller("ReplicationController", "replication-controller", ("Pod",), _pods, replicaset.reconcile, delay=9),
        Controller("Job", "job-controller", ("Pod",), _pods, Jobs().reconcile, delay=13, batch=JOB_BATCH),
        Controller("StatefulSet", "statefulset-controller", ("Pod",), _pods_and_claims, statefulset.reconcile),
        Controller("DaemonSet", "daemonset-controller", ("Pod", "Node"), _pods_and_nodes, daemonset.reconcile),
        Controller("Service", "endpoint-slice-controller", ("Pod",), slices.related, slices.reconcile, 30, 14, slices.concerned),
    ):
        Loop(simulation, controller)
    GarbageCollector(simulation)
    NodeLifecycle(simulation)
    TaintEviction(simulation)


def _pods(store: Store, owner: Object) -> Related:
    return {"Pod": candidates(store, "Pod", owner)}


def _pods_and_nodes(store: Store, owner: Object) -> Related:
    return {**_pods(store, owner), "Node": store.list("Node")}


def _pods_and_claims(store: Store, owner: Object) -> Related:
    return {**_pods(store, owner), "PersistentVolumeClaim": store.list("PersistentVolumeClaim", owner["metadata"]["namespace"])}


def _sets(store: Store, owner: Object) -> Related:
    """Its ReplicaSets, and all pods of its namespace."""
    return {"ReplicaSet": candidates(store, "ReplicaSet", owner), "Pod": store.list("Pod", owner["metadata"]["namespace"])}
