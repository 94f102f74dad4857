"""Pods that others send away: preempted, evicted by the API, by taints, by the node; or not let in at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podsim import Cluster

CLASS = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1000\n"
NOT_READY = [{"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300} for key in ("not-ready", "unreachable")]


def pod(name: str = "web", *, cpu: str = "", **spec: Any) -> str:
    resources = {"resources": {"requests": {"cpu": cpu}}} if cpu else {}
    containers = [{"name": "app", "image": "nginx:1.27", **resources}]
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": containers, **spec}})


def cluster(*pods: str, nodes: list[dict[str, Any]] | None = None, **scenario: Any) -> Cluster:
    made = Cluster(nodes=nodes, scenario=scenario)
    made.kubectl("create -f c.yaml", files={"c.yaml": CLASS})
    for text in pods:
        result = made.kubectl("create -f p.json", files={"p.json": text})
        assert result.returncode == 0, result.stderr
    return made


def versions(made: Cluster, name: str = "web") -> list[tuple[float, dict[str, Any]]]:
    return [(r.t / 1000, r.object) for r in made.history.revisions if r.object["kind"] == "Pod" and r.object["metadata"]["name"] == name]


def condition(obj: dict[str, Any], type_: str = "DisruptionTarget") -> dict[str, Any]:
    return next((c for c in obj["status"].get("conditions") or () if c["type"] == type_), {})


def marked(made: Cluster, name: str = "web") -> tuple[float, str, str]:
    """When the pod was marked, and why."""
    return next((t, c["reason"], c["message"]) for t, obj in versions(made, name) if (c := condition(obj)))


def events(made: Cluster, reason: str) -> list[tuple[float, str, str]]:
    return [(r.t / 1000, r.object["type"], r.object["message"]) for r in made.history.events if r.object["reason"] == reason]


class TestPreemption:
    def test_the_weaker_pod_goes_with_its_grace_and_the_stronger_one_takes_its_place(self):
        made = cluster(pod("weak", cpu="3"), nodes=[{"name": "n1", "cpu": "4"}], containers={"app": {"on_term": {"after": 4, "exit": 0}}})
        made.run(until=10)
        made.kubectl("create -f p.json", files={"p.json": pod("strong", cpu="3", priorityClassName="high")})
        made.run(until=10.1)
        strong, weak = (versions(made, name)[-1][1] for name in ("strong", "weak"))
        assert strong["status"]["nominatedNodeName"] == "n1"
        assert condition(strong, "PodScheduled")["message"] == (
            "0/1 nodes are available: 1 Insufficient cpu. preemption: found a potential placement for pod on node n1, preempting 1 victims"
        )
        assert weak["metadata"]["deletionGracePeriodSeconds"] == 30
        assert marked(made, "weak") == (10.008, "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod")
        assert events(made, "Preempted") == [(10.008, "Normal", f"Preempted by pod {strong['metadata']['uid']} on node n1")]
        made.run(until=20)
        (bound,) = [f.t / 1000 for f in made.history.record.facts if f.kind == "bound" and f.subject == "default/strong"]
        assert 14 < bound < 16  # four seconds for the weak one to stop, and a look at the runtime
        assert made.kubectl("get pods --no-headers").stdout.split()[:3] == ["strong", "1/1", "Running"]


class TestEvictionByTheApi:
    def test_it_is_a_deletion_that_says_so(self):
        made = cluster(pod(), actions=[{"at": 10, "evict": {}}], containers={"app": {"on_term": {"after": 2, "exit": 0}}})
        made.run(until=30)
        assert marked(made) == (10.0, "EvictionByEvictionAPI", "Eviction API: evicting")
        deleting = next((t, o["metadata"]["deletionGracePeriodSeconds"]) for t, o in versions(made) if "deletionTimestamp" in o["metadata"])
        assert deleting == (10.0, 30)
        phases = [(t, o["status"]["phase"]) for t, o in versions(made) if o["status"]["phase"] == "Succeeded"]
        assert phases[0][0] == pytest.approx(12.1, abs=0.1)
        assert made.kubectl("get pods").stderr == "No resources found in default namespace.\n"

    def test_with_a_grace_of_its_own(self):
        made = cluster(pod(), actions=[{"at": 10, "evict": {"gracePeriodSeconds": 5}}], containers={"app": {"on_term": {"ignore": True}}})
        made.run(until=30)
        killed = next(f.t / 1000 for f in made.history.record.facts if f.kind == "kill-sent")
        assert killed == pytest.approx(15, abs=0.1)


class TestTaints:
    TAINT = {"spec": {"taints": [{"key": "gone", "effect": "NoExecute"}]}}  # noqa: RUF012 - never changed

    @pytest.mark.parametrize(
        ("tolerations", "when"),
        [
            ([], 10.005),
            ([{"key": "gone", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 40}], 50.005),
            ([{"key": "gone", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 0}], 10.005),
            ([{"key": "gone", "operator": "Exists"}], None),
            ([{"key": "gone", "operator": "Equal", "value": "x"}], 10.005),
        ],
    )
    def test_the_pod_stays_as_long_as_it_tolerates(self, tolerations: list[dict[str, Any]], when: float | None):
        made = cluster(pod(tolerations=tolerations), actions=[{"at": 10, "patch_node": self.TAINT}])
        made.run(until=100)
        told = events(made, "TaintManagerEviction")
        assert told == ([] if when is None else [(when, "Normal", "Marking for deletion Pod default/web")])
        if when is not None:
            assert marked(made) == (when, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint")

    def test_a_taint_that_goes_first_takes_it_back(self):
        patient = pod(tolerations=[{"key": "gone", "operator": "Exists", "tolerationSeconds": 40, "effect": "NoExecute"}])
        untaint = {"spec": {"taints": [{"$patch": "delete", "key": "gone"}]}}
        made = cluster(patient, actions=[{"at": 10, "patch_node": self.TAINT}, {"at": 30, "patch_node": untaint}])
        made.run(until=100)
        assert events(made, "TaintManagerEviction") == [(30.005, "Normal", "Cancelling deletion of Pod default/web")]
        assert made.kubectl("get pods --no-headers").stdout.split()[2] == "Running"

    def test_a_node_may_be_named(self):
        actions = [{"at": 10, "node": "n2", "patch_node": self.TAINT}]
        made = cluster(pod(nodeName="n1"), pod("other", nodeName="n2"), nodes=[{"name": "n1"}, {"name": "n2"}], actions=actions)
        made.run(until=20)
        assert made.kubectl("get pods --no-headers").stdout.split()[0] == "web"


class TestNodePressure:
    def test_the_kubelet_ends_the_pod_at_once(self):
        lack = {"available": "50Mi", "usage": {"app": "214368Ki"}}
        made = cluster(pod(), actions=[{"at": 12, "pressure": lack}], containers={"app": {"on_term": {"ignore": True}}})
        made.run(until=30)
        text = (
            "The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. "
            "Container app was using 214368Ki, request is 0, has larger consumption of memory. "
        )
        assert events(made, "Evicted") == [(12.0, "Warning", text)]
        ended, obj = next((t, o) for t, o in versions(made) if o["status"]["phase"] == "Failed")
        assert ended == pytest.approx(14.1, abs=0.1)  # two seconds: the least that a runtime is given
        assert (obj["status"]["reason"], obj["status"]["message"]) == ("Evicted", text)
        mark = obj["status"]["conditions"][0]
        assert (mark["type"], mark["reason"], mark["message"]) == ("DisruptionTarget", "TerminationByKubelet", text)
        assert "deletionTimestamp" not in obj["metadata"]
        assert not any(condition(o) for t, o in versions(made) if t < ended)

    def test_the_node_keeps_other_pods_away_for_five_minutes(self):
        made = cluster(pod(), actions=[{"at": 12, "pressure": {}}])
        made.run(until=25)
        made.kubectl("create -f p.json", files={"p.json": pod("late")})
        made.run(until=30)
        assert condition(versions(made, "late")[-1][1], "PodScheduled")["message"].startswith("0/1 nodes are available: 1 node(s) had untolerated taint(s).")
        made.run(until=400)
        (bound,) = [f.t / 1000 for f in made.history.record.facts if f.kind == "bound" and f.subject == "default/late"]
        assert bound == pytest.approx(320, abs=0.1)  # five minutes after the heartbeat that told of it

    def test_until_the_taint_is_there_the_kubelet_turns_best_effort_pods_away(self):
        made = cluster(pod(), actions=[{"at": 12, "pressure": {}}])
        made.run(until=14)
        made.kubectl("create -f p.json", files={"p.json": pod("late")})
        made.kubectl("create -f p.json", files={"p.json": pod("modest", cpu="1")})
        made.run(until=19)
        late, modest = (versions(made, name)[-1][1]["status"] for name in ("late", "modest"))
        assert (late["phase"], late["reason"], late["message"]) == ("Failed", "Evicted", "Pod was rejected: The node had condition: [MemoryPressure]. ")
        assert modest["phase"] == "Running"


class TestAdmissionByTheKubelet:
    @pytest.mark.parametrize(
        ("asked", "node", "reason", "message"),
        [
            (pod(cpu="2", nodeName="n1"), {"cpu": "1"}, "OutOfcpu", "Node didn't have enough resource: cpu, requested: 2000, used: 0, capacity: 1000"),
            (pod(nodeName="n1"), {"pods": 0}, "OutOfpods", "Node didn't have enough resource: pods, requested: 1, used: 0, capacity: 0"),
            (
                pod(nodeName="n1", nodeSelector={"disk": "ssd"}), {},
                "NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
            ),
            (
                pod(nodeName="n1"), {"taints": [{"key": "a", "effect": "NoExecute"}]},
                "TaintToleration", "Predicate TaintToleration failed: node(s) had untolerated taint(s)",
            ),
            (pod(nodeName="n1"), {"taints": [{"key": "a", "effect": "NoSchedule"}], "unschedulable": True}, None, ""),
        ],
    )  # fmt: skip
    def test_a_pod_put_on_a_node_by_hand_is_looked_at(self, asked: str, node: dict[str, Any], reason: str | None, message: str):
        made = cluster(asked, nodes=[{"name": "n1", **node}])
        made.run(until=5)
        status = versions(made)[-1][1]["status"]
        if reason is None:
            assert status["phase"] == "Running"
            return
        assert events(made, reason) == [(0.003, "Warning", message)]
        assert {k: status[k] for k in ("phase", "reason", "message")} == {"phase": "Failed", "reason": reason, "message": f"Pod was rejected: {message}"}
        assert "containerStatuses" not in status
        assert made.history.record.runtime == []
        assert made.kubectl("get pods --no-headers").stdout.split()[1:3] == ["0/1", reason]

    def test_pods_that_are_there_already_count(self):
        made = cluster(pod("first", cpu="600m", nodeName="n1"), nodes=[{"name": "n1", "cpu": "1"}])
        made.run(until=5)
        made.kubectl("create -f p.json", files={"p.json": pod(cpu="600m", nodeName="n1")})
        made.run(until=6)
        assert versions(made)[-1][1]["status"]["message"] == "Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 600, capacity: 1000"

    def test_a_rejected_pod_goes_at_once_when_deleted(self):
        made = cluster(pod(cpu="2", nodeName="n1"), nodes=[{"name": "n1", "cpu": "1"}])
        made.run(until=5)
        assert made.kubectl("delete pod web").stdout == 'pod "web" deleted from default namespace\n'
        assert made.now == 5
