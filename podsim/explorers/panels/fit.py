"""Which node takes a pod: requests against what each node has, and beside them what is used, which does not count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from podsim.cluster.history import subject_of
from podsim.cluster.scheduler import DELAY
from podsim.cluster.scheduler.filters import failure_of
from podsim.cluster.scheduler.world import Json, NodeInfo, World, allocatable_of, amount_of, name_of, requests_of
from podsim.explorers.panels.picture import Box, Part, Picture, Row
from podsim.explorers.panels.scene import Say, Scene

COUNTED = ("cpu", "memory")
UNITS = {"cpu": ((1000, ""), (1, "m")), "memory": ((2**30, "Gi"), (2**20, "Mi"), (2**10, "Ki"), (1, ""))}


def picture(scene: Scene, say: Say) -> Picture:
    """What the scheduler saw when it first looked at the manifest's pod."""
    subject = scene.record.pods()[0]
    born = scene.record.revisions_of(subject)[0]
    looks = born.t + DELAY
    held = scene.record.at((looks - 1) / 1000)
    others = [one for one in held if one["kind"] == "Pod" and one["spec"].get("nodeName") and subject_of(one) != subject]
    nodes = [one for one in held if one["kind"] == "Node"]
    world = World(nodes, {name_of(n): NodeInfo(p for p in others if p["spec"]["nodeName"] == name_of(n)) for n in nodes})
    chosen = next((f.details["node"] for f in scene.record.facts if f.kind == "bound" and f.subject == subject and f.t == looks), None)
    title = say("fit", "title", pod=name_of(born.object), node=chosen)
    return Picture(title, [Box(_title(n), list(_node(born.object, n, world, chosen, scene, say))) for n in nodes])


def _node(pod: Json, node: Json, world: World, chosen: str | None, scene: Scene, say: Say) -> Iterator[Row]:
    failure = failure_of(pod, node, world)
    reasons = failure.reasons if failure else ()
    here = list(world.on(node))
    tone = "fail" if failure else "up" if name_of(node) == chosen else "yes"
    for resource in COUNTED:
        yield _requests(pod, node, here, resource, "fail" if f"Insufficient {resource}" in reasons else "yes" if failure else tone, say)
    for resource in COUNTED:
        have, used = allocatable_of(node)[resource], amount_of(resource, str(scene.uses(here, resource)))
        share = say("fit", "used", share=f"{100 * used / have:.0f}")
        busy = 2 * used > have
        yield Row(say("fit", f"{resource}-used"), [Part(used, share if busy else "", "end"), Part(max(have - used, 0), "" if busy else share)])
    verdict = ", ".join(reasons) if failure else say("fit", "chosen" if name_of(node) == chosen else "fits")
    yield Row(say("fit", "verdict"), [Part(1, verdict, "fail" if failure else "done" if name_of(node) == chosen else "yes")])


def _title(node: Json) -> str:
    return f"{name_of(node)}: " + ", ".join(f"{r} {_amount(r, allocatable_of(node)[r])}" for r in COUNTED)


def _requests(pod: Json, node: Json, here: Sequence[Json], resource: str, tone: str, say: Say) -> Row:
    have = allocatable_of(node)[resource]
    taken = [(name_of(one), requests_of(one).get(resource, 0)) for one in here]
    wanted = requests_of(pod).get(resource, 0)
    free = have - sum(amount for _, amount in taken)
    parts = [Part(amount, f"{name} {_amount(resource, amount)}", "wait") for name, amount in taken if amount]
    if wanted:
        parts.append(Part(wanted, f"{name_of(pod)} {_amount(resource, wanted)}", tone))
    if free > wanted:
        parts.append(Part(free - wanted, say("fit", "free", amount=_amount(resource, free - wanted))))
    return Row(say("fit", f"{resource}-requested"), parts, mark=have if wanted > free else None)


def _amount(resource: str, amount: int) -> str:
    unit, suffix = next((unit, suffix) for unit, suffix in UNITS[resource] if amount % unit == 0 or unit == 1)
    return f"{amount // unit}{suffix}"
