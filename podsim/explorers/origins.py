"""Who wrote which field of a stored object, and why: you, a default, an admission plug-in, the scheduler, the kubelet, a controller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml as pyyaml

from podsim.api import decode, defaults, strategy
from podsim.api.manifest import Document
from podsim.cluster.store import Store
from podsim.explorers import paths
from podsim.explorers.paths import Path
from podsim.kubectl import yaml

Object = Mapping[str, Any]
DEFAULT, SERVER, SCHEDULER, KUBELET, CONTROLLER = "default of the API", "API server", "scheduler", "kubelet", "controller"
# owner -> the controller that writes its status and makes its objects; where its pod template stands
TEMPLATES: dict[str, Path] = {"CronJob": ("spec", "jobTemplate", "spec", "template")}
TEMPLATE: Path = ("spec", "template")
CONTROLLER_FIELDS = (
    "apiVersion",
    "kind",
    "metadata.annotations",
    "metadata.finalizers",
    "metadata.generateName",
    "metadata.labels",
    "metadata.ownerReferences",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a field (`by`), and `why`; `line` where the manifest says it."""

    by: str
    why: str = ""
    line: int | None = None

    def __str__(self) -> str:
        return f"line {self.line}" if self.line else f"{self.by}: {self.why}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of `kubectl get -o yaml`; `origin` is None for a line that only holds others together."""

    text: str
    path: Path
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Birth:
    """How an object came to be: the manifest, the first stored version, and what was written and defaulted on the way there.

    `root` is where the object's own fields begin in the manifest: the template, for a pod that a workload made. Reasons
    are given in `language`.
    """

    document: Document
    created: Object
    written: Object
    defaulted: Object
    root: Path = ()
    maker: str = ""
    prepared: Object = field(default_factory=dict)
    language: str = "en"

    def origin(self, by: str, plain: str, name: str = "") -> Origin:
        """What `by` wrote at a path without indexes; `name` is what it is called where many are of one kind."""
        return Origin(name or by, _why(by, plain, self.language))


def of_manifest(document: Document, created: Object, language: str = "en") -> Birth:
    """The birth of the object that a manifest describes."""
    written = decode.decode(dict(document.object))
    defaulted = defaults.apply({**written, "metadata": written.get("metadata") or {}})
    return Birth(document, created, written, defaulted, prepared=strategy.prepare(defaulted), language=language)


def of_pod(document: Document, workload: Object, created: Object, language: str = "en") -> Birth:
    """The birth of a pod that a workload of the manifest made, in one step or through others; `workload` as stored."""
    root = TEMPLATES.get(workload["kind"], TEMPLATE)
    owner = next(iter(created["metadata"].get("ownerReferences") or ()), {"kind": workload["kind"]})
    template = paths.get(decode.decode(dict(document.object)), root)
    pod = defaults.apply({"apiVersion": "v1", "kind": "Pod", **paths.get(workload, root)})
    return Birth(document, created, template, {"metadata": pod["metadata"], "spec": pod["spec"]}, root, f"{owner['kind']} controller", language=language)


def leaves(birth: Birth, latest: Object) -> dict[Path, Origin]:
    """Every single value of `latest`, and every empty map or list in it, with its origin."""
    return {path: _origin(birth, latest, path, value) for _, path, value in _walk(dict(latest), ()) if value is not _INNER}


def lines(birth: Birth, latest: Object) -> list[Line]:
    """The lines of `latest` as kubectl prints them, each with its origin."""
    return [Line(text, path, None if value is _INNER else _origin(birth, latest, path, value)) for text, path, value in _walk(dict(latest), ())]


def made_by(store: Store, workload: Object) -> tuple[Object, Object] | None:
    """The first pod that a workload made, as created and as it is now; None if it made none."""
    owners = {workload["metadata"]["uid"]}
    for revision in store.revisions:
        meta = revision.object["metadata"]
        if revision.type == "ADDED" and owners & {owner["uid"] for owner in meta.get("ownerReferences") or ()}:
            owners.add(meta["uid"])
            if revision.object["kind"] == "Pod" and (latest := store.get("Pod", meta["namespace"], meta["name"])):
                return revision.object, latest
    return None


def _origin(birth: Birth, latest: Object, path: Path, value: Any) -> Origin:
    if _has(birth.written, path, value):
        place = birth.document.position((*birth.root, *path))
        return Origin("manifest", line=place[0] if place else birth.document.line)
    plain = ".".join(str(step) for step in path if isinstance(step, str))
    if _has(birth.defaulted, path, value):
        return birth.origin(DEFAULT, plain)
    if plain.startswith("status"):
        return _of_status(birth, latest, path, plain, value)
    if plain == "spec.nodeName":
        return birth.origin(SCHEDULER, plain)
    if birth.maker and plain.startswith(CONTROLLER_FIELDS):
        return birth.origin(CONTROLLER, plain, birth.maker)
    if plain.startswith("metadata.annotations.deployment.kubernetes.io"):
        return birth.origin(CONTROLLER, "metadata.annotations", f"{latest['kind']} controller")
    plugin = _plugin(plain)
    if plugin and not _has(birth.prepared, path, value):
        return birth.origin(plugin, plain)
    if birth.maker and not plain.startswith("metadata"):
        return birth.origin(CONTROLLER, plain, birth.maker)
    return birth.origin(SERVER, plain)


def _of_status(birth: Birth, latest: Object, path: Path, plain: str, value: Any) -> Origin:
    if _has(birth.created, path, value) and plain in ("status.phase", "status.qosClass"):
        return birth.origin(SERVER, plain)
    if latest["kind"] != "Pod":
        unchanged = _has(birth.prepared, path, value)
        return birth.origin(SERVER, "status") if unchanged else birth.origin(CONTROLLER, "status", f"{latest['kind']} controller")
    scheduled = path[1:2] == ("conditions",) and paths.get(latest, (*path[:3], "type")) == "PodScheduled"
    return birth.origin(SCHEDULER if scheduled or plain == "status.nominatedNodeName" else KUBELET, plain)


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    found: Mapping[str, Mapping[str, Mapping[str, str]]] = pyyaml.safe_load((files("podsim.explorers") / "origins.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _why(by: str, plain: str, language: str) -> str:
    reasons = _table()[by]
    said = reasons[max((start for start in reasons if plain.removeprefix("spec.template.").startswith(start)), key=len)]
    return said.get(language, said["en"])


@cache
def _plugin(plain: str) -> str | None:
    fits = [(len(start), by) for by, reasons in _table().items() if by.startswith("admission") for start in reasons if plain.startswith(start)]
    return max(fits)[1] if fits else None


def _has(obj: Any, path: Path, value: Any) -> bool:
    return bool(obj) and (found := paths.get(obj, path)) is not None and found == value


_INNER = object()


def _walk(value: Any, path: Path) -> Iterator[tuple[str, Path, Any]]:
    """(line, path, the value where the line holds one) in the order of `kubectl -o yaml`."""
    if isinstance(value, dict) and value:
        for position, key in enumerate(sorted(value)):
            inner = (*path, key)
            if isinstance(value[key], dict | list) and value[key]:
                yield _lead(inner, position) + f"{key}:", inner, _INNER
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
