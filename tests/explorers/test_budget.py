"""No declaration keeps its reader waiting for good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from podsim import explorers
from podsim.explorers import evaluation
from podsim.explorers.declarations import load


def hostile(monkeypatch: pytest.MonkeyPatch, explorer: str, **changes: object) -> str:
    """The id of an explorer that is declared with other words."""
    changed = replace(load(explorer), **changes)
    monkeypatch.setattr(evaluation, "load", lambda _: changed)
    return f"hostile {explorer} {sorted(changes)}"


def test_a_usual_run_is_not_stopped() -> None:
    assert [e["id"] for e in explorers.catalog() if explorers.evaluate(e["id"], {})["stopped"]] == []


@pytest.mark.parametrize(("language", "says"), [("en", "stopped at "), ("ko", "에 멈춤")])
def test_a_month_of_probes_stops_early_and_says_where(monkeypatch: pytest.MonkeyPatch, language: str, says: str) -> None:
    answer = explorers.evaluate(hostile(monkeypatch, "probe-lab", until=30 * 86_400), {}, language)
    stopped = answer["stopped"]
    assert 600 < stopped["at"] < 86_400
    assert says in stopped["why"]
    assert answer["timeline"]["horizon"] == stopped["at"]
    assert (stopped["at"], "stopped") in [mark[:2] for mark in answer["timeline"]["world"]]


def test_five_thousand_replicas_stop_early(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = load("rollout").manifest.replace("replicas: 3", "replicas: 5000")
    assert "5000" in manifest
    answer = explorers.evaluate(hostile(monkeypatch, "rollout", manifest=manifest, controls=()), {})
    assert answer["stopped"]["at"] < load("rollout").until
    assert answer["timeline"]["horizon"] == answer["stopped"]["at"]
