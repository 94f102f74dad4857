"""What a manifest or a scenario asks for and the simulation leaves out: said, never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from podsim.api import schema
from podsim.cluster.fields import KINDS, NOTED, ORDINARY, SIMULATED
from podsim.cluster.scenario import ANY_IMAGE, Hook, Probes, Scenario

EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence of the messages' section `unmodelled`, by its key, and what fills it."""

    key: str
    details: Mapping[str, str] = field(default_factory=dict)


def notes(obj: dict[str, Any]) -> Iterator[tuple[str, Note]]:
    """(path, note) for every field of `obj`, or the whole kind, that the simulation leaves out."""
    kind = obj["kind"]
    if kind in KINDS:
        yield kind, Note(kind)
    spec = schema.types().get(kind, {}).get("spec")
    if spec is not None and isinstance(obj.get("spec"), dict):
        yield from _of(spec.type, obj["spec"], "spec")


def _of(type_: str, value: Mapping[str, Any], path: str) -> Iterator[tuple[str, Note]]:
    known, simulated = schema.types()[type_], SIMULATED.get(type_, frozenset())
    for name, inner in value.items():
        place, where = f"{type_}.{name}", f"{path}.{name}"
        if place in NOTED and inner not in EMPTY and inner not in ORDINARY.get(place, ()):
            yield where, Note(NOTED[place])
        if name not in simulated or name not in known:
            continue
        if known[name].container == "map":
            yield from ((f"{where}.{key}", Note(NOTED[f"{place}.{key}"])) for key in inner if f"{place}.{key}" in NOTED)
        elif isinstance(inner, (dict, list)) and known[name].type in schema.types():
            items = enumerate(inner) if known[name].container else [(-1, inner)]
            for number, item in items:
                if isinstance(item, dict):
                    yield from _of(known[name].type, item, where if number < 0 else f"{where}[{number}]")


def without_effect(scenario: Scenario, specs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Note]]:
    """(path, note) for what the scenario says and no pod ever asks; `specs` are the specs that the pods have had."""
    every = [c for spec in specs for key in ("initContainers", "containers", "ephemeralContainers") for c in spec.get(key) or ()]
    for ref in scenario.images:
        if ref != ANY_IMAGE and all(c["image"] != ref for c in every):
            yield f"images.{ref}", Note("no-image", {"image": ref})
    for key, script in scenario.containers.items():
        name, image = key.partition("#")[0].partition("@")[::2]
        meant = [c for c in every if c["name"] == name and image in ("", c["image"])]
        if not meant:
            yield f"containers.{key}", Note("no-container", {"container": key})
            continue
        for probe in (f.name for f in fields(Probes)):
            if getattr(script.probes, probe) and not any(c.get(f"{probe}Probe") for c in meant):
                yield f"containers.{key}.probes.{probe}", Note("no-probe", {"container": key, "probe": probe})
        for hook, told in (("postStart", script.hooks.post_start), ("preStop", script.hooks.pre_stop)):
            if told != Hook() and not any((c.get("lifecycle") or {}).get(hook) for c in meant):
                yield f"containers.{key}.hooks.{hook}", Note("no-hook", {"container": key, "hook": hook})
