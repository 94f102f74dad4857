"""Rollouts as timelines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podsim.api.workloads import template_hash
from tests.cluster.controllers.stories import TEMPLATE, births, cluster, conditions, do, names, read, sizes, workload

PROBED = {**TEMPLATE, "spec": {"containers": [{"name": "main", "image": "nginx:1.27", "readinessProbe": {"httpGet": {"port": 80}, "initialDelaySeconds": 3, "periodSeconds": 1}}]}}
UPDATE = "set image deployment/web main=nginx:1.28"


def test_deployment_replica_set_pods():
    made = cluster(workload("Deployment"))
    made.run(until=5)
    assert births(made, "ReplicaSet") == [0.008]
    assert births(made) == [0.017] * 3
    deployment = read(made, "deployment web")
    (replica_set,) = names(made, "replicasets")
    assert replica_set == f"web-{template_hash(deployment['spec']['template'])}"
    assert conditions(deployment) == {"Available": ("True", "MinimumReplicasAvailable"), "Progressing": ("True", "NewReplicaSetAvailable")}
    assert {k: v for k, v in deployment["status"].items() if k != "conditions"} == {
        "availableReplicas": 3, "observedGeneration": 1, "readyReplicas": 3, "replicas": 3, "terminatingReplicas": 0, "updatedReplicas": 3,
    }  # fmt: skip


def test_a_rolling_update_goes_as_the_new_pods_get_ready():
    made = cluster(workload("Deployment", replicas=4, template=PROBED))
    do(made, 10, UPDATE)
    made.run(until=30)
    steps = sizes(made)
    assert [what for t, what in steps if t > 10] == ["up 0 1", "down 4 3", "up 1 2", "down 3 1", "up 2 4", "down 1 0"]
    assert [round(t) for t, _ in steps if t > 10] == [10, 10, 10, 14, 14, 18]
    assert conditions(read(made, "deployment web"))["Progressing"] == ("True", "NewReplicaSetAvailable")


def test_recreate_waits_for_the_last_old_pod():
    made = cluster(workload("Deployment", strategy={"type": "Recreate"}), containers={"main": {"on_term": {"after": 3, "exit": 0}}})
    do(made, 8, UPDATE)
    made.run(until=20)
    down, up = [t for t, _ in sizes(made) if t > 8]
    assert down == pytest.approx(8.008)
    assert 11 < up < 12.2
    assert births(made, "ReplicaSet")[1] == up


def test_a_broken_image_stops_the_rollout_until_its_deadline_passes():
    made = cluster(workload("Deployment", progressDeadlineSeconds=20), images={"nginx:typo": {"error": "not found"}})
    do(made, 5, "set image deployment/web main=nginx:typo")
    made.run(until=60)
    deployment = read(made, "deployment web")
    assert deployment["status"]["availableReplicas"] == 3
    assert conditions(deployment)["Progressing"] == ("False", "ProgressDeadlineExceeded")
    failed = next(r.t / 1000 for r in made.history.revisions if "ProgressDeadlineExceeded" in json.dumps(r.object.get("status")))
    assert failed == pytest.approx(26, abs=0.1)


def test_back_to_the_old_template_takes_the_old_set_again():
    made = cluster(workload("Deployment"))
    do(made, 5, UPDATE)
    do(made, 10, "set image deployment/web main=nginx:1.27")
    made.run(until=20)
    sets = read(made, "replicasets")["items"]
    assert len(sets) == 2
    revisions = {s["spec"]["replicas"]: s["metadata"]["annotations"]["deployment.kubernetes.io/revision"] for s in sets}
    assert revisions == {3: "3", 0: "2"}
    assert read(made, "deployment web")["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "3"


def test_nothing_rolls_while_it_is_paused_but_it_scales():
    made = cluster(workload("Deployment"))
    do(made, 5, ["patch", "deployment", "web", "-p", '{"spec":{"paused":true}}'])
    do(made, 6, UPDATE)
    do(made, 8, "scale deployment web --replicas=5")
    made.run(until=12)
    assert births(made, "ReplicaSet") == [0.008]
    assert len(names(made)) == 5
    assert conditions(read(made, "deployment web"))["Progressing"] == ("Unknown", "DeploymentPaused")
    do(made, 12, ["patch", "deployment", "web", "-p", '{"spec":{"paused":false}}'])
    made.run(until=20)
    assert len(births(made, "ReplicaSet")) == 2


def test_old_revisions_are_forgotten():
    made = cluster(workload("Deployment", revisionHistoryLimit=1))
    for number in range(3):
        do(made, 5 + 5 * number, f"set image deployment/web main=nginx:1.2{number}")
    made.run(until=25)
    assert len(names(made, "replicasets")) == 2


def test_a_set_that_was_deleted_by_hand_comes_back_under_its_name():
    made = cluster(workload("Deployment", replicas=1))
    made.run(until=5)
    (name,) = names(made, "replicasets")
    do(made, 5, f"delete replicaset {name}")
    made.run(until=15)
    assert names(made, "replicasets") == [name]
    assert births(made, "ReplicaSet") == [0.008, 5.008]


def test_everything_goes_with_the_deployment():
    made = cluster(workload("Deployment"))
    do(made, 5, "delete deployment web")
    made.run(until=10)
    assert (names(made, "replicasets"), names(made)) == ([], [])


@pytest.mark.parametrize(("least", "ready_at"), [(0, 0.7), (10, 10.7)])
def test_min_ready_seconds_delay_availability(least: int, ready_at: float):
    made = cluster(workload("Deployment", replicas=1, minReadySeconds=least))
    made.run(until=20)

    def is_available(obj: dict[str, Any]) -> bool:
        return obj["kind"] == "Deployment" and obj.get("status", {}).get("availableReplicas") == 1

    assert next(r.t / 1000 for r in made.history.revisions if is_available(r.object)) == pytest.approx(ready_at, abs=0.8)


def test_a_third_version_ends_the_second_before_it_was_ready():
    made = cluster(workload("Deployment", replicas=4, template=PROBED))
    do(made, 10, UPDATE)
    do(made, 12, "set image deployment/web main=nginx:1.29")
    made.run(until=30)
    assert [(round(t), what) for t, what in sizes(made) if t > 12] == [
        (12, "down 2 0"), (12, "up 0 2"), (16, "down 3 1"), (16, "up 2 4"), (20, "down 1 0"),
    ]  # fmt: skip
    assert [s["spec"]["replicas"] for s in read(made, "replicasets")["items"]] in ([0, 0, 4], [0, 4, 0], [4, 0, 0])


def test_the_old_template_again_ends_a_stuck_rollout_at_once():
    made = cluster(workload("Deployment", replicas=4, progressDeadlineSeconds=20), images={"nginx:typo": {"error": "not found"}})
    do(made, 5, "set image deployment/web main=nginx:typo")
    do(made, 40, "set image deployment/web main=nginx:1.27")
    made.run(until=45)
    assert [what for t, what in sizes(made) if t > 40] == ["down 2 0", "up 3 4"]
    assert conditions(read(made, "deployment web"))["Progressing"] == ("True", "NewReplicaSetAvailable")


def test_scaled_in_the_middle_of_a_stuck_rollout_both_sets_grow():
    made = cluster(workload("Deployment"), images={"nginx:typo": {"error": "not found"}})
    do(made, 5, "set image deployment/web main=nginx:typo")
    do(made, 16, "scale deployment web --replicas=6")
    made.run(until=25)
    assert [what for t, what in sizes(made) if t > 16] == ["up 3 6", "up 1 2", "down 6 5", "up 2 3"]
    assert read(made, "deployment web")["status"]["availableReplicas"] == 5  # six less a quarter, rounded down


def test_size_and_template_changed_at_once_first_the_size():
    made = cluster(workload("Deployment"))
    made.run(until=5)
    new = {**TEMPLATE, "spec": {"containers": [{"name": "main", "image": "nginx:1.28"}]}}
    made.kubectl("apply -f m.yaml", files={"m.yaml": json.dumps(workload("Deployment", replicas=6, template=new))})
    made.run(until=5.02)
    assert [what for t, what in sizes(made) if t > 5] == ["up 3 6", "up 0 2", "down 6 5"]


def test_available_only_after_a_while():
    made = cluster(workload("Deployment", minReadySeconds=5))
    do(made, 10, UPDATE)
    made.run(until=40)
    assert [(round(t), what) for t, what in sizes(made) if t > 10] == [
        (10, "up 0 1"), (15, "down 3 2"), (15, "up 1 2"), (20, "down 2 1"), (20, "up 2 3"), (25, "down 1 0"),
    ]  # fmt: skip


def test_a_version_that_crashes_before_it_is_ready_takes_nothing_over():
    made = cluster(workload("Deployment", template=PROBED), containers={"main@nginx:1.28": {"runs": [{"for": 2, "exit": 1}]}})
    do(made, 10, UPDATE)
    made.run(until=60)
    assert [what for t, what in sizes(made) if t > 10] == ["up 0 1"]
    assert read(made, "deployment web")["status"]["availableReplicas"] == 3
