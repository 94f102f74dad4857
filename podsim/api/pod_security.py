"""Pod Security: the baseline and restricted standards, and what a namespace's labels ask of them.

k8s.io/pod-security-admission policy/check_*.go, api/helpers.go, admission/admission.go
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podsim.api.errors import FieldError
from podsim.api.strategy import APPARMOR
from podsim.api.validation.container import all_containers
from podsim.api.validation.field import invalid
from podsim.api.validation.goformat import quote

Json = Mapping[str, Any]
LABEL = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")
LATEST = 10**6  # as a minor version
SINCE_NEWEST_CHECK = 37
VERSION = re.compile(r"v1\.(0|[1-9][0-9]*)")
CAPABILITIES = frozenset(
    ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"]
)
VOLUMES = frozenset(["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"])
SELINUX_TYPES = {"": 0, "container_t": 0, "container_init_t": 0, "container_kvm_t": 0, "container_engine_t": 31}  # since minor
SYSCTLS = {
    **dict.fromkeys(
        ("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
         "net.ipv4.ip_unprivileged_port_start"), 0,
    ),
    "net.ipv4.ip_local_reserved_ports": 27,
    **dict.fromkeys(
        ("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"), 29
    ),
    **dict.fromkeys(("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"), 32),
    **dict.fromkeys(("net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"), 37),
}  # fmt: skip
PROFILES = ("RuntimeDefault", "Localhost")
SECCOMP, SECCOMP_OF_CONTAINER = "seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/"


@dataclass(frozen=True, slots=True)
class Policy:
    """A level and the minor version of Kubernetes whose standard counts."""

    level: str
    minor: int = LATEST

    def __str__(self) -> str:
        return f"{self.level}:{'latest' if self.minor == LATEST else f'v1.{self.minor}'}"


@dataclass(frozen=True, slots=True)
class _Pod:
    """What the checks look at."""

    annotations: Json
    spec: Json
    minor: int

    @property
    def containers(self) -> Iterator[tuple[str, Json, Json]]:
        """Name, container and its security context, init containers first."""
        for _, container in all_containers("", self.spec):
            yield container.get("name", ""), container, container.get("securityContext") or {}

    @property
    def context(self) -> Json:
        """The pod's own security context."""
        return self.spec.get("securityContext") or {}

    @property
    def has_own_users(self) -> bool:
        """Whether a user namespace relaxes some checks; it does since 1.35."""
        return self.spec.get("hostUsers") is False and self.minor >= 35

    @property
    def is_windows(self) -> bool:
        """Whether checks that make no sense on Windows are left out; they are since 1.25."""
        return (self.spec.get("os") or {}).get("name") == "windows" and self.minor >= 25


Finding = tuple[str, str] | None  # reason and detail


def policies(labels: Json | None) -> tuple[dict[str, Policy], list[FieldError]]:
    """What a namespace enforces, audits and warns of, and what is wrong with its labels.          PolicyToEvaluate"""
    labels, errors = labels or {}, []
    found: dict[str, Policy] = {}
    for mode in ("enforce", "audit", "warn"):
        level, version = labels.get(LABEL + mode), labels.get(f"{LABEL}{mode}-version")
        if level is not None and level not in LEVELS:
            errors.append(invalid(f"metadata.labels[{LABEL}{mode}]", level, f"must be one of {', '.join(LEVELS)}"))
        match = VERSION.fullmatch(version or "")
        if version is not None and version != "latest" and match is None:
            errors.append(invalid(f"metadata.labels[{LABEL}{mode}-version]", version, 'must be "latest" or "v1.x"'))
        wrong = "restricted" if mode == "enforce" else "privileged"
        found[mode] = Policy((level if level in LEVELS else wrong) if level is not None else "privileged", int(match[1]) if match else LATEST)
    enforced = labels.get(LABEL + "enforce") in LEVELS and LABEL + "warn" not in labels
    if enforced and LEVELS.index(found["enforce"].level) > LEVELS.index(found["warn"].level):
        minor = found["warn"].minor if f"{LABEL}warn-version" in labels else found["enforce"].minor
        found["warn"] = Policy(found["enforce"].level, minor)
    return found, errors


def violations(policy: Policy, meta: Json, spec: Json) -> list[tuple[str, str]]:
    """Reason and detail of each check that a pod fails, in the server's order.                     EvaluatePod"""
    if policy.level == "privileged":
        return []
    pod = _Pod(meta.get("annotations") or {}, spec, min(policy.minor, SINCE_NEWEST_CHECK))
    checks: list[Callable[[_Pod], Finding]] = [
        check for minor, overridden, check in BASELINE if pod.minor >= minor and not (policy.level == "restricted" and pod.minor >= overridden)
    ]
    if policy.level == "restricted":
        checks += [check for minor, check in RESTRICTED if pod.minor >= minor]
    return [finding for check in checks if (finding := check(pod))]


def described(found: Iterable[tuple[str, str]]) -> str:
    """`host namespaces (hostNetwork=true), privileged (…)`"""
    return ", ".join(f"{reason} ({detail})" if detail else reason for reason, detail in found)


def is_stricter(new: Policy, old: Policy) -> bool:
    """Whether pods that were let in before may break the new level."""
    relaxed = new.minor == old.minor and LEVELS.index(new.level) <= LEVELS.index(old.level)
    return new != old and new.level != "privileged" and not relaxed


def of_existing(policy: Policy, namespace: str, pods: Iterable[Json]) -> tuple[str, ...]:
    """The warnings about pods that are there when a namespace's level is raised.             EvaluatePodsInNamespace"""
    names: dict[str, list[str]] = {}
    for pod in pods:
        if found := violations(policy, pod["metadata"], pod["spec"]):
            names.setdefault(", ".join(reason for reason, _ in found), []).append(pod["metadata"]["name"])
    if not names:
        return ()
    others = {1: "", 2: " (and 1 other pod)"}
    told = [f"{min(who)}{others.get(len(who), f' (and {len(who) - 1} other pods)')}: {reasons}" for reasons, who in names.items()]
    return f'existing pods in namespace "{namespace}" violate the new PodSecurity enforce level "{policy}"', *sorted(told)


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _named(names: list[str], noun: str = "container") -> str:
    return f"{noun if len(names) == 1 else noun + 's'} {_quoted(names)}"


def _setters(pod_too: bool, names: list[str]) -> str:
    return " and ".join([*(["pod"] if pod_too else []), *([_named(names)] if names else [])])


def _host_namespaces(pod: _Pod) -> Finding:
    found = [f"{field}=true" for field in ("hostNetwork", "hostPID", "hostIPC") if pod.spec.get(field)]
    return ("host namespaces", ", ".join(found)) if found else None


def _host_path_volumes(pod: _Pod) -> Finding:
    found = [v.get("name", "") for v in pod.spec.get("volumes") or () if v.get("hostPath") is not None]
    return ("hostPath volumes", _named(found, "volume")) if found else None


def _host_ports(pod: _Pod) -> Finding:
    used = {name: [str(p["hostPort"]) for p in c.get("ports") or () if p.get("hostPort")] for name, c, _ in pod.containers}
    names = [name for name, ports in used.items() if ports]
    ports = sorted({port for own in used.values() for port in own})
    if not names:
        return None
    verb, noun = "uses" if len(names) == 1 else "use", "hostPort" if len(ports) == 1 else "hostPorts"
    return "hostPort", f"{_named(names)} {verb} {noun} {', '.join(ports)}"


def _hosts(pod: _Pod) -> Finding:
    """Probes and hooks that talk to another host."""
    names: set[str] = set()
    hosts: set[str] = set()
    for name, container, _ in pod.containers:
        hooks = container.get("lifecycle") or {}
        handlers = [*(container.get(k) for k in ("livenessProbe", "readinessProbe", "startupProbe")), hooks.get("postStart"), hooks.get("preStop")]
        own = {str(((h or {}).get(kind) or {}).get("host") or "") for h in handlers for kind in ("httpGet", "tcpSocket")} - {""}
        names |= {name} if own else set()
        hosts |= own
    if not names:
        return None
    verb, noun = "uses" if len(names) == 1 else "use", f"probe or lifecycle host{'' if len(hosts) == 1 else 's'}"
    return "probe or lifecycle host", f"{_named(sorted(names))} {verb} {noun} {_quoted(sorted(hosts))}"


def _app_armor(pod: _Pod) -> Finding:
    def bad(context: Json) -> str | None:
        profile = context.get("appArmorProfile")
        return None if profile is None or profile.get("type", "") in PROFILES else profile.get("type", "")

    whole = bad(pod.context)
    names = [name for name, _, context in pod.containers if bad(context) is not None]
    values = {bad(context) for _, _, context in pod.containers} | {whole}
    notes = sorted(
        f"{key}={quote(value)}"
        for key, value in pod.annotations.items()
        if key.startswith(APPARMOR) and value not in ("", "runtime/default") and not value.startswith("localhost/")
    )
    shown = [*sorted(v for v in values if v is not None), *notes]
    setters = [_setters(whole is not None, names), ("annotation" if len(notes) == 1 else "annotations") if notes else ""]
    if not any(setters):
        return None
    reason = "forbidden AppArmor profile" + ("" if len(shown) == 1 else "s")
    return reason, f"{' and '.join(filter(None, setters))} must not set AppArmor profile type to {_quoted(shown)}"


def _default_capabilities(pod: _Pod) -> Finding:
    added = {name: set((c.get("capabilities") or {}).get("add") or ()) - CAPABILITIES for name, _, c in pod.containers}
    names = [name for name, own in added.items() if own]
    shown = _quoted(sorted(set().union(*added.values())))
    return ("non-default capabilities", f"{_named(names)} must not include {shown} in securityContext.capabilities.add") if names else None


def _restricted_capabilities(pod: _Pod) -> Finding:
    if pod.is_windows:
        return None
    own = {name: c.get("capabilities") or {} for name, _, c in pod.containers}
    keeping = [name for name, c in own.items() if "ALL" not in (c.get("drop") or ())]
    added = {name: set(c.get("add") or ()) - {"NET_BIND_SERVICE"} for name, c in own.items()}
    adding, details = [name for name, more in added.items() if more], []
    if keeping:
        details.append(f'{_named(keeping)} must set securityContext.capabilities.drop=["ALL"]')
    if adding:
        shown = _quoted(sorted(set().union(*added.values())))
        details.append(f"{_named(adding)} must not include {shown} in securityContext.capabilities.add")
    return ("unrestricted capabilities", "; ".join(details)) if details else None


def _privileged(pod: _Pod) -> Finding:
    names = [name for name, _, context in pod.containers if context.get("privileged")]
    return ("privileged", f"{_named(names)} must not set securityContext.privileged=true") if names else None


def _proc_mount(pod: _Pod) -> Finding:
    found = {name: context["procMount"] for name, _, context in pod.containers if context.get("procMount") not in (None, "Default")}
    if not found:
        return None
    return "procMount", f"{_named(list(found))} must not set securityContext.procMount to {_quoted(sorted(set(found.values())))}"


def _proc_mount_without_own_users(pod: _Pod) -> Finding:
    return None if pod.has_own_users else _proc_mount(pod)


def _selinux(pod: _Pod) -> Finding:
    def bad(context: Json) -> list[str]:
        options = context.get("seLinuxOptions") or {}
        kind = options.get("type") or ""
        fine = SELINUX_TYPES.get(kind, LATEST) <= pod.minor
        return [*([] if fine else [f"type {kind}"]), *(field for field in ("user", "role") if options.get(field))]

    whole, own = bad(pod.context), {name: bad(context) for name, _, context in pod.containers}
    names = [name for name, problems in own.items() if problems]
    problems = {problem for found in (whole, *own.values()) for problem in found}
    types = sorted(p.removeprefix("type ") for p in problems if p.startswith("type "))
    if not problems:
        return None
    data = [_named(types, "type")] if types else []
    data += [f"{field} may not be set" for field in ("user", "role") if field in problems]
    return "seLinuxOptions", f"{_setters(bool(whole), names)} set forbidden securityContext.seLinuxOptions: {'; '.join(data)}"


def _seccomp_annotations(pod: _Pod) -> Finding:
    """Before 1.19."""
    keys = [SECCOMP, *(SECCOMP_OF_CONTAINER + name for name, _, _ in pod.containers)]
    fine = ("runtime/default", "docker/default")
    found = sorted(
        {f"{k}={quote(v)}" for k in keys if (v := pod.annotations.get(k)) is not None and v not in fine and not v.startswith("localhost/")}
    )
    return ("seccompProfile", f"forbidden {'annotation' if len(found) == 1 else 'annotations'} {', '.join(found)}") if found else None


def _seccomp_type(context: Json) -> str | None:
    profile = context.get("seccompProfile")
    return None if profile is None else str(profile.get("type") or "")


def _seccomp(pod: _Pod) -> Finding:
    if pod.minor < 19:
        return _seccomp_annotations(pod)
    whole = _seccomp_type(pod.context)
    own = {name: _seccomp_type(context) for name, _, context in pod.containers}
    names = [name for name, kind in own.items() if kind is not None and kind not in PROFILES]
    pod_too = whole is not None and whole not in PROFILES
    values = sorted({kind for kind in (whole, *own.values()) if kind is not None and kind not in PROFILES})
    if not values:
        return None
    return "seccompProfile", f"{_setters(pod_too, names)} must not set securityContext.seccompProfile.type to {_quoted(values)}"


def _restricted_seccomp(pod: _Pod) -> Finding:
    if pod.is_windows or (found := _seccomp(pod)):
        return None if pod.is_windows else found
    names = [name for name, _, context in pod.containers if _seccomp_type(context) is None]
    if _seccomp_type(pod.context) is not None or not names:
        return None
    return "seccompProfile", f'pod or {_named(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'


def _sysctls(pod: _Pod) -> Finding:
    names = [sysctl.get("name", "") for sysctl in pod.context.get("sysctls") or ()]
    found = [name for name in names if SYSCTLS.get(name, LATEST) > pod.minor]
    return ("forbidden sysctls", ", ".join(found)) if found else None


def _host_process(pod: _Pod) -> Finding:
    def asks(context: Json) -> bool:
        return bool((context.get("windowsOptions") or {}).get("hostProcess"))

    names = [name for name, _, context in pod.containers if asks(context)]
    if not names and not asks(pod.context):
        return None
    return "hostProcess", f"{_setters(asks(pod.context), names)} must not set securityContext.windowsOptions.hostProcess=true"


def _no_escalation(pod: _Pod) -> Finding:
    names = [name for name, _, context in pod.containers if context.get("allowPrivilegeEscalation") is not False]
    if pod.is_windows or not names:
        return None
    return "allowPrivilegeEscalation != false", f"{_named(names)} must set securityContext.allowPrivilegeEscalation=false"


def _volume_types(pod: _Pod) -> Finding:
    types = {v.get("name", ""): {k for k, source in v.items() if k != "name" and source is not None} for v in pod.spec.get("volumes") or ()}
    found = {name: kinds for name, kinds in types.items() if not kinds & VOLUMES}
    if not found:
        return None
    shown = sorted({next(iter(sorted(kinds)), "unknown") for kinds in found.values()})
    verb, noun = "uses" if len(found) == 1 else "use", f"restricted volume type{'' if len(shown) == 1 else 's'}"
    return "restricted volume types", f"{_named(list(found), 'volume')} {verb} {noun} {_quoted(shown)}"


def _non_root(pod: _Pod) -> Finding:
    if pod.has_own_users:
        return None
    reason, whole = "runAsNonRoot != true", pod.context.get("runAsNonRoot")
    own = {name: context.get("runAsNonRoot") for name, _, context in pod.containers}
    if setters := _setters(whole is False, [name for name, value in own.items() if value is False]):
        return reason, f"{setters} must not set securityContext.runAsNonRoot=false"
    names = [name for name, value in own.items() if value is None]
    return (reason, f"pod or {_named(names)} must set securityContext.runAsNonRoot=true") if names and not whole else None


def _run_as_user(pod: _Pod) -> Finding:
    setters = _setters(pod.context.get("runAsUser") == 0, [name for name, _, context in pod.containers if context.get("runAsUser") == 0])
    return ("runAsUser=0", f"{setters} must not set runAsUser=0") if setters and not pod.has_own_users else None


# In the order of their ids; the minor version since which a check counts and, for baseline, the one since which restricted has its own.
BASELINE: tuple[tuple[int, int, Callable[[_Pod], Finding]], ...] = (
    (0, LATEST, _app_armor),
    (0, 22, _default_capabilities),
    (0, LATEST, _host_namespaces),
    (0, 0, _host_path_volumes),
    (0, LATEST, _host_ports),
    (34, LATEST, _hosts),
    (0, LATEST, _privileged),
    (0, 35, _proc_mount_without_own_users),
    (0, LATEST, _selinux),
    (0, 19, _seccomp),
    (0, LATEST, _sysctls),
    (0, LATEST, _host_process),
)
RESTRICTED: tuple[tuple[int, Callable[[_Pod], Finding]], ...] = (
    (8, _no_escalation),
    (22, _restricted_capabilities),
    (35, _proc_mount),
    (0, _volume_types),
    (0, _non_root),
    (23, _run_as_user),
    (19, _restricted_seccomp),
)
