"""What the server accepts but warns of.                                   pkg/api/pod/warnings.go"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from podsim.api.quantity import Quantity
from podsim.api.workloads import TEMPLATE_PATHS, pod_template

Json = dict[str, Any]
LABEL_LENGTH = 63
HOSTNAME = "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: "
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
BYTES = ("memory", "ephemeral-storage")


def of(obj: Json) -> list[str]:
    """The warnings for a valid object, in the server's order; without the word `Warning: `."""
    if obj["kind"] == "Pod":
        return [*_hostname(obj["metadata"]["name"]), *_of_pod(obj["metadata"], obj["spec"], "")]
    template = pod_template(obj)
    if template is None:
        return []
    return list(_of_pod(template.get("metadata") or {}, template.get("spec") or {}, ".".join(TEMPLATE_PATHS[obj["kind"]]) + "."))


def _hostname(name: str) -> Iterator[str]:
    problems = ["must not contain dots"] * ("." in name) + ["must be no more than 63 characters"] * (len(name) > LABEL_LENGTH)
    if problems:
        yield f"{HOSTNAME}[{', '.join(problems)}]"


def _of_pod(meta: Json, spec: Json, prefix: str) -> Iterator[str]:
    for number, secret in enumerate(spec.get("imagePullSecrets") or ()):
        if not secret.get("name"):
            yield f'{prefix}spec.imagePullSecrets[{number}].name: invalid empty name ""'
    for number, volume in enumerate(spec.get("volumes") or ()):
        if "gitRepo" in volume:
            yield f"{prefix}spec.volumes[{number}].gitRepo: deprecated in v1.11, and disabled by default in v1.33+"
    for key in meta.get("annotations") or ():
        if key.startswith(APPARMOR):
            yield f'{prefix}metadata.annotations[{key}]: deprecated since v1.30; use the "appArmorProfile" field instead'
    seen: dict[str, str] = {}
    for key in ("initContainers", "containers"):
        for number, container in enumerate(spec.get(key) or ()):
            yield from _of_container(container, f"{prefix}spec.{key}[{number}]", seen)


def _of_container(container: Json, path: str, ports: dict[str, str]) -> Iterator[str]:
    names: set[str] = set()
    for number, variable in enumerate(container.get("env") or ()):
        if variable["name"] in names:
            yield f'{path}.env[{number}]: hides previous definition of "{variable["name"]}", which may be dropped when using apply'
        names.add(variable["name"])
    own: dict[tuple[Any, ...], str] = {}
    for number, port in enumerate(container.get("ports") or ()):
        place, key = f"{path}.ports[{number}]", tuple(port.get(k) for k in ("containerPort", "protocol", "hostPort", "hostIP"))
        if key in own:
            yield f"{place}: duplicate port definition with {own[key]}"
        own.setdefault(key, place)
        name = port.get("name")
        if name and name in ports:
            yield (
                f'{place}: duplicate port name "{name}" with {ports[name]}, '
                f"services and probes that select ports by name will use {ports[name]}"
            )
        if name:
            ports.setdefault(name, place)
    for side in ("limits", "requests"):
        for name in BYTES:
            amount = ((container.get("resources") or {}).get(side) or {}).get(name)
            if amount is not None and Quantity(amount).amount.denominator != 1:
                yield f'{path}.resources.{side}[{name}]: fractional byte value "{amount}" is invalid, must be an integer'
