"""A short run over damaged manifests; `make fuzz` is the long one."""

from __future__ import annotations

import pytest

from tests import mutations


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_damaged_manifests_are_answered(first: int) -> None:
    accepted = [seed for seed in range(first, first + 100) if mutations.ends_well(mutations.damaged(seed))[0].stdout]
    assert 0 < len(accepted) < 100  # or the damage is too small, or too great, to find anything
