"""Scenarios are read strictly: what cannot be meant is refused with its path and what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.cluster import scenario
from podsim.cluster.scenario import Image, Run, ScenarioError


def test_an_empty_scenario_is_a_healthy_world():
    world = scenario.read(None)
    assert (world.nodes, world.images, world.containers, world.actions) == (None, {}, {}, ())


def test_no_nodes_are_not_the_default_node():
    assert scenario.read({"nodes": []}).nodes == ()


def test_a_star_speaks_of_every_image_that_is_not_named():
    world = scenario.read({"images": {"*": {"pull": 3}, "nginx": {"present": True}}})
    assert (world.image("nginx"), world.image("redis:7")) == (Image(present=True), Image(pull=3.0))
    assert [world.image_key(ref) for ref in ("nginx", "redis:7")] == ["nginx", "*"]
    assert scenario.read(None).image("redis:7") == Image(present=True)


def test_yaml_names_become_fields():
    world = scenario.read({
        "images": {"nginx": {"pull": 42, "error": [None, "not found"]}},
        "containers": {"app": {"runs": [{"for": 5, "exit": 1}, {}], "hooks": {"preStop": {"takes": 3}}, "probes": {"liveness": [{"from": 8, "result": "fail"}]}}},
    })
    assert world.images["nginx"] == Image(pull=42.0, error=(None, "not found"))
    app = world.containers["app"]
    assert (app.runs, app.hooks.pre_stop.takes, app.probes.liveness[0].from_) == ((Run(5.0, 1), Run()), 3.0, 8.0)


@pytest.mark.parametrize(
    ("image", "first", "again"), [(Image(), 1.0, 0.6), (Image(pull=9.0), 9.0, 9.0), (Image(pull=9.0, repull=0.0), 9.0, 0.0), (Image(repull=2.0), 1.0, 2.0)]
)
def test_a_written_pull_time_holds_for_every_pull(image: Image, first: float, again: float):
    assert (image.seconds(there=False), image.seconds(there=True)) == (first, again)


def test_what_recordings_carry_beside_the_world_is_passed_over():
    assert scenario.read({"name": "x", "why": "y", "observe": 60, "manifest": "…"}) == scenario.read({})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"image": {}}, "image: {} is not allowed; give one of the keys nodes, images, containers, actions, kubelet, seed"),
        ({"images": {"a": {"pull": "soon"}}}, "images.a.pull: 'soon' is not allowed; give a number"),
        ({"images": {"a": {"pull": -1}}}, "images.a.pull: -1.0 is not allowed; give seconds from 0 to 315360000"),
        ({"containers": {"app": {"runs": {"for": 5}}}}, "containers.app.runs: {'for': 5} is not allowed; give a list"),
        ({"containers": {"app": {"probes": {"liveness": [{"result": "bad"}]}}}}, "containers.app.probes.liveness[0].result: 'bad' is not allowed; give one of ok, fail, timeout, refused"),
        ({"nodes": [{"cpu": "4"}]}, "nodes[0]: name is missing"),
        ([], "scenario: [] is not allowed; give a map"),
    ],
)
def test_errors_name_path_value_and_what_is_allowed(data: Any, message: str):
    with pytest.raises(ScenarioError) as caught:
        scenario.read(data)
    assert str(caught.value) == message


@pytest.mark.parametrize("action", [{"at": 5}, {"at": 5, "delete": {}, "patch": {}}])
def test_an_action_does_exactly_one_thing(action: dict[str, Any]):
    with pytest.raises(ScenarioError, match=r"actions\[0\]: .* exactly one of"):
        scenario.read({"actions": [action]})


def test_the_json_schema_knows_every_key():
    schema = scenario.json_schema()
    assert set(schema["properties"]) == {"nodes", "images", "containers", "actions", "kubelet", "seed"}
    runs = schema["properties"]["containers"]["additionalProperties"]["properties"]["runs"]["items"]["properties"]
    assert {"for", "exit", "oom", "signal", "start_error", "create_error", "message", "log", "logs"} == set(runs)
