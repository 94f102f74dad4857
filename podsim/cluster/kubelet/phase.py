"""A pod's phase and conditions from its spec and container statuses: pure functions of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from podsim.cluster.kubelet import restarts
from podsim.cluster.kubelet.spec import Container, PodSpec

Json = Mapping[str, Any]
Condition = dict[str, Any]
FINISHED = ("Succeeded", "Failed")


@dataclass(slots=True)
class Tally:
    """How many containers are in which situation."""

    pending_init: int = 0
    failed_init: bool = False
    pending_sidecar: int = 0
    unknown: int = 0
    waiting: int = 0
    running: int = 0
    stopped: int = 0
    succeeded: int = 0
    may_restart: int = 0


@dataclass(frozen=True, slots=True)
class Statuses:
    """Container statuses by name."""

    init: dict[str, Json] = field(default_factory=dict)
    regular: dict[str, Json] = field(default_factory=dict)

    @staticmethod
    def of(status: Json) -> Statuses:
        """From a pod's status."""
        named = [{c["name"]: c for c in status.get(k) or ()} for k in ("initContainerStatuses", "containerStatuses")]
        return Statuses(*named)

    @property
    def exits(self) -> dict[str, int]:
        """The exit code of each container that is shown as terminated."""
        states = {name: state_of(status) for name, status in (self.init | self.regular).items()}
        return {name: body.get("exitCode", 0) for name, (kind, body) in states.items() if kind == "terminated"}


def state_of(status: Json | None) -> tuple[str, Json]:
    """The kind of a container's state and its body; `waiting` where nothing is said, `none` without a status."""
    if status is None:
        return "none", {}
    for kind, body in (status.get("state") or {}).items():
        return kind, body
    return "waiting", {}


def phase(pod: PodSpec, statuses: Statuses, *, terminal: bool, ever_active: bool) -> str:
    """The pod's phase.                                                             kubelet_pods.go getPhase

    `terminal`: the pod has been terminated; `ever_active`: a regular container has run in this sandbox.
    """
    tally = _tally(pod, statuses)
    if tally.failed_init:
        return "Failed"
    if tally.pending_init or (tally.pending_sidecar and not ever_active) or tally.waiting:
        return "Pending"
    if tally.running and not tally.unknown:
        return "Running"
    if tally.running == 0 and tally.stopped and not tally.unknown:
        if tally.may_restart and (not terminal or is_static(pod)):
            return "Running"
        return "Succeeded" if tally.stopped == tally.succeeded else "Failed"
    return "Pending"


def is_static(pod: PodSpec) -> bool:
    """Whether the pod comes from a file on the node, not from the API.                    kubelet types IsStaticPod"""
    annotations: Json = pod.source["metadata"].get("annotations") or {}
    return bool(annotations.get("kubernetes.io/config.source", "api") != "api")


def _tally(pod: PodSpec, statuses: Statuses) -> Tally:
    tally = Tally()
    for container in pod.init:
        status = statuses.init.get(container.name)
        if container.kind == "sidecar":
            _tally_sidecar(tally, status)
        else:
            _tally_init(tally, container, pod, status)
    for container in pod.regular:
        _tally_regular(tally, container, pod, statuses.regular.get(container.name))
    return tally


def _tally_init(tally: Tally, container: Container, pod: PodSpec, status: Json | None) -> None:
    kind, body = state_of(status)
    ended = body if kind == "terminated" else _last_end(status) if kind == "waiting" else {}
    if ended.get("exitCode", 0):
        tally.failed_init |= not _may_restart(container, pod, ended)
    elif kind != "terminated":
        tally.pending_init += 1


def _tally_sidecar(tally: Tally, status: Json | None) -> None:
    kind, _ = state_of(status)
    if kind == "none":
        tally.unknown += 1
    elif kind == "running":
        tally.running += 1
        tally.pending_sidecar += not (status or {}).get("started")
    elif kind == "waiting" and not _last_end(status):
        tally.waiting += 1
        tally.pending_sidecar += 1


def _tally_regular(tally: Tally, container: Container, pod: PodSpec, status: Json | None) -> None:
    kind, body = state_of(status)
    ended = body if kind == "terminated" else _last_end(status)
    if kind == "none":
        tally.unknown += 1
    elif kind == "running":
        tally.running += 1
    elif ended or kind == "terminated":
        tally.stopped += 1
        tally.succeeded += kind == "terminated" and body.get("exitCode", 0) == 0
        tally.may_restart += _may_restart(container, pod, ended)
    else:
        tally.waiting += 1


def _last_end(status: Json | None) -> Json:
    """How the last run ended, if there was one."""
    last: Json = ((status or {}).get("lastState") or {}).get("terminated") or {}
    return last


def _may_restart(container: Container, pod: PodSpec, ended: Json) -> bool:
    """Whether a container that ended so may run again."""
    return ended.get("reason") == restarts.SWEPT or restarts.by_exit(container, pod.restart_policy, ended.get("exitCode", 0))


def conditions(pod: PodSpec, statuses: Statuses, phase_now: str, gates: Iterable[Json]) -> list[Condition]:
    """Initialized, Ready and ContainersReady, in that order; `gates` are the conditions that others wrote."""
    ready = containers_ready(pod, statuses, phase_now)
    return [initialized(pod, statuses, phase_now), pod_ready(pod, ready, gates), ready]


def initialized(pod: PodSpec, statuses: Statuses, phase_now: str) -> Condition:
    """Whether the init containers are through.                    status/generate.go GeneratePodInitializedCondition"""
    unknown = [c.name for c in pod.init if c.name not in statuses.init]
    waiting = [c.name for c in pod.init if c.name in statuses.init and not _init_done(c, statuses.init[c.name])]
    if phase_now == "Succeeded" and not unknown:
        return {"type": "Initialized", "status": "True", "reason": "PodCompleted"}
    if any(has_started(s) for s in statuses.regular.values()) or not (unknown or waiting):
        return {"type": "Initialized", "status": "True"}
    return {"type": "Initialized", "status": "False", "reason": "ContainersNotInitialized", "message": _listed(unknown, waiting, "incomplete")}


def has_started(status: Json) -> bool:
    """Whether the container runs, has ended, or ended before.                         HasAnyRegularContainerStarted"""
    return state_of(status)[0] in ("running", "terminated") or bool(_last_end(status))


def _init_done(container: Container, status: Json) -> bool:
    if container.kind == "sidecar":
        return bool(status.get("started"))
    return bool(status.get("ready"))


def containers_ready(pod: PodSpec, statuses: Statuses, phase_now: str) -> Condition:
    """Whether all regular containers and sidecars are ready.    status/generate.go GenerateContainersReadyCondition"""
    counted = [*((c, statuses.init) for c in pod.init if c.kind == "sidecar"), *((c, statuses.regular) for c in pod.regular)]
    unknown = [c.name for c, known in counted if c.name not in known]
    unready = [c.name for c, known in counted if c.name in known and not known[c.name].get("ready")]
    if phase_now == "Failed" or (phase_now == "Succeeded" and not unknown):
        return {"type": "ContainersReady", "status": "False", "reason": terminal_reason(phase_now)}
    if not unknown and not unready:
        return {"type": "ContainersReady", "status": "True"}
    return {"type": "ContainersReady", "status": "False", "reason": "ContainersNotReady", "message": _listed(unknown, unready, "unready")}


def terminal_reason(phase_now: str) -> str:
    """The reason of conditions that are False because the pod has finished."""
    return "PodCompleted" if phase_now == "Succeeded" else "PodFailed"


def pod_ready(pod: PodSpec, containers: Condition, gates: Iterable[Json]) -> Condition:
    """Whether the pod may get traffic.                                 status/generate.go GeneratePodReadyCondition"""
    if containers["status"] != "True":
        return {**containers, "type": "Ready"}
    known = {c["type"]: c["status"] for c in gates}
    missing = [
        f'the status of pod readiness gate "{gate}" is not "True", but {known[gate]}'
        if gate in known
        else f'corresponding condition of pod readiness gate "{gate}" does not exist.'
        for gate in pod.readiness_gates
        if known.get(gate) != "True"
    ]
    if missing:
        return {"type": "Ready", "status": "False", "reason": "ReadinessGatesNotReady", "message": ", ".join(missing)}
    return {"type": "Ready", "status": "True"}


def _listed(unknown: list[str], known: list[str], word: str) -> str:
    parts = [f"containers with {w} status: [{' '.join(names)}]" for w, names in (("unknown", unknown), (word, known)) if names]
    return ", ".join(parts)
