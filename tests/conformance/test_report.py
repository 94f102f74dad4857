"""What the fidelity page claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import report
from tests.conformance.recordings import Table


@pytest.fixture(scope="module")
def times() -> report.Json:
    return report.kubelet_times()


def test_rows_are_exact_before_chance_comes_in(times: report.Json) -> None:
    row = next(lane["before"] for lane in times["lanes"] if lane["lane"] == "row")
    assert row["changes"] > 400
    assert row["median"] <= 0.02
    assert row["p95"] <= 0.3


def test_podsim_is_nearer_to_a_recording_than_another_recording_is(times: report.Json) -> None:
    beside = times["beside"]
    for figure in ("median", "mean", "p95"):
        assert beside["podsim"]["before"][figure] < beside["recordings"]["before"][figure]
    for figure in ("mean", "p95"):
        assert beside["podsim"]["after"][figure] < beside["recordings"]["after"][figure]
    assert beside["inside"] > 0.9 * beside["first"] > 600


def test_every_lane_of_every_category_is_measured(times: report.Json) -> None:
    assert all(0 < category["largest"]["row"] < 2 for category in times["categories"])
    assert [lane["lane"] for lane in times["lanes"] if not lane["before"]["changes"] or not lane["after"]["changes"]] == []


def test_figures_are_of_sorted_seconds() -> None:
    assert report.figures([4, 1, 1]) == {"changes": 3, "median": 1, "mean": 2, "p95": 4, "largest": 4}
    assert report.figures([])["changes"] == 0


def test_a_table_counts_where_podsim_agrees() -> None:
    whole = next(table for table in report.TABLES if table.name == "duration")
    assert report.count(whole)["agree"] == report.count(whole)["cases"] == 97
    wrong = Table(whole.path, "ages, read wrongly", lambda case: ["no"] if case["ns"] else [])
    assert 0 < report.count(wrong)["agree"] < 97


def test_pods_that_the_server_would_refuse_are_named_with_its_answer() -> None:
    found = dict(report.refused())
    assert len(found) == 10
    assert {error.split(": ")[1] for error in found.values()} == {"Forbidden", "Invalid value", "Unsupported value"}


def test_a_measurement_is_kept_until_the_program_or_a_recording_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times_measured = []
    monkeypatch.setattr(report, "measure", lambda: times_measured.append(1) or {"tables": len(times_measured)})
    monkeypatch.setattr(report, "FOLDER", tmp_path / "conformance")
    report.FOLDER.mkdir()
    assert [report.measured(tmp_path)["tables"] for _ in range(2)] == [1, 1]
    (report.FOLDER / "case.json").write_text("[]")
    assert [report.measured(tmp_path)["tables"] for _ in range(2)] == [2, 2]
