"""Rules for probes and lifecycle hooks.        validateProbe, validateHandler, validateLifecycle"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .field import (
    Errors,
    Object,
    child,
    conforms,
    forbidden,
    invalid,
    not_negative,
    not_supported,
    required,
)

SCHEMES = ("HTTP", "HTTPS")
HTTP_PROTOCOLS = ("HTTP1", "HTTP2")
GRPC_MODES = ("Plaintext", "TLS")
COUNTS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")

Handler = Callable[[str, Object, "int | None"], Errors]


def probes(path: str, container: Object, grace_period: int | None) -> Errors:
    """The three probes of a container; `grace_period` (s) is the pod's."""
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        if (probe := container.get(kind)) is not None:
            yield from _probe(child(path, kind), probe, grace_period)
            yield from _only(kind, child(path, kind), probe)


def lifecycle(path: str, hooks: Object | None, grace_period: int | None) -> Errors:
    """postStart and preStop."""
    for hook in ("postStart", "preStop"):
        if hooks and (handler := hooks.get(hook)) is not None:
            yield from _handler(child(path, hook), handler, grace_period, ("exec", "httpGet", "tcpSocket", "sleep"))


def port_number_or_name(path: str, port: Any) -> Errors:
    """A port of a container by number (absent: 0) or by name.                     ValidatePortNumOrName"""
    yield from conforms(path, port if port is not None else 0, "portname" if isinstance(port, str) else "portnum")


def _probe(path: str, probe: Object, grace_period: int | None) -> Errors:
    yield from _handler(path, probe, grace_period, ("exec", "httpGet", "tcpSocket", "grpc"))
    for count in COUNTS:
        yield from not_negative(child(path, count), probe.get(count))
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and grace <= 0:
        yield invalid(child(path, "terminationGracePeriodSeconds"), grace, "must be greater than 0")


def _only(kind: str, path: str, probe: Object) -> Errors:
    """What holds for one kind of probe only."""
    grace = probe.get("terminationGracePeriodSeconds")
    if kind == "readinessProbe":
        if grace is not None:
            yield invalid(child(path, "terminationGracePeriodSeconds"), grace, "must not be set for readinessProbes")
    elif probe.get("successThreshold") != 1:
        yield invalid(child(path, "successThreshold"), probe.get("successThreshold") or 0, "must be 1")


def _handler(path: str, handler: Object, grace_period: int | None, kinds: tuple[str, ...]) -> Errors:
    given = [kind for kind in kinds if handler.get(kind) is not None]
    if not given:
        yield required(path, "must specify a handler type")
        return
    first, *others = given
    yield from _HANDLERS[first](child(path, first), handler[first], grace_period)
    for kind in others:
        yield forbidden(child(path, kind), "may not specify more than 1 handler type")


def _exec(path: str, action: Object, _grace_period: int | None) -> Errors:
    if not action.get("command"):
        yield required(child(path, "command"))


def _http_get(path: str, action: Object, _grace_period: int | None) -> Errors:
    if not action.get("path"):
        yield required(child(path, "path"))
    yield from port_number_or_name(child(path, "port"), action.get("port"))
    scheme, protocol = action.get("scheme") or "", action.get("protocol")
    if scheme not in SCHEMES:
        yield not_supported(child(path, "scheme"), scheme, SCHEMES)
    for header in action.get("httpHeaders") or ():
        yield from conforms(child(path, "httpHeaders"), (header or {}).get("name") or "", "httpheader")
    if protocol is None:
        return
    if protocol not in HTTP_PROTOCOLS:
        yield not_supported(child(path, "protocol"), protocol, HTTP_PROTOCOLS)
    elif protocol == "HTTP2" and scheme != "HTTP":
        yield invalid(child(path, "protocol"), protocol, "is only supported with HTTP (H2C)")
    elif protocol == "HTTP2" and action.get("host"):
        yield invalid(child(path, "host"), action["host"], 'must be empty when `protocol` is "HTTP2"')


def _tcp_socket(path: str, action: Object, _grace_period: int | None) -> Errors:
    yield from port_number_or_name(child(path, "port"), action.get("port"))


def _grpc(path: str, action: Object, _grace_period: int | None) -> Errors:
    yield from port_number_or_name(child(path, "port"), action.get("port"))
    if (mode := action.get("mode")) is not None and mode not in GRPC_MODES:
        yield not_supported(child(path, "mode"), mode, GRPC_MODES)


def _sleep(path: str, action: Object, grace_period: int | None) -> Errors:
    seconds = action.get("seconds") or 0
    if grace_period is not None and not 0 <= seconds <= grace_period:
        yield invalid(
            path, seconds, f"must be non-negative and less than terminationGracePeriodSeconds ({grace_period})"
        )


_HANDLERS: dict[str, Handler] = {
    "exec": _exec,
    "httpGet": _http_get,
    "tcpSocket": _tcp_socket,
    "grpc": _grpc,
    "sleep": _sleep,
}
