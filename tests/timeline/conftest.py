"""A history written by hand: a pod that pulls, runs, crashes, waits, runs again and is deleted."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.cluster.budget import Environment
from podsim.cluster.clock import Clock
from podsim.cluster.history import History, ProbeAnswer
from podsim.cluster.recorder import Recorder
from podsim.cluster.store import Store
from podsim.timeline import timeline
from podsim.timeline.model import Timeline

POD = "default/web"
CONDITIONS = ("PodScheduled", "Initialized", "ContainersReady", "Ready")


class Writer:
    """Writes revisions and facts at the times of a story."""

    def __init__(self) -> None:
        self.env = Environment()
        clock = Clock(self.env)
        self.store = Store(clock)
        self.history = History(clock, self.store)
        self.recorder = Recorder(clock, self.store)

    def at(self, ms: int) -> Writer:
        if ms > self.env.now:
            self.env.run(until=ms)
        return self

    def fact(self, kind: str, **details: Any) -> Writer:
        self.history.fact(kind, POD, **details)
        return self

    def event(self, type_: str, reason: str, message: str) -> Writer:
        pod = self.store.get("Pod", "default", "web")
        assert pod
        self.recorder.event(pod, type_, reason, message, "kubelet")
        return self

    def pod(
        self, phase: str, state: dict[str, Any], true: tuple[str, ...] = (), restarts: int = 0, **metadata: Any
    ) -> Writer:
        status = {
            "phase": phase,
            "podIP": "10.244.0.2",
            "conditions": [{"type": c, "status": str(c in true)} for c in CONDITIONS],
            "containerStatuses": [{"name": "app", "state": state, "ready": "Ready" in true, "restartCount": restarts}],
        }
        obj = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": "web",
                "namespace": "default",
                "labels": {"app": "web"},
                "creationTimestamp": "2026-01-01T00:00:00Z",
                **metadata,
            },
            "spec": {"containers": [{"name": "app", "image": "nginx"}], "nodeName": "node1"},
            "status": status,
        }
        (self.store.update if self.store.get("Pod", "default", "web") else self.store.create)(obj)
        return self


RUNNING = {"running": {"startedAt": "2026-01-01T00:00:04Z"}}
FAILED = {"terminated": {"exitCode": 1, "reason": "Error"}}
ALL = CONDITIONS


def crash_and_delete() -> History:
    w = Writer()
    w.fact("created").pod("Pending", {"waiting": {"reason": "ContainerCreating"}}, CONDITIONS[:2])
    w.at(20).fact("bound", node="node1").fact("admitted")
    w.at(500).fact("sandbox-started", ip="10.244.0.2").fact(
        "pull-started", container="app", image="nginx", policy="Always"
    )
    w.at(3500).fact("pull-finished", container="app", image="nginx", seconds=3.0)
    w.at(4000).fact("container-started", container="app", run=1).pod("Running", RUNNING, ALL)
    w.at(9000).fact("container-exited", container="app", exit=1, reason="Error", seconds=5.0, run=1)
    w.at(9900).pod("Running", FAILED, CONDITIONS[:2])
    w.at(9950).fact("start-refused", container="app", wait=10.0, remaining=9.0, failures=1).event(
        "Warning", "BackOff", "Back-off restarting"
    )
    w.at(19500).fact("restart-decided", container="app", policy="Always")
    w.at(20000).fact("container-started", container="app", run=2).pod("Running", RUNNING, ALL, restarts=1)
    for n, result in enumerate(("ok", "fail", "fail")):
        w.history.probes.append(ProbeAnswer(21000 + 1000 * n, POD, "app", "readiness", result, "", n or 1))
    w.at(30000).fact("delete-requested", grace=30)
    w.pod("Running", RUNNING, ALL, restarts=1, deletionTimestamp="2026-01-01T00:01:00Z", deletionGracePeriodSeconds=30)
    w.at(30010).fact("killing", container="app", grace=30, message="Stopping container app").fact(
        "hook-started", container="app", hook="preStop"
    )
    w.at(35000).fact("hook-finished", container="app", hook="preStop").fact("term-sent", container="app", grace=25)
    w.at(60000).fact("kill-sent", container="app").fact(
        "container-exited", container="app", exit=137, reason="Error", seconds=40.0, run=2
    )
    w.at(60500).fact("removed")
    w.store.remove("Pod", "default", "web")
    w.at(90000)
    return w.history


@pytest.fixture(scope="session")
def history() -> History:
    return crash_and_delete()


@pytest.fixture(scope="session")
def told(history: History) -> Timeline:
    return timeline.of(history)
