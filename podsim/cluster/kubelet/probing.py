"""What a probe finds, and what follows from one tick: pure functions.            kubelet prober/worker.go, pkg/probe"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from podsim.cluster.kubelet.spec import Container, Handler, Probe, ProbeType
from podsim.cluster.scenario import ProbeResult, Window

Result = Literal["Success", "Failure", "Unknown"]
INITIAL: dict[ProbeType, Result] = {"startup": "Unknown", "readiness": "Failure", "liveness": "Success"}
DEFAULT_FAILURE_STATUS = 503
GONE = Window("refused")  # the process has ended, though the status does not show it yet


@dataclass(frozen=True, slots=True)
class Answer:
    """What one probe found; `waits`: only when its time was up; `error` is a failure to ask, which counts as nothing."""

    result: ProbeResult
    message: str
    waits: bool = False
    error: bool = False

    @property
    def value(self) -> Result:
        """Success or Failure."""
        return "Success" if self.result == "ok" else "Failure"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a probe worker remembers between ticks: the last result, how often in a row, whether it is on hold."""

    last: Result | None = None
    run: int = 0
    on_hold: bool = False


def count(tally: Tally, probe: Probe, value: Result) -> tuple[Tally, Result | None]:
    """The tally after one more answer, and the result to store, if any.                        worker.go doProbe"""
    run = tally.run + 1 if tally.last == value else 1
    counted = Tally(value, run, tally.on_hold)
    threshold = probe.failure_threshold if value == "Failure" else probe.success_threshold
    if run < threshold:
        return counted, None
    if probe.type == "startup" or (probe.type == "liveness" and value == "Failure"):
        return replace(counted, on_hold=True, run=0), value
    return counted, value


def window_at(windows: tuple[Window, ...], since_start: float, run: int) -> Window | None:
    """The window that holds `since_start` seconds after the start of that run."""
    return next((w for w in windows if w.from_ <= since_start and (w.to is None or since_start < w.to) and w.run in (None, run)), None)


def answer(probe: Probe, container: Container, ip: str, window: Window | None) -> Answer:
    """What the probe finds in the window; its message as the event words it."""
    port = _port(probe.handler, container)
    if isinstance(port, str):
        return Answer("fail", f'port "{port}" not found', error=True)
    if window is GONE and probe.handler.kind == "exec":
        return Answer("fail", "rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_EXITED state", error=True)
    result: ProbeResult = window.result if window else "ok"
    if result == "ok" or window is None:
        return Answer("ok", "")
    waits = result == "timeout" or (probe.handler.kind == "grpc" and result == "refused")
    return Answer(result, _message(probe, result, window, f"{probe.handler.fields.get('host') or ip}:{port}"), waits)


def _port(handler: Handler, container: Container) -> int | str:
    """The number of the port, or the name that no port of the container has."""
    port = handler.fields.get("port", 0)
    if isinstance(port, str):
        return container.ports.get(port, port)
    return int(port)


def _message(probe: Probe, result: ProbeResult, window: Window, address: str) -> str:
    handler, timeout = probe.handler, probe.timeout
    if handler.kind == "exec":
        command = " ".join(handler.fields.get("command") or ())
        return f'command timed out: "{command}" timed out after {timeout}s' if result == "timeout" else window.output
    if handler.kind == "tcpSocket":
        return f"dial tcp {address}: " + ("i/o timeout" if result == "timeout" else "connect: connection refused")
    if handler.kind == "grpc":
        if result == "fail":
            return 'service unhealthy (responded with "NOT_SERVING")'
        return f'timeout: failed to connect service "{address}" within {timeout}s: context deadline exceeded'
    url = f"{handler.fields.get('scheme', 'HTTP').lower()}://{address}{_path(handler)}"
    if result == "timeout":
        return f'Get "{url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    if result == "refused":
        return f'Get "{url}": dial tcp {address}: connect: connection refused'
    return f"HTTP probe failed with statuscode: {window.status or DEFAULT_FAILURE_STATUS}"


def _path(handler: Handler) -> str:
    path = str(handler.fields.get("path", "/"))
    return path if path.startswith("/") else f"/{path}"
