"""The Job controller: pods until enough have succeeded or too many have failed.         controller/job/job_controller.go"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.clock import read_stamp
from podsim.cluster.controllers.ownership import is_active, is_ready, owned, pod_of
from podsim.cluster.controllers.queue import Queue
from podsim.cluster.history import subject_of
from podsim.cluster.store import Object

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

DELAY = 13  # ms from a new Job to its first sync
BATCH = 1_000  # ms; syncJobBatchPeriod: later changes are gathered
BACK_OFF, BACK_OFF_MAX = 10_000, 600_000  # ms; DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff
SOURCE = "job-controller"
INDEX = "batch.kubernetes.io/job-completion-index"


class Jobs:
    """Runs Jobs to their end."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        Queue(simulation, "Job", ("Pod",), BATCH, self._reconcile)
        simulation.store.subscribe(lambda r: self._first(r.object) if r.type == "ADDED" and r.object["kind"] == "Job" else None)

    def _first(self, job: Object) -> None:
        self._simulation.process(self._start(job["metadata"]["namespace"], job["metadata"]["name"]))

    def _start(self, namespace: str, name: str) -> Generator[simpy.Event, Any, None]:
        yield self._simulation.env.timeout(DELAY)
        self._reconcile(namespace, name)

    def _reconcile(self, namespace: str, name: str) -> float | None:
        job = self._simulation.store.get("Job", namespace, name)
        if job is None or "deletionTimestamp" in job["metadata"] or finished(job):
            return None
        pods = owned(self._simulation.store, "Pod", job)
        active = [p for p in pods if is_active(p)]
        failed = [p for p in pods if p["status"].get("phase") == "Failed"]
        succeeded = [p for p in pods if p["status"].get("phase") == "Succeeded"]
        spec = job["spec"]
        restarts = sum(c.get("restartCount", 0) for p in active for c in p["status"].get("containerStatuses") or ())
        too_many = len(failed) > spec["backoffLimit"] or (spec["template"]["spec"]["restartPolicy"] == "OnFailure" and restarts > 0 and restarts >= spec["backoffLimit"])
        if spec.get("suspend"):
            return self._suspend(job, active, failed, succeeded)
        if too_many:
            return self._fail(job, active, failed, succeeded)
        if spec.get("completions") is not None and len(succeeded) >= spec["completions"]:
            self._end(job, failed, succeeded, "Complete", "CompletionsReached", "Reached expected number of succeeded pods")
            self._tell(job, "Normal", "Completed", "Job completed")
            return None
        wait = self._back_off(failed, succeeded)
        if wait > 0:
            self._write(job, active, failed, succeeded)
            return wait
        self._create(job, active, succeeded)
        self._write(job, [p for p in owned(self._simulation.store, "Pod", job) if is_active(p)], failed, succeeded)
        return None

    def _create(self, job: Object, active: list[Object], succeeded: list[Object]) -> None:
        spec, name = job["spec"], job["metadata"]["name"]
        wanted = spec["parallelism"]
        if spec.get("completions") is not None:
            wanted = min(wanted, spec["completions"] - len(succeeded))
        elif succeeded:
            wanted = len(active)
        free = self._free_indexes(job, active, succeeded) if spec["completionMode"] == "Indexed" else []
        for number in range(wanted - len(active)):
            body = pod_of(spec["template"], job, f"{name}-")
            if free:
                index = str(free[number])
                meta = {**body["metadata"], "generateName": f"{name}-{index}-"}
                meta["annotations"] = {**meta.get("annotations", {}), INDEX: index}
                meta["labels"] = {**meta.get("labels", {}), INDEX: index}
                body = {**body, "metadata": meta, "spec": _indexed(body["spec"], f"{name}-{index}")}
            body["metadata"]["finalizers"] = ["batch.kubernetes.io/job-tracking"]
            made = self._simulation.server.create(body).object
            self._tell(job, "Normal", "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")

    def _free_indexes(self, job: Object, active: list[Object], succeeded: list[Object]) -> list[int]:
        taken = {int(p["metadata"]["labels"][INDEX]) for p in (*active, *succeeded)}
        return [i for i in range(job["spec"]["completions"]) if i not in taken]

    def _back_off(self, failed: list[Object], succeeded: list[Object]) -> float:
        """How long (ms) the next pod has to wait: 10 s doubling, counted from the end of the last failed one."""
        clock = self._simulation.clock
        last_success = max(map(_finished_at, succeeded), default="")
        recent = [p for p in failed if _finished_at(p) > last_success]
        if not recent:
            return 0
        delay = min(BACK_OFF * 2 ** (len(recent) - 1), BACK_OFF_MAX)
        return float(delay) - (clock.wall() - read_stamp(max(map(_finished_at, recent)))).total_seconds() * 1000

    def _fail(self, job: Object, active: list[Object], failed: list[Object], succeeded: list[Object]) -> float | None:
        for pod in active:
            self._delete(job, pod)
        message = "Job has reached the specified backoff limit"
        self._end(job, [*failed, *active], succeeded, "Failed", "BackoffLimitExceeded", message)
        self._tell(job, "Warning", "BackoffLimitExceeded", message)
        return None

    def _suspend(self, job: Object, active: list[Object], failed: list[Object], succeeded: list[Object]) -> float | None:
        for pod in active:
            self._delete(job, pod)
        if not any(c["type"] == "Suspended" for c in (job.get("status") or {}).get("conditions") or ()):
            self._end(job, failed, succeeded, "Suspended", "JobSuspended", "Job suspended")
            self._tell(job, "Normal", "Suspended", "Job suspended")
        return None

    def _delete(self, job: Object, pod: Object) -> None:
        fact = self._simulation.history.fact("scaled", subject_of(pod), by=job["metadata"]["name"])
        self._simulation.server.delete("Pod", pod["metadata"]["namespace"], pod["metadata"]["name"], cause=fact.id)

    def _end(self, job: Object, failed: list[Object], succeeded: list[Object], type_: str, reason: str, message: str) -> None:
        stamp = self._simulation.clock.stamp()
        condition = {"lastProbeTime": stamp, "lastTransitionTime": stamp, "message": message, "reason": reason, "status": "True", "type": type_}
        self._write(job, [], failed, succeeded, condition)

    def _write(self, job: Object, active: list[Object], failed: list[Object], succeeded: list[Object], condition: Object | None = None) -> None:
        clock, meta = self._simulation.clock, job["metadata"]
        suspended = condition is not None and condition["type"] == "Suspended"
        old = job.get("status") or {}
        status: Object = {
            "active": len(active), "failed": len(failed), "succeeded": len(succeeded),
            "ready": sum(map(is_ready, active)), "terminating": 0, "uncountedTerminatedPods": {},
            **({} if suspended else {"startTime": old.get("startTime") or clock.stamp()}),
            "conditions": [*(old.get("conditions") or ()), *([condition] if condition else [])],
            **({"completionTime": clock.stamp()} if condition and condition["type"] == "Complete" else {}),
        }  # fmt: skip
        kept = ("ready", "terminating", "uncountedTerminatedPods", "startTime")
        shown = {k: v for k, v in sorted(status.items()) if v or k in kept}
        self._simulation.server.update_status("Job", meta["namespace"], meta["name"], lambda _: shown)
        for pod in (*failed, *succeeded):
            self._release(pod)

    def _release(self, pod: Object) -> None:
        """Takes the tracking finalizer off a counted pod."""
        current = self._simulation.store.get("Pod", pod["metadata"]["namespace"], pod["metadata"]["name"])
        if current is not None and current["metadata"].get("finalizers"):
            meta = {k: v for k, v in current["metadata"].items() if k != "finalizers"}
            self._simulation.server.release({**current, "metadata": meta})

    def _tell(self, job: Object, type_: str, reason: str, message: str) -> None:
        self._simulation.recorder.event(job, type_, reason, message, SOURCE)


def finished(job: Object) -> bool:
    """Whether the Job is Complete or Failed."""
    conditions = (job.get("status") or {}).get("conditions") or ()
    return any(c["type"] in ("Complete", "Failed") and c["status"] == "True" for c in conditions)


def _finished_at(pod: Object) -> str:
    ends = [(s.get("state") or {}).get("terminated", {}).get("finishedAt") or "" for s in pod["status"].get("containerStatuses") or ()]
    return max(ends, default="") or str(pod["metadata"]["creationTimestamp"])


def _indexed(spec: Object, hostname: str) -> Object:
    """JOB_COMPLETION_INDEX for every container, and the pod's host name."""
    source = {"fieldRef": {"apiVersion": "v1", "fieldPath": f"metadata.labels['{INDEX}']"}}
    variable = {"name": "JOB_COMPLETION_INDEX", "valueFrom": source}
    made = {**spec, "hostname": hostname}
    for key in ("containers", "initContainers"):
        if key in spec:
            made[key] = [{**c, "env": [*(c.get("env") or ()), variable]} for c in spec[key]]
    return made
