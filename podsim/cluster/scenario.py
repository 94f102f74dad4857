"""What a manifest cannot say: nodes, images, what processes do, what people do, and the kubelet's clocks.

Every part is optional. An empty scenario is a healthy world: one node, every image on it, processes that run until
they are stopped and end on TERM with 143, probes and hooks that succeed. All times are seconds.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, cast

ProbeResult = Literal["ok", "fail", "timeout", "refused"]
Starved = Literal["memory", "ephemeral-storage", "inodes", "pids"]
IGNORED = frozenset({"name", "why", "category", "manifest", "observe"})  # what recordings carry beside the world


class ScenarioError(ValueError):
    """A scenario that cannot be read: the path, the value and what is allowed there."""


@dataclass(frozen=True, slots=True)
class Silence:
    """From when to when a node's kubelet does not reach the API server while its containers go on; without `to`: for good."""

    from_: float
    to: float | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One node's allocatable resources, labels and taints, and when nothing is heard of it."""

    name: str
    cpu: str = "16"
    memory: str = "64Gi"
    pods: int = 110
    resources: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[Mapping[str, Any], ...] = ()
    unschedulable: bool = False
    silent: tuple[Silence, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the registry: absent from the nodes unless `present`."""

    present: bool = False
    pull: float | None = None
    repull: float | None = None
    error: str | tuple[str | None, ...] | None = None

    def seconds(self, there: bool) -> float:
        """How long a pull takes: as written, else 1 s; of an image that is `there` `repull`, else `pull`, else 0.6 s."""
        again = self.repull if there else None
        return next(s for s in (again, self.pull, 0.6 if there else 1.0) if s is not None)


ON_EVERY_NODE = Image(present=True)
ANY_IMAGE = "*"


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line that a run prints `at` seconds after its start."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """One start-to-exit of a container; without `for` it runs until it is stopped."""

    for_: float | None = None
    exit: int = 0
    signal: int | None = None
    oom: bool = False
    start_error: str | None = None
    create_error: str | None = None
    message: str = ""
    log: str = ""
    logs: tuple[LogLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OnTerm:
    """What the process does when it gets TERM."""

    after: float = 0.02
    exit: int = 143
    ignore: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when (seconds since container start) a probe's target answers so; `run`: only in that run."""

    result: ProbeResult
    from_: float = 0.0
    to: float | None = None
    status: int | None = None
    output: str = ""
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Hook:
    """How a hook goes."""

    takes: float = 0.0
    fails: bool = False
    output: str = ""


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks of a container."""

    post_start: Hook = Hook()
    pre_stop: Hook = Hook()


@dataclass(frozen=True, slots=True)
class Probes:
    """What the targets of a container's probes answer; outside all windows: ok."""

    startup: tuple[Window, ...] = ()
    readiness: tuple[Window, ...] = ()
    liveness: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """What the containers of one name do; the last run repeats. `pods`: run lists, one per pod.

    `listens`: TCP ports; a start while a neighbour in the same network holds one of them ends at once with exit code 1.
    `uses`: amounts by resource (memory: 20Mi); the scheduler does not look at them, an eviction does.
    """

    runs: tuple[Run, ...] = ()
    on_term: OnTerm = OnTerm()
    probes: Probes = Probes()
    hooks: Hooks = Hooks()
    pods: tuple[tuple[Run, ...], ...] = ()
    listens: tuple[int, ...] = ()
    uses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pressure:
    """What the pod's node runs out of, and what the eviction message says.

    `usage`: what containers use, by name; of others their `uses`.
    """

    resource: Starved = "memory"
    threshold: str = "100Mi"
    available: str = "96Mi"
    usage: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """Something done at second `at`: exactly one of the keys but `at`, `pod` and `node` (the first ones unless named).

    `delete` and `evict` take the options of a deletion; `pressure` makes the kubelet evict the pod, or, where `node` is
    named, the one of the node's pods that it ranks first.
    """

    at: float
    pod: str | None = None
    node: str | None = None
    delete: Mapping[str, Any] | None = None
    force_delete: bool = False
    evict: Mapping[str, Any] | None = None
    pressure: Pressure | None = None
    patch: Mapping[str, Any] | None = None
    patch_status: Mapping[str, Any] | None = None
    patch_ephemeral: Mapping[str, Any] | None = None
    patch_resize: Mapping[str, Any] | None = None
    patch_node: Mapping[str, Any] | None = None
    patch_node_status: Mapping[str, Any] | None = None
    create: Mapping[str, Any] | None = None
    kubectl: str | None = None


@dataclass(frozen=True, slots=True)
class KubeletClocks:
    """Phases of the kubelet's two 1 Hz clocks from t = 0, factor of its requeues, fraction of the second at t = 0."""

    relist: float | tuple[float, ...] = 0.9
    tick: float = 0.5
    jitter: float = 1.25
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """The whole world. `nodes` None: node1 alone; (): no node."""

    nodes: tuple[Node, ...] | None = None
    images: Mapping[str, Image] = field(default_factory=dict)
    containers: Mapping[str, Script] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    kubelet: KubeletClocks = KubeletClocks()
    seed: int | None = None

    def image_key(self, ref: str) -> str:
        """The key of `images` that speaks of an image: its own name, else `*` where that is written."""
        return ANY_IMAGE if ref not in self.images and ANY_IMAGE in self.images else ref

    def image(self, ref: str) -> Image:
        """What is said of an image; an image that nothing is said of is on every node."""
        return self.images.get(self.image_key(ref), ON_EVERY_NODE)


SPELLED = {"for_": "for", "from_": "from", "post_start": "postStart", "pre_stop": "preStop"}
JSON_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def read(data: Any) -> Scenario:
    """A scenario from its YAML or JSON form; None is the empty one. Raises ScenarioError."""
    if isinstance(data, Scenario):
        return data
    bare = {k: v for k, v in data.items() if k not in IGNORED} if isinstance(data, Mapping) else data
    scenario = cast("Scenario", _read(Scenario, {} if bare is None else bare, ""))
    for number, action in enumerate(scenario.actions):
        deeds = [f.name for f in dataclasses.fields(Action) if f.name not in ("at", "pod", "node")]
        asked = [name for name in deeds if getattr(action, name) not in (None, False)]
        if len(asked) != 1:
            names = ", ".join(deeds)
            raise ScenarioError(f"actions[{number}]: {asked or 'nothing'} asked for; exactly one of {names} is allowed")
    return scenario


@cache
def keys_of(model: type) -> dict[str, tuple[str, Any]]:
    """Spelling in YAML -> (field name, type) of a part of the scenario."""
    hints = typing.get_type_hints(model)
    return {SPELLED.get(f.name, f.name): (f.name, hints[f.name]) for f in dataclasses.fields(model)}


def _read(kind: Any, value: Any, path: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _read_union(arguments, value, path)
    if dataclasses.is_dataclass(kind):
        return _read_model(cast("type", kind), value, path)
    if origin is tuple:
        items = _expect(list, "a list", value, path)
        return tuple(_read(arguments[0], item, f"{path}[{i}]") for i, item in enumerate(items))
    if origin in (dict, Mapping):
        entries = _expect(Mapping, "a map", value, path)
        return {str(k): _read(arguments[1], v, f"{path}.{k}" if path else str(k)) for k, v in entries.items()}
    if origin is Literal:
        if value not in arguments:
            raise _wrong(path, value, f"one of {', '.join(map(str, arguments))}")
        return value
    if kind is Any:
        return value
    return _read_scalar(kind, value, path)


def _read_union(kinds: tuple[Any, ...], value: Any, path: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    real = [k for k in kinds if k is not type(None)]
    lists = [k for k in real if typing.get_origin(k) is tuple]
    return _read(lists[0] if lists and isinstance(value, list) else real[0], value, path)


def _read_model(model: type, value: Any, path: str) -> Any:
    keys = keys_of(model)
    given = _expect(Mapping, "a map", value, path)
    for key in given:
        if key not in keys:
            raise _wrong(f"{path}.{key}" if path else str(key), given[key], f"one of the keys {', '.join(keys)}")
    for f in dataclasses.fields(model):
        required = f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        if required and SPELLED.get(f.name, f.name) not in given:
            raise ScenarioError(f"{path or 'scenario'}: {SPELLED.get(f.name, f.name)} is missing")
    return model(**{keys[k][0]: _read(keys[k][1], v, f"{path}.{k}" if path else k) for k, v in given.items()})


def _read_scalar(kind: type, value: Any, path: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind is str and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _wrong(path, value, f"a {JSON_TYPES[kind]}")
    if kind in (int, float) and path.rpartition(".")[2] in TIMES and not 0 <= cast("float", value) <= MAX_SECONDS:
        raise _wrong(path, value, f"seconds from 0 to {MAX_SECONDS}")
    return value


TIMES = frozenset({"at", "for", "from", "to", "pull", "repull", "after", "takes"})
MAX_SECONDS = 10 * 365 * 86400


def _expect(kind: type, word: str, value: Any, path: str) -> Any:
    if not isinstance(value, kind):
        raise _wrong(path or "scenario", value, word)
    return value


def _wrong(path: str, value: Any, allowed: str) -> ScenarioError:
    return ScenarioError(f"{path}: {value!r} is not allowed; give {allowed}")


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "podsim scenario", **_schema(Scenario)}


def _schema(kind: Any) -> dict[str, Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [{"type": "null"} if k is type(None) else _schema(k) for k in arguments]}
    if dataclasses.is_dataclass(kind):
        properties = {key: _schema(t) for key, (_, t) in keys_of(cast("type", kind)).items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0])}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1])}
    if origin is Literal:
        return {"enum": list(arguments)}
    return {} if kind is Any else {"type": JSON_TYPES[kind]}
