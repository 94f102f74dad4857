"""How far a rollout goes in one step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podsim.cluster.controllers.rollout import Resize, Size, fenceposts, new_size, shrink_old, spread


@pytest.mark.parametrize(
    ("surge", "unavailable", "replicas", "expected"),
    [
        ("25%", "25%", 3, (1, 0)),
        ("25%", "25%", 4, (1, 1)),
        ("30%", "20%", 10, (3, 2)),
        (0, "25%", 3, (0, 1)),  # never both zero
        (2, 1, 3, (2, 1)),
        ("100%", "0%", 4, (4, 0)),
    ],
)
def test_surge_is_rounded_up_and_unavailable_down(surge: int | str, unavailable: int | str, replicas: int, expected: tuple[int, int]):
    assert fenceposts(surge, unavailable, replicas) == expected


@pytest.mark.parametrize(
    ("replicas", "surge", "new", "total", "expected"),
    [
        (4, 1, 0, 4, 1),
        (4, 1, 1, 4, 2),
        (4, 1, 2, 5, 2),  # no room
        (4, 4, 0, 4, 4),
        (3, 0, 0, 3, 0),
        (3, 1, 5, 5, 3),  # scaled down in between
    ],
)
def test_the_new_set_fills_the_room(replicas: int, surge: int, new: int, total: int, expected: int):
    assert new_size(replicas, surge, new, total) == expected


@pytest.mark.parametrize(
    ("new", "old", "steps"),
    [
        (Size("new", 1, 0), [Size("old", 4, 4)], [Resize("old", 4, 3)]),
        (Size("new", 2, 0), [Size("old", 3, 3)], []),  # 3 of 4 available: no more may go
        (Size("new", 2, 1), [Size("old", 3, 3)], [Resize("old", 3, 2)]),
        (Size("new", 1, 0), [Size("older", 1, 0), Size("old", 3, 3)], [Resize("older", 1, 0)]),  # what is not available goes first
        (Size("new", 4, 4), [Size("old", 1, 1)], [Resize("old", 1, 0)]),
    ],
)
def test_old_sets_shrink_as_far_as_availability_allows(new: Size, old: list[Size], steps: list[Resize]):
    assert shrink_old(4, 1, new, old) == steps


def test_a_paused_rollout_is_scaled_in_proportion():
    sets = [Size("new", 2, 2, limit=5), Size("old", 3, 3, limit=5)]  # 4 + 1 surge, now 8 + 1
    assert spread(8, 1, 5, sets) == [Resize("old", 3, 5), Resize("new", 2, 4)]


@given(st.integers(0, 50), st.integers(0, 10), st.lists(st.integers(1, 20), min_size=2, max_size=4))
def test_in_proportion_means_all_and_not_more(replicas: int, surge: int, sizes: list[int]):
    sets = [Size(str(i), size, size, limit=sum(sizes)) for i, size in enumerate(sizes)]
    assert sum(step.after for step in spread(replicas, surge, sum(sizes), sets)) == (replicas + surge if replicas else 0)
