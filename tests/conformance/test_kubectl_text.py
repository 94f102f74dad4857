"""Tables, descriptions, ages and YAML against texts that the real kubectl printed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from podsim.kubectl import describe, duration, events, get, yaml
from podsim.kubectl.duration import instant
from podsim.kubectl.printer import Options, TablePrinter

NOW = "2026-07-01T12:00:00Z"
OPTIONS = {
    "Wide": "wide",
    "ShowLabels": "show_labels",
    "WithNamespace": "all_namespaces",
    "NoHeaders": "no_headers",
    "WithKind": "show_kind",
    "ColumnLabels": "label_columns",
}


def cases(name: str, kind: str | None = None) -> list[Any]:
    """The recorded cases of one table, as pytest parameters."""
    path = Path(__file__).parent / "data" / "lib" / f"{name}.json.gz"
    found = json.loads(gzip.decompress(path.read_bytes()))
    return [pytest.param(case, id=case["name"]) for case in found if kind is None or case["kind"] == kind]


@pytest.mark.parametrize("case", cases("duration"))
def test_ages(case: dict[str, Any]) -> None:
    seconds = case["ns"] / 1e9
    assert duration.human_duration(seconds) == case["expect"]["human"]
    assert duration.short_human_duration(seconds) == case["expect"]["short"]


@pytest.mark.parametrize("case", cases("printpod", "row"))
def test_rows_of_pods(case: dict[str, Any]) -> None:
    assert list(get.pod_row(case["pod"], instant(NOW)).cells) == case["expect"]["cells"]
    for name, options in (("get", {}), ("wide", {"wide": True}), ("showLabels", {"show_labels": True})):
        assert get.table([case["pod"]], NOW, **options) == case["expect"][name]


@pytest.mark.parametrize("case", cases("printpod", "table"))
def test_tables_of_pods(case: dict[str, Any]) -> None:
    options = {OPTIONS[key]: value for key, value in case["options"].items()}
    assert get.table(case["pods"], NOW, **options) == case["expect"]["text"]


@pytest.mark.parametrize("case", cases("printpod", "watch"))
def test_watched_pods(case: dict[str, Any]) -> None:
    options = {OPTIONS[key]: value for key, value in case.get("options", {}).items()}
    printer = TablePrinter("Pod", Options(**options))
    with_type = case.get("outputWatchEvents", False)
    shown = [("ADDED", pod) for pod in case["initial"]] if with_type else []
    chunks = [] if with_type else [printer.text(case["initial"], instant(NOW))]
    for change, pod in [*shown, *((event["type"], event["pod"]) for event in case["events"])]:
        chunks.append(printer.text([pod], instant(NOW), change if with_type else None))
    assert "".join(chunks) == case["expect"]["text"]


@pytest.mark.parametrize("case", [one for one in cases("describe") if "text" in one.values[0]["expect"]])
def test_descriptions_of_pods(case: dict[str, Any]) -> None:
    text = describe.pod(case["pod"], case["events"], NOW, show_events=case.get("showEvents", True))
    assert text == case["expect"]["text"]


@pytest.mark.parametrize("case", cases("events"))
def test_tables_of_events(case: dict[str, Any]) -> None:
    shared = {"all_namespaces": case.get("allNamespaces", False), "no_headers": case.get("noHeaders", False)}
    assert events.table(case["events"], NOW, **shared, types=case.get("types")) == case["expect"]["kubectlEvents"]
    for name, wide in (("kubectlGetEvents", False), ("kubectlGetEventsWide", True)):
        printer = TablePrinter("Event", Options(wide=wide, **shared))
        assert printer.text(case["events"], instant(NOW)) == case["expect"][name]


@pytest.mark.parametrize("case", cases("yaml"))
def test_yaml_of_stored_objects(case: dict[str, Any]) -> None:
    assert yaml.dump(case["object"]) == case["yaml"]
