"""What one sync has to do to bring the runtime to what the spec asks for: a pure decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from podsim.cluster.kubelet import resize, restarts
from podsim.cluster.kubelet.runtime import PodRuntime, Record
from podsim.cluster.kubelet.spec import Container, PodSpec, ProbeType

ProbeView = Callable[[Record, ProbeType], str | None]  # the stored result of a probe: Success, Failure, Unknown, or None
RESIZED = "Container {} resize requires restart"


@dataclass(frozen=True, slots=True)
class Kill:
    """A running container that has to go; `probe`: the one that asks for it."""

    record: Record
    message: str
    probe: ProbeType | None


@dataclass(frozen=True, slots=True)
class Actions:
    """What to do, in this order: kill, sandbox, ephemeral, init, regular; or only `sweep`: remove these, one by one."""

    sweep: tuple[Record, ...] = ()
    kill_pod: bool = False
    create_sandbox: bool = False
    kill: tuple[Kill, ...] = ()
    start_ephemeral: tuple[Container, ...] = ()
    start_init: tuple[Container, ...] = ()
    start: tuple[Container, ...] = ()


def compute(pod: PodSpec, runtime: PodRuntime, probe: ProbeView) -> Actions:
    """The actions of a sync that sees `runtime`.            kuberuntime_manager.go computePodActions"""
    if runtime.sandbox is None or not runtime.sandbox.ready:
        return _with_new_sandbox(pod, runtime)
    if restarts.all_restart(pod, runtime.exits):
        return Actions(sweep=_sweep(pod, runtime))
    ephemeral = tuple(c for c in pod.ephemeral if runtime.newest(c.name) is None)
    initialized = has_initialized(pod, runtime)
    kills, starts, done = _init(pod, runtime, probe, initialized)
    if done is None:
        return Actions(kill_pod=True)
    if not done:
        return Actions(kill=tuple(kills), start_ephemeral=ephemeral, start_init=tuple(starts))
    regular_kills, regular_starts, kept = _regular(pod, runtime, probe)
    if not kept and not regular_starts:
        return Actions(kill_pod=True, start_ephemeral=ephemeral)
    return Actions(
        kill=(*kills, *regular_kills), start_ephemeral=ephemeral, start_init=tuple(starts), start=tuple(regular_starts)
    )


def _sweep(pod: PodSpec, runtime: PodRuntime) -> tuple[Record, ...]:
    """The records in the order in which a restart in place removes them: what asked for it last.  getContainersToReset"""
    order = [c.name for c in (*pod.regular, *pod.init)]
    swept = [r for r in runtime.records if r.name in order]
    asks = {name: restarts.all_restart(pod, {name: code}) for name, code in runtime.exits.items()}
    return tuple(sorted(swept, key=lambda r: (asks.get(r.name, False), order.index(r.name))))


def has_initialized(pod: PodSpec, runtime: PodRuntime) -> bool:
    """Whether some regular container has been active in this sandbox.         HasAnyActiveRegularContainerStarted"""
    return any(runtime.newest(c.name) is not None for c in pod.regular)


def _with_new_sandbox(pod: PodSpec, runtime: PodRuntime) -> Actions:
    again = runtime.sandbox is not None
    if again and pod.restart_policy == "Never" and runtime.records:
        return Actions(kill_pod=True)
    wanted = tuple(
        c for c in pod.regular
        if not (pod.restart_policy == "OnFailure" and (r := runtime.newest(c.name)) and r.state == "exited" and r.exit_code == 0)
    )
    if again and not wanted:
        return Actions(kill_pod=True)
    if pod.init:
        return Actions(kill_pod=again, create_sandbox=True, start_init=pod.init[:1])
    return Actions(kill_pod=again, create_sandbox=True, start=wanted)


def _init(
    pod: PodSpec, runtime: PodRuntime, probe: ProbeView, initialized: bool
) -> tuple[list[Kill], list[Container], bool | None]:
    """Kills and starts among the init containers, and whether all is initialised (None: it failed for good).

    The last init container that the runtime knows decides how far the pod has come; sidecars before it are kept alive.
    kuberuntime_container.go computeInitContainerActions
    """
    kills: list[Kill] = []
    starts: list[Container] = []
    known = [i for i, c in enumerate(pod.init) if runtime.newest(c.name) is not None]
    if not known and not initialized:
        return kills, list(pod.init[:1]), not pod.init
    front = len(pod.init) if initialized else known[-1]
    done: bool | None = initialized
    for position, container in enumerate(pod.init[: front + 1]):
        newest = runtime.newest(container.name)
        if container.kind == "sidecar":
            step: bool | None = _sidecar(container, newest, probe, kills, starts)
        elif position < front:
            continue
        else:
            step = _ordinary(container, pod, newest, starts)
        if position == front and not initialized:
            if step is None:
                return [], [], None
            done = step and front + 1 == len(pod.init)
            if step and not done:
                starts.append(pod.init[front + 1])
    return kills, starts, done


def _ordinary(container: Container, pod: PodSpec, newest: Record | None, starts: list[Container]) -> bool | None:
    """Whether an ordinary init container is through; None: it failed and may not run again."""
    if newest is not None and newest.state == "running":
        return False
    if newest is not None and newest.state == "exited" and newest.exit_code == 0:
        return True
    if newest is not None and newest.state == "exited" and not restarts.by_exit(container, pod.restart_policy, newest.exit_code):
        return None
    starts.append(container)
    return False


def _sidecar(
    container: Container, newest: Record | None, probe: ProbeView, kills: list[Kill], starts: list[Container]
) -> bool:
    """Whether a sidecar lets the next init container start; one that is down is started again."""
    if newest is None or newest.state != "running":
        starts.append(container)
        return False
    startup = probe(newest, "startup") if "startup" in container.probes else "Success"
    reason = _reason_to_restart(container, newest, startup, probe)
    if reason is not None:
        kills.append(reason)
        starts.append(container)
    return startup == "Success"


def _reason_to_restart(container: Container, newest: Record, startup: str | None, probe: ProbeView) -> Kill | None:
    """Why a running sidecar is replaced; until it has started only its startup probe counts."""
    subject = f"Init container {container.name}"
    if startup != "Success":
        return Kill(newest, f"{subject} failed startup probe", "startup") if startup == "Failure" else None
    if newest.image != container.image:
        return Kill(newest, f"{subject} definition changed", None)
    if "liveness" in container.probes and probe(newest, "liveness") == "Failure":
        return Kill(newest, f"{subject} failed liveness probe", "liveness")
    return Kill(newest, RESIZED.format(container.name), None) if resize.demands_restart(container, newest) else None


def _regular(pod: PodSpec, runtime: PodRuntime, probe: ProbeView) -> tuple[list[Kill], list[Container], int]:
    """Kills and starts among the regular containers, and how many are kept as they are."""
    kills: list[Kill] = []
    starts: list[Container] = []
    kept = 0
    for container in pod.regular:
        newest = runtime.newest(container.name)
        if newest is None or newest.state != "running":
            if restarts.should_start(container, pod, newest):
                starts.append(container)
            continue
        kill = _reason_to_kill(container, pod, newest, probe)
        if kill is None:
            kept += 1
            continue
        kills.append(kill)
        if kill.probe is None or restarts.after_kill(container, pod.restart_policy):
            starts.append(container)
    return kills, starts, kept


def _reason_to_kill(container: Container, pod: PodSpec, newest: Record, probe: ProbeView) -> Kill | None:
    if newest.image != container.image:
        return Kill(newest, f"Container {container.name} definition changed, will be restarted", None)
    again = ", will be restarted" if restarts.after_kill(container, pod.restart_policy) else ""
    for kind in ("liveness", "startup"):
        if kind in container.probes and probe(newest, kind) == "Failure":
            return Kill(newest, f"Container {container.name} failed {kind} probe{again}", kind)
    return Kill(newest, RESIZED.format(container.name), None) if resize.demands_restart(container, newest) else None
