"""The probe workers of one pod.                                    kubelet prober/prober_manager.go, prober/worker.go"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.causes import FACT_CAUSES
from podsim.cluster.history import ProbeAnswer
from podsim.cluster.kubelet import phase, probing, restarts, timing
from podsim.cluster.kubelet.phase import Statuses
from podsim.cluster.kubelet.probing import INITIAL, Answer, Result, Tally
from podsim.cluster.kubelet.runtime import Record
from podsim.cluster.kubelet.spec import Container, Probe, ProbeType
from podsim.cluster.scenario import Window

if TYPE_CHECKING:
    from podsim.cluster.kubelet.worker import PodWorker

Steps = Generator[simpy.Event, Any, Any]
Json = dict[str, Any]
TITLES: dict[ProbeType, str] = {"startup": "Startup", "readiness": "Readiness", "liveness": "Liveness"}


class ProbeWorker:
    """One probe of one container, from the pod's first sync to its end: it outlives the container's runs."""

    def __init__(self, prober: Prober, container: Container, probe: Probe) -> None:
        self._prober = prober
        self._container = container
        self._probe = probe
        self._tally = Tally()
        self._id = ""
        self._trigger = prober.env.event()
        self.stopped = False

    def trigger(self) -> None:
        """Asks for a probe at once; the ticks go on from there."""
        if not self._trigger.triggered:
            self._trigger.succeed(True)

    def run(self) -> Steps:
        """Ticks until the pod ends."""
        env, period = self._prober.env, self._probe.period * timing.SECOND
        tick = env.now
        while (yield from self._tick()):
            asked = yield self._wait(max(0, tick + period - env.now))
            self._trigger = env.event()
            tick += (env.now - tick) // period * period
            if asked:
                yield env.timeout(1)
                tick = env.now

    def _wait(self, delay: float) -> simpy.Event:
        """The trigger, which fires by itself after `delay` ms: cheaper than an AnyOf of the two."""
        trigger = self._trigger

        def fire(_: simpy.Event) -> None:
            if not trigger.triggered:
                trigger.succeed(False)

        self._prober.env.timeout(delay).callbacks.append(fire)
        return trigger

    def _tick(self) -> Steps:
        """One look; whether there is to be another."""
        worker = self._prober.worker
        shown = _container_status(worker.writer.status, self._container.name)
        if self.stopped or worker.writer.status.get("phase") in phase.FINISHED:
            return False
        if shown is None or "containerID" not in shown:
            return True
        if shown["containerID"] != self._id:
            self._id = shown["containerID"]
            self._tally = Tally(self._tally.last, self._tally.run)
            self._prober.store(self._id, self._container, self._probe.type, INITIAL[self._probe.type])
        if self._tally.on_hold:
            return True
        kind, ended = phase.state_of(shown)
        if kind != "running":
            self._prober.store(self._id, self._container, self._probe.type, "Failure")
            return kind != "terminated" or self._starts_again(int(ended["exitCode"]))
        record = worker.runtime.pod(worker.pod.uid).newest(self._container.name)
        clock = worker.simulation.clock
        if record is None or record.started is None or clock.seconds() - clock.seconds(record.started) < self._probe.initial_delay:
            return True
        if bool(shown.get("started")) == (self._probe.type == "startup"):
            return True
        yield from self._ask(record, record.started)
        return True

    def _starts_again(self, exit_code: int) -> bool:
        """Whether the container, or the whole pod, starts again after this exit."""
        worker = self._prober.worker
        exits = Statuses.of(worker.writer.status).exits
        return restarts.by_exit(self._container, worker.pod.restart_policy, exit_code) or restarts.all_restart(worker.pod, exits)

    def _ask(self, record: Record, started: int) -> Steps:
        """Runs the handler and takes its answer; an error counts as nothing."""
        worker, probe, env = self._prober.worker, self._probe, self._prober.env
        asked = worker.simulation.clock.now
        windows = getattr(worker.runtime.script(worker.pod, self._container).probes, probe.type)
        window = probing.window_at(windows, (asked - started) / timing.SECOND, record.run) if record.state == "running" else probing.GONE
        sandbox = worker.runtime.pod(worker.pod.uid).sandbox
        found = probing.answer(probe, self._container, sandbox.ip if sandbox else "", window)
        if found.waits:
            yield env.timeout(probe.timeout * timing.SECOND)
        elif probe.handler.kind == "exec":
            yield env.timeout(timing.EXEC)
        if found.error:
            message = f"{TITLES[probe.type]} probe errored and resulted in unknown state: {found.message}"
            worker.event(self._container, "Warning", "Unhealthy", message)
        elif not self.stopped:
            self._take(found, asked)

    def _take(self, found: Answer, asked: int) -> None:
        """Counts an answer, leaves its traces, and stores the result if the threshold is reached."""
        worker, probe, before = self._prober.worker, self._probe, self._tally
        self._tally, stored = probing.count(before, probe, found.value)
        times = before.run + 1 if before.last == found.value else 1
        history, subject = worker.simulation.history, worker.pod.subject
        history.probes.append(ProbeAnswer(asked, subject, self._container.name, probe.type, found.result, found.message, times))
        if found.value == "Failure":
            worker.event(self._container, "Warning", "Unhealthy", f"{TITLES[probe.type]} probe failed: {found.message}")
        if stored is None:
            return
        if stored != self._prober.result(self._id, probe.type):
            threshold = probe.failure_threshold if stored == "Failure" else probe.success_threshold
            details: dict[str, Any] = {"container": self._container.name, "probe": probe.type, "count": times, "threshold": threshold}
            if stored == "Failure":
                history.fact("probe-failed", subject, **details, result=found.result, message=found.message)
            else:
                history.fact("probe-succeeded", subject, cause=self._prober.let_through(self._container, probe), **details)
        self._prober.store(self._id, self._container, probe.type, stored)


class Prober:
    """All probe workers of a pod and the results they stored."""

    def __init__(self, worker: PodWorker) -> None:
        self.worker = worker
        self.env: simpy.Environment = worker.simulation.env
        self._workers: dict[tuple[str, ProbeType], ProbeWorker] = {}
        self._results: dict[tuple[str, ProbeType], Result] = {}

    def add(self) -> None:
        """Starts the workers that are not there yet.                                                      AddPod"""
        for container in self.worker.pod.containers:
            for kind, probe in container.probes.items():
                if (container.name, kind) not in self._workers:
                    made = ProbeWorker(self, container, probe)
                    self._workers[container.name, kind] = made
                    self.worker.simulation.process(made.run())

    def follow(self, container: Container, record: Record) -> None:
        """Records, for a run that has just begun, when what its probes ask begins to fail and when it recovers."""
        for kind in container.probes:
            windows = getattr(self.worker.runtime.script(self.worker.pod, container).probes, kind)
            for window in windows:
                if window.result == "ok" or window.run not in (None, record.run) or (window.to is not None and window.to <= window.from_):
                    continue
                self.worker.simulation.process(self._note(kind, record, window, windows))

    def _note(self, kind: ProbeType, record: Record, window: Window, windows: tuple[Window, ...]) -> Steps:
        """The two ends of one window; where another bad one follows at once nothing has recovered."""
        for seconds, word in ((window.from_, "endpoint-failing"), (window.to, "endpoint-recovered")):
            if seconds is None:
                return
            yield self.env.timeout(round(seconds * timing.SECOND) - (self.env.now - (record.started or 0)))
            newest = self.worker.runtime.pod(self.worker.pod.uid).newest(record.name)
            if newest is None or newest.id != record.id or newest.state != "running":
                return
            now = probing.window_at(windows, seconds, record.run)
            if word == "endpoint-failing" or now is None or now.result == "ok":
                self.worker.simulation.history.fact(word, self.worker.pod.subject, container=record.name, probe=kind, result=window.result)

    def let_through(self, container: Container, probe: Probe) -> int | None:
        """Why a probe succeeds now: what it asks works (again), or the startup probe let it begin."""
        history, subject, name = self.worker.simulation.history, self.worker.pod.subject, container.name
        found = [history.newest(subject, FACT_CAUSES["probe-succeeded"], name, probe.type)]
        if probe.type != "startup":
            found.append(history.newest(subject, ("probe-succeeded",), name, "startup"))
        return max((i for i in found if i is not None), default=None)

    def result(self, container_id: str, kind: ProbeType) -> Result | None:
        """The stored result of that run."""
        return self._results.get((container_id, kind))

    def store(self, container_id: str, container: Container, kind: ProbeType, value: Result) -> None:
        """Stores a result; a changed one changes the status at once and asks for a sync."""
        if self._results.get((container_id, kind)) == value:
            return
        self._results[container_id, kind] = value
        self.worker.simulation.process(self._tell(container, kind, value))

    def fill(self, status: Json, old: Json) -> Json:
        """`status` with `started` and `ready` as the probes say; asks unready ones for a probe.   UpdatePodStatus"""
        filled = dict(status)
        for key in ("initContainerStatuses", "containerStatuses"):
            if key in filled:
                filled[key] = [self._filled(s, _container_status(old, s["name"])) for s in filled[key]]
        return filled

    def stop_liveness_and_startup(self) -> None:
        """At the start of a termination; a sidecar's startup probe goes on.          StopLivenessAndStartup"""
        sidecars = {c.name for c in self.worker.pod.init}
        for (name, kind), made in self._workers.items():
            if kind == "liveness" or (kind == "startup" and name not in sidecars):
                made.stopped = True

    def stop(self) -> None:
        """At the end of the pod.                                                                      RemovePod"""
        for made in self._workers.values():
            made.stopped = True

    def _filled(self, shown: Json, old: Json | None) -> Json:
        container = self.worker.pod.container(shown["name"])
        if container.kind == "init":
            return shown
        if phase.state_of(shown)[0] != "running":
            return {**shown, "ready": False, "started": False}
        started = self._verdict(shown, old, "startup", "started")
        if not started:
            return {**shown, "ready": False, "started": False}
        ready = self._verdict(shown, old, "readiness", "ready")
        if not ready:
            self._workers[shown["name"], "readiness"].trigger()
        return {**shown, "ready": ready, "started": True}

    def _verdict(self, shown: Json, old: Json | None, kind: ProbeType, field: str) -> bool:
        """A stored result decides; without a worker it is so; else what was shown before stays."""
        result = self.result(shown.get("containerID", ""), kind)
        if result is not None:
            return result == "Success"
        if (shown["name"], kind) not in self._workers:
            return True
        return bool(old and old.get(field))

    def _tell(self, container: Container, kind: ProbeType, value: Result) -> Steps:
        yield self.env.timeout(timing.TRIGGER)
        if kind == "readiness":
            self.worker.writer.set_container(self.worker.pod, container.name, ready=value == "Success")
        elif kind == "startup":
            self.worker.writer.set_container(self.worker.pod, container.name, started=value == "Success")
        elif value != "Failure":
            return
        self.worker.ask()


def _container_status(status: Mapping[str, Any], name: str) -> Json | None:
    for key in ("initContainerStatuses", "containerStatuses"):
        for shown in status.get(key) or ():
            if shown["name"] == name:
                return dict(shown)
    return None
