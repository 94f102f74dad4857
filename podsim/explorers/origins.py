"""Who wrote which line of a stored object: you, a default, an admission plug-in, the scheduler, the kubelet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podsim.api import decode, defaults, strategy
from podsim.explorers import paths
from podsim.explorers.paths import Path
from podsim.kubectl import yaml

# origin -> what it is called; the letters are those of the manifest panel
ORIGINS = {"": "written", "S": "default of the API", "A": "admission", "R": "API server, on create", "N": "scheduler", "K": "kubelet"}
# beginning of a path, without indexes -> the admission plug-in that writes there
PLUGINS = {
    "spec.serviceAccount": "ServiceAccount",
    "spec.automountServiceAccountToken": "ServiceAccount",
    "spec.imagePullSecrets": "ServiceAccount",
    "spec.volumes": "ServiceAccount",
    "spec.containers.volumeMounts": "ServiceAccount",
    "spec.initContainers.volumeMounts": "ServiceAccount",
    "spec.tolerations": "DefaultTolerationSeconds",
    "spec.priority": "Priority",
    "spec.preemptionPolicy": "Priority",
    "spec.overhead": "RuntimeClass",
    "spec.nodeSelector": "RuntimeClass",
    "spec.containers.resources": "LimitRanger",
    "metadata.annotations": "LimitRanger",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of YAML; `origin` is a key of ORIGINS, `by` names the plug-in where there is one."""

    text: str
    origin: str
    by: str = ""


def of(written: Mapping[str, Any], stored: Mapping[str, Any], latest: Mapping[str, Any] | None = None) -> list[Line]:
    """The lines of `latest` (default: of `stored`), each with its origin.

    `written` is the object of the manifest, `stored` what the API server made of it.
    """
    decoded = decode.decode(dict(written))
    defaulted = defaults.apply(decoded)
    stages = [("", decoded), ("S", defaulted), ("R", strategy.prepare(defaulted)), ("A", stored)]
    return [_line(text, path, leaf, stages) for text, path, leaf in _walk(dict(latest or stored), ())]


def _line(text: str, path: Path, leaf: Any, stages: list[tuple[str, Any]]) -> Line:
    plain = ".".join(str(p) for p in path if isinstance(p, str))
    for origin, obj in stages:
        found = paths.get(obj, path)
        if found is None or (leaf is not None and found != leaf):
            continue
        plugin = next((p for start, p in PLUGINS.items() if plain.startswith(start)), "")
        if origin == "A" and not plugin:
            return Line(text, "R")
        return Line(text, origin, plugin if origin == "A" else "")
    if plain.startswith("metadata"):
        return Line(text, "R")
    return Line(text, "N" if plain == "spec.nodeName" else "K")


def _walk(value: Any, path: Path) -> Iterator[tuple[str, Path, Any]]:
    """(line, path, the value where the line holds one) in the order of `kubectl -o yaml`."""
    if isinstance(value, dict) and value:
        for position, key in enumerate(sorted(value)):
            inner = (*path, key)
            if isinstance(value[key], dict | list) and value[key]:
                yield _lead(inner, position) + f"{key}:", inner, None
                yield from _walk(value[key], inner)
            else:
                for line in _leaf(inner, position, value[key]):
                    yield line, inner, value[key]
    else:
        for index, item in enumerate(value):
            inner = (*path, index)
            if isinstance(item, dict) and item:
                yield from _walk(item, inner)
            else:
                for line in _leaf(inner, 0, item):
                    yield line, inner, item


def _lead(path: Path, position: int) -> str:
    """The indent of a key: two blanks a map, and a dash before the first key of a list's item."""
    depth = sum(isinstance(p, str) for p in path[:-1])
    inside = len(path) > 1 and isinstance(path[-2], int)
    return "  " * (depth - 1) + "- " if inside and position == 0 else "  " * depth


def _leaf(path: Path, position: int, value: Any) -> list[str]:
    """The lines of a value that is no block, as they stand in the whole document."""
    wrapped: Any = value
    for part in reversed(path):
        wrapped = {part: wrapped} if isinstance(part, str) else [wrapped]
    headers = sum(isinstance(p, str) for p in path[:-1])
    found = yaml.lines(wrapped)[headers:]
    if position and len(path) > 1 and isinstance(path[-2], int):
        found[0] = found[0].replace("- ", "  ", 1)
    return found
