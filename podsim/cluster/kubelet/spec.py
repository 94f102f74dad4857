"""The part of a stored pod that the kubelet uses, read once into frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ProbeType = Literal["startup", "readiness", "liveness"]
PROBE_TYPES: tuple[ProbeType, ...] = ("startup", "readiness", "liveness")
ContainerKind = Literal["init", "sidecar", "regular", "ephemeral"]
FIELD_PATHS: dict[ContainerKind, str] = {
    "init": "spec.initContainers", "sidecar": "spec.initContainers", "regular": "spec.containers",
    "ephemeral": "spec.ephemeralContainers",
}


@dataclass(frozen=True, slots=True)
class Handler:
    """What a probe or hook does: its kind and that kind's fields as written."""

    kind: Literal["exec", "httpGet", "tcpSocket", "grpc", "sleep"]
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe; times in seconds."""

    type: ProbeType
    handler: Handler
    initial_delay: int
    timeout: int
    period: int
    success_threshold: int
    failure_threshold: int
    grace: int | None


@dataclass(frozen=True, slots=True)
class RestartRule:
    """A container's restartPolicyRules entry."""

    action: str
    operator: str
    values: tuple[int, ...]

    def matches(self, exit_code: int) -> bool:
        """Whether the rule speaks of this exit code."""
        return (exit_code in self.values) == (self.operator == "In")


@dataclass(frozen=True, slots=True)
class Container:
    """One container of the pod; `restart_policy` is its own one, if it has one."""

    name: str
    kind: ContainerKind
    image: str
    pull_policy: str
    restart_policy: str | None
    restart_rules: tuple[RestartRule, ...]
    probes: Mapping[ProbeType, Probe]
    post_start: Handler | None
    pre_stop: Handler | None
    message_policy: str
    ports: Mapping[str, int]
    source: Mapping[str, Any]

    @property
    def field_path(self) -> str:
        """As events name it: `spec.containers{app}`."""
        return f"{FIELD_PATHS[self.kind]}{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class PodSpec:
    """The pod."""

    namespace: str
    name: str
    uid: str
    generation: int
    restart_policy: str
    grace: int
    deletion_grace: int | None
    deleting: bool
    deadline: int | None
    host_network: bool
    init: tuple[Container, ...]
    regular: tuple[Container, ...]
    ephemeral: tuple[Container, ...]
    readiness_gates: tuple[str, ...]
    source: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"

    @property
    def containers(self) -> tuple[Container, ...]:
        """All of them, in the order in which a status lists them."""
        return (*self.init, *self.regular, *self.ephemeral)

    @property
    def long_name(self) -> str:
        """As messages name it: `web_default(UID)`.                                   util/format Pod()"""
        return f"{self.name}_{self.namespace}({self.uid})"

    def container(self, name: str) -> Container:
        """The container of that name."""
        return next(c for c in self.containers if c.name == name)


def read(pod: Mapping[str, Any]) -> PodSpec:
    """A stored (defaulted) pod as the kubelet sees it."""
    meta, spec = pod["metadata"], pod["spec"]
    return PodSpec(
        namespace=meta.get("namespace", "default"),
        name=meta["name"],
        uid=meta.get("uid", ""),
        generation=meta.get("generation", 1),
        restart_policy=spec.get("restartPolicy", "Always"),
        grace=spec.get("terminationGracePeriodSeconds", 30),
        deletion_grace=meta.get("deletionGracePeriodSeconds"),
        deleting="deletionTimestamp" in meta,
        deadline=spec.get("activeDeadlineSeconds"),
        host_network=bool(spec.get("hostNetwork")),
        init=tuple(_container(c, "sidecar" if c.get("restartPolicy") == "Always" else "init") for c in spec.get("initContainers") or ()),
        regular=tuple(_container(c, "regular") for c in spec.get("containers") or ()),
        ephemeral=tuple(_container(c, "ephemeral") for c in spec.get("ephemeralContainers") or ()),
        readiness_gates=tuple(g["conditionType"] for g in spec.get("readinessGates") or ()),
        source=pod,
    )


def _container(container: Mapping[str, Any], kind: ContainerKind) -> Container:
    lifecycle = container.get("lifecycle") or {}
    probes = {t: _probe(container[f"{t}Probe"], t) for t in PROBE_TYPES if container.get(f"{t}Probe")}
    return Container(
        name=container["name"],
        kind=kind,
        image=container.get("image", ""),
        pull_policy=container.get("imagePullPolicy", "IfNotPresent"),
        restart_policy=container.get("restartPolicy"),
        restart_rules=tuple(
            RestartRule(r["action"], r["exitCodes"]["operator"], tuple(r["exitCodes"].get("values") or ()))
            for r in container.get("restartPolicyRules") or ()
        ),
        probes=probes,
        post_start=_handler(lifecycle.get("postStart")),
        pre_stop=_handler(lifecycle.get("preStop")),
        message_policy=container.get("terminationMessagePolicy", "File"),
        ports={p["name"]: p["containerPort"] for p in container.get("ports") or () if "name" in p},
        source=container,
    )


def _probe(probe: Mapping[str, Any], type_: ProbeType) -> Probe:
    handler = _handler(probe)
    if handler is None:
        raise ValueError(f"{type_}Probe without a handler")
    return Probe(
        type=type_,
        handler=handler,
        initial_delay=probe.get("initialDelaySeconds", 0),
        timeout=probe.get("timeoutSeconds", 1),
        period=probe.get("periodSeconds", 10),
        success_threshold=probe.get("successThreshold", 1),
        failure_threshold=probe.get("failureThreshold", 3),
        grace=probe.get("terminationGracePeriodSeconds"),
    )


def _handler(body: Mapping[str, Any] | None) -> Handler | None:
    for kind in ("exec", "httpGet", "tcpSocket", "grpc", "sleep"):
        if body and body.get(kind) is not None:
            return Handler(kind, body[kind])
    return None
