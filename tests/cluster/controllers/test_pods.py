"""Which pods count, and which go first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from podsim.cluster.controllers.pods import DELETION_COST, first_to_go, until_available

NOW = datetime(2026, 1, 1, 0, 1, tzinfo=UTC)


def pod(name: str, *, node: str | None = "n1", phase: str = "Running", ready: int | None = 40, cost: int | None = None, restarts: int = 0) -> dict[str, Any]:
    """`ready`: seconds since it got ready."""
    since = (NOW - timedelta(seconds=ready or 0)).strftime("%Y-%m-%dT%H:%M:%SZ")
    conditions = [] if ready is None else [{"type": "Ready", "status": "True", "lastTransitionTime": since}]
    annotations = {} if cost is None else {DELETION_COST: str(cost)}
    return {
        "metadata": {"name": name, "uid": name, "creationTimestamp": "2026-01-01T00:00:00Z", "annotations": annotations},
        "spec": {"nodeName": node} if node else {},
        "status": {"phase": phase, "conditions": conditions, "containerStatuses": [{"restartCount": restarts}]},
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (pod("z", node=None, phase="Pending", ready=None), pod("a", phase="Pending", ready=None)),
        (pod("z", phase="Pending", ready=None), pod("a", ready=None)),
        (pod("z", ready=None), pod("a")),
        (pod("z", cost=-1), pod("a")),
        (pod("z", ready=17), pod("a", ready=40)),  # ready for a shorter time
        (pod("a", ready=46), pod("z", ready=36)),  # the same magnitude: by uid
        (pod("z", restarts=3), pod("a")),
    ],
)
def test_who_goes_first(first: dict[str, Any], second: dict[str, Any]):
    assert [p["metadata"]["name"] for p in first_to_go([second, first], NOW)] == [first["metadata"]["name"], second["metadata"]["name"]]


def test_two_on_a_node_are_one_too_many():
    placed = [pod("a", node="n1"), pod("b", node="n2"), pod("c", node="n2")]
    assert first_to_go(placed, NOW)[-1]["metadata"]["name"] == "a"


@pytest.mark.parametrize(
    ("ready", "least", "wait"),
    [(None, 0, None), (0, 0, 0), (3, 10, 7_000), (10, 10, 0)],
)
def test_how_long_until_it_is_available(ready: int | None, least: int, wait: float | None):
    assert until_available(pod("a", ready=ready), least, NOW) == wait
