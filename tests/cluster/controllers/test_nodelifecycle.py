"""A node falls silent: who notices when, and what becomes of its pods."""

from __future__ import annotations

import math
from typing import Any

import pytest

from podsim import Cluster
from podsim.cluster.controllers.nodelifecycle import still_tainted, swapped
from podsim.cluster.controllers.tainteviction import patience
from tests.cluster.controllers.stories import conditions, read, workload

NODES = [{"name": "n1", "silent": [{"from": 60, "to": 600}]}, {"name": "n2"}]
UNREACHABLE = "node.kubernetes.io/unreachable"


def taint(key: str, effect: str = "NoExecute") -> dict[str, Any]:
    return {"key": key, "effect": effect}


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        ({"a": [True, False]}, {"a"}),
        ({"a": [False]}, set()),
        ({"a": [False, False], "b": [False]}, set()),
        ({"a": [False, False], "b": [True]}, {"a", "b"}),
        ({"a": [True, False, False, False]}, set()),
        ({"a": [True, True, True, False, False, False]}, {"a"}),
        ({"a": [True] * 20 + [False] * 31}, {"a"}),
    ],
)
def test_whose_nodes_are_tainted(zones: dict[str, list[bool]], expected: set[str]):
    assert still_tainted(zones) == expected


@pytest.mark.parametrize(
    ("taints", "before", "now", "expected"),
    [
        ([], [], ["a"], [taint("a", "NoSchedule")]),
        ([taint("a", "NoSchedule"), taint("a")], ["a"], [], [taint("a")]),
        ([taint("mine", "NoSchedule")], ["a"], [], [taint("mine", "NoSchedule")]),
        ([taint("a", "NoSchedule")], ["a"], ["a", "b"], [taint("a", "NoSchedule"), taint("b", "NoSchedule")]),
    ],
)
def test_taints_follow_the_conditions(taints: list[Any], before: list[str], now: list[str], expected: list[Any]):
    assert swapped(taints, before, now) == expected


def toleration(key: str, seconds: int | None = None) -> dict[str, Any]:
    return {"key": key, "operator": "Exists", **({} if seconds is None else {"tolerationSeconds": seconds})}


@pytest.mark.parametrize(
    ("taints", "tolerations", "seconds"),
    [
        ([taint("a")], [], 0),
        ([taint("a")], [toleration("a")], math.inf),
        ([taint("a")], [toleration("a", 300)], 300),
        ([taint("a")], [toleration("a", -5)], 0),
        ([taint("a"), taint("b")], [toleration("a", 300)], 0),
        ([taint("a"), taint("b")], [toleration("a", 300), toleration("b", 60)], 60),
        ([taint("a"), taint("b")], [toleration("a"), toleration("b", 60), toleration("c", 5)], 60),
        ([taint("a")], [toleration("a", 300), toleration("a", 5)], 300),  # the first that matches counts
    ],
)
def test_patience(taints: list[Any], tolerations: list[Any], seconds: float):
    assert patience(taints, tolerations) == seconds


def lost(nodes: list[dict[str, Any]], **spec: Any) -> Cluster:
    made = Cluster(nodes=nodes)
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": "nginx:1.27"}], **spec}}
    made.simulation.server.create(pod)
    return made


def changes(made: Cluster, kind: str, name: str, of: Any) -> list[tuple[float, Any]]:
    """Every change of what `of` reads from an object."""
    found: list[tuple[float, Any]] = []
    for r in made.history.revisions:
        if r.object["kind"] == kind and r.object["metadata"]["name"] == name and (not found or found[-1][1] != of(r.object)):
            found.append((r.t / 1000, of(r.object)))
    return found


def ready(obj: dict[str, Any]) -> str | None:
    return conditions(obj).get("Ready", (None,))[0]


def taints_of(node: dict[str, Any]) -> list[str]:
    return [f"{t['effect']} {t['key'].rpartition('/')[2]}" for t in node["spec"].get("taints") or ()]


def test_fifty_seconds_then_five_minutes():
    made = lost(NODES, nodeName="n1")
    made.run(until=700)
    assert changes(made, "Node", "n1", ready) == [(0, "True"), (110.1, "Unknown"), (600, "True")]
    assert changes(made, "Node", "n1", taints_of) == [
        (0, []), (110.105, ["NoSchedule unreachable"]), (115.2, ["NoSchedule unreachable", "NoExecute unreachable"]),
        (600.005, ["NoExecute unreachable"]), (600.1, []),
    ]  # fmt: skip
    assert changes(made, "Pod", "web", ready)[-4:] == [(0.669, "True"), (110.1, "False"), (600.007, "True"), (600.132, "False")]
    deleted = next(r for r in made.history.revisions if r.object["kind"] == "Pod" and "deletionTimestamp" in r.object["metadata"])
    assert deleted.t == 415_205


def test_the_pod_stays_terminating_until_its_node_is_back():
    made = lost(NODES, nodeName="n1")
    rows = []
    for t in (100, 112, 400, 420, 599, 602):
        made.run(until=t)
        rows.append(made.kubectl("get pods --no-headers").stdout.split()[1:3])
    assert rows == [["1/1", "Running"], ["1/1", "Running"], ["1/1", "Running"], ["1/1", "Terminating"], ["1/1", "Terminating"], []]
    pod = [r.object for r in made.history.revisions if r.object["kind"] == "Pod" and r.t < 600_000][-1]
    assert conditions(pod)["DisruptionTarget"] == ("True", "DeletionByTaintManager")
    assert conditions(pod)["ContainersReady"][0] == "True"
    killed = next(f.t / 1000 for f in made.history.record.facts if f.kind == "killing")
    assert killed == pytest.approx(600, abs=0.1)


def test_who_tells_of_it():
    made = lost(NODES, nodeName="n1")
    made.run(until=500)
    told = [(r.t / 1000, r.object["type"], r.object["involvedObject"]["kind"], r.object["reason"], r.object["message"]) for r in made.history.events if r.t > 60_000]
    assert told == [
        (110.1, "Normal", "Node", "NodeNotReady", "Node n1 status is now: NodeNotReady"),
        (110.1, "Warning", "Pod", "NodeNotReady", "Node is not ready"),
        (415.205, "Normal", "Pod", "TaintManagerEviction", "Marking for deletion Pod default/web"),
    ]


def test_a_replacement_comes_up_elsewhere():
    made = Cluster(nodes=NODES)
    made.simulation.server.create(workload("Deployment", replicas=2))
    made.run(until=500)
    pods = read(made, "pods")["items"]
    assert sorted((p["spec"]["nodeName"], "deletionTimestamp" in p["metadata"]) for p in pods) == [("n1", True), ("n2", False), ("n2", False)]
    assert read(made, "deployment web")["status"]["availableReplicas"] == 2


def test_back_in_time_nothing_is_evicted():
    made = lost([{"name": "n1", "silent": [{"from": 60, "to": 200}]}, {"name": "n2"}], nodeName="n1")
    made.run(until=700)
    told = [(r.t / 1000, r.object["message"]) for r in made.history.events if r.object["reason"] == "TaintManagerEviction"]
    assert told == [(200.105, "Cancelling deletion of Pod default/web")]
    assert changes(made, "Pod", "web", ready)[-3:] == [(0.669, "True"), (110.1, "False"), (200.007, "True")]
    assert made.kubectl("get pods --no-headers").stdout.split()[1:3] == ["1/1", "Running"]


def test_a_short_silence_goes_unnoticed():
    made = lost([{"name": "n1", "silent": [{"from": 60, "to": 95}]}], nodeName="n1")
    made.run(until=300)
    assert changes(made, "Node", "n1", ready) == [(0, "True")]


def test_where_no_node_is_heard_of_nobody_is_sent_away():
    made = lost([{"name": "n1", "silent": [{"from": 60}]}])
    made.run(until=900)
    assert taints_of(read(made, "node n1")) == ["NoSchedule unreachable"]
    assert [r for r in made.history.events if r.object["reason"] == "TaintManagerEviction"] == []
    assert made.kubectl("get nodes --no-headers").stdout.split()[:2] == ["n1", "NotReady"]


def test_what_happens_in_silence_is_told_afterwards():
    made = Cluster(nodes=NODES, scenario={"containers": {"app": {"runs": [{"for": 100, "exit": 1}, {}]}}})
    made.simulation.server.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"nodeName": "n1", "containers": [{"name": "app", "image": "nginx:1.27"}]}})
    made.run(until=300)
    assert made.kubectl("get pods --no-headers").stdout.split()[3] == "0"
    made.run(until=605)
    restarted = [r for r in made.history.events if r.object["reason"] == "Started"][-1]
    assert restarted.t == 600_000
    assert restarted.object["firstTimestamp"] < "2026-01-01T00:02:00Z"
