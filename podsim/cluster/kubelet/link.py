"""When a kubelet reaches the API server: always but in the spans in which the scenario makes its node silent."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.kubelet import timing
from podsim.cluster.scenario import Silence

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

HEARTBEAT = 10_000  # ms; nodeLeaseDurationSeconds x 0.25, nodeStatusUpdateFrequency, status_manager.go syncPeriod


class Link:
    """The connection of one kubelet, which joined at `joined` ms; times in ms."""

    def __init__(self, simulation: Simulation, silences: Iterable[Silence], joined: int) -> None:
        self._simulation = simulation
        self._joined = joined
        self.spans = sorted(
            (round(s.from_ * timing.SECOND), math.inf if s.to is None else round(s.to * timing.SECOND)) for s in silences
        )

    def up_from(self, t: float) -> float:
        """The first instant from `t` on at which the server is reached; what happens at the very start of a span still is."""
        for start, end in self.spans:
            t = end if start < t < end else t
        return t

    @property
    def is_up(self) -> bool:
        """Whether the server is reached now."""
        now = self._simulation.clock.now
        return self.up_from(now) == now

    def reach(self) -> Generator[simpy.Event, Any, None]:
        """Waits until the server is reached, without end if it never is again."""
        now = self._simulation.env.now
        up = self.up_from(now)
        if up > now:
            yield self.until(up)

    def until(self, t: float) -> simpy.Event:
        """The instant `t`, now if it has passed; for infinity an event that never comes."""
        env = self._simulation.env
        return env.event() if math.isinf(t) else env.timeout(max(t - env.now, 0))

    def last_heartbeat(self, t: int) -> int:
        """When the kubelet last renewed its lease, up to `t`."""
        beat = t - (t - self._joined) % HEARTBEAT
        while self.up_from(beat) != beat:
            beat -= HEARTBEAT
        return beat

    def next_heartbeat(self, t: float) -> float:
        """The first renewal from `t` on that arrives; infinity if there is none."""
        beat = t + (self._joined - t) % HEARTBEAT
        while (up := self.up_from(beat)) != beat:
            if math.isinf(up):
                return up
            beat = up + (self._joined - up) % HEARTBEAT
        return beat
