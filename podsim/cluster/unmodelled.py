"""What a manifest may ask for and the simulation leaves out: said, never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PLACES = ("spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec")  # where a pod's spec lies, by kind
SIMULATED_VOLUMES = frozenset({"name", "configMap", "secret", "projected", "downwardAPI", "emptyDir", "hostPath"})

# path below the pod's spec (* = every item of a list) -> what does not happen
POD_FIELDS: dict[str, str] = {
    "containers.*.resources.limits.memory": "no memory is used up: a container is OOMKilled only where the scenario says so",
    "containers.*.resources.limits.cpu": "no CPU time is used up: nothing is throttled",
    "initContainers.*.resources.limits.memory": "no memory is used up: a container is OOMKilled only where the scenario says so",
    "hostUsers": "user namespaces have no effect",
    "runtimeClassName": "every runtime class runs its containers alike",
    "containers.*.ports.*.hostPort": "only the scheduler looks at host ports",
    "containers.*.volumeDevices": "block devices are not attached",
    "resourceClaims": "devices are not allocated",
    "dnsConfig": "names are not resolved",
}
# kinds that are stored while nothing acts on them
IDLE_KINDS: dict[str, str] = {
    "Service": "its EndpointSlice is kept; no traffic flows",
    "Ingress": "no traffic flows through Ingresses",
    "NetworkPolicy": "network policies block nothing",
    "HorizontalPodAutoscaler": "nothing is scaled by load",
    "PodDisruptionBudget": "disruption budgets hold nothing back",
    "PersistentVolumeClaim": "claims are not bound to volumes",
    "StatefulSet": "its first pods are made; scaling and updates are not simulated",
    "DaemonSet": "its first pods are made; updates are not simulated",
    "CronJob": "its schedule is not simulated",
}


def notes(obj: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, sentence) for every field of `obj`, or the whole kind, that the simulation leaves out."""
    if obj["kind"] in IDLE_KINDS:
        yield obj["kind"], IDLE_KINDS[obj["kind"]]
    for place in PLACES:
        found = list(_at(obj, place.split("."), ""))
        for path, spec in found:
            if isinstance(spec, dict) and "containers" in spec:
                yield from _of_pod_spec(spec, path)


def _of_pod_spec(spec: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for field, sentence in POD_FIELDS.items():
        for where, value in _at(spec, field.split("."), path):
            if value not in (None, 0, "", []):
                yield where, sentence
    for number, volume in enumerate(spec.get("volumes") or ()):
        for source in volume.keys() - SIMULATED_VOLUMES:
            yield f"{path}.volumes[{number}].{source}", "this kind of volume is there at once: attaching it is not simulated"


def _at(value: Any, steps: list[str], path: str) -> Iterator[tuple[str, Any]]:
    """(path, value) of every place that `steps` lead to."""
    if not steps:
        yield path, value
    elif steps[0] == "*":
        for number, item in enumerate(value if isinstance(value, list) else ()):
            yield from _at(item, steps[1:], f"{path}[{number}]")
    elif isinstance(value, dict) and steps[0] in value:
        yield from _at(value[steps[0]], steps[1:], f"{path}.{steps[0]}" if path else steps[0])
