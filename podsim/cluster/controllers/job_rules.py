"""What a Job's spec says about its pods: sets of indexes, policies, back-off.

controller/job/{indexed_job_utils,pod_failure_policy,success_policy,backoff_utils}.go
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from podsim.cluster.clock import read_stamp
from podsim.cluster.controllers.pods import condition, phase
from podsim.cluster.store import Object

INDEX = "batch.kubernetes.io/job-completion-index"
INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count"
TRACKING = "batch.kubernetes.io/job-tracking"
BACK_OFF, BACK_OFF_MAX = timedelta(seconds=10), timedelta(seconds=600)  # DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff

PolicyAction = Literal["FailJob", "FailIndex", "Ignore", "Count"]


@dataclass(frozen=True, slots=True)
class BackOff:
    """Failures since the last success, and when the last of them ended."""

    failures: int = 0
    last: datetime | None = None

    def after(self, finished: Iterable[Object], job: Object) -> BackOff:
        """With pods that have just finished."""
        record = self
        for pod in sorted(finished, key=lambda p: finish_time(p, job)):
            record = BackOff() if phase(pod) == "Succeeded" else BackOff(record.failures + 1, finish_time(pod, job))
        return record

    def left(self, now: datetime) -> float:
        """Milliseconds until the next pod may be made; 0 or less: now."""
        return 0 if self.last is None else milliseconds(self.last + delay(self.failures) - now)


def delay(failures: int) -> timedelta:
    """10 s, doubling with each failure, at most 600 s."""
    return min(BACK_OFF * 2 ** min(failures - 1, 10), BACK_OFF_MAX) if failures else timedelta()


def milliseconds(span: timedelta) -> float:
    """A span in ms."""
    return span.total_seconds() * 1000


def finish_time(pod: Object, job: Object) -> datetime:
    """When a pod ended: its containers, else its deletion, else its creation.                       getFinishedTime"""
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    ends: list[str] = [((s.get("state") or {}).get("terminated") or {}).get("finishedAt") or "" for s in statuses]
    if ends and all(ends):
        return max(map(read_stamp, ends))
    meta = pod["metadata"]
    if "deletionTimestamp" in meta:
        return read_stamp(meta["deletionTimestamp"]) - timedelta(seconds=meta.get("deletionGracePeriodSeconds", 0))
    return read_stamp(meta.get("creationTimestamp") or job["metadata"]["creationTimestamp"])


def index_of(pod: Object) -> int | None:
    """The completion index of a pod."""
    text = (pod["metadata"].get("annotations") or {}).get(INDEX)
    return None if text is None else int(text)


def failures_of_index(pod: Object) -> int:
    """How often the index of a failed pod has failed, this time included."""
    return int((pod["metadata"].get("annotations") or {}).get(INDEX_FAILURES, "0")) + 1


def parse_indexes(text: str) -> set[int]:
    """`1,3-5` as a set."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def format_indexes(indexes: Iterable[int]) -> str:
    """A set as `1,3-5`: two in a row stay apart.                                    orderedIntervals.String"""
    return ",".join(_interval(run) for run in _runs(sorted(indexes)))


def _runs(ordered: Sequence[int]) -> Iterator[list[int]]:
    for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        yield [value for _, value in run]


def _interval(run: list[int]) -> str:
    return str(run[0]) if len(run) == 1 else f"{run[0]}{',' if len(run) == 2 else '-'}{run[-1]}"


def matched_failure_rule(job: Object, pod: Object) -> tuple[PolicyAction, str] | None:
    """The action of the first rule of the podFailurePolicy that takes a failed pod, and its message.   matchPodFailurePolicy"""
    for number, rule in enumerate((job["spec"].get("podFailurePolicy") or {}).get("rules") or ()):
        action: PolicyAction = rule["action"]
        where = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        if (exit_ := _matched_exit(rule.get("onExitCodes"), pod)) is not None:
            return action, f"Container {exit_[0]} for pod {where} failed with exit code {exit_[1]} matching {action} rule at index {number}"
        for pattern in rule.get("onPodConditions") or ():
            found = condition(pod, pattern["type"])
            if found is not None and found["status"] == pattern.get("status", "True"):
                return action, f"Pod {where} has condition {pattern['type']} matching {action} rule at index {number}"
    return None


def _matched_exit(requirement: Object | None, pod: Object) -> tuple[str, int] | None:
    """(container, exit code) of the first container that a requirement on exit codes takes."""
    if requirement is None:
        return None
    status = pod.get("status") or {}
    for one in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
        ended = (one.get("state") or {}).get("terminated")
        named = requirement.get("containerName") in (None, one["name"])
        if ended and ended["exitCode"] and named and (ended["exitCode"] in requirement["values"]) == (requirement["operator"] == "In"):
            return one["name"], ended["exitCode"]
    return None


def matched_success_rule(job: Object, succeeded: set[int]) -> int | None:
    """The index of the first rule of the successPolicy that holds.                       matchSuccessPolicy"""
    for number, rule in enumerate((job["spec"].get("successPolicy") or {}).get("rules") or ()):
        indexes = parse_indexes(rule["succeededIndexes"]) if rule.get("succeededIndexes") else None
        counted = succeeded if indexes is None else succeeded & indexes
        wanted = rule.get("succeededCount", len(indexes or ()))
        if len(counted) >= wanted:
            return number
    return None
