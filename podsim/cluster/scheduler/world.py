"""What the scheduler sees when it decides about a pod."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from podsim.api import resources
from podsim.api.quantity import Quantity

Json = dict[str, Any]
Named = Mapping[str, Json]
FINISHED = ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class World:
    """Nodes, the unfinished pods of each (those with a promise of the node included), and what volumes and affinity refer to."""

    nodes: Sequence[Json]
    pods: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    claims: Mapping[tuple[str, str], Json] = field(default_factory=dict)  # by namespace and name
    volumes: Sequence[Json] = ()
    storage_classes: Named = field(default_factory=dict)
    namespaces: Named = field(default_factory=dict)

    def on(self, node: Json) -> Sequence[Json]:
        """The unfinished pods of a node."""
        return self.pods.get(name_of(node), ())


def name_of(obj: Json) -> str:
    """The name of an object."""
    return str(obj["metadata"]["name"])


def labels_of(obj: Json) -> Mapping[str, str]:
    """The labels of an object."""
    return obj["metadata"].get("labels") or {}


def priority_of(pod: Json) -> int:
    """The pod's priority."""
    return int(pod["spec"].get("priority") or 0)


def requests_of(pod: Json) -> dict[str, Quantity]:
    """The pod's effective requests."""
    return {name: amount_of(text) for name, text in resources.pod_requests(pod).items()}


def allocatable_of(node: Json) -> dict[str, Quantity]:
    """What the node has for pods."""
    return {name: amount_of(str(amount)) for name, amount in node["status"]["allocatable"].items()}


@cache
def amount_of(text: str) -> Quantity:
    """A quantity; the same texts come again and again."""
    return Quantity(text)
