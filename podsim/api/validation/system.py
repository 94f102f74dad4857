"""What the operating system of a pod rules out.        validateOS, validateLinux, validateWindows"""

from __future__ import annotations

from .container import all_containers
from .field import Errors, Object, child, forbidden, not_supported, required

SYSTEMS = ("linux", "windows")
NOT_ON_WINDOWS = "cannot be set for a windows pod"
PROFILES = ("appArmorProfile", "seLinuxOptions", "seccompProfile")
POD_CONTEXT = (
    *PROFILES,
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
)
CONTAINER_CONTEXT = (
    *PROFILES,
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
)


def system_rules(path: str, spec: Object, name: str | None) -> Errors:
    """os.name of a pod and the fields that the system does not have."""
    pod_level = (child(path, "securityContext"), spec.get("securityContext") or {})
    contexts = [
        (child(at, "securityContext"), container.get("securityContext") or {})
        for at, container in all_containers(path, spec)
    ]
    if not name:
        yield required(f"{path}.os.name")
    elif name not in SYSTEMS:
        yield not_supported(child(path, "os"), name, SYSTEMS)
    elif name == "linux":
        for at, context in (pod_level, *contexts):
            if context.get("windowsOptions") is not None:
                yield forbidden(child(at, "windowsOptions"), "windows options cannot be set for a linux pod")
    else:
        yield from _unset(*pod_level, POD_CONTEXT)
        host = {"hostPID": spec.get("hostPID") or None, "hostIPC": spec.get("hostIPC") or None}
        yield from _unset(path, {**spec, **host}, ("hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"))
        for at, context in contexts:
            yield from _unset(at, context, CONTAINER_CONTEXT)


def _unset(path: str, value: Object, fields: tuple[str, ...]) -> Errors:
    for field in fields:
        if value.get(field) not in (None, []):
            yield forbidden(child(path, field), NOT_ON_WINDOWS)
