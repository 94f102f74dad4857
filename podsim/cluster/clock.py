"""The cluster's clock: SimPy's time in whole milliseconds, and its reading as wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from podsim.cluster.budget import Environment

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # the second in which t = 0 lies


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads `env` (ms since t = 0); `offset` (ms) is the fraction of the wall clock's second at t = 0."""

    env: Environment
    offset: int = 0

    @property
    def now(self) -> int:
        """Milliseconds since t = 0."""
        return int(self.env.now)

    def wall(self, at: int | None = None) -> datetime:
        """The wall clock (UTC) at `at` ms, or now."""
        return EPOCH + timedelta(milliseconds=self.offset + (self.now if at is None else at))

    def stamp(self, at: int | None = None) -> str:
        """A `metav1.Time`: RFC 3339, whole seconds, cut."""
        return _stamp(self.seconds(at))

    def micro_stamp(self, at: int | None = None) -> str:
        """A `metav1.MicroTime`: RFC 3339 with microseconds."""
        return self.wall(at).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def seconds(self, at: int | None = None) -> int:
        """Whole seconds of the wall clock since EPOCH; what a status can say of an instant."""
        return (self.offset + (self.now if at is None else at)) // 1000


@lru_cache(maxsize=1024)
def _stamp(seconds: int) -> str:
    return write_stamp(EPOCH + timedelta(seconds=seconds))


def read_stamp(stamp: str) -> datetime:
    """The instant that an RFC 3339 text names."""
    return datetime.fromisoformat(stamp)


def write_stamp(at: datetime) -> str:
    """A `metav1.Time`: RFC 3339, whole seconds, cut."""
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
