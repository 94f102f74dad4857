"""Sets of indexes, back-off and policies of Jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podsim.cluster.controllers.job_rules import BackOff, delay, format_indexes, matched_failure_rule, matched_success_rule, parse_indexes

START = datetime(2026, 1, 1, tzinfo=UTC)


def ended(at: int, code: int = 1) -> dict[str, Any]:
    state = {"terminated": {"exitCode": code, "finishedAt": (START + timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%SZ")}}
    return {
        "metadata": {"namespace": "default", "name": f"work-{at}", "creationTimestamp": "2026-01-01T00:00:00Z"},
        "status": {"phase": "Failed" if code else "Succeeded", "containerStatuses": [{"name": "main", "state": state}]},
    }


@pytest.mark.parametrize(("indexes", "text"), [(set(), ""), ({3}, "3"), ({1, 2}, "1,2"), ({0, 1, 2, 5}, "0-2,5"), ({1, 3, 4, 6, 7, 8}, "1,3,4,6-8")])
def test_indexes_are_written_as_intervals(indexes: set[int], text: str):
    assert format_indexes(indexes) == text


@given(st.sets(st.integers(0, 100)))
def test_what_is_written_can_be_read(indexes: set[int]):
    assert parse_indexes(format_indexes(indexes)) == indexes


def test_waits_double_up_to_ten_minutes():
    assert [delay(n).total_seconds() for n in range(9)] == [0, 10, 20, 40, 80, 160, 320, 600, 600]


@pytest.mark.parametrize(
    ("finished", "record"),
    [
        ([ended(5)], BackOff(1, START + timedelta(seconds=5))),
        ([ended(9), ended(5)], BackOff(2, START + timedelta(seconds=9))),
        ([ended(5), ended(9, code=0)], BackOff()),  # a success forgets the past
        ([ended(9, code=0), ended(12)], BackOff(1, START + timedelta(seconds=12))),
    ],
)
def test_failures_since_the_last_success_count(finished: list[dict[str, Any]], record: BackOff):
    assert BackOff().after(finished, {}) == record


def test_the_wait_counts_from_the_end_of_the_last_failure():
    assert BackOff(2, START).left(START + timedelta(seconds=15)) == 5_000


def policy(**rule: Any) -> dict[str, Any]:
    return {"spec": {"podFailurePolicy": {"rules": [{"action": "FailJob", **rule}]}}}


@pytest.mark.parametrize(
    ("rule", "code", "matches"),
    [
        ({"onExitCodes": {"operator": "In", "values": [42]}}, 42, True),
        ({"onExitCodes": {"operator": "In", "values": [42]}}, 1, False),
        ({"onExitCodes": {"operator": "NotIn", "values": [42]}}, 1, True),
        ({"onExitCodes": {"containerName": "helper", "operator": "In", "values": [42]}}, 42, False),
        ({"onPodConditions": [{"type": "DisruptionTarget"}]}, 42, False),
    ],
)
def test_failure_policies(rule: dict[str, Any], code: int, *, matches: bool):
    assert (matched_failure_rule(policy(**rule), ended(3, code)) is not None) == matches


def test_the_message_of_a_failure_policy():
    rule = policy(onExitCodes={"operator": "In", "values": [42]})
    text = "Container main for pod default/work-3 failed with exit code 42 matching FailJob rule at index 0"
    assert matched_failure_rule(rule, ended(3, 42)) == ("FailJob", text)


@pytest.mark.parametrize(
    ("rule", "succeeded", "index"),
    [
        ({"succeededIndexes": "0,2"}, {0, 1}, None),
        ({"succeededIndexes": "0,2"}, {0, 2}, 0),
        ({"succeededCount": 2}, {4, 7}, 0),
        ({"succeededIndexes": "0-3", "succeededCount": 1}, {3}, 0),
    ],
)
def test_success_policies(rule: dict[str, Any], succeeded: set[int], index: int | None):
    assert matched_success_rule({"spec": {"successPolicy": {"rules": [rule]}}}, succeeded) == index
