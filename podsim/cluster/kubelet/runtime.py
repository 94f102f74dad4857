"""The container runtime of a node, with processes that do what the scenario says.

Its state is immutable per pod (`PodRuntime`), so that what a relist saw stays what it saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from podsim.cluster.history import RuntimeCall
from podsim.cluster.kubelet import timing
from podsim.cluster.kubelet.spec import Container, PodSpec
from podsim.cluster.scenario import OnTerm, Run, Script

if TYPE_CHECKING:
    import simpy

    from podsim.cluster.simulation import Simulation

Steps = Generator["simpy.Event", Any, Any]
KILLED = 137
START_ERROR = 128
SIGNALLED = 128
HOST = "host"  # the node's own network namespace
BIND_FAILS = 0.01  # s until a process that finds its port taken has ended
ADDRESS_IN_USE = "listen tcp :{}: bind: address already in use\n"
MESSAGE_BYTES = 4096  # kuberuntime_container.go maxTerminationMessageLength
LOG_TAIL_BYTES = 2048
LOG_TAIL_LINES = 80


@dataclass(frozen=True, slots=True)
class Record:
    """One container as the runtime knows it: one run of a container of the spec. Times in ms."""

    name: str
    attempt: int
    id: str
    image: str
    created: int
    run: int
    state: Literal["created", "running", "exited"] = "created"
    started: int | None = None
    finished: int | None = None
    exit_code: int = 0
    reason: str = ""
    message: str = ""
    resources: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The pod's sandbox."""

    ready: bool
    ip: str
    attempt: int


@dataclass(frozen=True, slots=True)
class PodRuntime:
    """What the runtime holds of one pod; records in order of creation."""

    sandbox: Sandbox | None = None
    records: tuple[Record, ...] = ()

    def of(self, name: str) -> list[Record]:
        """A container's records, newest first."""
        return [r for r in reversed(self.records) if r.name == name]

    def newest(self, name: str) -> Record | None:
        """A container's newest record."""
        return next((r for r in reversed(self.records) if r.name == name), None)

    @property
    def running(self) -> list[Record]:
        """The records that run."""
        return [r for r in self.records if r.state == "running"]

    @property
    def exits(self) -> dict[str, int]:
        """The exit code of each container that is down."""
        return {r.name: r.exit_code for r in {r.name: r for r in self.records}.values() if r.state == "exited"}


@dataclass(slots=True)
class Process:
    """The living side of a record: how it can be told to end."""

    term: simpy.Event
    gone: simpy.Event
    log: list[tuple[int, str]] = field(default_factory=list)


class CallFailed(Exception):  # noqa: N818 - what happened, not a fault of the program
    """A call that the runtime refused; `str()` is its text."""


class Runtime:
    """Calls of the container runtime interface, each a process that takes its time and is recorded."""

    def __init__(self, simulation: Simulation, node_ip: str, subnet: str) -> None:
        self._simulation = simulation
        self._node_ip = node_ip
        self._subnet = subnet
        self._addresses = 0
        self._listening: dict[tuple[str, int], str] = {}  # (network namespace, port) -> the record that holds it
        self._created: dict[tuple[str, str], int] = {}
        self._processes: dict[str, Process] = {}
        self._order: dict[str, int] = {}
        self.pods: dict[str, PodRuntime] = {}
        self.on_change: Callable[[str], None] = _nobody

    def pod(self, uid: str) -> PodRuntime:
        """The pod's state now."""
        return self.pods.get(uid, PodRuntime())

    def script(self, pod: PodSpec, container: Container) -> Script:
        """What the scenario says of this container: NAME#INDEX, NAME@IMAGE, NAME, else nothing."""
        scripts = self._simulation.scenario.containers
        labels: Mapping[str, str] = pod.source["metadata"].get("labels") or {}
        index = labels.get("batch.kubernetes.io/job-completion-index") or labels.get("apps.kubernetes.io/pod-index")
        for key in (f"{container.name}#{index}", f"{container.name}@{container.image}", container.name):
            if key in scripts:
                return scripts[key]
        return Script()

    def gone(self, record: Record) -> simpy.Event:
        """The end of a container that has run."""
        return self._processes[record.id].gone

    def log(self, record_id: str) -> str:
        """What the run has printed so far."""
        return "".join(text for _, text in self.log_lines(record_id))

    def log_lines(self, record_id: str) -> list[tuple[int, str]]:
        """The same, each text with its time in ms."""
        process = self._processes.get(record_id)
        return [(at, text) for at, text in (process.log if process else ()) if at <= self._simulation.clock.now]

    def run_sandbox(self, pod: PodSpec) -> Steps:
        """RunPodSandbox."""
        start = self._now()
        self._order.setdefault(pod.uid, len(self._order))
        yield self._simulation.env.timeout(timing.SANDBOX_START)
        old = self.pod(pod.uid)
        attempt = old.sandbox.attempt + 1 if old.sandbox else 0
        if not pod.host_network:
            self._addresses += 1
        ip = self._node_ip if pod.host_network else f"{self._subnet}.{self._addresses + 1}"
        self._set(pod, PodRuntime(Sandbox(True, ip, attempt), old.records))
        self._record(start, "RunPodSandbox", pod, attempt=attempt)
        self._simulation.history.fact("sandbox-started", pod.subject, ip=ip)

    def stop_sandbox(self, pod: PodSpec, cause: int | None) -> Steps:
        """StopPodSandbox; `cause` is the fact that led to it."""
        start = self._now()
        yield self._simulation.env.timeout(timing.SANDBOX_STOP)
        state = self.pod(pod.uid)
        if state.sandbox:
            self._set(pod, replace(state, sandbox=replace(state.sandbox, ready=False)))
        self._record(start, "StopPodSandbox", pod)
        self._simulation.history.fact("sandbox-stopped", pod.subject, cause=cause)

    def create_container(self, pod: PodSpec, container: Container, attempt: int) -> Steps:
        """CreateContainer; gives the record. Raises CallFailed where the scenario says so."""
        start = self._now()
        number = self._created.get((pod.uid, container.name), 0)
        run = self._run(pod, container, number)
        yield self._simulation.env.timeout(timing.CONTAINER_CREATE)
        if run.create_error is not None:
            self._created[pod.uid, container.name] = number + 1
            self._record(start, "CreateContainer", pod, container=container.name, attempt=attempt, error=_unknown(run.create_error))
            raise CallFailed(run.create_error)
        self._created[pod.uid, container.name] = number + 1
        digest = hashlib.sha256(f"{pod.uid} {container.name} {number}".encode()).hexdigest()
        wanted = container.source.get("resources") or {}
        record = Record(container.name, attempt, f"containerd://{digest}", container.image, self._now(), number, resources=wanted)
        state = self.pod(pod.uid)
        self._set(pod, replace(state, records=(*state.records, record)))
        self._record(start, "CreateContainer", pod, container=container.name, attempt=attempt)
        return record

    def start_container(self, pod: PodSpec, container: Container, record: Record) -> Steps:
        """StartContainer; gives the running record. Raises CallFailed where the scenario says so."""
        start = self._now()
        run = self._run(pod, container, record.run)
        yield self._simulation.env.timeout(timing.CONTAINER_START)
        shared: dict[str, Any] = {"container": container.name, "attempt": record.attempt}
        run = self._listen(pod, container, record, run)
        if run.start_error is not None:
            text = START_ERROR_PREFIX + run.start_error
            self._change(pod, replace(record, state="exited", finished=self._now(), exit_code=START_ERROR, reason="StartError", message=text))
            self._record(start, "StartContainer", pod, **shared, error=_unknown(text))
            raise CallFailed(text)
        running = replace(record, state="running", started=self._now())
        self._change(pod, running)
        self._record(start, "StartContainer", pod, **shared)
        env = self._simulation.env
        process = Process(env.event(), env.event(), _log(run, self._now()))
        self._processes[record.id] = process
        env.process(self._live(pod, container, running, run, process))
        return running

    def stop_container(self, pod: PodSpec, record: Record, timeout: int, cause: int | None = None) -> Steps:
        """StopContainer: TERM, and KILL after `timeout` seconds; `cause` is the fact that led to it."""
        start = self._now()
        process = self._processes.get(record.id)
        if process is not None and not process.gone.triggered:
            self._simulation.history.fact("term-sent", pod.subject, cause=cause, container=record.name, grace=timeout)
            if not process.term.triggered:
                process.term.succeed("TERM")
            yield process.gone | self._simulation.env.timeout(timeout * timing.SECOND)
            if not process.gone.triggered:
                self._simulation.history.fact("kill-sent", pod.subject, container=record.name)
                self._exit(pod, record, process, "kill-sent", KILLED, "Error", "")
        yield self._simulation.env.timeout(timing.CONTAINER_STOPPED)
        self._record(start, "StopContainer", pod, container=record.name, attempt=record.attempt, timeout=timeout)

    def remove_container(self, pod: PodSpec, record: Record) -> None:
        """RemoveContainer."""
        state = self.pod(pod.uid)
        self._set(pod, replace(state, records=tuple(r for r in state.records if r.id != record.id)))
        self._record(self._now(), "RemoveContainer", pod, container=record.name, attempt=record.attempt)

    def update_container(self, pod: PodSpec, record: Record, resources: Mapping[str, Any]) -> Steps:
        """UpdateContainerResources, of a container that may have ended meanwhile."""
        start = self._now()
        yield self._simulation.env.timeout(timing.CONTAINER_UPDATE)
        state = self.pod(pod.uid)
        self._set(pod, replace(state, records=tuple(replace(r, resources=resources) if r.id == record.id else r for r in state.records)))
        self._record(start, "UpdateContainerResources", pod, container=record.name, attempt=record.attempt)

    def note(self, start: int, call: str, pod: PodSpec, **details: Any) -> None:
        """Records a call that another part of the kubelet made."""
        self._record(start, call, pod, **details)

    def _run(self, pod: PodSpec, container: Container, number: int) -> Run:
        script = self.script(pod, container)
        order = self._order.get(pod.uid, 0)
        runs = script.pods[min(order, len(script.pods) - 1)] if script.pods else script.runs
        return runs[min(number, len(runs) - 1)] if runs else Run()

    def _listen(self, pod: PodSpec, container: Container, record: Record, run: Run) -> Run:
        """The run with its ports held, or as it ends at once because a neighbour in its network holds one of them."""
        network = HOST if pod.host_network else pod.uid
        wanted = [(network, port) for port in self.script(pod, container).listens]
        if run.start_error is not None or not wanted:
            return run
        taken = next((port for key, port in wanted if (key, port) in self._listening), None)
        if taken is not None:
            return Run(for_=BIND_FAILS, exit=1, log=ADDRESS_IN_USE.format(taken))
        self._listening.update(dict.fromkeys(wanted, record.id))
        return run

    def _live(self, pod: PodSpec, container: Container, record: Record, run: Run, process: Process) -> Steps:
        env = self._simulation.env
        on_term = self.script(pod, container).on_term
        end = env.event() if run.for_ is None else env.timeout(round(run.for_ * timing.SECOND))
        yield end | process.term
        if not end.processed and not on_term.ignore:
            yield end | env.timeout(round(on_term.after * timing.SECOND))
        elif not end.processed:
            yield end | process.gone
        if process.gone.triggered:
            return
        if end.processed:
            self._exit(pod, record, process, "container-started", *_outcome(run))
        else:
            self._exit(pod, record, process, "term-sent", *_term_outcome(on_term))

    def _exit(self, pod: PodSpec, record: Record, process: Process, after: str, code: int, reason: str, message: str) -> None:
        if process.gone.triggered:
            return
        process.gone.succeed()
        self._listening = {port: holder for port, holder in self._listening.items() if holder != record.id}
        process.log = [(at, text) for at, text in process.log if at <= self._now()]
        ended = replace(record, state="exited", finished=self._now(), exit_code=code, reason=reason, message=self._message(pod, record, code, message))
        self._change(pod, ended)
        seconds = (self._now() - (record.started or 0)) / timing.SECOND
        self._record(self._now(), "(exit)", pod, container=record.name, attempt=record.attempt, exit=code)
        history = self._simulation.history
        cause = history.newest(pod.subject, (after,), record.name)
        told: dict[str, Any] = {"container": record.name, "image": record.image, "run": record.run, "exit": code, "reason": reason, "seconds": seconds}
        history.fact("container-exited", pod.subject, cause=cause, **told)

    def _message(self, pod: PodSpec, record: Record, code: int, message: str) -> str:
        """The termination message: the file, else (FallbackToLogsOnError, failure) the end of the log."""
        if message:
            return message.encode()[:MESSAGE_BYTES].decode(errors="ignore")
        if code and pod.container(record.name).message_policy == "FallbackToLogsOnError":
            lines = self.log(record.id).splitlines(keepends=True)[-LOG_TAIL_LINES:]
            return "".join(lines).encode()[-LOG_TAIL_BYTES:].decode(errors="ignore")
        return ""

    def _set(self, pod: PodSpec, state: PodRuntime) -> None:
        self.pods[pod.uid] = state
        self.on_change(pod.uid)

    def _change(self, pod: PodSpec, record: Record) -> None:
        state = self.pod(pod.uid)
        self._set(pod, replace(state, records=tuple(record if r.id == record.id else r for r in state.records)))

    def _record(self, start: int, call: str, pod: PodSpec, **details: Any) -> None:
        self._simulation.history.runtime.append(RuntimeCall(start, self._now(), call, pod.subject, details))

    def _now(self) -> int:
        return self._simulation.clock.now


def _nobody(_uid: str) -> None:
    """Nobody listens yet."""


START_ERROR_PREFIX = "failed to create containerd task: failed to create shim task: OCI runtime create failed: "


def _unknown(text: str) -> str:
    return f"rpc error: code = Unknown desc = {text}"


def _outcome(run: Run) -> tuple[int, str, str]:
    """Exit code, reason and message of a run that ends by itself."""
    if run.oom:
        return KILLED, "OOMKilled", run.message
    code = SIGNALLED + run.signal if run.signal else run.exit
    return code, "Error" if code else "Completed", run.message


def _term_outcome(on_term: OnTerm) -> tuple[int, str, str]:
    return on_term.exit, "Error" if on_term.exit else "Completed", ""


def _log(run: Run, start: int) -> list[tuple[int, str]]:
    lines = [(start, run.log)] if run.log else []
    return lines + [(start + round(line.at * timing.SECOND), line.text if line.text.endswith("\n") else line.text + "\n") for line in run.logs]
