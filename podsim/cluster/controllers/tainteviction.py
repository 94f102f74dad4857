"""Drives pods off nodes with NoExecute taints that they do not tolerate, or no longer.    controller/tainteviction/taint_eviction.go"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import simpy

from podsim.api.errors import Rejected
from podsim.cluster.history import subject_of
from podsim.cluster.scheduler.filters import tolerates
from podsim.cluster.store import Object, Revision

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

NAME = "taint-eviction-controller"
DELAY = 5  # ms from a write to what follows from it
DISRUPTION = ("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint")
Steps = Generator[simpy.Event, Any, None]


def no_execute(node: Object) -> list[Object]:
    """The taints that drive pods away."""
    return [t for t in node["spec"].get("taints") or () if t.get("effect") == "NoExecute"]


def patience(taints: Iterable[Object], tolerations: Sequence[Object]) -> float:
    """For how many seconds a pod may stay: 0 if it does not tolerate one of the taints, infinity if it does not mind.

    v1helper GetMatchingTolerations, getMinTolerationTime: for each taint the first toleration that matches counts.
    """
    used = [next((t for t in tolerations if tolerates(t, taint)), None) for taint in taints]
    if any(t is None for t in used):
        return 0
    return max(min((t["tolerationSeconds"] for t in used if t and t.get("tolerationSeconds") is not None), default=math.inf), 0)


class TaintEviction:
    """Plans an eviction for every pod of a tainted node, and takes it back when the taint goes first."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._taints: dict[str, list[Object]] = {}  # node -> its NoExecute taints
        self._known: dict[str, Any] = {}  # pod -> its tolerations when they were last looked at
        self._due: dict[str, float | None] = {}  # pod -> when it has to go (ms); None: it has been told to
        simulation.store.subscribe(self._hear, "Node", "Pod")

    def _hear(self, revision: Revision) -> None:
        obj, gone = revision.object, revision.type == "DELETED"
        if obj["kind"] == "Node":
            self._hear_of_node(obj["metadata"]["name"], [] if gone else no_execute(obj))
        elif self._taints or self._due:
            self._hear_of_pod(obj, gone=gone)

    def _hear_of_node(self, name: str, taints: list[Object]) -> None:
        if taints == self._taints.get(name, []):
            return
        self._taints[name] = taints
        if not taints:
            del self._taints[name]
        for pod in self._simulation.store.list("Pod"):
            if pod["spec"].get("nodeName") == name:
                self._simulation.process(self._look(subject_of(pod)))

    def _hear_of_pod(self, pod: Object, *, gone: bool) -> None:
        subject = subject_of(pod)
        if gone:
            self._known.pop(subject, None)
            self._cancel(subject)
        elif pod["spec"].get("nodeName") in self._taints and self._known.get(subject) != pod["spec"].get("tolerations"):
            self._known[subject] = pod["spec"].get("tolerations")
            self._simulation.process(self._look(subject))

    def _look(self, subject: str) -> Steps:
        """Plans, keeps or cancels the eviction of a pod; one that is planned keeps its time.          processPodOnNode"""
        yield self._simulation.env.timeout(DELAY)
        pod = self._simulation.store.get("Pod", *_names(subject))
        if pod is None or self._due.get(subject, 0) is None:
            return
        taints = self._taints.get(pod["spec"]["nodeName"])
        seconds = patience(taints, pod["spec"].get("tolerations") or ()) if taints else math.inf
        if 0 < seconds < math.inf and subject in self._due:
            return
        self._cancel(subject)
        if seconds < math.inf:
            self._due[subject] = due = self._simulation.clock.now + seconds * 1000
            self._simulation.process(self._evict(subject, due))

    def _cancel(self, subject: str) -> None:
        if self._due.pop(subject, None) is not None:
            self._tell(subject, "Cancelling deletion of Pod")

    def _evict(self, subject: str, due: float) -> Steps:
        yield self._simulation.env.timeout(round(due) - self._simulation.clock.now)
        if self._due.get(subject) != due:
            return
        self._due[subject] = None
        self._tell(subject, "Marking for deletion Pod")
        fact = self._simulation.history.fact("evicted", subject, by="taint")
        with suppress(Rejected):
            self._simulation.server.disrupt(*_names(subject), *DISRUPTION, cause=fact.id)

    def _tell(self, subject: str, what: str) -> None:
        namespace, name = _names(subject)
        about = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}}
        self._simulation.recorder.event(about, "Normal", "TaintManagerEviction", f"{what} {subject}", NAME)


def _names(subject: str) -> tuple[str, str]:
    namespace, _, name = subject.partition("/")
    return namespace, name
