"""StatefulSets and DaemonSets make their first pods."""

from __future__ import annotations

from podsim.api.workloads import revision_hash
from tests.cluster.controllers.stories import births, cluster, names, read, workload


def test_ordinals_come_one_after_the_other():
    made = cluster(workload("StatefulSet", serviceName="web"))
    made.run(until=10)
    assert names(made) == ["web-0", "web-1", "web-2"]
    first, second, third = births(made)
    assert 0.5 < second - first < 2
    assert 0.5 < third - second < 2
    pod = read(made, "pod web-1")
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("web-1", "web")
    revision = f"web-{revision_hash(read(made, 'statefulset web')['spec']['template'])}"
    assert pod["metadata"]["labels"]["controller-revision-hash"] == revision == read(made, "statefulset web")["status"]["updateRevision"]


def test_in_parallel_they_come_at_once():
    made = cluster(workload("StatefulSet", podManagementPolicy="Parallel"))
    made.run(until=1)
    assert births(made) == [0.008] * 3


def test_a_deleted_pod_comes_back_under_its_name_when_it_is_gone():
    made = cluster(workload("StatefulSet", replicas=1), containers={"main": {"on_term": {"after": 4, "exit": 0}}})
    made.run(until=5)
    made.kubectl("delete pod web-0 --wait=false")
    made.run(until=15)
    assert names(made) == ["web-0"]
    assert births(made)[1] > 9


def test_every_node_gets_a_daemon():
    made = cluster(workload("DaemonSet", replicas=None), nodes=[{"name": "n1"}, {"name": "n2", "taints": [{"key": "a", "effect": "NoSchedule"}]}])
    made.run(until=5)
    made.add_node({"name": "n3"})
    made.run(until=10)
    assert [p["spec"]["nodeName"] for p in read(made, "pods")["items"]] == ["n1", "n3"]
    assert read(made, "daemonset web")["status"]["desiredNumberScheduled"] == 2


def test_a_failed_daemon_is_deleted_and_made_again():
    made = cluster(workload("DaemonSet", replicas=None))
    made.run(until=3)
    first = names(made)[0]
    made.kubectl(["patch", "pod", first, "-p", '{"spec":{"activeDeadlineSeconds":5}}'])
    made.run(until=15)
    assert len(names(made)) == 1
    assert first not in names(made)
    told = [r.object["reason"] for r in made.history.events if r.object["involvedObject"]["kind"] == "DaemonSet"]
    assert told == ["SuccessfulCreate", "FailedDaemonPod", "SuccessfulDelete", "SuccessfulCreate"]
