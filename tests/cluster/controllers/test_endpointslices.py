"""Who is an endpoint of a Service, and what for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podsim import Cluster
from podsim.cluster.controllers.endpointslice import conditions
from tests.cluster.controllers.stories import cluster, do, read, workload

SERVICE: dict[str, Any] = {
    "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "labels": {"team": "a"}},
    "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": "web"}]},
}  # fmt: skip
TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "main", "image": "nginx:1.27", "ports": [{"name": "web", "containerPort": 8080}]}]}}


def pod(phase: str = "Running", *, ready: bool = True, deleting: bool = False, ip: str = "10.0.0.1") -> dict[str, Any]:
    marks = {"deletionTimestamp": "2026-01-01T00:00:30Z"} if deleting else {}
    status = {"phase": phase, "podIP": ip, "conditions": [{"type": "Ready", "status": str(ready)}]}
    return {"metadata": {"name": "p", **marks}, "spec": {}, "status": status}


@pytest.mark.parametrize(
    ("given", "publish", "expected"),
    [
        (pod(), False, (True, True, False)),
        (pod(ready=False), False, (False, False, False)),
        (pod(ready=False), True, (True, False, False)),
        (pod(deleting=True), False, (False, True, True)),
        (pod(deleting=True, ready=False), False, (False, False, True)),
        (pod(deleting=True), True, (True, True, True)),
        (pod("Pending", ready=False), False, (False, False, False)),
        (pod("Pending", ip=""), True, None),
        (pod("Succeeded", ready=False), False, None),
        (pod("Failed", ready=False, deleting=True), True, None),
    ],
)
def test_conditions(given: dict[str, Any], publish: bool, expected: tuple[bool, bool, bool] | None):
    shown = conditions(given, publish_not_ready=publish)
    assert (shown and tuple(shown[k] for k in ("ready", "serving", "terminating"))) == expected


def with_service(**spec: Any) -> Cluster:
    made = cluster(workload("ReplicaSet", replicas=2, template=TEMPLATE))
    service = {**SERVICE, "spec": {**SERVICE["spec"], **spec}}
    assert made.kubectl("create -f s.json", files={"s.json": json.dumps(service)}).returncode == 0
    return made


def slices(made: Cluster) -> list[dict[str, Any]]:
    return read(made, "endpointslices")["items"]


def test_a_slice_is_made_empty_and_filled_as_the_pods_get_their_addresses():
    made = with_service()
    made.run(until=0.1)
    (empty,) = slices(made)
    assert (empty["endpoints"], empty["ports"]) == ([], [])
    made.run(until=3)
    (full,) = slices(made)
    assert [e["targetRef"]["name"] for e in full["endpoints"]] == [p["metadata"]["name"] for p in read(made, "pods")["items"]]
    assert full["ports"] == [{"name": "http", "port": 8080, "protocol": "TCP"}]
    assert full["metadata"]["labels"] == {
        "team": "a", "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io", "kubernetes.io/service-name": "web",
    }  # fmt: skip
    assert full["metadata"]["name"].startswith("web-")


def test_kubectl_shows_it():
    made = with_service()
    made.run(until=5)
    header, row = made.kubectl("get endpointslices").stdout.splitlines()
    assert header.split() == ["NAME", "ADDRESSTYPE", "PORTS", "ENDPOINTS", "AGE"]
    assert row.split()[1:3] == ["IPv4", "8080"]


def test_a_label_takes_a_pod_out_of_service():
    made = with_service()
    made.run(until=5)
    name = read(made, "pods")["items"][0]["metadata"]["name"]
    do(made, 5, f"label pod {name} app=other --overwrite")
    made.run(until=5.1)
    (one,) = slices(made)
    assert name not in [e["targetRef"]["name"] for e in one["endpoints"]]


def test_without_a_selector_nothing_is_made():
    made = with_service(selector=None)
    made.run(until=5)
    assert slices(made) == []


def test_it_goes_with_its_service():
    made = with_service()
    do(made, 5, "delete service web")
    made.run(until=5.1)
    assert slices(made) == []
