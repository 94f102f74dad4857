"""Which Linux namespaces the containers of a pod share, with each other and with their node.

The runtime makes them from the pod's fields; nothing of it is simulated but addresses and ports.      containerd cri sandbox_run, container_create
"""

from __future__ import annotations

from itertools import groupby

from podsim.explorers.panels.picture import Part, Picture, Row
from podsim.explorers.panels.scene import Json, Say, Scene

NODE, POD = "node", "pod"  # whose a namespace is; else a container's name
TONES = {NODE: "wait", POD: "yes"}


def owners(spec: Json, container: str) -> dict[str, str]:
    """Kind of namespace -> whose it is for a container."""
    network = NODE if spec.get("hostNetwork") else POD
    return {
        "network": network,
        "uts": network,
        "ipc": NODE if spec.get("hostIPC") else POD,
        "pid": NODE if spec.get("hostPID") else POD if spec.get("shareProcessNamespace") else container,
        "user": POD if spec.get("hostUsers") is False else NODE,
        "mount": container,
    }


def picture(scene: Scene, say: Say) -> Picture:
    """A column for the node's own processes and one per container; what is shared is one part."""
    pod = scene.pod
    spec = pod["spec"]
    names = [c["name"] for c in spec["containers"]]
    ports = {c["name"]: scene.script(c).listens for c in spec["containers"]}
    address = pod["status"].get("podIP", "")
    rows = [Row("", [Part(1, say("namespaces", "processes"), "no"), *(Part(1, name, "no") for name in names)])]
    for kind in owners(spec, ""):
        columns = [NODE, *(owners(spec, name)[kind] for name in names)]
        stretches = [(owner, len(list(same))) for owner, same in groupby(columns)]
        rows.append(Row(say("namespaces", kind), [Part(n, _whose(owner, kind, address, say), TONES.get(owner, "up")) for owner, n in stretches]))
    rows.append(Row(say("namespaces", "ports"), [Part(1, "", "no"), *(_ports(pod, name, ports, say) for name in names)]))
    return Picture(say("namespaces", "title", pod=pod["metadata"]["name"]), rows)


def _whose(owner: str, kind: str, address: str, say: Say) -> str:
    whose = say("namespaces", "whose", owner=owner, kind=kind)
    return f"{whose}: {address}" if kind == "network" and owner == POD and address else whose


def _ports(pod: Json, name: str, ports: dict[str, tuple[int, ...]], say: Say) -> Part:
    shown = ", ".join(f":{port}" for port in ports[name])
    status: Json = next((s for s in pod["status"].get("containerStatuses") or () if s["name"] == name), {})
    if not shown or "running" in (status.get("state") or {}):
        return Part(1, shown, "done" if shown else "no")
    return Part(1, say("namespaces", "in-use", ports=shown), "fail", say("namespaces", "taken", ports=shown))
