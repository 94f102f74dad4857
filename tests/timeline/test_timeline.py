"""A history becomes lanes, marks and steps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podsim import explorers, simulate
from podsim.cluster import scenario as scenarios
from podsim.cluster.history import History
from podsim.timeline import story, timeline
from podsim.timeline.model import Segment, Timeline
from podsim.timeline.style import STYLE


def lane(told: Timeline, name: str) -> list[Segment]:
    return next(one["segs"] for one in told["lanes"] if one["id"] == name)


def spans(segments: list[Segment]) -> list[tuple[float, float, str]]:
    return [(a, b, label) for a, b, _, label, _ in segments]


def test_status_says_more_than_the_phase(told: Timeline) -> None:
    assert spans(lane(told, "phase")) == [(0, 4, "Pending"), (4, 60.5, "Running")]
    assert spans(lane(told, "status")) == [
        (0, 4, "ContainerCreating"), (4, 9.9, "Running"), (9.9, 20, "✕ Error"), (20, 30, "Running"),
        (30, 60.5, "Terminating"),
    ]  # fmt: skip


def test_lanes_come_in_the_order_of_the_style(told: Timeline) -> None:
    groups = [group["id"] for group in STYLE["groups"]]
    found = [groups.index(one["group"]) for one in told["lanes"]]
    assert found == sorted(found)
    assert [one["label"] for one in told["lanes"] if one["group"] == "conditions"] == [
        "PodScheduled",
        "Initialized",
        "ContainersReady",
        "Ready",
    ]


def test_lanes_end_where_the_object_is_gone(told: Timeline) -> None:
    assert told["gone"] == 60.5
    assert told["horizon"] == 90
    assert max(seg[1] for one in told["lanes"] for seg in one["segs"]) == 60.5


def test_the_back_off_counts_from_the_exit(told: Timeline) -> None:
    assert lane(told, "backoff/app") == [(9.0, 20.0, "trouble", "wait 10s", "10s")]


def test_deletion_ends_traffic_while_ready_stays_true(told: Timeline) -> None:
    assert spans(lane(told, "service"))[-2:] == [(20, 30, "yes"), (30, 60.5, "no")]
    assert spans(lane(told, "condition/Ready"))[-1] == (20, 60.5, "True")


def test_the_ending_shares_one_grace_period(told: Timeline) -> None:
    assert spans(lane(told, "ending/app")) == [(30.01, 35, "preStop"), (35, 60, "TERM, ignored")]
    assert told["marks"] == [(35.0, "TERM", "ending/app"), (60.0, "KILL", "ending/app")]


def test_each_container_has_an_ending_of_its_own() -> None:
    told = explorers.evaluate("sidecars", {})["timeline"]
    endings = [one for one in told["lanes"] if one["group"] == "ending"]
    assert [one["label"] for one in endings] == ["Ending log", "Ending proxy", "Ending app"]
    (log,), (proxy,), (app,) = (one["segs"] for one in endings)
    assert app[0] < app[1] <= proxy[0] < proxy[1] <= log[0] < log[1]
    assert [t for t, _, lane in told["marks"] if lane == "ending/log"] == [log[0]]


def test_probes_count_failures_in_a_row(told: Timeline) -> None:
    ticks = told["ticks"]["probe/app/readiness"]
    assert [mark[:3] for mark in ticks["marks"]] == [(21, "ok", 0), (22, "fail", 1), (23, "fail", 2)]


def test_every_step_says_why(told: Timeline) -> None:
    for step in told["steps"]:
        assert step["why"], step
        assert all(clause["text"] and not clause["text"].endswith(".") for clause in step["why"])
        assert max(clause["t"] for clause in step["why"]) <= step["t"]


def test_a_crash_is_told_from_the_exit_on(told: Timeline) -> None:
    step = next(s for s in told["steps"] if s["lane"] == "status" and s["to"] == "Error")
    assert [clause["text"] for clause in step["why"]] == [
        "app ran for 5s and exited with code 1",
        "app is terminated (Error, exit code 1)",
        "STATUS Error",
        "the phase stays Running: the pod is not finished",
    ]
    assert [clause["t"] for clause in step["why"]] == [9, 9.9, 9.9, 9.9]


def test_the_world_names_what_moves_it(history: History) -> None:
    world = scenarios.read(
        {
            "actions": [{"at": 30, "delete": {}}],
            "containers": {"app": {"probes": {"readiness": [{"from": 18, "result": "fail"}]}}},
        }
    )
    told = timeline.tell(timeline.read(history), scenario=world, controls={"containers.app.runs[0].for": "run-length"})
    assert told["world"] == [
        (3.5, "images.nginx.pull", "image pulled", None),
        (9.0, "containers.app.runs[0].for", "app exits 1", "run-length"),
        (22.0, "containers.app.probes.readiness[0].from", "readiness fails", None),
        (30.0, "actions[0].at", "kubectl delete", None),
    ]


def test_it_is_json_and_the_same_each_time(history: History, told: Timeline) -> None:
    again: Any = timeline.of(history, "web")
    assert json.dumps(told) == json.dumps(again)


def test_korean_has_its_own_words(history: History) -> None:
    told = timeline.of(history, language="ko")
    assert next(one["label"] for one in told["lanes"] if one["group"] == "ending") == "종료 과정"
    assert told["steps"][-1]["why"][-1]["text"] == "오브젝트가 더는 없다"


def test_an_unknown_pod_is_named(history: History) -> None:
    with pytest.raises(KeyError, match="default/web"):
        timeline.of(history, "wep")


@pytest.mark.parametrize(("value", "tone", "label", "short"), [
    ("Running", "up", "Running", "Run"),
    ("True", "yes", "True", "T"),
    ("Init:0/2", "wait", "Init:0/2", "Init:0/2"),
    ("Init:CrashLoopBackOff", "trouble", "Init:CrashLoopBackOff", "Init:CrashLoopBackOff"),
    ("Init:Error", "fail", "✕ Init:Error", "✕"),
    ("Completed", "done", "✓ Completed", "✓"),
    ("Evicted", "fail", "✕ Evicted", "✕"),
    ("waiting ImagePullBackOff", "trouble", "waiting (ImagePullBackOff)", "waiting"),
    ("waiting ErrImagePull", "fail", "✕ waiting (ErrImagePull)", "✕ waiting"),
    ("terminated Completed 0", "done", "✓ terminated (exit 0)", "✓ exit 0"),
    ("terminated OOMKilled 137", "fail", "✕ OOMKilled (exit 137)", "✕ exit 137"),
])  # fmt: skip
def test_values_have_tones_and_labels(value: str, tone: str, label: str, short: str) -> None:
    from podsim.timeline.style import labels_of, tone_of

    assert (tone_of(value), *labels_of(value)) == (tone, label, short)


def test_each_pod_of_a_deployment_has_a_lane_and_waits_until_it_is_ready() -> None:
    manifest = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: nginx, readinessProbe: {httpGet: {path: /, port: 80}, initialDelaySeconds: 5}}
"""
    world = {"actions": [{"at": 20, "delete": {}}], "containers": {"web": {"on_term": {"after": 2, "exit": 0}}}}
    record = simulate(manifest, world, until=45).record
    told = timeline.tell(story.read(record), pods=story.statuses(record))
    pods = [one for one in told["lanes"] if one["group"] == "pods"]
    assert [one["label"] for one in pods] == [f"…{one['id'][-5:]}" for one in pods]
    assert [[(tone, label) for _, _, tone, label, _ in one["segs"]][-4:] for one in pods] == [
        [("wait", "Running 0/1"), ("up", "Running 1/1"), ("end", "Terminating 1/1"), ("done", "✓ Completed 0/1")],
        [("wait", "Pending 0/1"), ("wait", "ContainerCreating 0/1"), ("wait", "Running 0/1"), ("up", "Running 1/1")],
        [("wait", "Pending 0/1"), ("wait", "ContainerCreating 0/1"), ("wait", "Running 0/1"), ("up", "Running 1/1")],
    ]
    assert pods[2]["segs"][0][0] == pytest.approx(20, abs=0.1)  # the replacement comes at once
