"""What people do while the cluster runs: the scenario's actions."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from podsim.api import patch
from podsim.api.errors import Rejected
from podsim.cluster.scenario import Action, Pressure
from podsim.cluster.store import Object
from podsim.cluster.unmodelled import Note

if TYPE_CHECKING:
    import simpy

    from podsim.cluster.simulation import Simulation


def start(simulation: Simulation, run_command: Callable[[str], None] | None) -> None:
    """One process per action. `run_command` runs the actions that are kubectl commands."""
    for number, action in enumerate(simulation.scenario.actions):
        simulation.process(_perform(simulation, action, f"actions[{number}]", run_command))


def _perform(
    simulation: Simulation, action: Action, path: str, run_command: Callable[[str], None] | None
) -> Generator[simpy.Event, Any, None]:
    yield simulation.env.timeout(round(action.at * 1000))
    try:
        if action.kubectl is not None and run_command is not None:
            run_command(action.kubectl)
        elif action.create is not None:
            simulation.server.create(dict(action.create))
        elif action.pressure is not None and action.node is not None:
            _relieve(simulation, action.node, action.pressure)
        elif action.patch_node is not None or action.patch_node_status is not None:
            _on_node(simulation, action)
        else:
            _on_pod(simulation, action)
    except Rejected as refusal:
        simulation.history.notes[path] = Note("refused", {"message": refusal.message})


def _on_pod(simulation: Simulation, action: Action) -> None:
    server = simulation.server
    namespace, name = _pod(simulation, action.pod)
    if action.force_delete:
        server.delete("Pod", namespace, name, grace=0, force=True)
    elif action.delete is not None:
        server.delete("Pod", namespace, name, grace=action.delete.get("gracePeriodSeconds"))
    elif action.evict is not None:
        server.evict(namespace, name, action.evict.get("gracePeriodSeconds"))
    elif action.pressure is not None:
        _evict(simulation, server.read("Pod", namespace, name), action.pressure)
    elif action.patch is not None:
        server.patch("Pod", namespace, name, action.patch)
    for subresource, change in (
        ("status", action.patch_status), ("ephemeralcontainers", action.patch_ephemeral), ("resize", action.patch_resize)
    ):
        if change is not None:
            server.patch_subresource(namespace, name, subresource, change)


def _evict(simulation: Simulation, pod: Object, pressure: Pressure) -> None:
    kubelet = simulation.kubelets.get(pod["spec"].get("nodeName", ""))
    if kubelet is None or not kubelet.evict(pod, pressure):
        raise Rejected("Forbidden", f'no kubelet may evict the pod "{pod["metadata"]["name"]}"')


def _relieve(simulation: Simulation, node: str, pressure: Pressure) -> None:
    kubelet = simulation.kubelets.get(node)
    if kubelet is None or not kubelet.relieve(pressure):
        raise Rejected("Forbidden", f'no pod of the node "{node}" may be evicted')


def _on_node(simulation: Simulation, action: Action) -> None:
    change = action.patch_node or action.patch_node_status
    nodes = [n for n in simulation.store.list("Node") if action.node in (None, n["metadata"]["name"])]
    if not nodes:
        raise Rejected("NotFound", f'nodes "{action.node or "?"}" not found')
    simulation.store.update(patch.apply(nodes[0], change, "strategic"))


def _pod(simulation: Simulation, name: str | None) -> tuple[str, str]:
    """Namespace and name of the pod meant: the first one made unless named."""
    known = [p.partition("/") for p in simulation.history.pods()]
    for namespace, _, other in known:
        if name in (None, other):
            return namespace, other
    raise Rejected("NotFound", f'pods "{name or "?"}" not found')
