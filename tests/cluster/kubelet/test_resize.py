"""In-place resize: what fits, what restarts, and what the status says meanwhile."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podsim import Cluster
from podsim.api.validation import validate_resize
from podsim.cluster.kubelet import resize, spec
from podsim.cluster.kubelet.runtime import Record
from podsim.cluster.nodes import node_object
from podsim.cluster.scenario import Node
from podsim.cluster.scheduler.world import NodeInfo

SIZE: dict[str, Any] = {"requests": {"cpu": "500m", "memory": "64Mi"}, "limits": {"cpu": "1", "memory": "128Mi"}}


def pod(name: str = "web", resources: dict[str, Any] | None = None, **container: Any) -> dict[str, Any]:
    body = {"name": "app", "image": "nginx:1.27", "resources": resources or SIZE, **container}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default", "generation": 1}, "spec": {"containers": [body]}}


def asks(cpu: str = "500m", memory: str = "64Mi") -> dict[str, Any]:
    return pod(resources={"requests": {"cpu": cpu, "memory": memory}})


@pytest.mark.parametrize(
    ("wanted", "others", "expected"),
    [
        (asks(cpu="1500m"), [asks()], None),
        (asks(cpu="1600m"), [asks()], ("Deferred", "Node didn't have enough resource: cpu, requested: 1600, used: 500, capacity: 2000")),
        (asks(cpu="4"), [], ("Infeasible", "Node didn't have enough capacity: cpu, requested: 4000, capacity: 2000")),
        (asks(cpu="4", memory="2Gi"), [], ("Infeasible", "Node didn't have enough capacity: memory, requested: 2147483648, capacity: 1073741824")),
    ],
)
def test_whether_there_is_room(wanted: dict[str, Any], others: list[dict[str, Any]], expected: tuple[str, str] | None):
    for number, other in enumerate(others):
        other["metadata"]["name"] = f"other-{number}"
    assert resize.refusal(wanted, node_object(Node("n1", cpu="2", memory="1Gi"), "", ""), NodeInfo(others)) == expected


@pytest.mark.parametrize(
    ("policy", "wanted", "expected"),
    [
        ({}, {**SIZE, "limits": {"cpu": "2", "memory": "128Mi"}}, False),
        ({"cpu": "NotRequired"}, {**SIZE, "limits": {"cpu": "2", "memory": "128Mi"}}, False),
        ({"cpu": "RestartContainer"}, {**SIZE, "limits": {"cpu": "2", "memory": "128Mi"}}, True),
        ({"memory": "RestartContainer"}, {**SIZE, "limits": {"cpu": "2", "memory": "128Mi"}}, False),
        ({"memory": "RestartContainer"}, {**SIZE, "requests": {"cpu": "500m", "memory": "32Mi"}}, True),
        ({"cpu": "RestartContainer"}, SIZE, False),
    ],
)
def test_what_restarts_a_container(policy: dict[str, str], wanted: dict[str, Any], expected: bool):
    policies = [{"resourceName": name, "restartPolicy": restart} for name, restart in policy.items()]
    (container,) = spec.read(pod(resources=wanted, resizePolicy=policies)).regular
    assert resize.demands_restart(container, Record("app", 0, "id", "nginx:1.27", 0, 0, resources=SIZE)) is expected


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"requests": {"cpu": "800m", "memory": "64Mi"}, "limits": SIZE["limits"]}, None),
        ({"requests": SIZE["requests"]}, "spec.containers[0].resources: Forbidden: resource limits cannot be removed"),
        ({**SIZE, "requests": {**SIZE["requests"], "ephemeral-storage": "1Gi"}}, "spec: Forbidden: only cpu and memory resources are mutable"),
        ({**SIZE, "requests": SIZE["limits"]}, 'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'),
        ({**SIZE, "requests": {"cpu": "2", "memory": "64Mi"}}, 'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'),
    ],
)
def test_what_the_server_lets_pass(wanted: dict[str, Any], message: str | None):
    made = Cluster()
    made.simulation.server.create(pod())
    old = made.simulation.server.read("Pod", "default", "web")
    new = {**old, "spec": {**old["spec"], "containers": [{**old["spec"]["containers"][0], "resources": wanted}]}}
    assert [str(e) for e in validate_resize(new, old)] == ([message] if message else [])


def resized(at: float = 10, *, more: list[dict[str, Any]] | None = None, pods: list[dict[str, Any]] | None = None, **resources: Any) -> Cluster:
    change = {"spec": {"containers": [{"name": "app", "resources": resources}]}}
    made = Cluster(nodes=[{"name": "n1", "cpu": "2"}], scenario={"actions": [{"at": at, "patch_resize": change}, *(more or [])]})
    for one in pods or [pod()]:
        made.simulation.server.create(one)
    return made


def looks(made: Cluster, since: float = 10) -> list[tuple[float, str, str, str, int]]:
    """(seconds, condition, allocated cpu, cpu that it has, restarts) after each change of the status."""
    found: list[tuple[float, str, str, str, int]] = []
    for r in made.history.revisions:
        if r.object["kind"] == "Pod" and r.object["metadata"]["name"] == "web" and r.t > since * 1000 and r.type != "DELETED":
            status = r.object["status"]["containerStatuses"][0]
            told = [f"{c['type'].removeprefix('PodResize')} {c.get('reason', '')}".strip() for c in r.object["status"]["conditions"] if "Resize" in c["type"]]
            found.append((r.t / 1000, ", ".join(told), status["allocatedResources"]["cpu"], status["resources"]["requests"]["cpu"], status["restartCount"]))
    return found


def events(made: Cluster) -> list[tuple[float, str, str]]:
    return [(r.t / 1000, r.object["reason"], r.object["message"].partition(": ")[0]) for r in made.history.events if r.t > 10_000 and "resize" in r.object["message"]]


def test_more_cpu_comes_without_a_restart():
    made = resized(requests={"cpu": "800m"})
    made.run(until=20)
    assert looks(made) == [(10.012, "InProgress", "800m", "500m", 0), (10.037, "", "800m", "800m", 0)]
    assert events(made) == [(10.003, "ResizeStarted", "Pod resize started"), (10.03, "ResizeCompleted", "Pod resize completed")]
    status = json.loads(made.kubectl("get pod web -o json").stdout)["status"]
    assert (status["observedGeneration"], status["allocatedResources"]["cpu"], status["resources"]["requests"]["cpu"]) == (2, "800m", "800m")
    assert [c.call for c in made.history.record.runtime][-1] == "UpdateContainerResources"


def test_an_event_tells_the_resources():
    made = resized(requests={"cpu": "800m"})
    made.run(until=20)
    told = next(r.object["message"] for r in made.history.events if r.object["reason"] == "ResizeStarted")
    size = '{"limits":{"cpu":"1","memory":"128Mi"},"requests":{"cpu":"800m","memory":"64Mi"}}'
    assert told == f'Pod resize started: {{"containers":[{{"name":"app","resources":{size}}}],"generation":2}}'


def test_the_policy_may_ask_for_a_restart():
    made = resized(requests={"cpu": "800m"}, pods=[pod(resizePolicy=[{"resourceName": "cpu", "restartPolicy": "RestartContainer"}])])
    made.run(until=20)
    first, *_, last = looks(made)
    assert first == (10.012, "InProgress", "800m", "500m", 0)
    assert last[1:] == ("", "800m", "800m", 1)
    assert last[0] == pytest.approx(10.16, abs=0.02)
    assert (10.008, "Killing", "Container app resize requires restart") in events(made)


def test_what_no_node_has_is_infeasible():
    made = resized(requests={"cpu": "4"}, limits={"cpu": "5"})
    made.run(until=400)
    assert looks(made) == [(10.012, "Pending Infeasible", "500m", "500m", 0)]
    assert events(made) == [(10.003, "ResizeInfeasible", "Pod resize Infeasible")]


def test_a_deferred_one_comes_when_another_pod_has_gone():
    made = resized(requests={"cpu": "1600m"}, limits={"cpu": "2"}, pods=[pod(), pod("other")], more=[{"at": 20, "pod": "other", "delete": {}}])
    made.run(until=40)
    pending, granted, done = looks(made)
    assert pending == (10.012, "Pending Deferred", "500m", "500m", 0)
    assert (granted[1:], done[1:]) == (("InProgress", "1600m", "500m", 0), ("", "1600m", "1600m", 0))
    gone = next(r.t / 1000 for r in made.history.revisions if r.type == "DELETED" and r.object["metadata"]["name"] == "other")
    assert granted[0] == pytest.approx(gone, abs=0.03)


def test_taking_a_deferred_one_back_ends_it():
    back = {"at": 20, "patch_resize": {"spec": {"containers": [{"name": "app", "resources": SIZE}]}}}
    made = resized(requests={"cpu": "1600m"}, limits={"cpu": "2"}, pods=[pod(), pod("other")], more=[back])
    made.run(until=40)
    assert [look[:2] for look in looks(made)] == [(10.012, "Pending Deferred"), (20.0, "Pending Deferred"), (20.012, "")]
    assert events(made) == [(10.003, "ResizeDeferred", "Pod resize Deferred")]


def test_every_step_has_its_why():
    made = resized(requests={"cpu": "1600m"}, limits={"cpu": "2"}, pods=[pod(), pod("other")], more=[{"at": 20, "pod": "other", "delete": {}}])
    made.run(until=40)
    lanes = [(t.lane.rpartition("/")[2], t.after, made.history.why(t)[-2].kind) for t in made.history.transitions if "Resize" in t.lane]
    assert lanes == [
        ("PodResizePending", "True", "resize-refused"), ("PodResizePending", "False", "resize-allocated"),
        ("PodResizeInProgress", "True", "resize-allocated"), ("PodResizeInProgress", "False", "resized"),
    ]  # fmt: skip
