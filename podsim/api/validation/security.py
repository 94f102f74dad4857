"""Rules for security contexts of pods and containers.    ValidateSecurityContext, validatePodSpecSecurityContext"""

from __future__ import annotations

import re
from typing import Any

from .field import (
    Errors,
    Object,
    child,
    conforms,
    duplicate,
    invalid,
    items,
    not_supported,
    required,
    too_long,
)
from .goformat import quote
from .internal import render
from .volume import descending_path

PROFILE_TYPES = ("Localhost", "RuntimeDefault", "Unconfined")
PROC_MOUNTS = ("Default", "Unmasked")
MAX_PROFILE = 4095  # bytes, PATH_MAX - 1
MAX_SYSCTL = 253
SYSCTL = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
IPC_SYSCTLS = ("kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue.")
CHOICES = {  # fields of the pod's context with a fixed set of values
    "fsGroupChangePolicy": ("Always", "OnRootMismatch"),
    "supplementalGroupsPolicy": ("Merge", "Strict"),
    "seLinuxChangePolicy": ("MountOption", "Recursive"),
}
SECCOMP_PREFIX = "container.seccomp.security.alpha.kubernetes.io/"
SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
APPARMOR_PREFIX = "container.apparmor.security.beta.kubernetes.io/"


def container_context(path: str, context: Object | None, *, host_users: bool) -> Errors:
    """securityContext of a container; `host_users`: the pod shares the user namespace of its node."""
    if context is None:
        return
    for field in ("runAsUser", "runAsGroup"):
        yield from _id(child(path, field), context.get(field))
    if (proc_mount := context.get("procMount")) is not None:
        if proc_mount not in PROC_MOUNTS:
            yield not_supported(child(path, "procMount"), proc_mount, PROC_MOUNTS)
        if host_users and proc_mount == "Unmasked":
            yield invalid(child(path, "procMount"), proc_mount, "`hostUsers` must be false to use `Unmasked`")
    yield from _seccomp(child(path, "seccompProfile"), context.get("seccompProfile"))
    if context.get("allowPrivilegeEscalation") is False:
        yield from _no_escalation(path, context)
    yield from _app_armor(child(path, "appArmorProfile"), context.get("appArmorProfile"))


def pod_context(path: str, spec: Object) -> Errors:
    """securityContext of a pod."""
    context = spec.get("securityContext")
    if context is None:
        return
    for field in ("fsGroup", "runAsUser", "runAsGroup"):
        yield from _id(child(path, field), context.get(field))
    for at, group in items(context, "supplementalGroups", path):
        yield from _id(at, group)
    yield from _sysctls(path, context, spec)
    yield from _choice(path, context, "fsGroupChangePolicy")
    yield from _seccomp(child(path, "seccompProfile"), context.get("seccompProfile"))
    yield from _app_armor(child(path, "appArmorProfile"), context.get("appArmorProfile"))
    yield from _choice(path, context, "supplementalGroupsPolicy")
    yield from _choice(path, context, "seLinuxChangePolicy")


def profile_annotations(path: str, values: Object, containers: list[str]) -> Errors:
    """The older annotations for seccomp and AppArmor.  ValidateSeccompPodAnnotations, ValidateAppArmorPodAnnotations"""
    for key, profile in values.items():
        if key == SECCOMP_POD or key.startswith(SECCOMP_PREFIX):
            yield from _seccomp_annotation(child(path, key), profile)
    for key, profile in values.items():
        if key.startswith(APPARMOR_PREFIX):
            if (container := key.removeprefix(APPARMOR_PREFIX)) not in containers:
                yield invalid(f"{path}[{key}]", container, "container not found")
            if profile not in ("", "runtime/default", "unconfined") and not profile.startswith("localhost/"):
                yield invalid(f"{path}[{key}]", profile, f"invalid AppArmor profile name: {quote(profile)}")


def _seccomp_annotation(path: str, profile: str) -> Errors:
    if profile.startswith("localhost/"):
        yield from descending_path(path, profile.removeprefix("localhost/"))
    elif profile not in ("runtime/default", "docker/default", "unconfined"):
        yield invalid(path, profile, "must be a valid seccomp profile")


def _id(path: str, value: int | None) -> Errors:
    if value is not None:
        yield from conforms(path, value, "userid")


def _choice(path: str, context: Object, field: str) -> Errors:
    if (value := context.get(field)) is not None and value not in CHOICES[field]:
        yield not_supported(child(path, field), value, CHOICES[field])


def _no_escalation(path: str, context: Object) -> Errors:
    if context.get("privileged"):
        detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
        yield invalid(path, render("SecurityContext", context), detail)
    for capability in (context.get("capabilities") or {}).get("add") or ():
        if capability == "CAP_SYS_ADMIN":
            detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            yield invalid(path, render("SecurityContext", context), detail)


def _seccomp(path: str, profile: Object | None) -> Errors:
    if profile is None:
        return
    kind, local = profile.get("type") or "", profile.get("localhostProfile")
    if not kind:
        yield required(child(path, "type"), "type is required when seccompProfile is set")
    elif kind not in PROFILE_TYPES:
        yield not_supported(child(path, "type"), kind, PROFILE_TYPES)
    path = child(path, "localhostProfile")
    if kind != "Localhost":
        if local is not None:
            yield invalid(path, render("SeccompProfile", profile), "can only be set when seccomp type is Localhost")
    elif local is None:
        yield required(path, "must be set when seccomp type is Localhost")
    else:
        yield from descending_path(path, local)


def _app_armor(path: str, profile: Object | None) -> Errors:
    if profile is None:
        return
    kind, local = profile.get("type") or "", profile.get("localhostProfile")
    if kind == "Localhost":
        yield from _app_armor_profile(child(path, "localhostProfile"), local)
    elif kind in PROFILE_TYPES:
        if local is not None:
            yield invalid(child(path, "localhostProfile"), local, "can only be set when AppArmor type is Localhost")
    elif kind:
        yield not_supported(child(path, "type"), kind, PROFILE_TYPES)
    else:
        yield required(child(path, "type"), "type is required when appArmorProfile is set")


def _app_armor_profile(path: str, profile: str | None) -> Errors:
    if profile is not None and profile != profile.strip():
        yield invalid(path, profile, "must not be padded with whitespace")
    elif not profile:
        yield required(path, "must be set when AppArmor type is Localhost")
    if profile and len(profile.encode()) > MAX_PROFILE:
        yield too_long(path, MAX_PROFILE)


def _sysctls(path: str, context: Object, spec: Object) -> Errors:
    seen: set[Any] = set()
    for item, sysctl in items(context, "sysctls", path):
        name, at = sysctl.get("name") or "", child(item, "name")
        if not name:
            yield required(at)
        elif len(name) > MAX_SYSCTL or not re.fullmatch(SYSCTL, name):
            yield invalid(at, name, f"must have at most {MAX_SYSCTL} characters and match regex {SYSCTL}")
        elif name in seen:
            yield duplicate(at, name)
        seen.add(name)
        dotted = name.replace("/", ".")
        if spec.get("hostNetwork") and dotted.startswith("net."):
            yield invalid(at, name, "may not be specified when 'hostNetwork' is true")
        elif spec.get("hostIPC") and dotted.startswith(IPC_SYSCTLS):
            yield invalid(at, name, "may not be specified when 'hostIPC' is true")
