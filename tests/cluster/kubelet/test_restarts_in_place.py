"""RestartAllContainers: one exit takes every container of the pod along, and the sandbox stays."""

from __future__ import annotations

from typing import Any

from pytest import approx

from tests.cluster.kubelet.told import calls, condition, row_at, rows, runs, stops, story

ASKS = {"restartPolicy": "Never", "restartPolicyRules": [{"action": "RestartAllContainers", "exitCodes": {"operator": "In", "values": [88]}}]}


def test_a_pod_that_never_restarts_does_so_in_place_again_and_again():
    world = {"containers": {"a": {"runs": [{"for": 5, "exit": 88}, {"for": 5, "exit": 88}, {"for": 5}]}, "b": {"runs": [{}, {}, {"for": 7, "exit": 3}]}}}
    history = story({"restartPolicy": "Never", "containers": [{"name": "a", **ASKS}, {"name": "b"}]}, world)
    assert runs(history, "b") == approx([0.8, 6.2, 12.2], abs=0.1)
    assert [row_at(history, t) for t in (5.93, 5.97, 7, 13)] == ["1/2 Error 0", "0/2 RestartingAllContainers 2", "2/2 Running 2", "2/2 Running 4"]
    assert [condition(history, "AllContainersRestarting", t) for t in (5.93, 5.97, 30)] == ["True RestartAllContainersStarted", "False", "False PodFailed"]
    assert history.at(30)[-1]["status"]["phase"] == "Failed"


def test_regular_containers_go_first_and_the_one_that_asked_last():
    spec = {"initContainers": [{"name": "setup"}, {"name": "proxy", "restartPolicy": "Always"}], "containers": [{"name": "a", **ASKS}, {"name": "b"}]}
    world: dict[str, Any] = {"containers": {"setup": {"runs": [{"for": 1}]}, "a": {"runs": [{"for": 5, "exit": 88}, {}]}}}
    history = story(spec, world)
    assert [name for _, _, name, _ in calls(history, "RemoveContainer")] == ["b", "setup", "proxy", "a"]
    assert [(name, grace) for _, name, grace in stops(history)] == [("b", 2), ("proxy", 2)]
    assert [text for t, text in rows(history) if t > 8 and "Running" in text] == ["3/3 Running 3"]


def test_it_is_a_hard_stop_without_a_prestop_hook():
    hook = {"lifecycle": {"preStop": {"sleep": {"seconds": 5}}}}
    history = story({"containers": [{"name": "a", **ASKS}, {"name": "b", **hook}]}, {"containers": {"a": {"runs": [{"for": 5, "exit": 88}, {}]}}})
    assert stops(history) == [(approx(5.9, abs=0.05), "b", 2)]


def test_before_the_pod_is_initialised_only_what_has_run_counts_a_restart():
    spec = {"initContainers": [{"name": "one"}, {"name": "two", **ASKS}], "containers": [{"name": "app"}]}
    world = {"containers": {"one": {"runs": [{"for": 1}]}, "two": {"runs": [{"for": 2, "exit": 88}, {"for": 1}]}}}
    history = story(spec, world)
    status = history.at(30)[-1]["status"]
    assert [(c["name"], c["restartCount"]) for c in (*status["initContainerStatuses"], *status["containerStatuses"])] == [("one", 1), ("two", 1), ("app", 0)]
    assert [row_at(history, t) for t in (3, 6, 30)] == ["0/1 Init:1/2 0", "0/1 Init:0/2 1", "1/1 Running 0"]


def test_a_crash_afterwards_counts_on():
    world = {"containers": {"a": {"runs": [{"for": 5, "exit": 88}, {}]}, "b": {"runs": [{}, {"for": 3, "exit": 1}, {}]}}}
    history = story({"containers": [{"name": "a", **ASKS}, {"name": "b"}]}, world)
    assert [c["restartCount"] for c in history.at(30)[-1]["status"]["containerStatuses"]] == [1, 2]


def test_probes_go_on_with_the_new_run():
    probed = {"readinessProbe": {"exec": {"command": ["check"]}, "periodSeconds": 3}}
    history = story({"containers": [{"name": "a", **ASKS, **probed}]}, {"containers": {"a": {"runs": [{"for": 5, "exit": 88}, {}]}}}, until=20)
    assert row_at(history, 19) == "1/1 Running 1"
    assert [p.t / 1000 for p in history.record.probes if p.t > 15_000]
