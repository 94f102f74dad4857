"""Seconds and pixels."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podsim.timeline.labels import fit, text_width
from podsim.timeline.scale import make, reading, shortened


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "0s"), (5.25, "5.3s"), (40.3, "40.3s"), (97, "97s"), (119.96, "2m"), (120, "2m"), (352, "5m52s"),
    (760, "12m40s"), (3600, "60m"), (11700, "3h15m"),
])  # fmt: skip
def test_readings_are_kubectls(seconds: float, text: str) -> None:
    assert reading(seconds) == text


def test_true_scale_is_linear() -> None:
    scale = make([5, 30], 0, 100, 500, short_waits=False)
    assert [scale.px(t) for t in (0, 10, 100)] == [0, 50, 500]
    assert scale.ticks() == [0, 15, 30, 45, 60, 75, 90]
    assert scale.bands() == []


def test_a_doubled_wait_adds_a_constant_width() -> None:
    widths = [shortened(wait) for wait in (20, 40, 80, 160)]
    assert [b - a for a, b in pairwise(widths)] == pytest.approx([2.7726] * 3, abs=1e-3)


def test_long_waits_get_a_band_and_labels_at_real_transitions() -> None:
    scale = make([5, 10, 310], 0, 320, 700, short_waits=True)
    assert scale.bands() == [(10, 310)]
    assert set(scale.ticks()) <= {0, 5, 10, 310, 320}


@given(st.lists(st.floats(0.1, 1000), max_size=20), st.floats(0, 1000), st.booleans())
def test_there_and_back(times: list[float], t: float, short: bool) -> None:
    scale = make(times, 0, 1000, 800, short)
    assert scale.time(scale.px(t)) == pytest.approx(t, abs=1e-6)
    assert 0 <= scale.px(t) <= 800 + 1e-6


@pytest.mark.parametrize(("room", "text"), [(200, "✕ terminated (exit 1)"), (60, "✕ exit 1"), (20, "✕"), (5, "")])
def test_the_longest_form_that_fits(room: float, text: str) -> None:
    assert fit("✕ terminated (exit 1)", "✕ exit 1", room, 12) == text


def test_a_label_without_a_short_form_is_cut() -> None:
    assert fit("ContainerCreating", "", 60, 12) == "Contain…"
    assert fit("Running", "", 20, 12) == ""
    assert text_width("a" * 10, 10) == pytest.approx(55.6)
