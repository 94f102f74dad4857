"""The panel that a manifest leads to, and what it writes into the scenario."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.cluster import scenario as scenarios
from podsim.explorers.declared import DeclarationError
from podsim.playground.adjusting import adjusted
from podsim.playground.playing import play
from tests.playground.test_playing import DEPLOYMENT, POD, session

LIFE = POD + "    lifecycle: {preStop: {exec: {command: [a]}}}\n    livenessProbe: {tcpSocket: {port: 80}}\n"


def entries(answer: dict[str, Any], kind: str, name: str) -> dict[str, dict[str, Any]]:
    (group,) = [one for one in answer["panel"] if (one["kind"], one["name"]) == (kind, name)]
    above = {"image": 2, "container": 2, "node": 2, "world": 0}[kind]
    return {".".join(map(str, one["path"][above:])): one for one in group["entries"]}


class TestPanel:
    def test_probes_and_hooks_only_where_the_manifest_has_them(self):
        assert {"probes.readiness"} == {key for key in entries(play(session()), "container", "app") if key.startswith(("probes", "hooks"))}
        found = set(entries(play(session(LIFE)), "container", "app"))
        assert {"probes.readiness", "probes.liveness", "hooks.preStop.takes"} <= found
        assert "hooks.postStart.takes" not in found

    def test_a_template_without_pods_is_enough(self):
        answer = play(session(DEPLOYMENT, until=0))
        assert [(one["kind"], one["name"], one["note"]) for one in answer["panel"]] == [
            ("image", "busybox:1.36", ""), ("image", "shop:2", ""), ("container", "schema", "init"), ("container", "app", ""), ("node", "node1", ""), ("world", "", ""),
        ]  # fmt: skip

    def test_values_defaults_and_what_has_an_effect(self):
        healthy = entries(play(session()), "image", "nginx:1.27")
        assert [(healthy[key]["value"], healthy[key]["set"], healthy[key]["active"]) for key in ("present", "pull")] == [(True, False, True), (1.0, False, False)]
        absent = entries(play(session(scenario={"images": {"nginx:1.27": {"pull": 9}}})), "image", "nginx:1.27")
        assert [(absent[key]["value"], absent[key]["set"], absent[key]["active"]) for key in ("present", "pull")] == [(False, False, True), (9, True, True)]

    def test_items_of_lists_have_entries_of_their_own(self):
        scenario = {"containers": {"app": {"runs": [{"for": 5, "exit": 1}, {}]}}, "actions": [{"at": 3, "delete": {"gracePeriodSeconds": 4}}]}
        answer = play(session(scenario=scenario))
        runs = entries(answer, "container", "app")["runs"]["items"]
        assert [[(one["path"][-1], one["value"]) for one in run[:2]] for run in runs] == [[("for", 5), ("exit", 1)], [("for", None), ("exit", 0)]]
        assert [one["path"] for one in entries(answer, "world", "")["actions"]["items"][0]][:2] == [("actions", 0, "at"), ("actions", 0, "delete", "gracePeriodSeconds")]

    def test_every_entry_and_template_can_be_written(self):
        for text in (LIFE, DEPLOYMENT):
            for group in play(session(text))["panel"]:
                for entry in group["entries"]:
                    for template in entry["templates"]:
                        place = len(entry["value"]) if entry["path"][0] == "nodes" and len(entry["path"]) == 1 else 0
                        scenarios.read(adjusted({}, [{"path": [*entry["path"], place], "value": template["item"]}]))
                    if entry["as"] != "list" and entry["default"] is not None:
                        scenarios.read(adjusted({}, [{"path": entry["path"], "value": entry["default"]}]))


class TestAdjusting:
    @pytest.mark.parametrize(
        ("data", "path", "value", "after"),
        [
            ({}, ["containers", "app", "runs", 0, "for"], 5, {"containers": {"app": {"runs": [{"for": 5}]}}}),
            ({"containers": {"app": {"runs": [{"for": 5}]}}}, ["containers", "app", "runs", 0, "for"], None, {"containers": {"app": {"runs": [{}]}}}),
            ({"containers": {"app": {"runs": [{}]}}}, ["containers", "app", "runs", 0], None, {}),
            ({"containers": {"app": {"runs": [{"for": 1}, {}]}}}, ["containers", "app", "runs", 0], None, {"containers": {"app": {"runs": [{}]}}}),
            ({}, ["images", "a:1", "present"], False, {"images": {"a:1": {"present": False}}}),
            ({}, ["nodes", 0, "cpu"], "2", {"nodes": [{"name": "node1", "cpu": "2"}]}),
            ({"nodes": [{"name": "node1", "cpu": "2"}]}, ["nodes", 0, "cpu"], None, {}),
            ({}, ["nodes", 1], {"name": "b"}, {"nodes": [{"name": "node1"}, {"name": "b"}]}),
            ({}, ["nodes", 0], None, {"nodes": []}),
            ({"seed": 4}, ["seed"], None, {}),
            ({"seed": 4}, ["images", "a", "pull"], None, {"seed": 4}),
        ],
    )  # fmt: skip
    def test_a_path(self, data: Any, path: list[Any], value: Any, after: Any):
        assert adjusted(data, [{"path": path, "value": value}]) == after
        assert play(session(scenario=data), adjust=[{"path": path, "value": value}])["scenario"]["data"] == after

    def test_text_comes_back_as_yaml_that_says_the_same(self):
        answer = play(session(scenario="containers: {app: {runs: [{for: 5}]}}"), adjust=[{"path": ["seed"], "value": 3}])
        assert answer["scenario"]["text"] == "containers:\n  app:\n    runs:\n    - for: 5\nseed: 3\n"
        assert play(session(scenario=answer["scenario"]["text"]))["scenario"] == answer["scenario"]

    def test_a_path_that_leads_nowhere(self):
        with pytest.raises(DeclarationError, match=r"nodes\.7\.cpu"):
            adjusted({}, [{"path": ["nodes", 7, "cpu"], "value": "1"}])
        (problem,) = play(session(), adjust=[{"path": ["oops"], "value": 1}])["problems"]
        assert (problem["source"], "oops" in problem["message"]) == ("scenario", True)
