"""How a pod is brought to its end, wherever its worker is when the end is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from pytest import approx

from podsim.cluster.kubelet import spec, termination
from tests.cluster.kubelet.told import events, gone, row_at, rows, stops, story

PRE_STOP = {"lifecycle": {"preStop": {"sleep": {"seconds": 3}}}}


@pytest.mark.parametrize(
    ("of_spec", "of_deletion", "seconds"), [(30, None, 30), (30, 5, 5), (30, 0, 1), (0, None, 1), (10, 60, 60)]
)
def test_a_termination_has_at_least_one_second(of_spec: int, of_deletion: int | None, seconds: int):
    meta = {"name": "web"} if of_deletion is None else {"name": "web", "deletionGracePeriodSeconds": of_deletion}
    pod = spec.read({"metadata": meta, "spec": {"terminationGracePeriodSeconds": of_spec, "containers": []}})
    assert termination.effective_grace(pod) == seconds


@pytest.mark.parametrize("how", [{"force_delete": True}, {"delete": {"gracePeriodSeconds": 1}}])
def test_in_its_one_second_a_hook_still_begins(how: dict[str, Any]):
    history = story({"containers": [{"name": "app", **PRE_STOP}]}, {"actions": [{"at": 5, **how}]})
    assert stops(history) == [(approx(6.01, abs=0.02), "app", 2)]


@pytest.mark.parametrize(
    ("handler", "failures"),
    [
        ({"exec": {"command": ["drain"]}}, [(approx(17.01, abs=0.02), "PreStopHook failed")]),
        ({"httpGet": {"port": 80}}, [(approx(17.01, abs=0.02), "PreStopHook failed")]),
        ({"sleep": {"seconds": 20}}, []),
    ],
)
def test_a_hook_that_outlives_the_grace_period_fails_when_its_container_dies(handler: dict[str, Any], failures: list[Any]):
    app = {"on_term": {"ignore": True}, "hooks": {"preStop": {"takes": 20}}}
    world = {"containers": {"app": app}, "actions": [{"at": 10, "delete": {"gracePeriodSeconds": 5}}]}
    history = story({"containers": [{"name": "app", "lifecycle": {"preStop": handler}}]}, world)
    assert stops(history) == [(approx(15.01, abs=0.02), "app", 2)]
    assert events(history, "FailedPreStopHook") == failures


def test_a_process_that_ends_takes_its_hook_along():
    hooked = {"name": "app", "lifecycle": {"postStart": {"exec": {"command": ["warm-up"]}}}}
    history = story({"containers": [hooked]}, {"containers": {"app": {"runs": [{"for": 2, "exit": 1}], "hooks": {"postStart": {"takes": 9}}}}}, until=6)
    assert events(history, "FailedPostStartHook")[0] == (approx(2.67, abs=0.02), "PostStartHook failed")


def test_a_deletion_waits_for_the_sync_under_way_and_then_for_nothing():
    probed = {"livenessProbe": {"exec": {"command": ["check"]}, "periodSeconds": 5, "failureThreshold": 1}}
    app = {"on_term": {"after": 8, "exit": 0}, "probes": {"liveness": [{"from": 3, "result": "fail", "run": 0}]}}
    history = story({"containers": [{"name": "app", **probed}]}, {"containers": {"app": app}, "actions": [{"at": 8, "delete": {"gracePeriodSeconds": 5}}]})
    assert stops(history) == [(approx(5.33, abs=0.02), "app", 30), (approx(13.46, abs=0.02), "app", 5)]
    assert row_at(history, 14) == "1/1 Terminating 1"


def test_a_deletion_cuts_the_wait_for_volumes_short():
    volume = {"volumes": [{"name": "v", "configMap": {"name": "none"}}], "containers": [{"name": "app"}]}
    history = story(volume, {"actions": [{"at": 5, "delete": {}}]})
    assert [round(t, 2) for t, _ in events(history, "FailedMount")] == approx([0.16, 0.66, 1.66, 3.66], abs=0.02)
    assert gone(history) == approx(6.91, abs=0.02)  # one look at the runtime to terminate, one to finish


def test_a_pod_deleted_while_its_volumes_are_mounted_never_starts():
    history = story({"containers": [{"name": "app"}]}, {"actions": [{"at": 0.1, "delete": {}}]}, until=10)
    assert [f for f in history.record.facts if f.kind == "sandbox-started"] == []
    assert rows(history)[-1][1] == "0/1 ContainerStatusUnknown 0"


def test_mounting_goes_on_in_its_rhythm_when_the_pods_worker_gives_up_waiting():
    volume = {"volumes": [{"name": "v", "secret": {"secretName": "none"}}], "containers": [{"name": "app"}]}
    history = story(volume, until=300)
    assert [t for t, _ in events(history, "FailedMount")] == approx([0.2, 0.7, 1.7, 3.7, 7.7, 15.7, 31.7, 63.7, 127.7, 249.7], abs=0.05)


def test_what_never_ran_is_unknown_when_the_deadline_ends_a_pod_that_cannot_pull():
    history = story(
        {"activeDeadlineSeconds": 8, "containers": [{"name": "app", "image": "none:1"}]}, {"images": {"none:1": {"error": "none:1: not found"}}}, until=20
    )
    assert [text for t, text in rows(history) if t > 2] == ["0/1 ImagePullBackOff 0", "0/1 ContainerStatusUnknown 0"]
    status = history.at(19)[-1]["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "DeadlineExceeded")


def test_a_container_in_back_off_keeps_its_exit_when_its_pod_is_deleted():
    actions = [{"at": 8, "patch": {"metadata": {"labels": {"a": "b"}}}}, {"at": 12, "delete": {}}]
    history = story({"containers": [{"name": "app"}]}, {"containers": {"app": {"runs": [{"for": 2, "exit": 7}]}}, "actions": actions})
    assert [row_at(history, t) for t in (10, 12.5)] == ["0/1 CrashLoopBackOff 1", "0/1 Error 1"]


def test_the_last_finalizer_takes_the_object_with_it():
    drop = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/hold"]}}
    history = story({"containers": [{"name": "app"}]}, {"actions": [{"at": 5, "delete": {}}, {"at": 15, "patch": drop}]}, finalizers=["example.com/hold"])
    last = history.to_trace()["revisions"][-2:]
    assert [(r["type"], r["t"]) for r in last] == [("MODIFIED", approx(5.91, abs=0.02)), ("DELETED", 15)]
