"""What the server accepts but warns of.        pkg/api/pod/warnings.go and the WarningsOnCreate of the strategies"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from podsim.api.quantity import Quantity
from podsim.api.strategy import APPARMOR, profile_of_annotation
from podsim.api.validation import names
from podsim.api.validation.container import all_containers
from podsim.api.validation.field import child, items
from podsim.api.validation.goformat import quote
from podsim.api.workloads import TEMPLATE_PATHS, pod_template

Json = Mapping[str, Any]
SURPRISING = "which can result in surprising behavior; a DNS label is recommended:"
NAME_USES = {  # what the names of a kind's objects end up in
    "Pod": "the Pod's hostname",
    **dict.fromkeys(("Deployment", "ReplicaSet", "ReplicationController", "Job", "CronJob"), "Pod names and hostnames"),
}
NODE_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
VOLUMES = {  # dead volume types: the path's last step and what became of them
    "photonPersistentDisk": ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    "gitRepo": ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    "scaleIO": ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    "flocker": ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    "storageos": ("storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    "quobyte": ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    "glusterfs": ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    "cephfs": ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    "rbd": ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
}
PROJECTED = {"configMap": "configMap", "secret": "secrets", "downwardAPI": "downwardAPI"}  # and the path's word
SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_OF_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
SECCOMP_TEXT = 'non-functional in v1.27+; use the "seccompProfile" field instead'
APPARMOR_TEXT = 'deprecated since v1.30; use the "appArmorProfile" field instead'
STORAGE_CLASS = "volume.beta.kubernetes.io/storage-class"
BYTES = ("memory", "ephemeral-storage")
NO_SELECTOR = "a null labelSelector results in matching no pod"
REQUIRED, PREFERRED = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
MANY_COMPLETIONS, MANY_AT_ONCE = 10**5, 10**4
TOO_MANY_INDEXES = (
    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might "
    "not be able to track completedIndexes when a big number of indexes fail"
)


def of(obj: Json) -> list[str]:
    """The warnings for a valid new object, in the server's order; without the word `Warning: `."""
    meta, kind = obj["metadata"], obj["kind"]
    problems = names.check("dns1123label", meta.get("name", "")) if kind in NAME_USES else ()
    named = [f"metadata.name: this is used in {NAME_USES[kind]}, {SURPRISING} [{' '.join(problems)}]"] if problems else []
    if kind == "Pod":
        return [*named, *_of_pod("", meta, obj["spec"])]
    return [*named, *_of_content(obj)]


def of_update(new: Json, old: Json) -> list[str]:
    """The warnings for a valid change: none for a pod, and for a workload only if its spec changed."""
    changed = new["metadata"].get("generation") != old["metadata"].get("generation")
    return list(_of_content(new)) if new["kind"] != "Pod" and (changed or new["kind"] not in TEMPLATE_PATHS) else []


def _of_content(obj: Json) -> Iterator[str]:
    spec, kind = obj.get("spec") or {}, obj["kind"]
    if kind == "CronJob":
        yield from _of_job("spec.jobTemplate.spec", (spec.get("jobTemplate") or {}).get("spec") or {})
    elif kind == "Job":
        yield from _of_job("spec", spec)
    template = pod_template(dict(obj))
    if template is not None:
        path = ".".join(TEMPLATE_PATHS[kind])
        yield from _of_pod(path, template.get("metadata") or {}, template.get("spec") or {})
    if kind == "StatefulSet":
        for at, claim in items(spec, "volumeClaimTemplates", "spec"):
            yield from _of_claim(child(at, "spec"), claim.get("spec") or {})
        if (spec.get("revisionHistoryLimit") or 0) < 0:
            yield "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"
    if kind == "PersistentVolumeClaim":
        if STORAGE_CLASS in (obj["metadata"].get("annotations") or {}):
            yield f'metadata.annotations[{STORAGE_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead'
        yield from _of_claim("spec", spec)


def _of_job(path: str, spec: Json) -> Iterator[str]:
    many = (spec.get("completions") or 0) > MANY_COMPLETIONS and (spec.get("parallelism") or 0) > MANY_AT_ONCE
    if many and spec.get("completionMode") == "Indexed":
        yield f"{path}: {TOO_MANY_INDEXES}"


def _of_pod(path: str, meta: Json, spec: Json) -> Iterator[str]:
    """Of a pod (path "") or of a template.                                              warningsForPodSpecAndMeta"""
    inside, annotations = child(path, "spec"), meta.get("annotations") or {}
    yield from _of_placing(inside, spec)
    for key, text in ANNOTATIONS.items():
        if key in annotations:
            yield f"{child(path, 'metadata.annotations')}[{key}]: {text}"
    for at, volume in items(spec, "volumes", inside):
        yield from _of_volume(at, volume)
    yield from _paths_used_twice(inside, spec)
    yield from _used_twice(inside, spec, "hostAliases", "ip")
    yield from _used_twice(inside, spec, "imagePullSecrets", "name")
    for at, secret in items(spec, "imagePullSecrets", inside):
        if not secret.get("name"):
            yield f'{at}.name: invalid empty name ""'
    yield from _fractions(child(inside, "overhead"), spec.get("overhead"), BYTES)
    yield from _of_profiles(path, meta, spec)
    containers = all_containers(inside, spec)
    yield from _of_ports(containers)
    if all(container.get("restartPolicy") == "Always" for container in spec.get("initContainers") or ()):
        yield from _port_names([found for found in containers if ".ephemeralContainers[" not in found[0]])
    yield from _of_pod_affinity(child(inside, "affinity"), spec.get("affinity") or {})
    for at, server in items(spec.get("dnsConfig") or {}, "nameservers", child(inside, "dnsConfig")):
        yield from _of_address(at, server)
    for at, alias in items(spec, "hostAliases", inside):
        yield from _of_address(child(at, "ip"), alias.get("ip") or "")


def _of_placing(path: str, spec: Json) -> Iterator[str]:
    """Labels of nodes that have a new name, and spread constraints without a selector."""
    for key in spec.get("nodeSelector") or ():
        if key in NODE_LABELS:
            yield f"{path}.nodeSelector[{key}]: {NODE_LABELS[key]}"
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    place = f"{path}.affinity.nodeAffinity"
    for at, term in items(affinity.get(REQUIRED) or {}, "nodeSelectorTerms", f"{place}.{REQUIRED}"):
        yield from _of_term(at, term)
    for at, term in items(affinity, PREFERRED, place):
        yield from _of_term(child(at, "preference"), term.get("preference") or {}, values=True)
    for at, constraint in items(spec, "topologySpreadConstraints", path):
        key = constraint.get("topologyKey")
        if key in NODE_LABELS:
            yield f"{at}.topologyKey: {key} is {NODE_LABELS[key]}"
        if constraint.get("labelSelector") is None:
            yield f"{at}.labelSelector: {NO_SELECTOR}"


def _of_term(path: str, term: Json, *, values: bool = False) -> Iterator[str]:
    for at, expression in items(term, "matchExpressions", path):
        key = expression.get("key")
        if key in NODE_LABELS:
            yield f"{at}.key: {key} is {NODE_LABELS[key]}"
        for number, value in enumerate(expression.get("values") or () if values else ()):
            for message in names.check("labelvalue", value):
                yield f"{at}.values[{number}]: {value} is invalid, {message}"


def _of_pod_affinity(path: str, affinity: Json) -> Iterator[str]:
    for kind in ("podAffinity", "podAntiAffinity"):
        for field, inner in ((REQUIRED, ""), (PREFERRED, "podAffinityTerm")):
            for at, term in items(affinity.get(kind) or {}, field, child(path, kind)):
                if ((term.get(inner) or {}) if inner else term).get("labelSelector") is None:
                    yield f"{child(at, inner) if inner else at}.labelSelector: {NO_SELECTOR}"


def _of_volume(path: str, volume: Json) -> Iterator[str]:
    for field, (step, text) in VOLUMES.items():
        if volume.get(field) is not None:
            yield f"{path}.{step}: {text}"
    template = (volume.get("ephemeral") or {}).get("volumeClaimTemplate")
    if template is not None:
        yield from _of_claim(f"{path}.ephemeral.volumeClaimTemplate.spec", template.get("spec") or {})


def _of_claim(path: str, spec: Json) -> Iterator[str]:
    for side in ("requests", "limits"):
        yield from _fractions(f"{path}.resources.{side}", (spec.get("resources") or {}).get(side), ("storage",))


def _paths_used_twice(path: str, spec: Json) -> Iterator[str]:
    """Files that lie where a token lies."""
    sources = [
        (f"{at}.projected.sources", source)
        for at, volume in items(spec, "volumes", path)
        for _, source in items(volume.get("projected") or {}, "sources", at)
    ]
    tokens = {s["serviceAccountToken"].get("path") for _, s in sources if s.get("serviceAccountToken") is not None}
    text = "has duplicated path with ServiceAccountToken"
    for at, source in sources:
        for kind, word in PROJECTED.items():
            for number, item in enumerate((source.get(kind) or {}).get("items") or ()):
                if item.get("path") in tokens:
                    yield f"{at}.{word}[{number}]: {text} {quote(item['path'])}"
        if (bundle := (source.get("clusterTrustBundle") or {}).get("path")) in tokens and bundle is not None:
            yield f"{at}.ClusterTrustBundle: {text} {quote(bundle)}"


def _used_twice(path: str, spec: Json, field: str, key: str) -> Iterator[str]:
    seen: set[str] = set()
    for at, item in items(spec, field, path):
        value = item.get(key) or ""
        if value in seen:
            yield f"{at}.{key}: duplicate {key} {quote(value)}"
        seen.add(value)


def _fractions(path: str, amounts: Json | None, resources: tuple[str, ...]) -> Iterator[str]:
    for name in resources:
        amount = (amounts or {}).get(name)
        if amount is not None and Quantity(amount).milli_value % 1000:
            yield f"{path}[{name}]: fractional byte value {quote(amount)} is invalid, must be an integer"


def _of_profiles(path: str, meta: Json, spec: Json) -> Iterator[str]:
    """The old annotations for seccomp and AppArmor, and what is odd in each container."""
    annotations, place = meta.get("annotations") or {}, child(path, "metadata.annotations")
    context = spec.get("securityContext") or {}
    if SECCOMP in annotations and context.get("seccompProfile") is None:
        yield f"{place}[{SECCOMP}]: {SECCOMP_TEXT}"
    for at, container in all_containers(child(path, "spec"), spec):
        own, name = container.get("securityContext") or {}, container.get("name", "")
        if SECCOMP_OF_CONTAINER + name in annotations and own.get("seccompProfile") is None:
            yield f"{place}[{SECCOMP_OF_CONTAINER}{name}]: {SECCOMP_TEXT}"
        unset = own.get("appArmorProfile") is None and context.get("appArmorProfile") is None
        if path and APPARMOR + name in annotations and unset:  # of a pod: `of_profiles`
            yield f"{place}[{APPARMOR}{name}]: {APPARMOR_TEXT}"
        for resource in BYTES:
            for side in ("limits", "requests"):
                yield from _fractions(f"{at}.resources.{side}", (container.get("resources") or {}).get(side), (resource,))
        yield from _hidden_variables(at, container)


def of_profiles(pod: Json) -> list[str]:
    """The AppArmor annotations of a pod as it was sent, before they become fields.       applyAppArmorVersionSkew"""
    spec, annotations = pod.get("spec") or {}, pod["metadata"].get("annotations") or {}
    if pod["kind"] != "Pod" or (spec.get("os") or {}).get("name") == "windows":
        return []
    whole = (spec.get("securityContext") or {}).get("appArmorProfile")
    found = []
    for _, container in all_containers("spec", spec):
        key = APPARMOR + container.get("name", "")
        bare = (container.get("securityContext") or {}).get("appArmorProfile") is None
        if key in annotations and bare:
            profile = profile_of_annotation(annotations[key])
            found += [f"metadata.annotations[{key}]: {APPARMOR_TEXT}"] if profile is None or profile != whole else []
    return found


def _hidden_variables(path: str, container: Json) -> Iterator[str]:
    seen: set[str] = set()
    for at, variable in items(container, "env", path):
        name, value = variable.get("name", ""), variable.get("value") or ""
        reference = f"$({name})"
        builds_on_it = variable.get("valueFrom") is None and reference in value and value != reference
        if name in seen and not builds_on_it:
            yield f"{at}: hides previous definition of {quote(name)}, which may be dropped when using apply"
        seen.add(name)


def _of_ports(containers: list[tuple[str, Any]]) -> Iterator[str]:
    known: dict[tuple[int, str], list[tuple[str, Json]]] = {}
    for path, container in containers:
        for at, port in items(container, "ports", path):
            address, host = port.get("hostIP") or "", port.get("hostPort") or 0
            number, protocol = port.get("containerPort") or 0, port.get("protocol") or ""
            if address and not host:
                shown = f"Name:{port.get('name') or ''} HostPort:0 ContainerPort:{number} Protocol:{protocol} HostIP:{address}"
                yield f"{at}: hostIP set without hostPort: {{{shown}}}"
            others = known.setdefault((number, protocol), [])
            for place, other in others:
                other_address, other_host = other.get("hostIP") or "", other.get("hostPort") or 0
                if (address, host) == (other_address, other_host):
                    yield f"{at}: duplicate port definition with {place}"
                elif not host or not other_host:
                    yield f"{at}: overlapping port definition with {place}"
                elif host == other_host and bool(address) != bool(other_address):
                    yield f"{at}: dangerously ambiguous port definition with {place}"
            others.append((at, port))


def _port_names(containers: list[tuple[str, Any]]) -> Iterator[str]:
    """Upstream looks no further once it meets an init container that is no sidecar: `_of_pod` asks for that."""
    known: dict[str, str] = {}
    for path, container in containers:
        for at, port in items(container, "ports", path):
            if name := port.get("name"):
                place = known.setdefault(name, at)
                if place != at:
                    yield (
                        f"{at}: duplicate port name {quote(name)} with {place}, "
                        f"services and probes that select ports by name will use {place}"
                    )


def _of_address(path: str, text: str) -> Iterator[str]:
    try:
        address = ip_address(text)
    except ValueError:
        return
    if isinstance(address, IPv6Address) and str(address) != text:
        yield f'{path}: IPv6 address {quote(text)} should be in RFC 5952 canonical format ("{address}")'
