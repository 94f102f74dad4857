"""The kubelet's two clocks and its latencies.

The recordings give the values; where upstream names a constant its file stands beside it. Milliseconds throughout.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

SECOND = 1_000
TICK_PERIOD = SECOND  # kubelet.go syncTicker
RELIST_PERIOD = SECOND  # kubelet.go genericPlegRelistPeriod

WATCH = 3  # a write of the API server reaches the kubelet
RELIST_RUN = 3  # from the start of a relist to the sync it triggers
RELIST_ON_DEMAND = 2  # from the end of a sync to the relist that follows it
STATUS_GENERATION = 2  # at the start of a sync
STATUS_WRITE = 7  # from a generated status to the revision
SYNC_WORK = 3  # from the generated status to the first runtime call
TRIGGER = 2  # from a probe result or a tick to the sync
REMOVE_OBJECT = 3  # from the final status to the end of the object

VOLUME_POLL = 300  # volumemanager podAttachAndMountRetryInterval
MOUNT_FIRST = 150  # the reconciler's first attempt
MOUNT_RETRY = 500  # goroutinemap exponentialbackoff, doubling
MOUNT_RETRY_MAX = 122_000
MOUNT_LIMIT = 123_000  # volumemanager podAttachAndMountTimeout

SANDBOX_START = 250
SANDBOX_STOP = 80
CONTAINER_CREATE = 40
CONTAINER_START = 60
CONTAINER_UPDATE = 20  # not recorded: a guess
CONTAINER_STOPPED = 20  # StopContainer returns that long after the exit
EXEC = 10

BACK_OFF_PERIOD = 10 * SECOND  # pod_workers.go backOffPeriod
RESYNC_INTERVAL = 60 * SECOND  # KubeletConfiguration syncFrequency
REQUEUE_MAX = 60 * SECOND  # pod_workers.go: the remaining back-off counts up to the resync interval
MINIMUM_GRACE = 2  # s; kuberuntime_container.go minimumGracePeriodInSeconds


@dataclass(frozen=True, slots=True)
class RelistClock:
    """When the pod lifecycle event generator looks at the runtime: at `phase` + k s, or at the recorded times `known`."""

    phase: int
    known: tuple[int, ...] = ()

    def next_after(self, t: int) -> int:
        """The first relist later than `t`."""
        if self.known and t < self.known[-1]:
            return self.known[bisect_right(self.known, t)]
        start, period = self._rhythm()
        return start + ((t - start) // period + 1) * period

    def latest(self, t: int) -> int:
        """The last relist at or before `t`; one before t = 0 may be meant."""
        if self.known and self.known[0] <= t <= self.known[-1]:
            return self.known[bisect_right(self.known, t) - 1]
        if self.known and t < self.known[0]:
            return self.known[0] - ((self.known[0] - t - 1) // RELIST_PERIOD + 1) * RELIST_PERIOD
        start, period = self._rhythm()
        return start + ((t - start) // period) * period

    def _rhythm(self) -> tuple[int, int]:
        """Start and period beyond the known times: they go on as they were."""
        if len(self.known) < 2:
            return (self.known[-1] if self.known else self.phase), RELIST_PERIOD
        gaps = sorted(b - a for a, b in pairwise(self.known))
        return self.known[-1], gaps[len(gaps) // 2]


def tick_at_or_after(t: int, phase: int) -> int:
    """The first tick of the sync loop at or after `t`."""
    return phase + -(-(t - phase) // TICK_PERIOD) * TICK_PERIOD


def relist_clock(relist: float | tuple[float, ...]) -> RelistClock:
    """The clock of the scenario's `kubelet.relist`: a phase or a list of times, in seconds."""
    if isinstance(relist, tuple):
        known = tuple(sorted({round(t * SECOND) for t in relist}))
        return RelistClock(known[bisect_left(known, 0)] if known and known[-1] >= 0 else 900, known)
    return RelistClock(round(relist * SECOND))
