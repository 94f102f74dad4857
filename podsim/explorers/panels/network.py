"""How the pods of a manifest reach each other: every pod has an address of its own, `localhost` is each one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from podsim.cluster.nodes import node_ip
from podsim.explorers.panels.picture import Box, Item, Part, Picture, Row, Wire
from podsim.explorers.panels.scene import Json, Say, Scene


def picture(scene: Scene, say: Say) -> Picture:
    """Boxes for nodes and pods, from the first pod of the manifest to each other one a wire."""
    held = scene.record.at(scene.record.until / 1000)
    pods = [one for one in held if one["kind"] == "Pod" and one["spec"].get("nodeName")]
    taken = {pod["spec"]["nodeName"] for pod in pods}
    nodes = [one["metadata"]["name"] for one in held if one["kind"] == "Node"]
    items: list[Item] = [Box(_name(node, say), []) for node in nodes if node not in taken]
    for node, here in groupby(pods, key=lambda pod: str(pod["spec"]["nodeName"])):
        inside = list(here)
        if pods[0] not in inside:
            items.append(_wire(pods[0], inside[0], scene, say))
        items.append(Box(_name(node, say), list(_pods(inside, scene, say))))
    return Picture(say("network", "title"), items)


def _name(node: str, say: Say) -> str:
    return say("network", "node", node=node, ip=node_ip(node))


def _pods(pods: Sequence[Json], scene: Scene, say: Say) -> Iterator[Item]:
    for number, pod in enumerate(pods):
        if number:
            yield _wire(pods[0], pod, scene, say)
        yield Box(say("network", "pod", pod=pod["metadata"]["name"], ip=_ip(pod) or "-"), [Row("localhost", [_process(pod, c, scene, say) for c in pod["spec"]["containers"]])])


def _process(pod: Json, container: Json, scene: Scene, say: Say) -> Part:
    ports = ", ".join(f":{port}" for port in scene.script(container).listens)
    text = say("network", "listens", container=container["name"], ports=ports)
    return Part(1, text, "done" if ports and _runs(pod, container) else "no")


def _wire(client: Json, server: Json, scene: Scene, say: Say) -> Wire:
    port = next((port for c in server["spec"]["containers"] if _runs(server, c) for port in scene.script(c).listens), None)
    ends = {"client": _ip(client) or "-", "server": _ip(server) or "-", "port": port}
    return Wire(say("network", "reaches", **ends), "done") if port and ends["server"] != "-" else Wire(say("network", "nobody", **ends), "fail")


def _ip(pod: Json) -> str:
    return str(pod["status"].get("podIP", ""))


def _runs(pod: Json, container: Json) -> bool:
    return any(s["name"] == container["name"] and "running" in s["state"] for s in pod["status"].get("containerStatuses") or ())
