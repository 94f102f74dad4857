"""What the STATUS column says of a Pod: one pure function of the stored object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from podsim.kubectl.duration import age

Object = Mapping[str, Any]
NONE = "<none>"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one Pod as text, and the restarts as data: `restarted_at` is the stamp behind `(… ago)`, or None."""

    name: str
    ready: str
    status: str
    restarts: str
    age: str
    ip: str
    node: str
    nominated_node: str
    readiness_gates: str
    restart_count: int
    restarted_at: str | None

    @property
    def cells(self) -> tuple[str, ...]:
        """NAME to READINESS GATES."""
        return (
            self.name, self.ready, self.status, self.restarts, self.age,
            self.ip, self.node, self.nominated_node, self.readiness_gates,
        )  # fmt: skip


@dataclass(slots=True)
class _Restarts:
    count: int = 0
    last: str | None = None

    def add(self, status: Object) -> None:
        self.count += status.get("restartCount", 0)
        finished = (status.get("lastState", {}).get("terminated") or {}).get("finishedAt")
        if finished and (self.last is None or finished > self.last):
            self.last = finished


@dataclass(frozen=True, slots=True)
class _Initialization:
    """How far the init containers are; `blocked` is the STATUS of the first one that holds the pod up, or None."""

    blocked: str | None
    ready: int
    every: _Restarts
    sidecars: _Restarts


def pod_row(pod: Object, now: datetime) -> Row:
    """The row of `kubectl get pod -o wide`.                        pkg/printers/internalversion/printers.go printPod"""
    meta, spec, status = pod["metadata"], pod.get("spec", {}), pod.get("status", {})
    init = _initialization(spec, status)
    restarts, ready = init.every, init.ready
    reason = _starting_reason(status) if init.blocked is None else init.blocked
    if init.blocked is None or _is_true(status, "Initialized"):
        restarts = init.sidecars
        reason, running = _regular_reason(status, reason, restarts)
        ready += running
    if "deletionTimestamp" in meta:
        if status.get("reason") == "NodeLost":
            reason = "Unknown"
        elif status.get("phase") not in ("Succeeded", "Failed"):
            reason = "Terminating"
    restarted_at = restarts.last if restarts.count else None
    sidecars = sum(c.get("restartPolicy") == "Always" for c in spec.get("initContainers") or ())
    return Row(
        name=meta["name"],
        ready=f"{ready}/{len(spec.get('containers') or ()) + sidecars}",
        status=reason,
        restarts=f"{restarts.count} ({age(restarted_at, now)} ago)" if restarted_at else str(restarts.count),
        age=age(meta.get("creationTimestamp"), now),
        ip=next((one["ip"] for one in status.get("podIPs") or ()), "") or NONE,
        node=spec.get("nodeName") or NONE,
        nominated_node=status.get("nominatedNodeName") or NONE,
        readiness_gates=_gates(spec.get("readinessGates") or (), status),
        restart_count=restarts.count,
        restarted_at=restarted_at,
    )


def _starting_reason(status: Object) -> str:
    if any(c["type"] == "PodScheduled" and c.get("reason") == "SchedulingGated" for c in status.get("conditions") or ()):
        return "SchedulingGated"
    return str(status.get("reason") or status.get("phase", ""))


def _initialization(spec: Object, status: Object) -> _Initialization:
    containers = spec.get("initContainers") or ()
    sidecar_names = {c["name"] for c in containers if c.get("restartPolicy") == "Always"}
    every, sidecars, ready = _Restarts(), _Restarts(), 0
    for position, one in enumerate(status.get("initContainerStatuses") or ()):
        sidecar = one["name"] in sidecar_names
        every.add(one)
        if sidecar:
            sidecars.add(one)
        terminated = one.get("state", {}).get("terminated")
        if terminated is not None and not terminated.get("exitCode"):
            continue
        if sidecar and one.get("started"):
            ready += bool(one.get("ready"))
            continue
        waiting = (one.get("state", {}).get("waiting") or {}).get("reason", "")
        if terminated is not None:
            blocked = f"Init:{_terminated_reason(terminated)}"
        elif waiting not in ("", "PodInitializing"):
            blocked = f"Init:{waiting}"
        else:
            blocked = f"Init:{position}/{len(containers)}"
        return _Initialization(blocked, ready, every, sidecars)
    return _Initialization(None, ready, every, sidecars)


def _regular_reason(status: Object, reason: str, restarts: _Restarts) -> tuple[str, int]:
    """STATUS after a look at the regular containers, and how many of them run and are ready."""
    running, error = 0, ""
    for one in reversed(status.get("containerStatuses") or ()):
        restarts.add(one)
        state = one.get("state", {})
        waiting, terminated = (state.get("waiting") or {}).get("reason"), state.get("terminated")
        if waiting:
            reason = waiting
        elif terminated is not None:
            reason = _terminated_reason(terminated)
            if terminated.get("exitCode"):
                error = reason
        elif one.get("ready") and state.get("running") is not None:
            running += 1
    if reason == "Completed":
        if running and _is_true(status, "Ready"):
            reason = "Running"
        elif error or running:
            reason = error or "NotReady"
    return reason, running


def _terminated_reason(terminated: Object) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    return f"Signal:{terminated['signal']}" if terminated.get("signal") else f"ExitCode:{terminated.get('exitCode', 0)}"


def _is_true(status: Object, condition: str) -> bool:
    return any(c["type"] == condition and c.get("status") == "True" for c in status.get("conditions") or ())


def _gates(gates: Iterable[Object], status: Object) -> str:
    wanted = [gate["conditionType"] for gate in gates]
    first: dict[str, str] = {}
    for condition in status.get("conditions") or ():
        first.setdefault(condition["type"], condition.get("status", ""))
    return f"{sum(first.get(one) == 'True' for one in wanted)}/{len(wanted)}" if wanted else NONE
