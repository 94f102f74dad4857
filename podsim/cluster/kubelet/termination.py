"""How containers are stopped: hook, turn, TERM, KILL, all within one grace period.

kuberuntime_container.go killContainer, kuberuntime_termination_order.go
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import simpy

from podsim.cluster.kubelet import hooks, timing
from podsim.cluster.kubelet.runtime import Record
from podsim.cluster.kubelet.spec import Container, PodSpec, ProbeType

if TYPE_CHECKING:
    from podsim.cluster.kubelet.worker import PodWorker

Steps = Generator[simpy.Event, Any, Any]
NOBODY: Mapping[str, simpy.Event] = MappingProxyType({})


def grace_of(pod: PodSpec, container: Container, probe: ProbeType | None, override: int | None) -> int:
    """The grace period (s) of one kill.                 kuberuntime_container.go setTerminationGracePeriod

    The deletion's own; else that of the probe that asks for the kill; else the pod's. `override` wins.
    """
    if override is not None:
        return override
    if pod.deletion_grace is not None:
        return pod.deletion_grace
    own = container.probes[probe].grace if probe else None
    return pod.grace if own is None else own


def effective_grace(pod: PodSpec) -> int:
    """The grace period (s) of a pod that is terminated: what the deletion allows, else the pod, and never less than 1.

    pod_workers.go calculateEffectiveGracePeriod
    """
    return max(1, pod.grace if pod.deletion_grace is None else pod.deletion_grace)


def waits_for(pod: PodSpec, container: Container, running: Iterable[str]) -> list[str]:
    """The running containers that have to stop before this one.          terminationOrdering: sidecars in reverse"""
    if container.kind != "sidecar":
        return []
    names = [c.name for c in pod.init]
    later = {c.name for c in pod.regular} | set(names[names.index(container.name) + 1 :])
    return [name for name in running if name in later]


def kill_pod(worker: PodWorker, cause: int | None, override: int | None = None) -> Steps:
    """Stops every running container, all at once, and then the sandbox; `cause` says why.    killPodWithSyncResult"""
    env = worker.simulation.env
    state = worker.runtime.pod(worker.pod.uid)
    gone = {r.name: env.event() for r in state.running}
    stops = [env.process(_stop_in_turn(worker, r, gone, cause, override)) for r in state.running]
    if stops:
        yield env.all_of(stops)
    state = worker.runtime.pod(worker.pod.uid)
    if state.sandbox and state.sandbox.ready:
        ended = worker.simulation.history.newest(worker.pod.subject, ("container-exited",)) if stops else cause
        yield from worker.runtime.stop_sandbox(worker.pod, ended)


def _stop_in_turn(worker: PodWorker, record: Record, gone: dict[str, simpy.Event], cause: int | None, override: int | None) -> Steps:
    container = worker.pod.container(record.name)
    turn = {name: gone[name] for name in waits_for(worker.pod, container, gone)}
    yield from kill_container(worker, record, "", cause, override=override, turn=turn)
    gone[record.name].succeed()


def kill_container(
    worker: PodWorker,
    record: Record,
    message: str,
    cause: int | None,
    *,
    probe: ProbeType | None = None,
    override: int | None = None,
    turn: Mapping[str, simpy.Event] = NOBODY,
) -> Steps:
    """Stops one container: event, preStop, its turn, TERM with what is left of the grace period, KILL."""
    env, container = worker.simulation.env, worker.pod.container(record.name)
    grace = grace_of(worker.pod, container, probe, override)
    message = message or f"Stopping container {container.name}"
    worker.event(container, "Normal", "Killing", message)
    history, subject = worker.simulation.history, worker.pod.subject
    history.fact("killing", subject, cause=cause, container=container.name, why=probe or "", grace=grace, message=message)
    start = env.now
    if container.pre_stop is not None and grace > 0:
        yield from _pre_stop(worker, container, record, grace)
    left = grace - (env.now - start) // timing.SECOND
    if turn and left > 0:
        yield env.all_of(turn.values()) | env.timeout(left * timing.SECOND)
    left = grace - (env.now - start) // timing.SECOND
    ended = [i for name in turn if (i := history.newest(subject, ("container-exited",), name)) is not None] if all(e.triggered for e in turn.values()) else []
    yield from worker.runtime.stop_container(worker.pod, record, max(int(left), timing.MINIMUM_GRACE), max(ended, default=None))


def _pre_stop(worker: PodWorker, container: Container, record: Record, grace: int) -> Steps:
    """Runs preStop; the kubelet waits for it no longer than the grace period, the hook goes on.     executePreStopHook"""
    if container.pre_stop is None:
        return
    env = worker.simulation.env
    hook = env.process(hooks.run(worker, container, record, "preStop", container.pre_stop))
    yield hook | env.timeout(grace * timing.SECOND)
    if not hook.processed:
        worker.simulation.history.fact("hook-outlived", worker.pod.subject, container=container.name, hook="preStop", grace=grace)
