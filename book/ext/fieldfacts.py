"""What podsim does with every field of a Pod, found by asking it.

Each field is written with a few values of its own type into a Pod that holds what leads there; what defaults add, what
validation and admission say, and what a few lives of Pods write is gathered by type and field of the schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from podsim import Cluster
from podsim.api import FieldError, Rejected, decode, defaults, manifest, schema, strategy, validation
from podsim.api.schema import Field
from podsim.cluster import fields as tables
from podsim.cluster.simulation import Simulation
from podsim.explorers import origins, paths
from podsim.explorers.paths import Path
from podsim.timeline import messages

Json = dict[str, Any]
Place = tuple[str, str]  # type and field of the schema
FIRST = ("containers", "containerStatuses", "volumes", "topologySpreadConstraints")  # where a type stands that stands in several places
LONG = "x" * 300
TEXTS = ("", "web", "Not A Name!", LONG, "../web", "/web:x", "-1", "a b", "100", "example.com/web")
NUMBERS = (-1, 0, 1, 2, 70_000, 2**31 - 1)
VALUES: dict[str, tuple[Any, ...]] = {
    "string": TEXTS, "boolean": (True, False), "int32": NUMBERS, "int64": (*NUMBERS, 2**40), "IntOrString": (*NUMBERS, "http", "Not A Name!"),
    "quantity": ("-1", "0", "1", "1500m"), "Time": ("2026-01-01T00:00:00Z",), "object": ({},),
}  # fmt: skip
# what a value stands among, where a type makes sense with that alone
BESIDE: dict[str, Json] = {
    "Container": {"name": "app", "image": "app:1"}, "EphemeralContainer": {"name": "look", "image": "look:1"}, "Volume": {"name": "data"},
    "VolumeMount": {"name": "data", "mountPath": "/data"}, "EnvVar": {"name": "NAME"}, "ContainerPort": {"containerPort": 80},
    "HTTPGetAction": {"port": 80}, "TCPSocketAction": {"port": 80}, "GRPCAction": {"port": 80},
    "Toleration": {"key": "key", "operator": "Exists"}, "OwnerReference": {"apiVersion": "v1", "kind": "Node", "name": "node1", "uid": "1"},
}  # fmt: skip
VALUED = ("Invalid value", "Unsupported value", "Duplicate value", "Not found")
LIVES = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  initContainers:
  - {name: init, image: init:1}
  - {name: side, image: side:1, restartPolicy: Always}
  containers:
  - {name: app, image: app:1, resources: {requests: {cpu: 100m}}, terminationMessagePath: /dev/log}
  - {name: gone, image: missing:1}
---
apiVersion: v1
kind: Pod
metadata: {name: short}
spec:
  activeDeadlineSeconds: 5
  containers:
  - {name: app, image: side:1}
---
apiVersion: v1
kind: Pod
metadata: {name: large}
spec:
  containers:
  - {name: app, image: app:1, resources: {requests: {cpu: 10}}}
---
apiVersion: v1
kind: Pod
metadata: {name: urgent}
spec:
  priorityClassName: system-cluster-critical
  containers:
  - {name: app, image: side:1, resources: {requests: {cpu: 10}}}
---
apiVersion: v1
kind: Pod
metadata: {name: huge}
spec:
  containers:
  - {name: app, image: app:1, resources: {requests: {cpu: 1000}}}
"""
SCENARIO = {
    "images": {"missing:1": {"error": "not found"}},
    "containers": {"init": {"runs": [{"for": 1, "exit": 0}]}, "app": {"runs": [{"for": 3, "exit": 1, "message": "the end"}]}},
    "actions": [{"at": 20, "pod": "web", "patch_ephemeral": {"spec": {"ephemeralContainers": [{"name": "look", "image": "look:1"}]}}}, {"at": 40, "pod": "web", "delete": {}}],
}


@dataclass(slots=True)
class Fact:
    """One field: the `defaults` that appear unwritten (JSON), the server's words where it `refused` values, the `writers`
    of what nobody wrote (who -> why), and the `effect` on the story: a class and its sentence.
    """

    field: Field
    path: Path
    defaults: dict[str, None] = field(default_factory=dict)
    refused: dict[str, None] = field(default_factory=dict)
    writers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    effect: tuple[str, str] = ("", "")


@cache
def facts() -> Mapping[Place, Fact]:
    """Every field below Pod."""
    found = {(type_, one.name): Fact(one, path) for type_, path in places().items() for one in schema.types()[type_].values()}
    for (type_, name), fact in found.items():
        fact.effect = effect(type_, name)
        fact.dropped = (type_, name) in decode.GATED_FIELDS
        if type_ != "Pod" and fact.path[:1] != ("status",):
            try_values(fact, found)
    observe(found)
    for fact in found.values():
        if fact.path[:1] == ("status",):
            fact.effect = ("simulated", "") if fact.writers else ("noted", "nothing writes it here")
    return found


@cache
def places() -> Mapping[str, Path]:
    """Type -> the shortest path that leads to it from a Pod; lists are entered by their first item."""
    found: dict[str, Path] = {"Pod": ()}
    for type_ in (queue := ["Pod"]):
        for one in sorted(schema.types()[type_].values(), key=lambda f: f.name not in FIRST):
            if one.type in schema.types() and one.type not in found:
                found[one.type] = (*found[type_], one.name, *((0,) if one.container == "array" else ()))
                queue.append(one.type)
    return found


def effect(type_: str, name: str) -> tuple[str, str]:
    """The class and the sentence of `podsim.cluster.fields`; a field below one that has no effect shares its fate."""
    place = f"{type_}.{name}"
    if place in tables.NOTED:
        return "noted", messages.load("en").say("unmodelled", tables.NOTED[place])
    for reason, table in tables.INERT.items():
        if name in table.get(type_, ()):
            return "inert", reason
    if name in tables.SIMULATED.get(type_, ()):
        return "simulated", ""
    return effect(*parent(type_))


def parent(type_: str) -> Place:
    """The field that leads to a type."""
    found = field_at(names(places()[type_]))
    if found is None:
        raise ValueError(f"podsim.cluster.fields says nothing of {type_}")
    return found


def try_values(fact: Fact, found: dict[Place, Fact]) -> None:
    """Writes the field with every value; what the server adds and says is noted where it belongs.

    An error belongs to the field that it names, and to this one if it comes and goes with the value.
    """
    own = (*names(fact.path), fact.field.name)
    answers = [answer(pod_with(fact, value), found) for value in (None, *values(fact.field))]
    for error in dict.fromkeys(one for answer in answers for one in answer):
        place = tuple(re.sub(r"\[[^\]]*\]", "", error.path).split("."))
        named = field_at(place)
        if named:
            found[named].refused[worded(error.text)] = None
        if place[: len(own)] != own and any(error not in answer for answer in answers):
            fact.refused[f"`{error.path}`: {worded(error.text)}" if named else worded(error.text)] = None


def answer(pod: Json, found: dict[Place, Fact]) -> list[FieldError]:
    """The errors of a Pod, or the one of admission if there is none; its defaults are noted on the way."""
    written = decode.decode(pod)
    made = defaults.apply(written)
    note_defaults("Pod", written, made, found)
    if errors := validation.validate(strategy.prepare(made)):
        return errors
    try:
        world().server.create(pod, dry_run=True)
    except Rejected as refusal:
        return [FieldError("", refusal.message.partition(" is forbidden: ")[2] or refusal.message)]
    return []


@cache
def world() -> Simulation:
    """An ordinary cluster."""
    return Cluster().simulation


def note_defaults(type_: str, written: Mapping[str, Any], made: Mapping[str, Any], found: dict[Place, Fact]) -> None:
    """Every field of `made` that was not `written`."""
    for name, value in made.items():
        one, before = schema.types()[type_][name], written.get(name)
        if before is None or (one.container == "map" and before != value):
            found[type_, name].defaults[json.dumps(value)] = None
        if one.type in schema.types() and one.container != "map":
            for old, new in zip(before or [], value, strict=False) if one.container else ((before or {}, value),):
                note_defaults(one.type, old, new, found)


def pod_with(fact: Fact, value: Any) -> Json:
    """A small Pod in which the field has that value, or is missing if it is None."""
    pod: Json = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "default"}, "spec": {"containers": [dict(BESIDE["Container"])]}}
    at, owner = pod, "Pod"
    for step in names(fact.path):
        one = schema.types()[owner][step]
        holder = at.setdefault(step, [{}] if one.container else {})
        at, owner = holder[0] if one.container else holder, one.type
        at.update({key: beside for key, beside in BESIDE.get(owner, {}).items() if key not in at})
    at.pop(fact.field.name, None)
    return pod if value is None else (at.update({fact.field.name: value}) or pod)


def values(one: Field) -> tuple[Any, ...]:
    """What is written into a field of that type."""
    single = ({}, BESIDE[one.type]) if one.type in BESIDE else VALUES.get(one.type, ({},))
    if one.container == "array":
        return ([], *([item] for item in single), *([item, item] for item in single))
    if one.container == "map":
        return ({}, *({key: item} for key in ("key", "Not A Name!", "cpu") for item in single))
    return single


def field_at(steps: tuple[str, ...]) -> Place | None:
    """The field where these steps lead, or the map that they end in."""
    owner, place = "Pod", None
    for step in steps:
        one = schema.types().get(owner, {}).get(step)
        if one is None:
            return place if place and schema.types()[place[0]][place[1]].container == "map" else None
        place, owner = (owner, step), one.type
    return place


def observe(found: dict[Place, Fact]) -> None:
    """Notes who wrote what in a few lives of Pods."""
    cluster, documents = Cluster(scenario=SCENARIO), {document.object["metadata"]["name"]: document for document in manifest.parse(LIVES)}
    births = {}
    for name, document in documents.items():
        births[name] = origins.of_manifest(document, cluster.simulation.server.create(document.object).object)
        cluster.run(until=len(births))
    cluster.run(until=80)
    seen: set[Place] = set()
    for revision in cluster.history.revisions:
        if revision.object["kind"] == "Pod" and (there := set(fields_of("Pod", revision.object))) - seen:
            seen |= there
            birth = births[revision.object["metadata"]["name"]]
            for path, origin in origins.leaves(birth, revision.object).items():
                if origin.by not in ("manifest", origins.DEFAULT):
                    note_writer(birth, path, origin, found)


def fields_of(type_: str, obj: Json) -> Iterator[Place]:
    """Every field that is there."""
    for name, value in obj.items():
        yield type_, name
        one = schema.types()[type_][name]
        if one.type in schema.types() and one.container != "map":
            for inner in value if one.container else [value]:
                yield from fields_of(one.type, inner)


def note_writer(birth: origins.Birth, path: Path, origin: origins.Origin, found: dict[Place, Fact]) -> None:
    """The writer of a leaf wrote every field of the status above it; elsewhere the first one that was not there before."""
    for length in range(1, len(path) + 1):
        place = field_at(names(path[:length]))
        new = path[0] == "status" or paths.get(birth.defaulted, path[:length]) is None
        if new and place and isinstance(path[length - 1], str) and found[place].path[:1] in ((), path[:1]):
            found[place].writers.setdefault(origin.by, origin.why)
            if path[0] != "status":
                return


def names(path: Path) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


def worded(text: str) -> str:
    """The server's words without the value that was tried, and without the pattern that it adds."""
    kind, _, rest = text.partition(" (e.g. ")[0].partition(": ")
    return f"{kind}: {rest.partition(': ')[2]}".removesuffix(": ") if kind in VALUED else text.partition(" (e.g. ")[0]
