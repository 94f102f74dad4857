"""What a panel is computed from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from podsim.api.quantity import Quantity
from podsim.cluster.history import History
from podsim.cluster.scenario import Scenario, Script

Json = Mapping[str, Any]
Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Scene:
    """One evaluation: `written` is the manifest's first object, `record` what became of it in `world`."""

    written: Json
    record: History
    world: Scenario

    @property
    def pod(self) -> Json:
        """The first pod as it was last stored."""
        return self.record.revisions_of(self.record.pods()[0])[-1].object

    def script(self, container: Json) -> Script:
        """What the world says of a container's process."""
        scripts = self.world.containers
        return scripts.get(f"{container['name']}@{container['image']}") or scripts.get(container["name"]) or Script()

    def uses(self, pods: Iterable[Json], resource: str) -> Quantity:
        """What the processes of those pods use together, as far as the world says."""
        every = (self.script(c).uses.get(resource, "0") for pod in pods for c in pod["spec"]["containers"])
        total = Quantity("0")
        for used in every:
            total += Quantity(used)
        return total


def containers(pod: Json) -> list[Json]:
    """Its init containers, then its containers."""
    return [*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"]]
