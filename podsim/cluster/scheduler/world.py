"""What the scheduler sees when it decides about a pod."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from podsim.api import resources
from podsim.api.quantity import Quantity

Json = dict[str, Any]
Named = Mapping[str, Json]
Amounts = dict[str, int]  # resource -> thousandths of a CPU, bytes, or a number; framework Resource
FINISHED = ("Succeeded", "Failed")
ASSUMED = {"cpu": "100m", "memory": "200Mi"}  # for containers that request none; util/pod_resources.go


class NodeInfo:
    """The unfinished pods of one node in order of arrival, and their sums, kept up to date.         framework NodeInfo"""

    def __init__(self, pods: Iterable[Json] = ()) -> None:
        self._pods: dict[tuple[str, str], Json] = {}
        self._with_affinity: dict[tuple[str, str], None] = {}
        self.requested: Counter[str] = Counter()
        self.non_zero_requested: Counter[str] = Counter()  # with ASSUMED where a container asks for nothing
        for pod in pods:
            self.put(pod)

    def __iter__(self) -> Iterator[Json]:
        return iter(self._pods.values())

    def __len__(self) -> int:
        return len(self._pods)

    @property
    def with_affinity(self) -> list[Json]:
        """The pods that name other pods in their affinity or anti-affinity."""
        return [self._pods[key] for key in self._with_affinity]

    def put(self, pod: Json) -> None:
        """Adds a pod, or its new version."""
        key = _key(pod)
        if key in self._pods and self._pods[key]["spec"] != pod["spec"]:
            self.drop(pod)
        if key not in self._pods:
            self.requested.update(requests_of(pod))
            self.non_zero_requested.update(non_zero_requests_of(pod))
            if has_pod_affinity(pod):
                self._with_affinity[key] = None
        self._pods[key] = pod

    def drop(self, pod: Json) -> None:
        """Takes a pod away, if it is there."""
        known = self._pods.pop(_key(pod), None)
        if known is not None:
            self.requested.subtract(requests_of(known))
            self.non_zero_requested.subtract(non_zero_requests_of(known))
            self._with_affinity.pop(_key(pod), None)


EMPTY = NodeInfo()


@dataclass(frozen=True)
class World:
    """Nodes, the pods of each (those with a promise of the node included), and what volumes and affinity refer to."""

    nodes: Sequence[Json]
    pods: Mapping[str, NodeInfo] = field(default_factory=dict)
    claims: Mapping[tuple[str, str], Json] = field(default_factory=dict)  # by namespace and name
    volumes: Sequence[Json] = ()
    storage_classes: Named = field(default_factory=dict)
    namespaces: Named = field(default_factory=dict)

    def on(self, node: Json) -> NodeInfo:
        """The unfinished pods of a node."""
        return self.pods.get(name_of(node), EMPTY)

    @cached_property
    def placed(self) -> list[tuple[Json, Json]]:
        """(node, pod) of every pod that has a node."""
        return [(node, pod) for node in self.nodes for pod in self.on(node)]

    @cached_property
    def placed_with_affinity(self) -> list[tuple[Json, Json]]:
        """Those of them that name other pods in their affinity or anti-affinity."""
        return [(node, pod) for node in self.nodes for pod in self.on(node).with_affinity]


def name_of(obj: Json) -> str:
    """The name of an object."""
    return str(obj["metadata"]["name"])


def labels_of(obj: Json) -> Mapping[str, str]:
    """The labels of an object."""
    return obj["metadata"].get("labels") or {}


def priority_of(pod: Json) -> int:
    """The pod's priority."""
    return int(pod["spec"].get("priority") or 0)


def has_pod_affinity(pod: Json) -> bool:
    """Whether the pod's affinity or anti-affinity names other pods."""
    affinity = pod["spec"].get("affinity") or {}
    return bool(affinity.get("podAffinity") or affinity.get("podAntiAffinity"))


def requests_of(pod: Json) -> Amounts:
    """The pod's effective requests."""
    return {name: amount_of(name, text) for name, text in resources.pod_requests(pod).items()}


def non_zero_requests_of(pod: Json) -> Amounts:
    """The pod's effective requests, with ASSUMED for the containers that name none.                  GetNonzeroRequests"""

    def assume(container: Json) -> Json:
        own = container.get("resources") or {}
        return {**container, "resources": {**own, "requests": {**ASSUMED, **(own.get("requests") or {})}}}

    spec = pod["spec"]
    return requests_of({**pod, "spec": {**spec, "containers": [assume(c) for c in spec["containers"]]}})


def allocatable_of(node: Json) -> Amounts:
    """What the node has for pods."""
    return {name: amount_of(name, str(amount)) for name, amount in node["status"]["allocatable"].items()}


@cache
def amount_of(resource: str, text: str) -> int:
    """A quantity in the scheduler's units, rounded up; the same texts come again and again."""
    quantity = Quantity(text)
    return quantity.milli_value if resource == "cpu" else quantity.value


def _key(pod: Json) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
