"""What a reader is told about the stories of tests/cluster/why.yaml."""

from __future__ import annotations

from functools import cache

import pytest

from podsim import Cluster
from podsim.timeline import timeline
from podsim.timeline.messages import LANGUAGES
from podsim.timeline.model import Step
from tests.cluster.test_why import TABLE, play

MOST_WORDS = 14
NAMES = [case["name"] for case in TABLE]


@cache
def steps(name: str, language: str = "en") -> list[Step]:
    record = play(next(case for case in TABLE if case["name"] == name))
    return timeline.of(record, language=language)["steps"]


def told(name: str, lane: str, value: str, number: int = 1) -> list[str]:
    found = [s for s in steps(name) if s["lane"] == lane and s["to"] == value]
    return [clause["text"] for clause in found[number - 1]["why"]]


@pytest.mark.parametrize("name", NAMES)
def test_three_to_six_short_clauses_in_order_of_time(name: str) -> None:
    for step in steps(name):
        clauses = [clause["text"] for clause in step["why"]]
        assert 3 <= len(clauses) <= 6, clauses
        assert all(len(text.split()) <= MOST_WORDS and not text.endswith(".") for text in clauses), clauses
        assert not any("{" in text or "None" in text for text in clauses), clauses
        times = [clause["t"] for clause in step["why"]]
        assert times == sorted(times), clauses


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_every_story(language: str) -> None:
    for name in NAMES[::8]:
        assert len(steps(name, language)) == len(steps(name))


def test_a_readiness_failure_begins_in_the_container_and_ends_at_the_service() -> None:
    assert told("the endpoint of a readiness probe fails from 30 s to 60 s", "condition/Ready", "False", 2) == [
        "app failed its readiness probe from 30.7s on",
        "the readiness probe of app failed, 3 in a row (failureThreshold: 3)",
        "container app is not ready",
        "ContainersReady False (ContainersNotReady)",
        "Ready False (ContainersNotReady)",
        "a Service would send it no traffic; this alone restarts nothing",
    ]


def test_a_liveness_kill_is_told_from_the_endpoint_to_the_restart() -> None:
    assert told("liveness fails while readiness fails too", "container/app", "running", 2) == [
        "app answered its liveness probe too late from 20.7s on",
        "the liveness probe of app timed out, 2 in a row (failureThreshold: 2)",
        "app ended on TERM with exit code 143",
        "the kubelet started container app (restart 1)",
        "app is running",
        "running is not yet ready: a probe may have to succeed first",
    ]


def test_nobody_is_said_to_have_deleted_what_the_scheduler_preempted() -> None:
    assert told("a pod of higher priority takes the place", "status", "Terminating") == [
        "the scheduler took the pod's place for default/vip, of higher priority",
        "the API server marked the pod for deletion (grace period 30s)",
        "deletionTimestamp is set; the object stays until its containers have stopped",
        "STATUS Terminating",
        "there is no phase Terminating: the phase stays Running",
    ]


def test_texts_of_other_programs_are_cut_to_their_point() -> None:
    assert told("a pod that no node has room for is bound when the node grows", "condition/PodScheduled", "False")[0] == (
        "the scheduler found no fitting node: 1 Insufficient cpu"
    )
    assert told("a wrong image is corrected", "status", "ErrImagePull")[0] == "pulling app:typo failed: not found"


def test_a_sandbox_that_waited_for_a_volume_is_told_from_the_missing_object_on() -> None:
    assert told("a volume waits for its Secret", "condition/PodReadyToStartContainers", "True")[:2] == [
        "someone created Secret tls-a",
        "the kubelet mounted every volume",
    ]


def test_what_a_component_did_to_a_node_is_not_put_down_to_somebody() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "late"}, "spec": {"containers": [{"name": "app", "image": "app:1"}]}}
    world = {"nodes": [{"name": "node1", "silent": [{"from": 5, "to": 150}]}], "actions": [{"at": 100, "create": pod}]}
    cluster = Cluster(scenario=world)
    cluster.run(until=200)
    bound = next(s for s in timeline.of(cluster.history.record)["steps"] if (s["lane"], s["to"]) == ("condition/PodScheduled", "True"))
    assert bound["why"][0]["text"] == "the node controller changed Node node1"
