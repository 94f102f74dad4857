"""Every time of a scenario that shows in the figure can be moved there: its mark names the control bound to its path."""

from __future__ import annotations

from typing import Any

import pytest

from podsim import Cluster
from podsim.cluster import scenario as scenarios
from podsim.explorers import paths
from podsim.timeline import story, timeline

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: shop/web:1
    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 2}
"""
WORLD: dict[str, Any] = {
    "images": {"shop/web:1": {"pull": 4}},
    "containers": {"app": {"runs": [{"for": 30, "exit": 1}, {}], "probes": {"readiness": [{"from": 8, "to": 16, "result": "fail"}]}}},
    "nodes": [{"name": "node1", "silent": [{"from": 45, "to": 50}]}],
    "actions": [{"at": 52, "delete": {}}],
}


def marks(world: dict[str, Any], path: str) -> dict[str | None, float]:
    """Control -> the time of the mark that it moves."""
    cluster = Cluster(scenario=world)
    cluster.kubectl("apply -f pod.yaml", files={"pod.yaml": POD})
    cluster.run(until=60)
    told = timeline.tell(story.read(cluster.history.record), "en", scenarios.read(world), {paths.plain(paths.parse(path)): "moved"})
    return {control: t for t, _, _, control in told["world"]}


@pytest.mark.parametrize("path", [
    'images["shop/web:1"].pull', "containers.app.runs[0].for", "containers.app.probes.readiness[0].from",
    "containers.app.probes.readiness[0].to", "nodes[0].silent[0].from", "nodes[0].silent[0].to", "actions[0].at",
])  # fmt: skip
def test_a_mark_moves_by_as_much_as_its_control(path: str) -> None:
    place = paths.parse(path)
    later = paths.put(WORLD, place, paths.get(WORLD, place) + 2)
    assert marks(later, path)["moved"] == pytest.approx(marks(WORLD, path)["moved"] + 2, abs=0.011)


@pytest.mark.parametrize(("controls", "shown"), [
    (("one", "one"), [("liveness fails, readiness fails", "one")]),
    (("one", "other"), [("liveness fails", "other"), ("readiness fails", "one")]),
])  # fmt: skip
def test_what_one_control_moves_to_one_instant_is_one_mark(controls: tuple[str, str], shown: list[tuple[str, str]]) -> None:
    failing = [{"from": 8, "result": "fail"}]
    world = {"containers": {"app": {"probes": {"readiness": failing, "liveness": failing}}}}
    cluster = Cluster(scenario=world)
    cluster.kubectl("apply -f pod.yaml", files={"pod.yaml": POD})
    cluster.run(until=20)
    moved = {f"containers.app.probes.{probe}[0].from": control for probe, control in zip(("readiness", "liveness"), controls, strict=True)}
    told = timeline.tell(story.read(cluster.history.record), "en", scenarios.read(world), moved)
    assert sorted((text, control) for _, _, text, control in told["world"]) == sorted(shown)
