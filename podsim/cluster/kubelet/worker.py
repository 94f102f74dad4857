"""The pod worker: one process per pod that syncs it, terminates it, and reports its status.      kubelet pod_workers.go

A sync that follows an earlier one waits until the runtime was looked at after that one's end (`Relists.newer`): this
one rule gives most of the delays that people see.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import simpy

from podsim.cluster.causes import EXITS
from podsim.cluster.clock import read_stamp
from podsim.cluster.kubelet import actions, occasions, phase, pressure, restarts, spec, status, termination, timing, volumes
from podsim.cluster.kubelet.actions import Actions
from podsim.cluster.kubelet.prober import Prober
from podsim.cluster.kubelet.resizing import Resizing
from podsim.cluster.kubelet.runtime import PodRuntime, Record
from podsim.cluster.kubelet.spec import Container
from podsim.cluster.kubelet.starting import Failure, Starter
from podsim.cluster.kubelet.status_writer import StatusWriter
from podsim.cluster.store import Object

if TYPE_CHECKING:
    from podsim.cluster.kubelet import Kubelet
    from podsim.cluster.simulation import Simulation

Steps = Generator[simpy.Event, Any, Any]
DEADLINE = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a sync ended: `changed`: the runtime; `failures`: containers that did not start; `terminal`: the pod is done."""

    changed: bool = False
    failures: tuple[Failure, ...] = ()
    terminal: bool = False
    waiting: bool = False


class PodWorker:
    """Brings one pod to what its spec asks for."""

    def __init__(self, kubelet: Kubelet, pod: Object) -> None:
        self._kubelet = kubelet
        self.simulation: Simulation = kubelet.simulation
        self.runtime = kubelet.runtime
        self.images = kubelet.images
        self.pod = spec.read(pod)
        self.resizing = Resizing(self, pod)
        self.writer = StatusWriter(self.simulation, kubelet.link, self.pod)
        self.prober = Prober(self)
        self._starter = Starter(self)
        self._stage: Literal["sync", "terminating", "terminated", "done"] = "sync"
        self._reasons: dict[str, tuple[str, str]] = {}
        self._asked, self._cut = self.simulation.env.event(), self.simulation.env.event()
        self._wanted = False
        self._last_end: int | None = None
        self._due: int | None = None
        self._mounted = False
        self._removed = False
        self._ending: int | None = None  # the fact for which the pod is brought to its end
        self._deadline_set: int | None = None  # the fact of a deadline that came later than the pod
        self._eviction: tuple[str, str] | None = None
        self.simulation.process(self._run())

    # ---- what others say to it

    def ask(self) -> None:
        """Asks for a sync."""
        self._wanted = True
        if not self._asked.triggered:
            self._asked.succeed()

    def update(self, pod: Object) -> None:
        """A new version of the object: a changed spec or metadata asks for a sync."""
        old, before = self.pod, self.resizing.wanted
        self.resizing.take(pod)
        if self.pod.deleting:
            self._end("delete-requested")
        if self.pod.deadline != old.deadline and self.writer.status:
            self._deadline_set = self._newest("patched")
            self.simulation.process(self._watch_deadline())
        gates = [c for c in (before.get("status") or {}).get("conditions") or () if c["type"] in self.pod.readiness_gates]
        now = [c for c in (pod.get("status") or {}).get("conditions") or () if c["type"] in self.pod.readiness_gates]
        if before["spec"] != pod["spec"] or _asked_for(before) != _asked_for(pod) or gates != now:
            self.ask()

    def room_for(self, pod: Object) -> tuple[str, str] | None:
        """Why the node has no room for the resources that the pod wants now."""
        return self._kubelet.room_for(pod)

    def remove(self) -> None:
        """The object is gone from the API server: whatever runs is stopped."""
        self._removed = True
        self._end("delete-requested")
        self.ask()

    def evict(self, message: str) -> None:
        """Ends the pod because its node lacks something.                          eviction_manager.go evictPod"""
        if self._stage != "sync":
            return
        self.event(None, "Warning", pressure.REASON, message)
        self.simulation.history.fact("evicted", self.pod.subject, by="kubelet", message=message)
        self.writer.disruption = pressure.disruption(message, self.pod.generation)
        self._eviction = (pressure.REASON, message)
        self._end("evicted")
        self.ask()

    def event(self, container: Container | None, type_: str, reason: str, message: str) -> None:
        """Records an event about the pod or one of its containers."""
        path = container.field_path if container else ""
        self._kubelet.tell(self.pod.source, type_, reason, message, path)

    def _end(self, *kinds: str) -> None:
        """Turns to the pod's end, for the newest fact of those kinds; a wait for volumes is cut short."""
        if self._stage == "sync":
            self._stage = "terminating"
            self._ending = self._newest(*kinds)
            self._cut.succeed()

    def _newest(self, *kinds: str, container: str | None = None, probe: str | None = None) -> int | None:
        return self.simulation.history.newest(self.pod.subject, kinds, container, probe)

    # ---- its life

    def _run(self) -> Steps:
        env = self.simulation.env
        self.ask()
        while self._stage != "done":
            if not self._wanted:
                yield self._asked
            self._asked = env.event()
            self._wanted = False
            yield env.timeout(timing.STATUS_GENERATION)
            if self._last_end is not None:
                yield from self._kubelet.relists.newer(self.pod.uid, self._last_end)
            stage = self._stage
            seen = self._kubelet.relists.seen(self.pod.uid)
            outcome = yield from {"sync": self._sync, "terminating": self._terminate, "terminated": self._finish}[stage](seen)
            self._last_end = self.simulation.clock.now
            if stage == "sync":
                self._after_sync(outcome)

    def _after_sync(self, outcome: Outcome) -> None:
        if outcome.changed and not outcome.failures:
            self.simulation.process(self._kubelet.relists.on_demand(self.pod.uid))
        if outcome.terminal:
            self._end("deadline-exceeded", "evicted", "pod-finished")
        if self._stage != "sync":
            self.ask()
            return
        self._requeue(requeue_after(outcome, self.simulation.clock.now))

    def _requeue(self, delay: int) -> None:
        """Asks for a sync at the first tick after `delay` ms, jittered; a newer request replaces an older one."""
        due = self.simulation.clock.now + round(delay * self._kubelet.jitter())
        self._due = due
        self.simulation.process(self._wait_for(due))

    def _wait_for(self, due: int) -> Steps:
        env = self.simulation.env
        yield env.timeout(timing.tick_at_or_after(due, self._kubelet.tick) - env.now + timing.TRIGGER)
        if self._due == due and self._stage == "sync":
            self.ask()

    # ---- one sync                                                                            kubelet.go SyncPod

    def _sync(self, seen: PodRuntime) -> Steps:
        first = not self.writer.status
        self.resizing.note(seen)
        generated = self._generate(seen)
        if first:
            self.simulation.history.fact("admitted", self.pod.subject, node=self._kubelet.node)
        self.writer.set(generated)
        if first:
            self.simulation.process(self._watch_deadline())
            self.simulation.process(self._mount())
        if generated["phase"] in phase.FINISHED:
            if not self._past_deadline():
                failed = [r.name for c in (*self.pod.init, *self.pod.regular) if c.kind != "sidecar" and (r := seen.newest(c.name)) and r.exit_code]
                self.simulation.history.fact("pod-finished", self.pod.subject, cause=self._last_exit(seen), phase=generated["phase"], failed=", ".join(failed))
            return Outcome(terminal=True)
        if not (self._mounted or (yield from self._wait_for_volumes())):
            return Outcome(waiting=True)
        yield self.simulation.env.timeout(timing.SYNC_WORK)
        self.prober.add()
        return (yield from self._carry_out(seen))

    def _generate(self, seen: PodRuntime, *, terminal: bool = False) -> status.Json:
        api = dict(self.pod.source.get("status") or {})
        old = self.writer.status
        view = status.View(
            self.pod, seen, self._reasons, old, api, terminal=terminal, verdict=self._verdict(), resizes=tuple(self.resizing.conditions.values()), seen=self._kubelet.relists.has_ip(self.pod.uid)
        )
        plain = status.generate(view, self.simulation.clock, status.Node(self._kubelet.ip))
        return status.concluded(self.prober.fill(plain, old), view)

    def _verdict(self) -> tuple[str, str] | None:
        """The eviction's verdict; or the deadline's, with its event.    active_deadline.go ShouldEvict"""
        if self._eviction or not self._past_deadline():
            return self._eviction
        self.event(None, "Normal", *DEADLINE)
        if self._newest("deadline-exceeded") is None:
            self.simulation.history.fact("deadline-exceeded", self.pod.subject, cause=self._deadline_set, seconds=self.pod.deadline)
        return DEADLINE

    def _past_deadline(self) -> bool:
        started = self.writer.status.get("startTime")
        if self.pod.deadline is None or started is None:
            return False
        clock = self.simulation.clock
        return (clock.wall() - read_stamp(started)).total_seconds() >= self.pod.deadline

    def _watch_deadline(self) -> Steps:
        env, clock, deadline = self.simulation.env, self.simulation.clock, self.pod.deadline
        while self._stage != "done" and deadline is not None and self.pod.deadline == deadline:
            tick = timing.tick_at_or_after(clock.now + 1, self._kubelet.tick)
            start = round((read_stamp(self.writer.status["startTime"]) - clock.wall(0)).total_seconds() * timing.SECOND)
            end = start + deadline * timing.SECOND
            yield env.timeout(max(tick, timing.tick_at_or_after(end, self._kubelet.tick)) - env.now + timing.TRIGGER)
            if self._past_deadline() and self._stage == "sync":
                self.ask()

    def _wait_for_volumes(self) -> Steps:
        """Whether the volumes are there, in time and before the pod ends.     volume_manager.go WaitForAttachAndMount"""
        env, limit = self.simulation.env, self.simulation.env.now + timing.MOUNT_LIMIT
        while not self._mounted and self._stage == "sync" and env.now < limit:
            yield env.timeout(timing.VOLUME_POLL) | self._cut
        return self._mounted and self._stage == "sync"

    def _mount(self) -> Steps:
        """Mounts the volumes, again and again until all are there.                                    reconciler.go"""
        history, subject = self.simulation.history, self.pod.subject
        wait, retry, lacked = timing.MOUNT_FIRST, timing.MOUNT_RETRY, set[str]()
        while not self._mounted:
            yield self.simulation.env.timeout(wait) | self._cut
            if self._stage != "sync":
                return
            lacking = volumes.missing(self.pod, self.simulation.store)
            for volume, lack in lacking:
                message = f'MountVolume.SetUp failed for volume "{volume}" : {lack.error}'
                self.event(None, "Warning", "FailedMount", message)
                history.fact("volumes-waiting", subject, message=message)
            if lacked and not lacking:
                repairs = [history.newest(o, occasions.REPAIRS) for o in lacked]
                history.fact("volumes-mounted", subject, cause=max((i for i in repairs if i is not None), default=None))
            self._mounted = not lacking
            lacked |= {lack.object for _, lack in lacking}
            wait, retry = retry, min(2 * retry, timing.MOUNT_RETRY_MAX)

    def _carry_out(self, seen: PodRuntime) -> Steps:
        """Kill, sandbox, ephemeral, init, regular.                        kuberuntime_manager.go SyncPod"""
        todo = actions.compute(self.pod, seen, lambda record, kind: self.prober.result(record.id, kind))
        self._prune(seen)
        if todo.sweep:
            yield from self._sweep(todo.sweep)
            return Outcome(changed=True)
        if todo.kill_pod and seen.sandbox:
            yield from termination.kill_pod(self, self._nothing_kept(seen))
            if not todo.create_sandbox:
                return Outcome(changed=True)
        for kill in todo.kill:
            cause = self._newest("probe-failed" if kill.probe else "patched", container=kill.record.name, probe=kill.probe)
            yield from termination.kill_container(self, kill.record, kill.message, cause, probe=kill.probe)
        if todo.create_sandbox:
            if seen.sandbox:
                self.event(None, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
            yield from self.runtime.run_sandbox(self.pod)
            self.writer.set(self._generate(self.runtime.pod(self.pod.uid)))
        resized = yield from self.resizing.carry_out()
        failures = yield from self._start(todo, seen)
        changed = bool(resized or todo.create_sandbox or todo.kill or todo.start_ephemeral or todo.start_init or todo.start)
        return Outcome(changed=changed, failures=tuple(failures))

    def _sweep(self, records: Sequence[Record]) -> Steps:
        """RestartAllContainers: stops and removes every container, last the one that asks for it; the sandbox stays."""
        history, by = self.simulation.history, records[-1].name
        decided = history.fact("restart-all", self.pod.subject, cause=self._newest(*EXITS, container=by), by=by)
        for record in records:
            if record.state == "running":
                yield from termination.kill_container(self, record, "killing", decided.id, override=0)
            self.runtime.remove_container(self.pod, record)
        history.fact("containers-removed", self.pod.subject)
        self.ask()

    def _nothing_kept(self, seen: PodRuntime) -> int | None:
        """The fact for which a sync stops the whole pod: a probe that failed for good, else the last exit."""
        probed = [(c, kind) for c in self.pod.regular for kind in c.probes if (r := seen.newest(c.name)) in seen.running and self.prober.result(r.id, kind) == "Failure"]
        kills = [self._newest("probe-failed", container=c.name, probe=kind) for c, kind in probed if kind != "readiness"]
        return max((i for i in kills if i is not None), default=None) or self._last_exit(seen)

    def _last_exit(self, seen: PodRuntime) -> int | None:
        """The fact that the container whose exit ended the pod is not restarted; recorded once."""
        ended = [r for c in (*self.pod.init, *self.pod.regular) if c.kind != "sidecar" and (r := seen.newest(c.name)) and r.state == "exited"]
        if not ended:
            return self._ending
        last = max(ended, key=lambda r: r.finished or 0)
        exited, told = (self._newest(*kinds, container=last.name) for kinds in (EXITS, ("not-restarted",)))
        if told is not None and (exited is None or told > exited):
            return told
        why = restarts.reason(self.pod.container(last.name), self.pod.restart_policy, last.exit_code)
        return self.simulation.history.fact("not-restarted", self.pod.subject, container=last.name, exit=last.exit_code, **why).id

    def _start(self, todo: Actions, seen: PodRuntime) -> Steps:
        failures: list[Failure] = []
        for container in (*todo.start_ephemeral, *todo.start_init, *todo.start):
            failure = yield from self._starter.start(container, seen)
            if failure is None:
                self._reasons.pop(container.name, None)
                continue
            self._reasons[container.name] = (failure.reason, failure.message)
            failures.append(failure)
            if container.kind == "init":
                break
        return failures

    def _prune(self, seen: PodRuntime) -> None:
        """Removes dead containers but the newest of each name.               MaxPerPodContainer 1"""
        for container in self.pod.containers:
            for record in [r for r in seen.of(container.name) if r.state == "exited"][1:]:
                self.runtime.remove_container(self.pod, record)

    # ---- its end                                                   kubelet.go SyncTerminatingPod, SyncTerminatedPod

    def _terminate(self, seen: PodRuntime) -> Steps:
        if self.writer.status or not self._removed:
            self.writer.set(self._generate(seen))
        self.prober.stop_liveness_and_startup()
        yield self.simulation.env.timeout(timing.SYNC_WORK)
        grace = pressure.GRACE if self._eviction else termination.effective_grace(self.pod)
        yield from termination.kill_pod(self, self._ending, grace)
        self.prober.stop()
        self.writer.set(self._generate(self.runtime.pod(self.pod.uid), terminal=True))
        self.writer.may_run = False
        self._stage = "terminated"
        self.ask()

    def _finish(self, seen: PodRuntime) -> Steps:
        self.writer.set(self._generate(seen, terminal=True))
        self.writer.terminate()
        self._stage = "done"
        yield self.simulation.env.timeout(0)


def requeue_after(outcome: Outcome, now: int) -> int:
    """When (ms, before jitter) the pod is synced again without being asked.           pod_workers.go completeWork"""
    if outcome.waiting:
        return timing.BACK_OFF_PERIOD
    if not outcome.failures:
        return timing.RESYNC_INTERVAL
    ends = [f.until for f in outcome.failures if f.until is not None]
    return max(0, min(min(ends) - now, timing.REQUEUE_MAX)) if ends else timing.BACK_OFF_PERIOD


def _asked_for(pod: Object | Any) -> dict[str, Any]:
    """The metadata whose change the kubelet acts on."""
    return {k: pod["metadata"].get(k) for k in ("labels", "annotations", "deletionTimestamp", "deletionGracePeriodSeconds")}
