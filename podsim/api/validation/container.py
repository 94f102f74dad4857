"""Rules for containers of every sort.        validateContainerCommon, validateContainers, validateInitContainers"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .env import env
from .field import (
    Errors,
    Object,
    child,
    conforms,
    duplicate,
    forbidden,
    invalid,
    items,
    named,
    not_found,
    not_supported,
    one_of,
    required,
    too_many,
)
from .mount import volume_devices, volume_mounts
from .probe import lifecycle, probes
from .resources import container_resources
from .security import container_context
from .volume import PULL_POLICIES, Volumes

MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
PROTOCOLS = ("SCTP", "TCP", "UDP")
RESIZABLE = ("cpu", "memory")
RESIZE_POLICIES = ("NotRequired", "RestartContainer")
RESTART_POLICIES = ("Always", "Never", "OnFailure")
RESTART_ACTIONS = ("Restart", "RestartAllContainers")
EXIT_CODE_OPERATORS = ("In", "NotIn")
MAX_RESTART_RULES, MAX_EXIT_CODES = 20, 255
ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always"
NOT_FOR_EPHEMERAL = ("ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle")


@dataclass(frozen=True, slots=True)
class Pod:
    """What the rules for a container need to know about its pod."""

    volumes: Volumes
    claims: Collection[str]
    grace_period: int | None  # s
    restart_policy: str
    host_users: bool


def containers(path: str, spec: Object, pod: Pod) -> Errors:
    """The regular containers."""
    if not spec.get("containers"):
        yield required(child(path, "containers"))
    taken: set[str] = set()
    for at, container in items(spec, "containers", path):
        yield from _common(at, container, pod)
        yield from _unique(at, container, taken)
        yield from lifecycle(child(at, "lifecycle"), container.get("lifecycle"), pod.grace_period)
        yield from probes(at, container, pod.grace_period)
        yield from _restart(at, container)
    yield from _host_ports(items(spec, "containers", path))


def init_containers(path: str, spec: Object, pod: Pod) -> Errors:
    """The init containers, sidecars among them."""
    taken = {container.get("name") or "" for _, container in items(spec, "containers", path)}
    for at, container in items(spec, "initContainers", path):
        sidecar = container.get("restartPolicy") == "Always"
        yield from _common(at, container, pod)
        yield from _restart(at, container)
        yield from _unique(at, container, taken, unnamed=False)
        yield from _host_ports([(f"{child(path, 'initContainers')}[0]", container)])
        if sidecar:
            yield from lifecycle(child(at, "lifecycle"), container.get("lifecycle"), pod.grace_period)
            yield from probes(at, container, pod.grace_period)
            continue
        for field in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
            if container.get(field) is not None:
                yield forbidden(child(at, field), ONLY_SIDECARS)
        for policy_path, policy in items(container, "resizePolicy", at):
            if policy.get("restartPolicy") == "RestartContainer":
                detail = "must not be set to 'RestartContainer' for non-sidecar initContainers"
                yield invalid(child(policy_path, "restartPolicy"), "RestartContainer", detail)


def ephemeral_containers(path: str, spec: Object, pod: Pod) -> Errors:
    """The containers a debugger adds to a running pod."""
    others = {c.get("name") or "" for kind in ("containers", "initContainers") for _, c in items(spec, kind, path)}
    taken = set(others)
    for at, container in items(spec, "ephemeralContainers", path):
        yield from _common(at, container, pod)
        yield from image_is_trimmed(at, container)
        yield from _unique(at, container, taken)
        if (target := container.get("targetContainerName")) and target not in others:
            yield not_found(child(at, "targetContainerName"), target)
        for field in NOT_FOR_EPHEMERAL:
            if container.get(field):
                yield forbidden(child(at, field), "cannot be set for an Ephemeral Container")
        for mount_path, mount in items(container, "volumeMounts", at):
            for field in ("subPath", "subPathExpr"):
                if mount.get(field):
                    yield forbidden(child(mount_path, field), "cannot be set for an Ephemeral Container")


def all_containers(path: str, spec: Object) -> list[tuple[str, Object]]:
    """Every container with its path.                                              VisitContainersWithPath"""
    kinds = ("initContainers", "containers", "ephemeralContainers")
    return [found for kind in kinds for found in items(spec, kind, path)]


def image_is_trimmed(path: str, container: Object) -> Errors:
    """The image has no blanks around it.                                          validateContainerOnlyForPod"""
    image = container.get("image") or ""
    if image != image.strip():
        yield invalid(child(path, "image"), image, "must not have leading or trailing whitespace")


def host_network_ports(path: str, spec: Object, *, template: bool) -> Errors:
    """On the host's network a port is the same inside and outside.                validatePodHostNetworkDeps"""
    for at, container in items(spec if spec.get("hostNetwork") else {}, "containers", path):
        for port_path, port in items(container, "ports", at):
            host, inside = port.get("hostPort") or 0, port.get("containerPort") or 0
            if host != inside and (host or not template):
                yield invalid(
                    child(port_path, "hostPort"), host, "must match `containerPort` when `hostNetwork` is true"
                )


def _common(path: str, container: Object, pod: Pod) -> Errors:
    yield from named(child(path, "name"), container.get("name"), "dns1123label")
    if not container.get("image"):
        yield required(child(path, "image"))
    yield from one_of(
        child(path, "terminationMessagePolicy"), container.get("terminationMessagePolicy"), MESSAGE_POLICIES
    )
    yield from _ports(path, container)
    yield from env(path, container)
    yield from volume_mounts(path, container, pod.volumes)
    yield from volume_devices(path, container, pod.volumes)
    yield from one_of(child(path, "imagePullPolicy"), container.get("imagePullPolicy"), PULL_POLICIES)
    yield from container_resources(child(path, "resources"), container.get("resources"), pod.claims)
    yield from _resize(path, container, pod.restart_policy)
    yield from container_context(
        child(path, "securityContext"), container.get("securityContext"), host_users=pod.host_users
    )


def _unique(path: str, container: Object, taken: set[str], *, unnamed: bool = True) -> Errors:
    name = container.get("name") or ""
    if name in taken:
        yield duplicate(child(path, "name"), name)
    elif name or unnamed:
        taken.add(name)


def _ports(path: str, container: Object) -> Errors:
    taken: set[str] = set()
    for at, port in items(container, "ports", path):
        name, number = port.get("name") or "", port.get("containerPort") or 0
        if name:
            problems = list(conforms(child(at, "name"), name, "portname"))
            yield from problems or ([duplicate(child(at, "name"), name)] if name in taken else [])
            taken |= set() if problems else {name}
        if number:
            yield from conforms(child(at, "containerPort"), number, "portnum")
        else:
            yield required(child(at, "containerPort"))
        if host := port.get("hostPort"):
            yield from conforms(child(at, "hostPort"), host, "portnum")
        yield from one_of(child(at, "protocol"), port.get("protocol"), PROTOCOLS)


def _host_ports(containers: Iterable[tuple[str, Object]]) -> Errors:
    taken: set[str] = set()
    for at, container in containers:
        for port_path, port in items(container, "ports", at):
            if not port.get("hostPort"):
                continue
            address = f"{port.get('protocol') or ''}/{port.get('hostIP') or ''}/{port['hostPort']}"
            if address in taken:
                yield duplicate(child(port_path, "hostPort"), address)
            taken.add(address)


def _resize(path: str, container: Object, pod_restart_policy: str) -> Errors:
    list_path, taken = child(path, "resizePolicy"), set()
    for at, policy in items(container, "resizePolicy", path):
        resource, restart = policy.get("resourceName") or "", policy.get("restartPolicy") or ""
        if resource in taken:
            yield duplicate(at, resource)
        taken.add(resource)
        yield from one_of(list_path, resource, RESIZABLE)
        yield from one_of(list_path, restart, RESIZE_POLICIES)
        if pod_restart_policy == "Never" and restart != "NotRequired":
            yield invalid(list_path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'")


def _restart(path: str, container: Object) -> Errors:
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or ()
    if policy is None:
        if rules:
            yield required(child(path, "restartPolicy"), "must specify restartPolicy when restart rules are used")
    elif policy not in RESTART_POLICIES:
        yield not_supported(child(path, "restartPolicy"), policy, RESTART_POLICIES)
    if len(rules) > MAX_RESTART_RULES:
        yield too_many(child(path, "restartPolicyRules"), len(rules), MAX_RESTART_RULES)
    for at, rule in items(container, "restartPolicyRules", path):
        if (rule.get("action") or "") not in RESTART_ACTIONS:
            yield not_supported(child(at, "action"), rule.get("action") or "", RESTART_ACTIONS)
        yield from _exit_codes(child(at, "exitCodes"), rule.get("exitCodes"))


def _exit_codes(path: str, exit_codes: Object | None) -> Errors:
    if exit_codes is None:
        yield required(path, "must be specified")
        return
    operator, values = exit_codes.get("operator") or "", exit_codes.get("values") or ()
    if operator not in EXIT_CODE_OPERATORS:
        yield not_supported(child(path, "operator"), operator, EXIT_CODE_OPERATORS)
    if len(values) > MAX_EXIT_CODES:
        yield too_many(child(path, "values"), len(values), MAX_EXIT_CODES)
