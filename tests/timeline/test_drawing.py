"""The same drawing as SVG and as a plotly figure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from podsim.timeline import drawing, figure, svg, table
from podsim.timeline.labels import text_width
from podsim.timeline.model import Event, Timeline
from podsim.timeline.style import STYLE

plotly = pytest.importorskip("plotly.graph_objects")


def test_the_height_is_the_one_of_the_rows(told: Timeline) -> None:
    drawn = drawing.draw(told, 732)
    assert [row.id for row in drawn.rows][:3] == ["world", "phase", "status"]
    assert drawn.height == round(drawn.rows[-1].y + drawn.rows[-1].h + 2)
    assert all(
        bar.x >= drawn.left - 1e-6 and bar.x + bar.width <= drawn.left + drawn.scale.width + 1 for bar in drawn.bars
    )


def test_narrow_pictures_have_the_names_above(told: Timeline) -> None:
    drawn = drawing.draw(told, 360)
    assert drawn.left == STYLE["geometry"]["pad"]
    assert {name.anchor for name in drawn.names} == {"start"}


@pytest.mark.parametrize("width", [360, 732, 1180])
def test_the_number_of_failures_never_touches_the_next_answer(told: Timeline, width: int) -> None:
    answers = [(1.0 + n / 4, "fail" if n % 12 > 4 else "ok", n % 12 - 4 if n % 12 > 4 else 0, "") for n in range(100)]
    ticks: Any = {"probe/app/readiness": {"label": "readiness", "container": "app", "marks": answers}}
    drawn = drawing.draw({**told, "ticks": ticks}, width, short_waits=False)
    middle = next(row.middle for row in drawn.rows if row.group == "probes")
    marks = [point.x for point in drawn.points if point.y == middle]
    for text in (one for one in drawn.labels if one.y == middle):
        behind = [x for x in marks if x > text.x]
        assert not behind or behind[0] - 3.5 > text.x + text_width(text.text, text.size), text


def test_lanes_can_be_chosen(told: Timeline) -> None:
    drawn = drawing.draw(told, 732, lanes=["status", "condition/Ready", "events"])
    assert [row.id for row in drawn.rows] == ["status", "condition/Ready", "events"]


def test_the_svg_is_well_formed_and_themed(told: Timeline) -> None:
    text = svg.draw(told, standalone=True)
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert root.get("viewBox") == f"0 0 {svg.WIDTH} {drawing.draw(told, svg.WIDTH).height}"
    assert "prefers-color-scheme:dark" in text
    assert 'style="fill:var(--xp-up,#1f5fae)"' in text
    used, made = set(re.findall(r"url\(#([^)]+)\)", text)), set(re.findall(r'<pattern id="([^"]+)"', text))
    assert used <= made


def test_no_text_is_smaller_than_eleven_px(told: Timeline) -> None:
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', svg.draw(told))) >= 11


def test_plotly_takes_the_figure(told: Timeline) -> None:
    drawn: dict[str, Any] = figure.draw(told, theme="dark")
    made = plotly.Figure(drawn)
    assert [trace.type for trace in made.data].count("bar") == len(STYLE["tones"])
    assert made.layout.paper_bgcolor == "#121212"


def test_a_run_of_one_reason_is_labelled_once() -> None:
    def event(t: float, reason: str) -> Event:
        return (t, "Warning", reason, "kubelet", "")

    groups = [
        [event(1, "Unhealthy")],
        [event(2, "Unhealthy"), event(2.1, "Unhealthy")],
        [event(3, "Pulled"), event(3, "Created")],
    ]
    assert [drawing.event_labels(groups, n) for n in range(3)] == [[], ["Unhealthy ×3"], ["Pulled +1", "+1"]]


def test_the_table_tells_the_same_story(told: Timeline) -> None:
    text = table.text(told)
    assert text.splitlines()[0].split() == ["Time", "What", "changes", "Because"]
    assert "STATUS Running → Error" in text
    assert table.html(told).count("<tr data-t=") == len(table.rows(told))
