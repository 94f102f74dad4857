"""Which nodes cannot take a pod: one row per reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from podsim.cluster.scheduler.filters import failure_of
from podsim.cluster.scheduler.world import World
from tests.cluster.scheduler.worlds import affinity, node, node_terms, pod, world

DEDICATED = {"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}
SPREAD = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "web"}}}
WEB = {"app": "web"}
PORT = [{"containerPort": 80, "hostPort": 80}]


def reasons(new: dict[str, Any], seen: World, where: int = 0) -> list[str]:
    found = failure_of(new, seen.nodes[where], seen)
    return list(found.reasons) if found else []


@pytest.mark.parametrize(
    ("new", "seen", "expected"),
    [
        (pod(), world(node(unschedulable=True)), ["node(s) were unschedulable"]),
        (pod(tolerations=[{"key": "node.kubernetes.io/unschedulable", "operator": "Exists"}]), world(node(unschedulable=True)), []),
        (pod(), world(node(taints=[DEDICATED])), ["node(s) had untolerated taint(s)"]),
        (pod(tolerations=[{"key": "dedicated", "value": "gpu"}]), world(node(taints=[DEDICATED])), []),
        (pod(tolerations=[{"key": "dedicated", "value": "gpu", "effect": "NoExecute"}]), world(node(taints=[DEDICATED])), ["node(s) had untolerated taint(s)"]),
        (pod(tolerations=[{"operator": "Exists"}]), world(node(taints=[DEDICATED])), []),
        (pod(), world(node(taints=[{**DEDICATED, "effect": "PreferNoSchedule"}])), []),
        (pod(nodeSelector={"disk": "ssd"}), world(node()), ["node(s) didn't match Pod's node affinity/selector"]),
        (pod(nodeSelector={"disk": "ssd"}), world(node(labels={"disk": "ssd"})), []),
        (pod(cpu="5"), world(node(cpu="4")), ["Insufficient cpu"]),
        (pod(cpu="4"), world(node(cpu="4")), []),
        (pod(cpu="2001m"), world(node(cpu="4"), n1=[pod("a", cpu="2")]), ["Insufficient cpu"]),
        (pod(cpu="5"), world(node(cpu="4", pods="1"), n1=[pod("a")]), ["Too many pods", "Insufficient cpu"]),
        (pod(ports=PORT), world(node(), n1=[pod("a", ports=PORT)]), ["node(s) didn't have free ports for the requested pod ports"]),
        (pod(ports=[{**PORT[0], "protocol": "UDP"}]), world(node(), n1=[pod("a", ports=PORT)]), []),
        (pod(ports=[{**PORT[0], "hostIP": "10.0.0.1"}]), world(node(), n1=[pod("a", ports=[{**PORT[0], "hostIP": "10.0.0.2"}])]), []),
    ],
)
def test_the_node_itself(new: dict[str, Any], seen: World, expected: list[str]):
    assert reasons(new, seen) == expected


@pytest.mark.parametrize(
    ("expression", "fits"),
    [
        ({"key": "disk", "operator": "In", "values": ["ssd", "nvme"]}, True),
        ({"key": "disk", "operator": "NotIn", "values": ["ssd"]}, False),
        ({"key": "gpu", "operator": "NotIn", "values": ["a100"]}, True),
        ({"key": "disk", "operator": "Exists"}, True),
        ({"key": "disk", "operator": "DoesNotExist"}, False),
        ({"key": "cores", "operator": "Gt", "values": ["8"]}, True),
        ({"key": "cores", "operator": "Lt", "values": ["8"]}, False),
        ({"key": "disk", "operator": "Gt", "values": ["8"]}, False),
    ],
)
def test_operators_of_node_affinity(expression: dict[str, Any], *, fits: bool):
    seen = world(node(labels={"disk": "ssd", "cores": "16"}))
    assert (reasons(pod(**node_terms({"matchExpressions": [expression]})), seen) == []) == fits


def test_terms_that_name_nodes_leave_the_others_out():
    seen = world(node("n1"), node("n2", cpu="1"))
    named = pod(cpu="2", **node_terms({"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n2"]}]}))
    assert reasons(named, seen, 0) == ["node(s) didn't satisfy plugin(s) [NodeAffinity]"]
    assert reasons(named, seen, 1) == ["Insufficient cpu"]


class TestSpread:
    zones = (node("n1", labels={"zone": "a"}), node("n2", labels={"zone": "b"}), node("n3"))
    new = pod(labels=WEB, topologySpreadConstraints=[SPREAD])

    def test_the_fuller_zone_is_closed(self):
        seen = world(*self.zones, n1=[pod("a", labels=WEB)])
        assert reasons(self.new, seen, 0) == ["node(s) didn't match pod topology spread constraints"]
        assert reasons(self.new, seen, 1) == []

    def test_a_node_without_the_label_is_no_zone(self):
        found = failure_of(self.new, self.zones[2], world(*self.zones))
        assert found is not None
        assert found.reasons == ("node(s) didn't match pod topology spread constraints (missing required label)",)
        assert not found.preemptible

    def test_too_few_zones_count_as_empty_ones(self):
        new = pod(labels=WEB, topologySpreadConstraints=[{**SPREAD, "minDomains": 3}])
        seen = world(*self.zones, n1=[pod("a", labels=WEB)], n2=[pod("b", labels=WEB)])
        assert len(reasons(new, seen, 0)) == 1

    def test_pods_on_their_way_out_do_not_count(self):
        leaving = pod("a", labels=WEB)
        leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:30Z"
        assert reasons(self.new, world(*self.zones, n1=[leaving]), 0) == []


class TestNeighbours:
    nodes = (node("n1"), node("n2"))

    def test_affinity_wants_company(self):
        new = pod(**affinity("podAffinity", WEB))
        seen = world(*self.nodes, n2=[pod("a", labels=WEB)])
        assert reasons(new, seen, 0) == ["node(s) didn't match pod affinity rules"]
        assert reasons(new, seen, 1) == []

    def test_the_first_of_a_group_that_likes_itself_goes_anywhere(self):
        assert reasons(pod(labels=WEB, **affinity("podAffinity", WEB)), world(*self.nodes)) == []

    def test_anti_affinity_wants_none(self):
        seen = world(*self.nodes, n1=[pod("a", labels=WEB)])
        assert reasons(pod(**affinity("podAntiAffinity", WEB)), seen, 0) == ["node(s) didn't match pod anti-affinity rules"]

    def test_those_who_are_there_want_none(self):
        seen = world(*self.nodes, n1=[pod("a", **affinity("podAntiAffinity", WEB))])
        assert reasons(pod(labels=WEB), seen, 0) == ["node(s) didn't satisfy existing pods anti-affinity rules"]

    def test_a_namespace_selector_looks_at_other_namespaces(self):
        other = pod("a", labels=WEB)
        other["metadata"]["namespace"] = "team-a"
        spaces = {"team-a": {"metadata": {"name": "team-a", "labels": {"tier": "front"}}}}
        seen = replace(world(*self.nodes, n1=[other]), namespaces=spaces)
        wanted = {"namespaceSelector": {"matchLabels": {"tier": "front"}}}
        assert reasons(pod(**affinity("podAffinity", WEB)), seen) == ["node(s) didn't match pod affinity rules"]
        assert reasons(pod(**affinity("podAffinity", WEB, **wanted)), seen) == []
