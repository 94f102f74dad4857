"""The kubelet's two clocks."""

from __future__ import annotations

import pytest

from podsim.cluster.kubelet.timing import relist_clock, tick_at_or_after


@pytest.mark.parametrize(("t", "tick"), [(0, 83), (83, 83), (84, 1083), (14_000, 14_083)])
def test_the_tick_at_or_after(t: int, tick: int):
    assert tick_at_or_after(t, 83) == tick


@pytest.mark.parametrize(
    ("relist", "t", "latest", "following"),
    [
        (0.9, 0, -100, 900),
        (0.9, 900, 900, 1_900),
        ((0.2, 1.203, 2.205), 1_203, 1_203, 2_205),
        ((0.2, 1.203, 2.205), 100, -800, 200),
        ((0.2, 1.203, 2.205), 2_205, 2_205, 3_208),  # beyond what is known it goes on in the same rhythm
        ((0.2, 1.203, 2.205), 9_000, 8_223, 9_226),
    ],
)
def test_the_relists_around(relist: float | tuple[float, ...], t: int, latest: int, following: int):
    clock = relist_clock(relist)
    assert (clock.latest(t), clock.next_after(t)) == (latest, following)
