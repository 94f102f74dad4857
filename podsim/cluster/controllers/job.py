"""The Job controller: pods until enough have succeeded or too many have failed.         controller/job/job_controller.go"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from podsim.cluster.clock import read_stamp, write_stamp
from podsim.cluster.controllers import job_rules as rules
from podsim.cluster.controllers.job_rules import TRACKING, BackOff, index_of
from podsim.cluster.controllers.ownership import owns, pod_of
from podsim.cluster.controllers.plan import Action, Create, Delete, Event, Plan, Related, Update, WriteStatus
from podsim.cluster.controllers.pods import condition, first_to_go, is_active, is_ready, is_terminating, phase
from podsim.cluster.store import Object

ALWAYS_SHOWN = ("ready", "startTime", "terminating", "uncountedTerminatedPods")
INTERIM = {"FailureTarget": "Failed", "SuccessCriteriaMet": "Complete"}  # set first; the final condition follows when no pod is left
MAX_CREATED = 500  # at once, MaxPodCreateDeletePerSync
REACHED = ("CompletionsReached", "Reached expected number of succeeded pods")
BACK_OFF_LIMIT = ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
DEADLINE = ("DeadlineExceeded", "Job was active longer than specified deadline")
TOO_MANY_INDEXES = ("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes")
FAILED_INDEXES = ("FailedIndexes", "Job has failed indexes")


class Jobs:
    """Remembers the back-off of every Job, as the controller does: the pods that caused it may be gone."""

    def __init__(self) -> None:
        self._back_offs: dict[str, BackOff] = {}

    def reconcile(self, job: Object, related: Related, now: datetime) -> Plan:
        """Counts what has finished, decides whether the Job is at its end, else makes or removes pods."""
        uid = job["metadata"]["uid"]
        plan, self._back_offs[uid] = sync(job, [p for p in related["Pod"] if owns(job, p)], self._back_offs.get(uid, BackOff()), now)
        return plan


def is_finished(job: Object) -> bool:
    """Whether the Job is Complete or Failed."""
    return any((c := condition(job, type_)) is not None and c["status"] == "True" for type_ in INTERIM.values())


def sync(job: Object, pods: Sequence[Object], record: BackOff, now: datetime) -> tuple[Plan, BackOff]:
    """One sync of a Job: the plan, and its back-off from now on."""
    if is_finished(job):
        return _after_the_end(job, now), record
    one = _Sync(job, pods, record, now)
    return one.plan(), one.record


def _after_the_end(job: Object, now: datetime) -> Plan:
    """ttlSecondsAfterFinished.                                    controller/ttlafterfinished"""
    seconds = job["spec"].get("ttlSecondsAfterFinished")
    if seconds is None:
        return Plan()
    ended = next(c for type_ in INTERIM.values() if (c := condition(job, type_)))
    left = rules.milliseconds(read_stamp(ended["lastTransitionTime"]) + timedelta(seconds=seconds) - now)
    return Plan((Delete(job),)) if left <= 0 else Plan(again=left)


@dataclass(slots=True)
class _Sync:
    job: Object
    pods: Sequence[Object]
    record: BackOff
    now: datetime
    actions: list[Action] = field(default_factory=list)
    active: list[Object] = field(init=False)
    succeeded: list[Object] = field(init=False)  # finished, not yet counted in the status
    failed: list[Object] = field(init=False)
    status: Object = field(init=False)
    waits: list[float] = field(default_factory=list)
    ending: bool = False  # every pod counts, nobody waits for a successor

    def __post_init__(self) -> None:
        tracked = [p for p in self.pods if TRACKING in (p["metadata"].get("finalizers") or ())]
        self.active = [p for p in self.pods if is_active(p)]
        self.succeeded = [p for p in tracked if phase(p) == "Succeeded"]
        self.failed = [p for p in tracked if self._has_failed(p)]
        self.status = dict(self.job.get("status") or {})
        fresh = [p for p in (*self.succeeded, *self.failed) if not self._is_retained(p)]
        self.record = self.record.after(fresh, self.job)

    @property
    def spec(self) -> Object:
        """The Job's spec."""
        spec: Object = self.job["spec"]
        return spec

    @property
    def indexed(self) -> bool:
        """Whether every pod has an index."""
        return bool(self.spec.get("completionMode") == "Indexed")

    @property
    def per_index(self) -> bool:
        """Whether failures are limited for each index."""
        return self.spec.get("backoffLimitPerIndex") is not None

    def plan(self) -> Plan:
        """What to do, in the controller's order."""
        suspended = bool(self.spec.get("suspend"))
        if not suspended and "startTime" not in self.status:
            self.status["startTime"] = write_stamp(self.now)
        verdict = self._known_verdict() or self._failure() or self._success_by_policy()
        self.ending = verdict is not None
        stopped = self._stop(self.active) if self.ending else self._manage(suspended)
        verdict = verdict or self._completion()
        if verdict is None:
            self._note_suspension(suspended)
        self._count(verdict, stopped)
        return Plan(tuple(self.actions), again=min(self.waits, default=None))

    def _has_failed(self, pod: Object) -> bool:
        """Failed, or on its way out unless only failed pods are replaced.                           isPodFailed"""
        if phase(pod) == "Failed":
            return True
        return is_terminating(pod) and self.spec.get("podReplacementPolicy") != "Failed"

    def _is_retained(self, pod: Object) -> bool:
        """Whether a failed pod of a Job with a limit per index waits for its successor before it is counted."""
        index = index_of(pod)
        if self.ending or not self.per_index or phase(pod) == "Succeeded" or index is None or index in self._failed_indexes():
            return False
        return not any(index_of(p) == index and p["metadata"]["creationTimestamp"] > pod["metadata"]["creationTimestamp"] for p in self.pods)

    def _failed_indexes(self) -> set[int]:
        """The indexes that have failed for good."""
        gone = {
            index for p in self.failed
            if (index := index_of(p)) is not None and (rules.failures_of_index(p) > self.spec["backoffLimitPerIndex"] or self._action(p) == "FailIndex")
        } if self.per_index else set()  # fmt: skip
        return rules.parse_indexes(self.status.get("failedIndexes", "")) | gone

    def _completed_indexes(self) -> set[int]:
        limit = self.spec.get("completions", 0)
        fresh = {i for p in self.succeeded if (i := index_of(p)) is not None}
        return {i for i in rules.parse_indexes(self.status.get("completedIndexes", "")) | fresh if i < limit}

    def _total_succeeded(self) -> int:
        return len(self._completed_indexes()) if self.indexed else self.status.get("succeeded", 0) + len(self.succeeded)

    def _countable(self) -> list[Object]:
        """The failed pods that count now."""
        return [p for p in self.failed if not self._is_retained(p) and self._action(p) != "Ignore"]

    def _action(self, pod: Object) -> str | None:
        rule = rules.matched_failure_rule(self.job, pod) if phase(pod) == "Failed" else None
        return rule[0] if rule else None

    def _known_verdict(self) -> tuple[str, str, str] | None:
        """The verdict of an earlier sync: (interim condition, reason, message)."""
        for interim in INTERIM:
            if (known := condition(self.job, interim)) is not None:
                return interim, known["reason"], known["message"]
        return None

    def _failure(self) -> tuple[str, str, str] | None:
        """Why the Job has failed, if it has."""
        for pod in self.failed:
            rule = rules.matched_failure_rule(self.job, pod) if phase(pod) == "Failed" else None
            if rule is not None and rule[0] == "FailJob":
                return "FailureTarget", "PodFailurePolicy", rule[1]
        if self.status.get("failed", 0) + len(self._countable()) > self.spec["backoffLimit"] or self._restarted_too_often():
            return "FailureTarget", *BACK_OFF_LIMIT
        if self._past_deadline():
            return "FailureTarget", *DEADLINE
        if self.per_index:
            failed = self._failed_indexes()
            limit = self.spec.get("maxFailedIndexes")
            if limit is not None and len(failed) > limit:
                return "FailureTarget", *TOO_MANY_INDEXES
            if failed and len(failed | self._completed_indexes()) >= self.spec["completions"]:
                return "FailureTarget", *FAILED_INDEXES
        return None

    def _restarted_too_often(self) -> bool:
        """With OnFailure the restarts of running pods count.                     pastBackoffLimitOnFailure"""
        if self.spec["template"]["spec"]["restartPolicy"] != "OnFailure":
            return False
        statuses = [s for p in self.active for k in ("initContainerStatuses", "containerStatuses") for s in p["status"].get(k) or ()]
        restarts = sum(s.get("restartCount", 0) for s in statuses)
        return bool(restarts > 0 and restarts >= self.spec["backoffLimit"])

    def _past_deadline(self) -> bool:
        seconds = self.spec.get("activeDeadlineSeconds")
        if seconds is None or self.spec.get("suspend"):
            return False
        left = rules.milliseconds(read_stamp(self.status["startTime"]) + timedelta(seconds=seconds) - self.now)
        if left > 0:
            self.waits.append(left)
        return left <= 0

    def _success_by_policy(self) -> tuple[str, str, str] | None:
        rule = rules.matched_success_rule(self.job, self._completed_indexes())
        return None if rule is None else ("SuccessCriteriaMet", "SuccessPolicy", f"Matched rules at index {rule}")

    def _completion(self) -> tuple[str, str, str] | None:
        """Whether enough pods have succeeded and none is left."""
        done, wanted = self._total_succeeded(), self.spec.get("completions")
        enough = done > 0 if wanted is None else done >= wanted
        return ("SuccessCriteriaMet", *REACHED) if enough and not self.active else None

    def _manage(self, suspended: bool) -> list[Object]:
        """Creates what is missing or deletes what is too much; gives the pods deleted.                  manageJob"""
        wanted = 0 if suspended else self._wanted()
        if len(self.active) > wanted:
            return self._stop(first_to_go(self.active, self.now)[: len(self.active) - wanted])
        terminating = sum(map(is_terminating, self.pods)) if self.spec.get("podReplacementPolicy") == "Failed" else 0
        missing = min(wanted - len(self.active) - terminating, MAX_CREATED)
        left = 0 if self.per_index else self.record.left(self.now)
        if missing > 0 and left > 0:
            self.waits.append(left)
        elif missing > 0 and self.indexed:
            self._create_indexes(missing)
        else:
            self._create([pod_of(self.spec["template"], self.job, f"{self.job['metadata']['name']}-") for _ in range(missing)])
        return []

    def _wanted(self) -> int:
        parallelism, completions = int(self.spec["parallelism"]), self.spec.get("completions")
        if completions is None:
            return len(self.active) if self._total_succeeded() else parallelism
        left = int(completions) - self._total_succeeded() - len(self._failed_indexes())
        return max(min(left, parallelism), 0)

    def _create_indexes(self, missing: int) -> None:
        taken = {index_of(p) for p in self.active} | self._completed_indexes() | self._failed_indexes()
        last_failed = {index_of(p): p for p in self.failed if self._is_retained(p)}
        made: list[Object] = []
        for index in (i for i in range(self.spec["completions"]) if i not in taken):
            if len(made) == missing:
                break
            failures, before = 0, last_failed.get(index)
            if before is not None:
                failures = int(self._action(before) != "Ignore") + rules.failures_of_index(before) - 1
                left = rules.milliseconds(rules.finish_time(before, self.job) + rules.delay(failures) - self.now)
                if left > 0:
                    self.waits.append(left)
                    continue
            made.append(_of_index(self.job, index, failures if self.per_index else None))
        self._create(made)

    def _create(self, pods: Sequence[Object]) -> None:
        for pod in pods:
            tracked = {**pod, "metadata": {**pod["metadata"], "finalizers": [*pod["metadata"].get("finalizers", ()), TRACKING]}}
            self.actions.append(Create(tracked, Event("SuccessfulCreate", "Created pod: {name}")))
            self.active.append(tracked)

    def _stop(self, pods: Sequence[Object]) -> list[Object]:
        """Lets pods go and deletes them."""
        self.actions += [Update(_released(p)) for p in pods]
        self.actions += [Delete(p, Event("SuccessfulDelete", f"Deleted pod: {p['metadata']['name']}")) for p in pods]
        self.active = [p for p in self.active if p not in pods]
        return list(pods)

    def _note_suspension(self, suspended: bool) -> None:
        known = condition(self.job, "Suspended")
        if suspended == (known is not None and known["status"] == "True"):
            return
        told = ("JobSuspended", "Job suspended", "Suspended") if suspended else ("JobResumed", "Job resumed", "Resumed")
        self._add_condition("Suspended", *told[:2], status=str(suspended))
        self.actions.append(Event(told[2], told[1]))
        self.status.pop("startTime", None)
        if not suspended:
            self.status["startTime"] = write_stamp(self.now)

    def _count(self, verdict: tuple[str, str, str] | None, stopped: Sequence[Object]) -> None:
        """Notes the finished pods, lets them go, adds them up, and ends the Job when nothing is left.

        trackJobStatusAndRemoveFinalizers: first the uids, then the finalizers, then the numbers.
        """
        terminating = sum(map(is_terminating, self.pods)) + len(stopped)
        self.status |= {"active": len(self.active), "ready": sum(map(is_ready, self.active)), "terminating": terminating}
        if self.per_index:
            self.status["failedIndexes"] = rules.format_indexes(self._failed_indexes())
        if verdict is not None and condition(self.job, verdict[0]) is None:
            self._add_condition(*verdict)
        failed = [*self._countable(), *(stopped if self.ending else ())]
        uids = {"succeeded": [p["metadata"]["uid"] for p in self.succeeded], "failed": [p["metadata"]["uid"] for p in failed]}
        done = self._completed_indexes()
        succeeded = self._total_succeeded()
        self._write({k: v for k, v in uids.items() if v})
        self.actions += [Update(_released(p)) for p in (*self.succeeded, *self.failed) if not self._is_retained(p)]
        self.status |= {"succeeded": succeeded, "failed": self.status.get("failed", 0) + len(failed), "completedIndexes": rules.format_indexes(done)}
        if verdict is not None and not terminating:
            self._end(verdict)
        if verdict is not None or any(uids.values()):
            self._write({})

    def _end(self, verdict: tuple[str, str, str]) -> None:
        interim, reason, message = verdict
        self._add_condition(INTERIM[interim], reason, message)
        if interim == "SuccessCriteriaMet":
            self.status["completionTime"] = write_stamp(self.now)
            self.actions.append(Event("Completed", "Job completed"))
        else:
            self.actions.append(Event(reason, message, "Warning"))

    def _add_condition(self, type_: str, reason: str, message: str, status: str = "True") -> None:
        stamp = write_stamp(self.now)
        new = {"lastProbeTime": stamp, "lastTransitionTime": stamp, "message": message, "reason": reason, "status": status, "type": type_}
        self.status["conditions"] = [*(c for c in self.status.get("conditions") or () if c["type"] != type_), new]

    def _write(self, uncounted: dict[str, list[str]]) -> None:
        shown = {**self.status, "uncountedTerminatedPods": uncounted}
        kept = (*ALWAYS_SHOWN, "failedIndexes")
        self.actions.append(WriteStatus({k: v for k, v in sorted(shown.items()) if v or k in kept}))


def _released(pod: Object) -> Object:
    """The pod without the finalizer by which its Job tracks it."""
    meta = pod["metadata"]
    left = [f for f in meta.get("finalizers") or () if f != TRACKING]
    return {**pod, "metadata": {**{k: v for k, v in meta.items() if k != "finalizers"}, **({"finalizers": left} if left else {})}}


def _of_index(job: Object, index: int, failures: int | None) -> Object:
    """The pod of an index: its annotations and label, host name and JOB_COMPLETION_INDEX."""
    name, number = job["metadata"]["name"], str(index)
    pod = pod_of(job["spec"]["template"], job, f"{name}-{number}-")
    meta, spec = pod["metadata"], {**pod["spec"], "hostname": f"{name}-{number}"}
    annotations = {**(meta.get("annotations") or {}), rules.INDEX: number, **({} if failures is None else {rules.INDEX_FAILURES: str(failures)})}
    source = {"fieldRef": {"apiVersion": "v1", "fieldPath": f"metadata.labels['{rules.INDEX}']"}}
    variable = {"name": "JOB_COMPLETION_INDEX", "valueFrom": source}
    for key in ("containers", "initContainers"):
        if key in spec:
            spec[key] = [{**c, "env": [*(c.get("env") or ()), variable]} for c in spec[key]]
    return {**pod, "metadata": {**meta, "annotations": annotations, "labels": {**(meta.get("labels") or {}), rules.INDEX: number}}, "spec": spec}
