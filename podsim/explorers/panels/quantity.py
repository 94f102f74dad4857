"""Quantities as written, as stored, and in the units that are counted in."""

from __future__ import annotations

from podsim.api.quantity import Quantity
from podsim.api.resources import pod_requests
from podsim.cluster.scheduler.world import allocatable_of, amount_of
from podsim.explorers.panels.picture import Part, Picture, Row
from podsim.explorers.panels.scene import Say, Scene

UNITS = {"cpu": "millicores", "memory": "bytes"}


def picture(scene: Scene, say: Say) -> Picture:
    """The requests of the first container, and what share of a node they are."""
    written, stored = ((pod["spec"]["containers"][0].get("resources") or {}).get("requests") or {} for pod in (scene.written, scene.pod))
    asked = {resource: pod_requests(scene.pod).get(resource, "0") for resource in UNITS}
    node = next(one for one in scene.record.at(0) if one["kind"] == "Node")
    rows = [
        Row("", [Part(1, resource, "wait") for resource in UNITS]),
        Row(say("quantity", "written"), [Part(1, str(written.get(r, "-")), "no") for r in UNITS]),
        Row(say("quantity", "stored"), [Part(1, str(stored.get(r, "-")), "yes") for r in UNITS]),
        Row(say("quantity", "counted"), [Part(1, say("quantity", unit, amount=f"{amount_of(r, asked[r]):,}"), "up") for r, unit in UNITS.items()]),
    ]
    for resource in UNITS:
        have, want = allocatable_of(node)[resource], Quantity(asked[resource])
        amount = amount_of(resource, str(want))
        free = Part(max(have - amount, 0), "", "no", say("quantity", "of", amount=want, whole=node["status"]["allocatable"][resource]))
        shown = Part(amount, str(want), "up" if amount <= have else "fail")
        rows.append(Row(say("quantity", "share", resource=resource, node=node["metadata"]["name"]), [shown, free], mark=have if amount > have else None))
    return Picture(say("quantity", "title", cpu=stored.get("cpu", "-"), memory=stored.get("memory", "-")), rows)
