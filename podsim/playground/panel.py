"""The world that a manifest makes adjustable: its images, containers, probes and hooks, and the nodes, each with its path in the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from podsim.api.workloads import pod_template
from podsim.cluster.nodes import DEFAULT_NODE
from podsim.cluster.store import Object
from podsim.explorers import paths
from podsim.timeline.messages import Messages

Json = dict[str, Any]
Path = tuple[str | int, ...]
LONGEST = 3600.0  # seconds that a slider offers
RESULTS = ("ok", "fail", "timeout", "refused")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
SHORTAGES = ("memory", "ephemeral-storage", "inodes", "pids")
PULL_ERRORS = (  # as containerd words them
    'failed to pull and unpack image "{image}": failed to resolve reference "{image}": {image}: not found',
    'failed to pull and unpack image "{image}": failed to resolve reference "{image}": pull access denied, repository does not exist or may require authorization',
    'failed to pull and unpack image "{image}": failed to resolve reference "{image}": dial tcp: lookup registry.example.com: no such host',
    'failed to pull and unpack image "{image}": unexpected status from GET request: 429 Too Many Requests',
)
START_ERRORS = (  # as runc words them
    'runc create failed: unable to start container process: error during container init: exec: "serve": executable file not found in $PATH: unknown',
    'runc create failed: unable to start container process: error during container init: exec: "/app": permission denied: unknown',
    "runc create failed: unable to start container process: error during container init: exec /app: exec format error: unknown",
)


@dataclass(frozen=True, slots=True)
class Knob:
    """One value that may be set, `path` from where its group or its item begins; its label is the message of `label`, else of its last key."""

    path: Path
    as_: Literal["number", "bool", "choice", "text", "map", "list"]
    default: Any = None
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str | None = None
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    items: tuple[Knob, ...] = ()
    templates: tuple[tuple[str, Any], ...] = ()  # (key of the title, item)
    label: str = ""
    active: bool = True


def _seconds(path: Path, default: float | None = None, longest: float = LONGEST, label: str = "") -> Knob:
    return Knob(path, "number", default, 0, longest, 0.1 if longest <= 60 else 1, "s", label=label)


RUN = (
    _seconds(("for",)),
    Knob(("exit",), "number", 0, 0, 255, 1),
    Knob(("oom",), "bool", False),
    Knob(("start_error",), "text", "", suggestions=START_ERRORS),
    Knob(("message",), "text", ""),
    Knob(("log",), "text", ""),
)
RUNS: tuple[tuple[str, Json], ...] = (("runs-crash", {"for": 5, "exit": 1}), ("runs-done", {"for": 5, "exit": 0}), ("runs-oom", {"for": 5, "oom": True}), ("runs-on", {}))
WINDOW = (
    _seconds(("from",), 0.0),
    _seconds(("to",)),
    Knob(("result",), "choice", "fail", choices=RESULTS),
    Knob(("status",), "number", None, 100, 599, 1),
    Knob(("run",), "number", None, 0, 100, 1),
)
WINDOWS = (("fails-first", {"from": 0, "to": 10, "result": "fail"}), ("fails-later", {"from": 30, "result": "fail"}), ("hangs", {"from": 30, "result": "timeout"}))
SCRIPT = (
    Knob(("runs",), "list", [], items=RUN, templates=RUNS),
    _seconds(("on_term", "after"), 0.02, 60),
    Knob(("on_term", "exit"), "number", 143, 0, 255, 1, label="on_term-exit"),
    Knob(("on_term", "ignore"), "bool", False),
)
PROBES = {
    f"{kind}Probe": Knob(("probes", kind), "list", [], items=WINDOW, templates=WINDOWS) for kind in ("startup", "readiness", "liveness")
}
HOOKS = {
    name: (_seconds(("hooks", name, "takes"), 0.0, 120, f"{name}-takes"), Knob(("hooks", name, "fails"), "bool", False, label=f"{name}-fails"))
    for name in ("postStart", "preStop")
}
NODE = (
    Knob(("name",), "text", DEFAULT_NODE.name),
    Knob(("cpu",), "text", DEFAULT_NODE.cpu, suggestions=("500m", "1", "2", "4", "16")),
    Knob(("memory",), "text", DEFAULT_NODE.memory, suggestions=("512Mi", "1Gi", "4Gi", "64Gi")),
    Knob(("pods",), "number", DEFAULT_NODE.pods, 0, 1000, 1),
    Knob(("unschedulable",), "bool", False),
    Knob(("labels",), "map", {}),
    Knob(
        ("taints",), "list", [],
        items=(Knob(("key",), "text", ""), Knob(("value",), "text", ""), Knob(("effect",), "choice", "NoSchedule", choices=EFFECTS)),
        templates=(("taint", {"key": "dedicated", "value": "batch", "effect": "NoSchedule"}),),
    ),
    Knob(
        ("silent",), "list", [], items=(_seconds(("from",), 0.0), _seconds(("to",))),
        templates=(("silent-for", {"from": 30, "to": 90}), ("silent-on", {"from": 30})),
    ),
)  # fmt: skip
ACTION = (
    Knob(("delete", "gracePeriodSeconds"), "number", None, 0, 600, 1, "s"),
    Knob(("evict", "gracePeriodSeconds"), "number", None, 0, 600, 1, "s"),
    Knob(("pressure", "resource"), "choice", "memory", choices=SHORTAGES),
    Knob(("kubectl",), "text", ""),
    Knob(("pod",), "text", None),
)
ACTIONS = (
    ("action-delete", {"at": 30, "delete": {}}),
    ("action-evict", {"at": 30, "evict": {}}),
    ("action-pressure", {"at": 30, "pressure": {"resource": "memory"}}),
    ("action-kubectl", {"at": 30, "kubectl": "delete pod web"}),
)
WORLD = (
    Knob(("nodes",), "list", [{"name": DEFAULT_NODE.name}], templates=(("add-node", {"name": "node2"}), ("add-small", {"name": "small", "cpu": "1", "memory": "1Gi"}))),
    Knob(("actions",), "list", [], items=(_seconds(("at",), 0.0),), templates=ACTIONS),
    Knob(("seed",), "number", None, 0, 1_000_000, 1),
)


def of(stored: Sequence[Object], data: Mapping[str, Any], words: Messages) -> list[Json]:
    """The groups for the pods and workloads of `stored` in the scenario `data`, titles and labels in the language of `words`."""
    specs = [spec for obj in stored if (spec := _pod_spec(obj))]
    panel = _Panel(data, words)
    return [*panel.images(specs), *panel.containers(specs), *panel.nodes(), panel.world()]


def _pod_spec(obj: Object) -> Json:
    found: Json = (obj if obj["kind"] == "Pod" else pod_template(obj) or {}).get("spec") or {}
    return found


def _containers(specs: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    """(note, container): `init`, `sidecar` or ""."""
    for spec in specs:
        for container in spec.get("initContainers") or ():
            yield ("sidecar" if container.get("restartPolicy") == "Always" else "init"), container
        for container in spec.get("containers") or ():
            yield "", container


@dataclass(frozen=True, slots=True)
class _Panel:
    data: Mapping[str, Any]
    words: Messages

    def images(self, specs: Sequence[Json]) -> Iterator[Json]:
        """One group for each image; how long a pull takes counts for an image that is pulled."""
        policies: dict[str, set[str]] = {}
        for _, container in _containers(specs):
            policies.setdefault(container.get("image", ""), set()).add(container.get("imagePullPolicy", ""))
        for image, asked in policies.items():
            known = paths.get(self.data, ("images", image))
            there = known is None or bool(known.get("present"))
            always = "Always" in asked
            pulled = not there and asked != {"Never"}
            yield self.group("image", image, ("images", image), (
                Knob(("present",), "bool", known is None),
                replace(_seconds(("pull",), 1.0, 600), active=pulled),
                replace(_seconds(("repull",), 0.6, 600), active=always),
                Knob(("error",), "text", "", suggestions=tuple(text.format(image=image) for text in PULL_ERRORS), active=pulled or always),
            ))  # fmt: skip

    def containers(self, specs: Sequence[Json]) -> Iterator[Json]:
        """One group for each name of a container: what it does, and what its probes and hooks meet."""
        known: dict[str, tuple[str, Json]] = {}
        for note, container in _containers(specs):
            known.setdefault(container["name"], (note, container))
        for name, (note, container) in known.items():
            hooks = container.get("lifecycle") or {}
            knobs = [*SCRIPT, *(knob for field, knob in PROBES.items() if container.get(field)), *(k for hook in HOOKS if hooks.get(hook) for k in HOOKS[hook])]
            yield self.group("container", name, ("containers", name), knobs, note)

    def nodes(self) -> Iterator[Json]:
        """One group for each node."""
        given = self.data.get("nodes")
        for number, node in enumerate([{"name": DEFAULT_NODE.name}] if given is None else given):
            yield self.group("node", node["name"], ("nodes", number), NODE)

    def world(self) -> Json:
        """Nodes that come, what people do, and chance."""
        return self.group("world", "", (), WORLD)

    def group(self, kind: str, name: str, path: Path, knobs: Sequence[Knob], note: str = "") -> Json:
        return {
            "kind": kind,
            "name": name,
            "title": self.words.say("groups", kind, name=name),
            "note": self.words.say("notes", note) if note else "",
            "entries": [self.entry(knob, path) for knob in knobs],
        }

    def entry(self, knob: Knob, above: Path) -> Json:
        path = (*above, *knob.path)
        value = paths.get(self.data, path)
        items = value if knob.as_ == "list" and isinstance(value, list) else ()
        return {
            "path": path,
            "label": self.words.say("panel", knob.label or str(knob.path[-1])),
            "as": knob.as_,
            "value": knob.default if value is None else value,
            "default": knob.default,
            "set": value is not None,
            "active": knob.active,
            "min": knob.min,
            "max": knob.max,
            "step": knob.step,
            "unit": knob.unit,
            "choices": [{"value": c, "label": self.words.say("choices", c) if self.words.has("choices", c) else c} for c in knob.choices] or None,
            "suggestions": knob.suggestions,
            "items": [self.item(knob, (*path, n), item) for n, item in enumerate(items)],
            "templates": [{"title": self.words.say("templates", key), "item": item} for key, item in knob.templates],
        }

    def item(self, knob: Knob, path: Path, item: Any) -> list[Json]:
        """What may be set of one item; of an action also what it does."""
        deeds = [deed for deed in ACTION if knob.path == ("actions",) and isinstance(item, dict) and (deed.path[0] in item or deed.path == ("pod",))]
        return [self.entry(one, path) for one in (*knob.items, *deeds)]
