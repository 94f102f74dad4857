"""What the kubelet knows of its runtime, and since when.                                     kubelet pleg/generic.go"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.kubelet import timing
from podsim.cluster.kubelet.runtime import PodRuntime, Runtime
from podsim.cluster.kubelet.timing import RelistClock

if TYPE_CHECKING:
    from podsim.cluster.kubelet.worker import PodWorker
    from podsim.cluster.simulation import Simulation


class Relists:
    """The cache of runtime statuses: filled by a relist once a second, and by one on demand after a sync.

    Relists in which nothing has changed are not simulated one by one: whoever waits for one computes its time.
    """

    def __init__(self, simulation: Simulation, clock: RelistClock, runtime: Runtime) -> None:
        self._simulation = simulation
        self._clock = clock
        self._runtime = runtime
        self._seen: dict[str, PodRuntime] = {}
        self._looked: dict[str, int] = {}
        self._on_demand: dict[str, simpy.Event] = {}  # what waits for the next look at that pod
        self._workers: dict[str, PodWorker] = {}
        self._changed: dict[str, None] = {}  # pods whose runtime has changed since the last relist
        runtime.on_change = self._plan

    def follow(self, uid: str, worker: PodWorker) -> None:
        """Tells this worker of changes from now on."""
        self._workers[uid] = worker

    def seen(self, uid: str) -> PodRuntime:
        """The pod's runtime state as of the last look."""
        return self._seen.get(uid, PodRuntime())

    def has_ip(self, uid: str) -> bool:
        """Whether a look has found the pod's sandbox."""
        return self.seen(uid).sandbox is not None

    def newer(self, uid: str, than: int) -> Generator[simpy.Event, Any, None]:
        """Waits for a look at the runtime that began after `than` (ms).                        Cache.GetNewerThan"""
        now = self._simulation.clock.now
        if max(self._clock.latest(now), self._looked.get(uid, 0)) <= than:
            regular = self._simulation.env.timeout(self._clock.next_after(now) - now + timing.RELIST_RUN)
            yield regular | self._on_demand.setdefault(uid, self._simulation.env.event())

    def on_demand(self, uid: str) -> Generator[simpy.Event, Any, None]:
        """The relist of one pod right after a sync that did something and did not fail.  generic.go RequestRelist"""
        yield self._simulation.env.timeout(timing.RELIST_ON_DEMAND)
        self._look(uid)
        self._looked[uid] = self._simulation.clock.now
        self._on_demand.pop(uid, self._simulation.env.event()).succeed()

    def _plan(self, uid: str) -> None:
        if not self._changed:
            self._simulation.process(self._relist())
        self._changed[uid] = None

    def _relist(self) -> Generator[simpy.Event, Any, None]:
        now = self._simulation.clock.now
        yield self._simulation.env.timeout(self._clock.next_after(now) - now)
        changed, self._changed = self._changed, {}
        for uid in changed:
            self._look(uid)

    def _look(self, uid: str) -> None:
        """Takes the pod's state; what began, ended or changed asks its worker for a sync."""
        old, new = self.seen(uid), self._runtime.pod(uid)
        self._seen[uid] = new
        if worthy(old, new):
            self._workers[uid].ask()


def worthy(old: PodRuntime, new: PodRuntime) -> bool:
    """Whether a sync is due: anything but the removal of dead containers.                kubelet.go isSyncPodWorthy"""
    was, now = ({r.id: r.state for r in pod.records} for pod in (old, new))
    return old.sandbox != new.sandbox or any(was.get(i) != now.get(i, "exited") for i in was | now)
