"""ReplicaSets as timelines: as many pods as wanted, no more."""

from __future__ import annotations

import pytest

from tests.cluster.controllers.stories import births, cluster, do, names, read, workload


def test_a_deleted_pod_is_replaced_at_once():
    made = cluster(workload("ReplicaSet"), containers={"main": {"on_term": {"after": 4, "exit": 0}}})
    made.run(until=5)
    do(made, 5, f"delete pod {names(made)[0]} --wait=false")
    made.run(until=7)
    assert births(made)[3] == pytest.approx(5.009)
    assert len(names(made)) == 4  # the old one is still stopping
    assert read(made, "replicaset web")["status"]["terminatingReplicas"] == 1


def test_a_failed_pod_stays_and_is_replaced():
    made = cluster(workload("ReplicaSet", replicas=1))
    made.run(until=5)
    do(made, 5, ["patch", "pod", names(made)[0], "-p", '{"spec":{"activeDeadlineSeconds":6}}'])
    made.run(until=15)
    assert sorted(p["status"]["phase"] for p in read(made, "pods")["items"]) == ["Failed", "Running"]


def test_a_label_releases_a_pod_and_takes_it_back():
    made = cluster(workload("ReplicaSet", replicas=2))
    made.run(until=5)
    pod = names(made)[0]
    do(made, 5, f"label pod {pod} app=other --overwrite")
    made.run(until=8)
    assert len(names(made)) == 3
    assert "ownerReferences" not in read(made, f"pod {pod}")["metadata"]
    do(made, 8, f"label pod {pod} app=web --overwrite")
    made.run(until=15)
    assert len(names(made)) == 2


def test_a_bare_pod_with_its_labels_is_adopted():
    made = cluster(workload("ReplicaSet", replicas=2))
    made.run(until=5)
    bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: bare, labels: {app: web}}\nspec:\n  containers: [{name: main, image: nginx}]\n"
    made.kubectl("create -f p.yaml", files={"p.yaml": bare})
    made.run(until=6)
    assert len(names(made)) == 2  # one too many: the newest goes before it has run
    assert "bare" not in names(made)


def test_what_the_server_refuses_is_told_and_tried_again():
    made = cluster(workload("ReplicaSet", replicas=1, template={
        "metadata": {"labels": {"app": "web"}}, "spec": {"serviceAccountName": "robot", "containers": [{"name": "main", "image": "nginx"}]},
    }))  # fmt: skip
    made.run(until=2)
    assert names(made) == []
    told = made.kubectl("get events --field-selector reason=FailedCreate --no-headers").stdout
    assert 'error looking up service account default/robot: serviceaccount "robot" not found' in told
    made.kubectl("create -f s.yaml", files={"s.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n"})
    made.run(until=10)
    assert len(names(made)) == 1
