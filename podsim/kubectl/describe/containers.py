"""Containers in a description.                                       describe.go describeContainers, DescribeProbe"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal
from urllib.parse import quote

from podsim.api.quantity import Quantity
from podsim.kubectl.describe.sections import NONE, Object, time_text

NODE_ALLOCATABLE = ("limits.cpu", "limits.memory")
_PROBES = (("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe"))


def containers(title: str, found: Sequence[Object], statuses: Iterable[Object], pod: Object | None, indent: str = "") -> list[str]:
    """One section of containers; `pod` is None for a template, whose fields have no values yet."""
    by_name = {status["name"]: status for status in statuses}
    lines = [f"{indent}{title}:" + ("" if found else f" {NONE}")]
    for one in found:
        lines.append(f"  {' ' if indent else ''}{one['name']}:")
        lines += [f"    {line}" for line in _container(one, by_name.get(one["name"]), pod)]
    return lines


def _container(one: Object, status: Object | None, pod: Object | None) -> list[str]:
    lines = [f"Container ID:\t{status.get('containerID', '')}"] if status else []
    lines.append(f"Image:\t{one.get('image', '')}")
    lines += [f"Image ID:\t{status.get('imageID', '')}"] if status else []
    for title, key in (("Port", "containerPort"), ("Host Port", "hostPort")):
        ports = _ports(one.get("ports") or (), key)
        lines.append(f"{title}{'s' if ',' in ports else ''}:\t{ports or NONE}")
    profile = (one.get("securityContext") or {}).get("seccompProfile")
    if profile:
        lines.append(f"SeccompProfile:\t{profile.get('type', '')}")
        lines += [f"  LocalhostProfile:\t{profile.get('localhostProfile', '')}"] if profile.get("type") == "Localhost" else []
    for title, key in (("Command", "command"), ("Args", "args")):
        words = one.get(key) or ()
        lines += [f"{title}:", *(f"  {line}" for word in words for line in word.split("\n"))] if words else []
    if status:
        lines += _state("State", status.get("state", {}))
        lines += _state("Last State", status["lastState"]) if (status.get("lastState") or {}).get("terminated") else []
        lines += [f"Ready:\t{bool(status.get('ready'))}", f"Restart Count:\t{status.get('restartCount', 0)}"]
    lines += resources(one.get("resources"))
    lines += [f"{title}:\t{probe(one[key])}" for title, key in _PROBES if one.get(key)]
    return lines + _env_from(one.get("envFrom") or ()) + _environment(one, pod) + _mounts(one)


def _ports(ports: Iterable[Object], key: str) -> str:
    return ", ".join(f"{port.get(key, 0)}/{port.get('protocol', '')}" + (f" ({port['name']})" if port.get("name") else "") for port in ports)


def _state(title: str, state: Object) -> list[str]:
    if state.get("running") is not None:
        return [f"{title}:\tRunning", f"  Started:\t{time_text(state['running'].get('startedAt'))}"]
    ended = state.get("terminated") if state.get("waiting") is None else None
    if ended is None:
        reason = (state.get("waiting") or {}).get("reason")
        return [f"{title}:\tWaiting", *([f"  Reason:\t{reason}"] if reason else [])]
    told = [("Reason", ended.get("reason")), ("Message", ended.get("message")), ("Exit Code", str(ended.get("exitCode", 0)))]
    told += [("Signal", ended.get("signal"))]
    told += [("Started", time_text(ended.get("startedAt"))), ("Finished", time_text(ended.get("finishedAt")))]
    return [f"{title}:\tTerminated", *(f"  {name}:\t{value}" for name, value in told if value)]


def resources(found: Object | None) -> list[str]:
    """Limits and requests, if any.                                                               describeResources"""
    lines = []
    for title, key in (("Limits", "limits"), ("Requests", "requests")):
        values = sorted(((found or {}).get(key) or {}).items())
        lines += [f"{title}:", *(f"  {name}:\t{Quantity(str(value))}" for name, value in values)] if values else []
    return lines


def probe(one: Object) -> str:
    """`http-get http://:8080/healthz delay=0s timeout=1s period=10s successThreshold=1 failureThreshold=3`."""
    numbers = (("delay", "initialDelaySeconds"), ("timeout", "timeoutSeconds"), ("period", "periodSeconds"))
    told = [f"{name}={one.get(key, 0)}s" for name, key in numbers]
    told += [f"{key}={one.get(key, 0)}" for key in ("successThreshold", "failureThreshold")]
    return f"{_handler(one)} {' '.join(told)}"


def _handler(one: Object) -> str:
    if one.get("exec") is not None:
        return f"exec [{' '.join(one['exec'].get('command') or ())}]"
    if (get := one.get("httpGet")) is not None:
        host = f"[{get['host']}]" if ":" in get.get("host", "") else get.get("host", "")
        path = quote(get.get("path", ""), safe="/$&+,:;=@~")
        slash = "/" if path and not path.startswith("/") else ""
        scheme = f"{get['scheme'].lower()}:" if get.get("scheme") else ""
        return f"http-get {scheme}//{host}:{get['port']}{slash}{path}"
    if (socket := one.get("tcpSocket")) is not None:
        return f"tcp-socket {socket.get('host', '')}:{socket['port']}"
    if (grpc := one.get("grpc")) is not None:
        return f"grpc <pod>:{grpc['port']} {grpc.get('service') or ''}"
    return "unknown"


def _env_from(sources: Iterable[Object]) -> list[str]:
    lines = []
    for one in sources:
        kind = "ConfigMap" if one.get("configMapRef") else "Secret"
        ref = one.get("configMapRef") or one.get("secretRef") or {}
        prefix = f" with prefix '{one['prefix']}'" if one.get("prefix") else ""
        lines.append(f"  {ref.get('name', '')}\t{kind}{prefix}\tOptional: {str(bool(ref.get('optional'))).lower()}")
    return ["Environment Variables from:", *lines] if lines else []


def _environment(one: Object, pod: Object | None) -> list[str]:
    variables = one.get("env") or ()
    if not variables:
        return [f"Environment:\t{NONE}"]
    lines = ["Environment:"]
    for variable in variables:
        source = variable.get("valueFrom")
        if source is None:
            first, *rest = variable.get("value", "").split("\n")
            lines += [f"  {variable['name']}:\t{first}", *(f"  \t{line}" for line in rest)]
        elif text := _value_from(source, one, pod):
            lines.append(f"  {variable['name']}:\t{text}")
    return lines


def _value_from(source: Object, container: Object, pod: Object | None) -> str:
    if (field := source.get("fieldRef")) is not None:
        return f"{_field(pod, field['fieldPath'])} ({field.get('apiVersion', '')}:{field['fieldPath']})"
    if (resource := source.get("resourceFieldRef")) is not None:
        value = _resource(resource, container)
        shown = "node allocatable" if value == "0" and resource["resource"] in NODE_ALLOCATABLE else value
        return f"{shown} ({resource['resource']})"
    for key, words in (("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")):
        if (ref := source.get(key)) is not None:
            optional = str(bool(ref.get("optional"))).lower()
            return f"<set to the key '{ref['key']}' {words} '{ref.get('name', '')}'>\tOptional: {optional}"
    return ""


def _field(pod: Object | None, path: str) -> str:
    """The value of a plain field of the metadata; "" for any other, and in a template.      ExtractFieldPathAsString"""
    plain = path in ("metadata.name", "metadata.namespace", "metadata.uid")
    return str(pod["metadata"].get(path.removeprefix("metadata."), "")) if plain and pod else ""


def _resource(ref: Object, container: Object) -> str:
    """Limit or request in units of the divisor, rounded up.                           ExtractContainerResourceValue"""
    list_name, _, name = ref["resource"].partition(".")
    amount = ((container.get("resources") or {}).get(list_name) or {}).get(name, "0")
    divisor = Quantity(str(ref.get("divisor") or "0"))
    unit = Decimal(divisor.milli_value or 1000)
    return str(int((Quantity(str(amount)).milli_value / unit).to_integral_value(ROUND_CEILING)))


def _mounts(one: Object) -> list[str]:
    lines = []
    for mount in sorted(one.get("volumeMounts") or (), key=lambda mount: str(mount.get("mountPath", ""))):
        flags = "ro" if mount.get("readOnly") else "rw"
        flags += f",path={json.dumps(mount['subPath'])}" if mount.get("subPath") else ""
        lines.append(f"  {mount.get('mountPath', '')} from {mount['name']} ({flags})")
    lines = ["Mounts:", *lines] if lines else [f"Mounts:\t{NONE}"]
    devices = sorted(one.get("volumeDevices") or (), key=lambda device: str(device.get("devicePath", "")))
    return (
        lines
        + (["Devices:" + ("" if one.get("volumeMounts") else f"\t{NONE}")] if devices else [])
        + [f"  {device.get('devicePath', '')} from {device['name']}" for device in devices]
    )
