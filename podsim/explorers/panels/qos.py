"""The QoS class of a pod, what decided it, and what the pod asks for in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from podsim.api import qos, resources
from podsim.api.quantity import Quantity
from podsim.explorers.panels.picture import Box, Part, Picture, Row
from podsim.explorers.panels.scene import Json, Say, Scene, containers

SIDES = ("requests", "limits")


def picture(scene: Scene, say: Say) -> Picture:
    """Classes, containers with their amounts, sums."""
    pod = scene.pod
    decided = qos.qos_class(pod)
    classes = [Part(1, one, "done" if one == decided else "no") for one in get_args(qos.Class)]
    totals = {"requests": resources.pod_requests(pod), "limits": resources.pod_limits(pod)}
    return Picture(
        say("qos", "title", qos=decided),
        [
            Row("qosClass", classes),
            Row(say("qos", "because"), [Part(1, _reason(pod, decided, say), "wait")]),
            *(Box(_name(pod, c, say), [Row(r, list(_amounts(c, r, say))) for r in qos.COUNTED]) for c in containers(pod)),
            *(Row(say("qos", f"pod-{side}"), [Part(1, _total(totals[side], side, r, say), _tone(totals[side], r)) for r in qos.COUNTED]) for side in SIDES),
        ],
    )


def _name(pod: Json, container: Json, say: Say) -> str:
    kind = "container" if container in pod["spec"]["containers"] else "init"
    return f"{say('qos', kind)} {container['name']}"


def _amounts(container: Json, resource: str, say: Say) -> Iterator[Part]:
    given = container.get("resources") or {}
    for side in SIDES:
        amount = (given.get(side) or {}).get(resource)
        yield Part(1, say("qos", f"no-{side}") if amount is None else f"{side} {amount}", "no" if amount is None else "yes")


def _total(amounts: dict[str, str], side: str, resource: str, say: Say) -> str:
    return f"{resource} {amounts[resource]}" if resource in amounts else f"{resource}: {say('qos', f'no-{side}')}"


def _tone(amounts: dict[str, str], resource: str) -> str:
    return "yes" if resource in amounts else "no"


def _reason(pod: Json, decided: qos.Class, say: Say) -> str:
    """What the class hangs on; in a Burstable pod the first thing that is missing for Guaranteed."""
    if decided != "Burstable":
        return say("qos", decided)
    for container in containers(pod):
        limits = (container.get("resources") or {}).get("limits") or {}
        for resource in qos.COUNTED:
            if not Quantity(str(limits.get(resource, "0"))).value:
                return say("qos", "no-limit", container=container["name"], resource=resource)
    return say("qos", "differ")
