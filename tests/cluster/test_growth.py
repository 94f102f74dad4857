"""What a pod costs does not depend on how many there are, nor what a minute costs on how many have gone by.

Costs are calls of functions, so that they are the same on every machine.
"""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from typing import Any

import pytest

from podsim import Cluster

PROBE = {"httpGet": {"port": 80}}
NODES = [{"name": f"node{number}"} for number in range(2)]


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls, directly and indirectly."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def cluster(pods: int, scenario: dict[str, Any] | None = None, **container: Any) -> Cluster:
    made = Cluster(NODES, scenario)
    for number in range(pods):
        spec = {"containers": [{"name": "app", "image": "nginx", **container}]}
        made.simulation.server.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{number}"}, "spec": spec})
    return made


def cost_of_pods(pods: int) -> float:
    """Calls per pod, for pods created at once that come to run."""
    return calls(lambda: cluster(pods).run(5)) / pods


@pytest.mark.parametrize(
    ("scenario", "container"),
    [
        ({"containers": {"app": {"runs": [{"for": 5, "exit": 1}]}}}, {}),
        (None, {"readinessProbe": PROBE, "livenessProbe": PROBE}),
    ],
    ids=["crash loop", "probes"],
)
def test_a_later_hour_costs_no_more_than_an_earlier_one(scenario: dict[str, Any] | None, container: dict[str, Any]):
    made = cluster(1, scenario, **container)
    made.run(1800)
    earlier = calls(lambda: made.run(1800 + 3600))
    later = calls(lambda: made.run(1800 + 2 * 3600))
    assert later <= 1.02 * earlier


def test_pods_cost_as_much_each_among_many_as_among_few():
    cost_of_pods(1)  # reads what is read once
    assert cost_of_pods(200) <= 1.05 * cost_of_pods(50)
