"""When pods are bound, and what makes a waiting pod fit."""

from __future__ import annotations

import json
from typing import Any

from podsim import Cluster

POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  priorityClassName: {priority}\n  containers: [{{name: c, image: nginx, resources: {{requests: {{cpu: {cpu}}}}}}}]\n"
CLASS = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1000\n"


def cluster(**node: Any) -> Cluster:
    made = Cluster(nodes=[{"name": "n1", "cpu": "4", **node}])
    made.kubectl("create -f c.yaml", files={"c.yaml": CLASS})
    return made


def create(made: Cluster, name: str, cpu: str = "1", priority: str = '""') -> None:
    result = made.kubectl("create -f p.yaml", files={"p.yaml": POD.format(name=name, cpu=cpu, priority=priority)})
    assert result.returncode == 0, result.stderr


def bound(made: Cluster) -> list[tuple[float, str, str]]:
    return [(fact.t / 1000, fact.subject.partition("/")[2], fact.details["node"]) for fact in made.history.record.facts if fact.kind == "bound"]


def test_a_pod_is_bound_a_few_milliseconds_after_it_came():
    made = cluster()
    create(made, "web")
    made.run(until=1)
    assert bound(made) == [(0.008, "web", "n1")]


def test_a_pod_waits_until_another_one_has_gone():
    made = cluster()
    create(made, "first", cpu="3")
    made.run(until=5)
    create(made, "second", cpu="3")
    made.run(until=10)
    made.kubectl("delete pod first --wait=false")
    made.run(until=20)
    (_, *_), (when, name, node) = bound(made)
    assert (name, node) == ("second", "n1")
    assert 10 < when < 12  # when the kubelet has reported the end of the first one


def test_a_label_on_the_node_lets_it_in():
    made = cluster()
    made.kubectl("create -f p.yaml", files={"p.yaml": POD.format(name="web", cpu="1", priority='""') + "  nodeSelector: {disk: ssd}\n"})
    made.run(until=5)
    assert bound(made) == []
    made.kubectl("label node n1 disk=ssd")
    made.run(until=6)
    assert bound(made) == [(5.008, "web", "n1")]


def test_a_new_node_takes_it():
    made = cluster(cpu="1")
    create(made, "web", cpu="2")
    made.run(until=3)
    made.add_node({"name": "n2", "cpu": "4"})
    made.run(until=4)
    assert bound(made) == [(3.008, "web", "n2")]


def test_a_more_important_pod_pushes_another_one_aside():
    made = cluster()
    create(made, "poor", cpu="3")
    made.run(until=5)
    create(made, "rich", cpu="3", priority="high")
    made.run(until=5.1)
    poor, rich = (json.loads(made.kubectl(f"get pod {name} -o json").stdout) for name in ("poor", "rich"))
    assert poor["metadata"]["deletionTimestamp"]
    assert [c["reason"] for c in poor["status"]["conditions"] if c["type"] == "DisruptionTarget"] == ["PreemptionByScheduler"]
    assert rich["status"]["nominatedNodeName"] == "n1"
    create(made, "later", cpu="3")  # the place is promised
    made.run(until=20)
    assert [name for _, name, _ in bound(made)] == ["poor", "rich"]


def test_the_reason_is_told_once():
    made = cluster(cpu="1")
    create(made, "web", cpu="2")
    made.run(until=2)
    create(made, "other", cpu="500m")
    made.run(until=4)
    told = made.kubectl("get events --field-selector reason=FailedScheduling,involvedObject.name=web --no-headers").stdout
    assert len(told.splitlines()) == 1
