"""What the scenario says of processes beside each other: ports in one network, memory of one node, addresses of two nodes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podsim import Cluster
from podsim.cluster.kubelet import pressure


def pod(name: str, *containers: dict[str, Any], **spec: Any) -> str:
    made = [{"image": "busybox:1.36", **container} for container in containers]
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": made, **spec}})


def ran(pods: list[str], until: float, **scenario: Any) -> Cluster:
    cluster = Cluster(scenario=scenario)
    for text in pods:
        assert cluster.kubectl("create -f -", stdin=text).returncode == 0
    cluster.run(until=until)
    return cluster


def shown(cluster: Cluster, columns: str) -> list[list[str]]:
    return [line.split() for line in cluster.kubectl(f"get pods -o custom-columns={columns} --no-headers").stdout.splitlines()]


LISTEN = {"app": {"listens": [8080]}, "admin": {"listens": [9090, 8080]}}
BOTH = pod("web", {"name": "app"}, {"name": "admin"})


def test_the_second_container_finds_the_port_taken_again_and_again() -> None:
    cluster = ran([BOTH], 5, containers=LISTEN)
    assert cluster.kubectl("logs web -c admin").stdout == "listen tcp :8080: bind: address already in use\n"
    assert cluster.kubectl("get pod web --no-headers").stdout.split()[:3] == ["web", "1/2", "Error"]
    ends = [f.details["exit"] for f in cluster.history.record.facts if f.kind == "container-exited"]
    assert ends == [1, 1]  # its start and its first restart


def test_a_port_is_free_again_once_its_holder_has_ended() -> None:
    once = pod("web", {"name": "app"}, {"name": "admin"}, restartPolicy="OnFailure")
    cluster = ran([once], 60, containers={**LISTEN, "app": {"listens": [8080], "runs": [{"for": 8}]}})
    assert shown(cluster, "NAME:.status.containerStatuses[*].name,READY:.status.containerStatuses[*].ready") == [["admin,app", "true,false"]]
    assert cluster.kubectl("logs web -c admin").stdout == ""


@pytest.mark.parametrize(("host", "ready"), [(False, {"1/1"}), (True, {"1/1", "0/1"})])
def test_pods_share_ports_on_the_nodes_network_only(host: bool, ready: set[str]) -> None:
    pods = [pod(name, {"name": "app"}, hostNetwork=host) for name in ("one", "two")]
    cluster = ran(pods, 20, containers={"app": {"listens": [8080]}})
    assert {line.split()[1] for line in cluster.kubectl("get pods --no-headers").stdout.splitlines()} == ready


def test_every_node_has_addresses_of_its_own() -> None:
    pods = [pod(f"{node}-{n}", {"name": "app"}, nodeName=node) for node in ("a", "b") for n in (1, 2)]
    cluster = ran(pods, 5, nodes=[{"name": "a"}, {"name": "b"}])
    assert shown(cluster, "N:.metadata.name,IP:.status.podIP") == [["a-1", "10.244.0.2"], ["a-2", "10.244.0.3"], ["b-1", "10.244.1.2"], ["b-2", "10.244.1.3"]]


def using(name: str, request: str | None, priority: int = 0) -> str:
    asks = {"resources": {"requests": {"memory": request}}} if request else {}
    return pod(name, {"name": name, **asks}, **({"priorityClassName": "high"} if priority else {}))


@pytest.mark.parametrize(("pods", "uses", "gone"), [
    ([("big", "1Gi"), ("small", "64Mi")], {"big": "900Mi", "small": "96Mi"}, "small"),
    ([("big", "1Gi"), ("small", "64Mi")], {"big": "900Mi", "small": "48Mi"}, "small"),
    ([("none", None), ("small", "64Mi")], {"none": "10Mi", "small": "96Mi"}, "small"),
    ([("one", "64Mi"), ("two", "64Mi")], {"one": "100Mi", "two": "90Mi"}, "one"),
])  # fmt: skip
def test_the_one_above_its_request_goes_first(pods: list[tuple[str, str | None]], uses: dict[str, str], gone: str) -> None:
    made = [using(*each) for each in pods]
    world = {name: {"uses": {"memory": amount}} for name, amount in uses.items()}
    cluster = ran(made, 20, containers=world, actions=[{"at": 10, "node": "node1", "pressure": {}}])
    assert [row[0] for row in shown(cluster, "N:.metadata.name,P:.status.phase") if row[1] == "Failed"] == [gone]


@pytest.mark.parametrize(("first", "second"), [
    ((0, "96Mi"), (0, "48Mi")),  # above its request
    ((-1, "96Mi"), (9, "200Mi")),  # the lower priority
    ((0, "96Mi"), (9, "200Mi")),
    ((5, "99Mi"), (5, "98Mi")),  # the larger excess
    ((9, "65Mi"), (0, "64Mi")),  # a request that is used up is not exceeded
])  # fmt: skip
def test_the_order_of_eviction(first: tuple[int, str], second: tuple[int, str]) -> None:
    def place(priority: int, used: str) -> tuple[Any, ...]:
        spec = {"priority": priority, "containers": [{"name": "a", "resources": {"requests": {"memory": "64Mi"}}}]}
        return pressure.rank({"spec": spec}, {"a": used}, "memory")

    assert place(*first) < place(*second)
