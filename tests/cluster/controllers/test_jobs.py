"""Jobs as timelines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podsim import Cluster
from tests.cluster.controllers.stories import births, cluster, conditions, do, job, names, read

FAILS = [{"for": 2, "exit": 1}]
SUCCEEDS = [{"for": 3, "exit": 0}]


def status(made: Cluster) -> dict[str, Any]:
    return read(made, "job work")["status"]


def events(made: Cluster) -> list[str]:
    return [r.object["reason"] for r in made.history.events if r.object["involvedObject"]["kind"] == "Job" and r.type == "ADDED"]


def test_success():
    made = cluster(job(), runs=SUCCEEDS)
    made.run(until=10)
    assert births(made) == [0.013]
    assert conditions(read(made, "job work")) == {"SuccessCriteriaMet": ("True", "CompletionsReached"), "Complete": ("True", "CompletionsReached")}
    assert events(made) == ["SuccessfulCreate", "Completed"]
    assert "finalizers" not in read(made, "pods")["items"][0]["metadata"]


def test_failures_wait_ten_twenty_forty_seconds():
    made = cluster(job(backoffLimit=3), runs=FAILS)
    made.run(until=120)
    pauses = [later - earlier for earlier, later in zip(births(made), births(made)[1:], strict=False)]
    assert pauses == [pytest.approx(wait + 2.5, abs=1.5) for wait in (10, 20, 40)]
    assert conditions(read(made, "job work"))["Failed"] == ("True", "BackoffLimitExceeded")
    assert status(made)["failed"] == 4


def test_with_on_failure_the_restarts_count():
    made = cluster(job(restart="OnFailure", backoffLimit=2), runs=FAILS)
    made.run(until=60)
    assert len(births(made)) == 1
    assert status(made)["failed"] == 1
    assert names(made) == []


def test_no_more_than_parallelism_at_a_time():
    made = cluster(job(completions=4, parallelism=2), runs=SUCCEEDS)
    most = 0
    for second in range(20):
        made.run(until=second)
        most = max(most, status(made).get("active", 0))
    assert most == 2
    assert status(made)["succeeded"] == 4


def test_less_parallelism_takes_pods_away_without_counting_them():
    made = cluster(job(completions=6, parallelism=3), runs=[{"for": 30, "exit": 0}])
    do(made, 5, ["patch", "job", "work", "-p", '{"spec":{"parallelism":1}}'])
    made.run(until=10)
    assert (status(made)["active"], status(made).get("failed")) == (1, None)
    assert len(names(made)) == 1


def test_every_index_gets_a_pod_and_a_failed_one_another():
    made = Cluster(scenario={"containers": {"main": {"runs": SUCCEEDS}, "main#1": {"runs": FAILS}}})
    made.kubectl("apply -f j.yaml", files={"j.yaml": json.dumps(job(completions=3, parallelism=3, completionMode="Indexed", backoffLimitPerIndex=1))})
    made.run(until=40)
    assert sorted(name[:6] for name in names(made)) == ["work-0", "work-1", "work-1", "work-2"]
    assert (status(made)["completedIndexes"], status(made)["failedIndexes"]) == ("0,2", "1")
    assert conditions(read(made, "job work"))["Failed"] == ("True", "FailedIndexes")


def test_suspended_it_has_no_pods():
    made = cluster(job(), runs=[{"for": 30, "exit": 0}])
    do(made, 5, ["patch", "job", "work", "-p", '{"spec":{"suspend":true}}'])
    made.run(until=8)
    assert names(made) == []
    assert "startTime" not in status(made)
    do(made, 8, ["patch", "job", "work", "-p", '{"spec":{"suspend":false}}'])
    made.run(until=12)
    assert conditions(read(made, "job work"))["Suspended"] == ("False", "JobResumed")
    assert len(names(made)) == 1
    assert events(made) == ["SuccessfulCreate", "SuccessfulDelete", "Suspended", "SuccessfulCreate", "Resumed"]


def test_its_deadline_ends_it():
    made = cluster(job(activeDeadlineSeconds=10))
    made.run(until=10.1)
    assert conditions(read(made, "job work")) == {"FailureTarget": ("True", "DeadlineExceeded")}
    made.run(until=20)
    assert conditions(read(made, "job work"))["Failed"] == ("True", "DeadlineExceeded")


def test_after_its_time_to_live_it_goes_with_its_pods():
    made = cluster(job(ttlSecondsAfterFinished=5), runs=SUCCEEDS)
    made.run(until=9)
    assert names(made, "jobs") == ["work"]
    made.run(until=20)
    assert (names(made, "jobs"), names(made)) == ([], [])


def test_enough_by_its_policy_stops_the_others():
    made = Cluster(scenario={"containers": {"main": {"runs": [{"for": 60, "exit": 0}]}, "main#0": {"runs": SUCCEEDS}}})
    policy = {"rules": [{"succeededIndexes": "0"}]}
    made.kubectl("apply -f j.yaml", files={"j.yaml": json.dumps(job(completions=3, parallelism=3, completionMode="Indexed", successPolicy=policy))})
    made.run(until=20)
    assert conditions(read(made, "job work"))["Complete"] == ("True", "SuccessPolicy")
    assert len(names(made)) == 1


def test_a_deleted_pod_counts_as_failed_and_is_replaced_after_the_back_off():
    made = cluster(job())
    made.run(until=5)
    do(made, 5, f"delete pod {names(made)[0]} --wait=false")
    made.run(until=30)
    assert births(made)[1] == pytest.approx(15, abs=0.1)
    assert status(made)["failed"] == 1


def test_its_pods_go_with_it():
    made = cluster(job())
    do(made, 5, "delete job work")
    made.run(until=10)
    assert names(made) == []


def test_an_evicted_pod_need_not_count():
    ignore = {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}]}
    made = cluster(job(backoffLimit=0, podFailurePolicy=ignore), runs=[{"for": 10, "exit": 0}], actions=[{"at": 5, "evict": {}}])
    made.run(until=40)
    assert conditions(read(made, "job work"))["Complete"] == ("True", "CompletionsReached")
    assert "failed" not in status(made)
    assert births(made)[1] == pytest.approx(15, abs=0.1)


def test_where_it_counts_an_evicted_pod_may_be_one_too_many():
    made = cluster(job(backoffLimit=0), runs=[{"for": 10, "exit": 0}], actions=[{"at": 5, "evict": {}}])
    made.run(until=40)
    assert conditions(read(made, "job work"))["Failed"] == ("True", "BackoffLimitExceeded")
