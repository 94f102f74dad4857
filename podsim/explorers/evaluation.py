"""An explorer with values for its controls, evaluated: JSON in, JSON out, the same for the same input."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from podsim.api import manifest as manifests
from podsim.api.errors import FieldError, Rejected
from podsim.cluster import scenario as scenarios
from podsim.cluster.budget import SHOWN, SpentError
from podsim.explorers import panels, paths, printed, stored
from podsim.explorers.declarations import load, said
from podsim.explorers.model import Explorer
from podsim.explorers.panels.scene import Scene
from podsim.explorers.paths import Path
from podsim.explorers.written import Written, find
from podsim.facade import Cluster
from podsim.timeline import messages, spent, story, table, timeline, unmodelled

Json = dict[str, Any]


def evaluate(explorer_id: str, parameters: Mapping[str, Any], language: str = "en", *, until: float | None = None, pod: str | None = None, draft: bool = False) -> Json:
    """{"id", "parameters", "timeline", "panel", "kubectl", "manifest", "notModelled", "stopped", "error"}; all times in seconds.

    `until` and `pod` take the place of the explorer's own. A `draft`, for a control that is still moving, leaves out what only
    an opened part shows: `describe` of "kubectl" and `stored` of "manifest" are None.
    A run that takes more than a reader can wait for ends early: `stopped` says where and why, None for any other.
    A manifest that the API server refuses gives `error` and no timeline. Raises DeclarationError for an unknown
    explorer or control, and for a value that the control cannot have.
    """
    explorer = load(explorer_id)
    values = explorer.fill(parameters)
    written, objects = _prepared(explorer.manifest, tuple((c.id, c.places[0]) for c in explorer.bound_to("manifest")))
    text, bound = written.with_values({c.id: _entered(values[c.id]) for c in explorer.bound_to("manifest")})
    shared = {"id": explorer_id, "parameters": values}
    world = scenarios.read(_scenario(explorer, values))
    cluster = Cluster(scenario=world)
    try:
        made = _objects(explorer, objects, values)
        for obj in made:
            cluster.simulation.server.create(obj)
    except Rejected as refusal:
        error = _error(explorer, values, text, refusal, language)
        return {**shared, "timeline": None, "panel": None, "kubectl": None, "manifest": None, "notModelled": None, "stopped": None, "error": error}
    stopped = _run(cluster, explorer.until if until is None else until, language)
    record = cluster.simulation.history
    told = story.read(record, pod or explorer.pod)
    writes = {c.id: c.places[0] for c in explorer.bound_to("manifest")}
    moved = {paths.plain(place) + ("[0].for" if c.as_ == "runs" else ""): c.id for c in explorer.bound_to("scenario") for place in c.places}
    shown = timeline.tell(told, language, world, moved, story.statuses(record) if "pods" in (explorer.lanes or ()) else None)
    if stopped:
        shown["world"].append(spent.mark(stopped["at"], language))
    return {
        **shared,
        "timeline": shown,
        "panel": explorer.panel and panels.of(explorer.panel, Scene(made[0], record, world), language),
        "kubectl": printed.of(told, world.kubelet.offset, described=not draft),
        "manifest": {"written": text, "bound": bound, **(stored.LEFT_OUT if draft else stored.of(made, cluster.simulation.server.store, told, writes, language))},
        "notModelled": list(dict.fromkeys([*(said(t, language) for t in explorer.not_modelled), *unmodelled.said(record.notes, language).values()])),
        "stopped": stopped,
        "error": None,
    }


def _run(cluster: Cluster, until: float, language: str) -> Json | None:
    """Lets time pass; says so if the budget does not last."""
    cluster.simulation.env.budget = SHOWN
    try:
        cluster.run(until)
    except SpentError:
        return spent.said(cluster.now, language)
    return None


def tables(result: Mapping[str, Any], language: str = "en") -> str:
    """A run's table as text, and below it its panel's."""
    steps = table.text(result["timeline"], language=language)
    return f"{steps}\n{panels.text(result['panel'])}" if result["panel"] else steps


@lru_cache(maxsize=64)
def _prepared(manifest: str, places: tuple[tuple[str, Path], ...]) -> tuple[Written, tuple[Any, ...]]:
    """The places of a manifest that controls write to, and its objects."""
    return find(manifest, dict(places)), tuple(yaml.safe_load_all(manifest))


def _objects(explorer: Explorer, objects: tuple[Any, ...], values: Mapping[str, Any]) -> list[Any]:
    """The manifest's objects with the controls' values; controls write to the first one."""
    first = objects[0]
    for control in explorer.bound_to("manifest"):
        first = paths.put(first, control.places[0], _entered(values[control.id]))
    return [first, *objects[1:]]


def _entered(value: Any) -> Any:
    """What a control writes: a text left empty takes its key away."""
    return None if value == "" else value


def _scenario(explorer: Explorer, values: Mapping[str, Any]) -> Any:
    scenario: Any = explorer.scenario or {}
    for control in explorer.bound_to("scenario"):
        for place in control.places:
            scenario = paths.put(scenario, place, values[control.id])
    return scenario


def _error(explorer: Explorer, values: Mapping[str, Any], text: str, refusal: Rejected, language: str) -> Json:
    from podsim.api import hints  # which most readers never need

    first = refusal.errors[0]
    field = first.path if isinstance(first, FieldError) else None
    place = manifests.parse(text)[0].position(field) if field else None
    given = hints.of(text, refusal)
    reason = given[0].message if given else messages.load(language).say("errors", "refused")
    return {
        "line": place[0] if place else None,
        "field": field,
        "message": str(first),
        "reason": reason,
        "fix": _fix(explorer, values, field),
    }


def _fix(explorer: Explorer, values: Mapping[str, Any], field: str | None) -> Json | None:
    """Back to the explorer's own value, where a control wrote the refused field."""
    for control in explorer.bound_to("manifest"):
        if control.path == field and values[control.id] != control.value:
            return {"label": f"{field.rpartition('.')[2]}: {control.value}", "set": {control.id: control.value}}
    return None
