"""How long a failed start or pull has to wait.                                client-go util/flowcontrol/backoff.go"""

from __future__ import annotations

from dataclasses import dataclass

INITIAL = 10_000  # ms, kubelet.go backOffPeriod / imageBackOffPeriod
MAXIMUM = 300_000  # ms, kubelet.go MaxCrashLoopBackOff
RESET_AFTER = 2 * MAXIMUM  # ms without trouble, flowcontrol hasExpired


@dataclass(frozen=True, slots=True)
class BackOff:
    """What is remembered of one key: the current `delay` and when it was set, both ms."""

    delay: int
    updated: int


def expired(entry: BackOff, event: int) -> bool:
    """Whether an event at `event` (ms) comes so late that the past is forgotten."""
    return event - entry.updated > RESET_AFTER


def remaining(entry: BackOff | None, event: int, now: int) -> int:
    """How long (ms) a retry has to wait at `now` when the delay counts from `event`; 0: go on.    IsInBackOffSince"""
    if entry is None or expired(entry, event):
        return 0
    return max(0, entry.delay - (now - event))


def following(entry: BackOff | None, event: int, now: int) -> BackOff:
    """The entry after another attempt at `now`; `event` decides whether the past still counts.               Next"""
    if entry is None or expired(entry, event):
        return BackOff(INITIAL, now)
    return BackOff(min(2 * entry.delay, MAXIMUM), now)
