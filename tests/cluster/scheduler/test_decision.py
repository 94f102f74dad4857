"""The scheduler's messages, its choice, and whom it pushes aside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from podsim.cluster.scheduler.decision import NoFit, Placement, schedule
from podsim.cluster.scheduler.world import World
from tests.cluster.scheduler.worlds import node, pod, world

NOBODY = "0/3 nodes are available: 3 Preemption is not helpful for scheduling"
SOMEBODY = "0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling"
TAINT = [{"key": "a", "effect": "NoSchedule"}]
CLAIM = {"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]}


def claim(storage_class: str = "") -> dict[str, Any]:
    spec = {"storageClassName": storage_class, "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"metadata": {"name": "data", "namespace": "default"}, "spec": spec}


@pytest.mark.parametrize(
    ("new", "seen", "message"),
    [
        (pod(), World(nodes=()), "no nodes available to schedule pods"),
        (
            pod(cpu="5"), world(node("n1"), node("n2"), node("n3", taints=TAINT)),
            "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. " + f"preemption: {NOBODY}.",
        ),
        (
            pod(cpu="3"), world(node("n1"), node("n2", taints=TAINT), n1=[pod("a", cpu="2")]),
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). " + f"preemption: {SOMEBODY}.",
        ),
        (
            pod(cpu="5", preemptionPolicy="Never"), world(),
            "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.",
        ),
        (pod(**CLAIM), world(), '0/1 nodes are available: persistentvolumeclaim "data" not found. not found'),
    ],
)  # fmt: skip
def test_messages(new: dict[str, Any], seen: World, message: str):
    assert schedule(new, seen) == NoFit(message)


LOCAL = {"local": {"provisioner": "kubernetes.io/no-provisioner", "volumeBindingMode": "WaitForFirstConsumer"}}
VOLUME = {"spec": {"storageClassName": "local", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "2Gi"}}}


class TestClaims:
    def seen(self, storage_class: str, **more: Any) -> World:
        return replace(world(), claims={("default", "data"): claim(storage_class)}, **more)

    def test_one_that_nobody_binds(self):
        answer = schedule(pod(**CLAIM), self.seen(""))
        assert answer == NoFit("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found")

    def test_one_that_waits_for_its_pod_needs_a_volume(self):
        answer = schedule(pod(**CLAIM), self.seen("local", storage_classes=LOCAL))
        assert isinstance(answer, NoFit)
        assert answer.message.startswith("0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind.")

    def test_a_volume_of_its_class_will_do(self):
        assert schedule(pod(**CLAIM), self.seen("local", storage_classes=LOCAL, volumes=[VOLUME])) == Placement("n1")


class TestPreemption:
    new = pod(cpu="3", priority=1000)

    def test_the_least_important_victim_is_chosen(self):
        seen = world(node("n1"), node("n2"), n1=[pod("a", cpu="2", priority=900)], n2=[pod("b", cpu="2", priority=100)])
        answer = schedule(self.new, seen)
        assert isinstance(answer, NoFit)
        assert answer.message.endswith("preemption: found a potential placement for pod on node n2, preempting 1 victims")
        assert (answer.nominated, [v["metadata"]["name"] for v in answer.victims]) == ("n2", ["b"])

    def test_as_few_as_possible_go(self):
        placed = [pod("a", cpu="1", priority=10), pod("b", cpu="1", priority=20), pod("c", cpu="1", priority=30)]
        answer = schedule(self.new, world(node("n1"), n1=placed))
        assert isinstance(answer, NoFit)
        assert sorted(v["metadata"]["name"] for v in answer.victims) == ["a", "b"]

    def test_equals_are_left_alone(self):
        answer = schedule(self.new, world(node("n1"), n1=[pod("a", cpu="2", priority=1000)]))
        assert isinstance(answer, NoFit)
        assert answer.victims == ()

    def test_who_was_promised_a_node_waits_for_it(self):
        leaving = pod("a", cpu="2", priority=1)
        leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:30Z"
        promised = {**self.new, "status": {"nominatedNodeName": "n1"}}
        answer = schedule(promised, world(node("n1"), n1=[leaving]))
        assert isinstance(answer, NoFit)
        assert answer.message.endswith("preemption: not eligible due to a terminating pod on the nominated node.")


PREFERS_SSD = {"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
    {"weight": 1, "preference": {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}}
]}}}  # fmt: skip
AVOIDS_WEB = {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
    {"weight": 10, "podAffinityTerm": {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": "kubernetes.io/hostname"}}
]}}}  # fmt: skip
OWNER = [{"uid": "rs", "controller": True}]


def owned(name: str) -> dict[str, Any]:
    made = pod(name)
    made["metadata"]["ownerReferences"] = OWNER
    return made


@pytest.mark.parametrize(
    ("new", "seen", "node_name"),
    [
        (pod(cpu="500m"), world(node("n1"), node("n2"), n1=[pod("a", cpu="2")]), "n2"),  # the less loaded one
        (pod(cpu="1"), world(node("n1", cpu="2", memory="4Gi"), node("n2", cpu="16", memory="32Gi")), "n2"),  # the bigger one
        (pod(), world(node("n1", taints=[{"key": "slow", "effect": "PreferNoSchedule"}]), node("n2")), "n2"),
        (pod(**PREFERS_SSD), world(node("n1"), node("n2", labels={"disk": "ssd"})), "n2"),
        (pod(**AVOIDS_WEB), world(node("n1"), node("n2"), n1=[pod("a", labels={"app": "web"})]), "n2"),
        (owned("new"), world(node("n1"), node("n2"), n1=[owned("a")]), "n2"),  # siblings keep apart
        (pod(), world(node("n1", taints=TAINT), node("n2")), "n2"),
    ],
)
def test_the_choice(new: dict[str, Any], seen: World, node_name: str):
    assert schedule(new, seen) == Placement(node_name)
