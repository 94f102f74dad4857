"""Completion at the prompt; `|` is the cursor."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.playground.completion import complete
from tests.playground.test_playing import DEPLOYMENT, POD, session


def texts(line: str, manifest: str = POD, at: float = 30, **rest: Any) -> list[str]:
    before, _, after = line.partition("|")
    return [one["text"] for one in complete(session(manifest, **rest), at, before + after, len(before))["options"]]


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("kubectl rol|", ["rollout"]),
        ("ku|", ["kubectl"]),
        ("de|", ["delete", "describe"]),
        ("kubectl rollout |", ["restart", "status"]),
        ("kubectl get po|", ["pods", "podtemplates", "poddisruptionbudgets"]),
        ("k get pods w|", ["web"]),
        ("k get pods web |", []),
        ("k get pods,no|", ["nodes"]),
        ("k describe pod/|", ["web"]),
        ("k get nodes |", ["node1"]),
        ("k get pods -n kube|", ["kube-node-lease", "kube-public", "kube-system"]),
        ("k get pods -n kube-system |", []),
        ("k logs |", ["web"]),
        ("k logs web -c |", ["app"]),
        ("k logs web |", ["app"]),
        ("k get pods -o j|", ["json", "jsonpath="]),
        ("k get pods --output=y|", ["yaml"]),
        ("k delete pod web --grace|", ["--grace-period="]),
        ("k delete pod web --cascade=|", ["background", "foreground", "orphan"]),
        ("k get pods -l |", ["app=web"]),
        ("k apply -f |", ["manifest.yaml"]),
        ("k apply -f manifest.yaml |", []),
        ("k -n default get pods |", ["web"]),
        ("k get 'po|", []),
        ("frobnicate |", []),
    ],
)
def test_options(line: str, options: list[str]):
    assert sorted(texts(line)) == sorted(options)


def test_names_are_those_of_the_instant():
    story = session(POD, (40, "kubectl delete pod web"))
    assert [complete(story, at, "k get pod ", 10)["options"] != [] for at in (30, 39, 60)] == [True, True, False]


def test_workloads_and_their_containers():
    assert texts("k set image deployment/shop a|", DEPLOYMENT) == ["app="]
    assert texts("k scale |", DEPLOYMENT)[:2] == ["deployments", "replicasets"]
    assert texts("k rollout status deploy |", DEPLOYMENT) == ["shop"]


def test_what_is_replaced():
    found = complete(session(), 30, "k get pods --output=wide web", 23)
    assert (found["from"], found["to"]) == (20, 24)
    assert complete(session(), 30, "k get po web", 8)["to"] == 8


def test_types_with_objects_come_first():
    assert texts("k get |").index("pods") < texts("k get |").index("configmaps") or "configmaps" in texts("k get |")
    assert texts("k get |", DEPLOYMENT).index("deployments") < texts("k get |", DEPLOYMENT).index("statefulsets")


def test_a_scenario_that_cannot_be_read_does_not_hinder():
    assert texts("k get pod |", scenario={"oops": 1}) == ["web"]
