"""Whole stories with their times."""

from __future__ import annotations

from typing import Any

import pytest
from pytest import approx

from podsim import simulate
from tests.cluster.kubelet.told import rows, runs

POD = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  restartPolicy: %s
  containers:
  - {name: app, image: "busybox:1.36"}
"""


def crash(after: float, exit_code: int) -> dict[str, Any]:
    return {"containers": {"app": {"runs": [{"for": after, "exit": exit_code}]}}}


def test_the_third_crash_waits_twenty_seconds():
    history = simulate(POD % "Always", crash(5, 1), until=120)
    assert runs(history) == approx([0.7, 6.0, 23.6, 54.6, 110.6], abs=0.6)


def test_a_pod_that_never_restarts_ends_with_its_container():
    history = simulate(POD % "Never", crash(5, 1), until=20)
    assert [text for _, text in rows(history)] == ["0/1 Pending 0", "0/1 ContainerCreating 0", "1/1 Running 0", "0/1 Error 0"]
    assert history.at(20)[-1]["status"]["phase"] == "Failed"


@pytest.mark.parametrize("relist", [0.2, 0.62, 0.9])
def test_the_look_after_a_sync_shows_what_it_started_wherever_the_regular_looks_fall(relist: float):
    history = simulate(POD % "Always", {"kubelet": {"relist": relist}}, until=5)
    assert rows(history)[-1] == (approx(0.68, abs=0.02), "1/1 Running 0")


def test_exit_zero_crash_loops_under_always():
    statuses = [text.split(" ")[1] for _, text in rows(simulate(POD % "Always", crash(2, 0), until=60))]
    assert "CrashLoopBackOff" in statuses
    assert "Completed" in statuses


@pytest.mark.parametrize(
    ("on_term", "seconds", "code"), [({}, 0.02, 143), ({"after": 2, "exit": 0}, 2, 0), ({"ignore": True}, 30, 137)]
)
def test_deletion_ends_with_term_or_kill(on_term: dict[str, Any], seconds: float, code: int):
    world = {"containers": {"app": {"on_term": on_term}}, "actions": [{"at": 10, "delete": {}}]}
    history = simulate(POD % "Always", world, until=60)
    exits = [(f.t / 1000, f.details["exit"]) for f in history.record.facts if f.kind == "container-exited"]
    assert exits == [(approx(10 + seconds, abs=0.1), code)]
    assert [r.type for r in history.record.revisions_of("default/web")][-1] == "DELETED"


def test_readiness_follows_its_endpoint_and_the_reason_is_known():
    manifest = POD % "Always" + "    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5, failureThreshold: 3}\n"
    manifest = manifest.replace('  - {name: app, image: "busybox:1.36"}', '  - name: app\n    image: "busybox:1.36"')
    world = {"containers": {"app": {"probes": {"readiness": [{"from": 20, "to": 42, "result": "fail"}]}}}}
    history = simulate(manifest, world, until=90)
    ready = [t for t in history.transitions if t.lane == "condition/Ready"]
    assert [(t.after, t.t / 1000) for t in ready[1:]] == [("True", approx(0.8, abs=0.5)), ("False", approx(31, abs=2)), ("True", approx(46, abs=2.5))]
    chain = [getattr(step, "kind", None) or step.lane for step in history.why(ready[2])]
    assert chain == ["endpoint-failing", "probe-failed", "ready/app", "condition/ContainersReady", "condition/Ready"]


def test_the_same_input_gives_the_same_history():
    first, second = (simulate(POD % "Always", crash(3, 1), until=300).to_trace() for _ in range(2))
    assert first == second


def test_every_transition_has_a_cause():
    history = simulate(POD % "Always", {**crash(3, 1), "actions": [{"at": 50, "delete": {}}]}, until=100)
    assert [t for t in history.transitions if t.cause is None] == []
