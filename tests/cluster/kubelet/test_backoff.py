"""The arithmetic of waiting: 10 s doubling to 300 s, forgotten after ten quiet minutes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podsim.cluster.kubelet import backoff
from podsim.cluster.kubelet.backoff import BackOff


def test_waits_double_up_to_five_minutes():
    entry, now, waits = None, 0, []
    for _ in range(8):
        entry = backoff.following(entry, now, now)
        waits.append(entry.delay // 1000)
        now += entry.delay
    assert waits == [10, 20, 40, 80, 160, 300, 300, 300]


@pytest.mark.parametrize(
    ("entry", "finished", "now", "wait"),
    [
        (None, 5_000, 5_100, 0),  # the first crash waits for nothing
        (BackOff(10_000, 0), 5_000, 5_100, 9_900),  # the delay counts from the end of the run
        (BackOff(10_000, 0), 5_000, 15_000, 0),
        (BackOff(300_000, 0), 600_000, 600_000, 300_000),
        (BackOff(300_000, 0), 600_001, 600_001, 0),  # a run of more than ten minutes forgets the past
    ],
)
def test_what_is_left_to_wait(entry: BackOff | None, finished: int, now: int, wait: int):
    assert backoff.remaining(entry, finished, now) == wait


def test_a_long_run_starts_the_delays_again():
    assert backoff.following(BackOff(300_000, 0), 600_001, 700_000) == BackOff(10_000, 700_000)


@given(st.integers(10_000, 300_000), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_wait_is_never_longer_than_its_delay(delay: int, updated: int, event: int, later: int):
    entry = BackOff(delay, updated)
    assert 0 <= backoff.remaining(entry, event, event + later) <= delay
