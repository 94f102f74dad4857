"""A pod's status as the kubelet generates it at the start of a sync, from what the runtime showed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podsim.api import image as images
from podsim.api import resources
from podsim.cluster.clock import Clock
from podsim.cluster.kubelet import actions, phase, resize, restarts, spec
from podsim.cluster.kubelet.phase import Condition, Statuses
from podsim.cluster.kubelet.runtime import KILLED, PodRuntime, Record
from podsim.cluster.kubelet.spec import Container, PodSpec

Json = dict[str, Any]
ReasonCache = Mapping[str, tuple[str, str]]  # container -> waiting reason and message of its last failed start
SWEPT_MESSAGE = "The container is removed because RestartAllContainers in place"
NO_TIME = "1970-01-01T00:00:00Z"
RESIZE_CONDITIONS = ("PodResizePending", "PodResizeInProgress")  # the kubelet's too, with times of their own
OWN_CONDITIONS = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled", "AllContainersRestarting")
TRANSITION_FIELDS = ("type", "observedGeneration", "status", "lastProbeTime", "lastTransitionTime", "reason", "message")


@dataclass(frozen=True, slots=True)
class Node:
    """What a status says of the node."""

    ip: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a status is generated from."""

    pod: PodSpec
    runtime: PodRuntime
    reasons: ReasonCache
    old: Json
    api: Json
    terminal: bool = False
    verdict: tuple[str, str] | None = None  # reason and message that force the phase to Failed
    resizes: tuple[Json, ...] = ()  # conditions that tell of a resize
    seen: bool = True  # whether a relist has seen the sandbox, so that its IP is known

    @property
    def restarting_all(self) -> bool:
        """Whether the pod is being restarted in place.                                    ShouldAllContainersRestart"""
        known = {c["type"]: c["status"] for c in self.old.get("conditions") or ()}
        return known.get("AllContainersRestarting") == "True" or restarts.all_restart(self.pod, self.runtime.exits)


def summarize(pod: Mapping[str, Any], terminal: bool = False, regular_container_ever_active: bool = False) -> Json:
    """{"phase", "conditions"} of a v1 Pod from its container statuses.     kubelet_pods.go generateAPIPodStatus

    `terminal`: the kubelet has terminated the pod; `regular_container_ever_active`: a regular container has run.
    """
    read, statuses = spec.read(pod), Statuses.of(pod.get("status") or {})
    now = phase.phase(read, statuses, terminal=terminal, ever_active=regular_container_ever_active)
    gates = (pod.get("status") or {}).get("conditions") or ()
    return {"phase": now, "conditions": phase.conditions(read, statuses, now, gates)}


def generate(view: View, clock: Clock, node: Node) -> Json:
    """The status, without what probes add; `concluded` gives phase and conditions.  kubelet_pods.go generateAPIPodStatus"""
    pod, runtime = view.pod, view.runtime
    init = [_container_status(c, view, clock) for c in pod.init]
    regular = sorted((_container_status(c, view, clock) for c in pod.regular), key=lambda s: str(s["name"]))
    ephemeral = [_container_status(c, view, clock) for c in pod.ephemeral]
    ip = runtime.sandbox.ip if runtime.sandbox and view.seen else view.old.get("podIP") or (node.ip if pod.host_network else None)
    body: Json = {
        "observedGeneration": pod.generation,
        "phase": "Pending",
        "conditions": [],
        "hostIP": node.ip,
        "hostIPs": [{"ip": node.ip}],
        **({"podIP": ip, "podIPs": [{"ip": ip}]} if ip else {}),
        "startTime": view.old.get("startTime") or clock.stamp(),
        **({"initContainerStatuses": init} if init else {}),
        "containerStatuses": regular,
        "qosClass": view.api.get("qosClass", "BestEffort"),
        **({"ephemeralContainerStatuses": ephemeral} if ephemeral else {}),
        **_pod_resources(view),
    }
    return body


def concluded(body: Json, view: View) -> Json:
    """`body` with phase and conditions as its container statuses demand; `with_times` gives the conditions their times."""
    pod = view.pod
    active = actions.has_initialized(pod, view.runtime)
    statuses = Statuses.of(body)
    was = view.old.get("phase")
    now = was if was in phase.FINISHED else phase.phase(pod, statuses, terminal=view.terminal, ever_active=active)
    reason, message = view.old.get("reason", ""), view.old.get("message", "")
    if now != was:
        reason, message = "", ""
    if view.verdict and was not in phase.FINISHED:
        now, (reason, message) = "Failed", view.verdict
    foreign = [c for c in view.api.get("conditions") or () if is_foreign(c)]
    own = [
        *view.resizes,
        _ready_to_start(view),
        *phase.conditions(pod, statuses, now, foreign),
        {"type": "PodScheduled", "status": "True"},
        *_restarting_all(view, now),
    ]
    words = {**({"message": message} if message else {}), **({"reason": reason} if reason else {})}
    head = {"observedGeneration": body["observedGeneration"], "phase": now, "conditions": [*foreign, *own], **words}
    return {**head, **{k: v for k, v in body.items() if k not in (*head, "reason", "message")}}


def is_foreign(condition: Json) -> bool:
    """Whether a condition is not the kubelet's.                                            kubelet types PodConditionByKubelet"""
    return condition["type"] not in OWN_CONDITIONS and condition["type"] not in RESIZE_CONDITIONS


def with_times(new: Json, old: Json, stamp: str) -> Json:
    """`new` with observedGeneration and times in its own conditions; a time changes only with True or False."""
    was = {c["type"]: c for c in old.get("conditions") or ()}
    made: list[Condition] = []
    for condition in new["conditions"]:
        before = was.get(condition["type"])
        if condition["type"] not in OWN_CONDITIONS:
            made.append(condition)
            continue
        same = before is not None and before["status"] == condition["status"]
        since = before["lastTransitionTime"] if same and before else stamp
        full = {**condition, "observedGeneration": new["observedGeneration"], "lastProbeTime": None, "lastTransitionTime": since}
        made.append({k: full[k] for k in TRANSITION_FIELDS if k in full})
    return {**new, "conditions": made}


def mark_lost(status: Json, pod: PodSpec) -> Json:
    """The last word on a terminated pod: what never came to run counts as failed.          status_manager.go TerminatePod"""
    regular = status["containerStatuses"]
    if _has_initialized(status, pod):
        regular = [_lost(s) for s in regular]
    init = status.get("initContainerStatuses") or []
    last = max((i for i, s in enumerate(init) if phase.has_started(s)), default=-1)
    init = [_lost(s) if i <= last else s for i, s in enumerate(init)]
    now = status["phase"] if status["phase"] in phase.FINISHED else "Failed"
    changed = {"phase": now, "containerStatuses": regular, **({"initContainerStatuses": init} if init else {})}
    return {k: changed.get(k, v) for k, v in status.items()}


def rejected(api: Json, words: Json, generation: int, stamp: str) -> Json:
    """The status of a pod that the node did not take; `words`: message and reason."""
    foreign = [c for c in api.get("conditions") or () if is_foreign(c)]
    head = {"observedGeneration": generation, "phase": "Failed", **({"conditions": foreign} if foreign else {})}
    return {**head, **words, "startTime": stamp, "qosClass": api.get("qosClass", "BestEffort")}


def _has_initialized(status: Json, pod: PodSpec) -> bool:
    """Whether the pod came as far as its regular containers.                 status_manager.go hasPodInitialized"""
    if not pod.init or any(phase.has_started(s) for s in status["containerStatuses"]):
        return True
    kind, body = phase.state_of(status["initContainerStatuses"][-1])
    if pod.init[-1].kind == "sidecar":
        return kind == "running" and bool(status["initContainerStatuses"][-1].get("started"))
    return kind == "terminated" and body.get("exitCode") == 0


def _lost(status: Json) -> Json:
    if phase.state_of(status)[0] == "terminated":
        return status
    body = {
        "exitCode": KILLED,
        "reason": "ContainerStatusUnknown",
        "message": "The container could not be located when the pod was terminated",
        "startedAt": None,
        "finishedAt": None,
    }
    return {**status, "state": {"terminated": body}, "ready": False, "started": False}





def _ready_to_start(view: View) -> Condition:
    sandbox = view.runtime.sandbox
    if sandbox and sandbox.ready:
        return {"type": "PodReadyToStartContainers", "status": "True"}
    message = "pod sandbox is not ready" if sandbox else "no pod sandbox exists"
    return {"type": "PodReadyToStartContainers", "status": "False", "reason": "PodSandboxNotReady", "message": message}


def _restarting_all(view: View, phase_now: str) -> list[Condition]:
    """status/generate.go GenerateAllContainersRestartingCondition"""
    if not any(r.action == restarts.RESTART_ALL for c in view.pod.containers for r in c.restart_rules):
        return []
    if phase_now in phase.FINISHED:
        return [{"type": "AllContainersRestarting", "status": "False", "reason": phase.terminal_reason(phase_now)}]
    if restarts.all_restart(view.pod, view.runtime.exits):
        message = "container exited with restart policy rule"
        return [{"type": "AllContainersRestarting", "status": "True", "reason": "RestartAllContainersStarted", "message": message}]
    return [{"type": "AllContainersRestarting", "status": "False"}]


def _container_status(container: Container, view: View, clock: Clock) -> Json:
    """One container's status.                               kubelet_pods.go convertToAPIContainerStatuses"""
    old = _old_status(container, view.old)
    records = view.runtime.of(container.name)
    body = _recorded(container, view, old, records, clock) if records else _absent(container, view, old)
    reason = view.reasons.get(container.name)
    if reason is None or not restarts.should_start(container, view.pod, records[0] if records else None):
        return body
    last = body["state"] if "terminated" in body["state"] else body["lastState"]
    return {**body, "state": {"waiting": _waiting(*reason)}, "lastState": last}


def _absent(container: Container, view: View, old: Json) -> Json:
    """The status of a container that the runtime does not know: not yet, or no longer."""
    kind = phase.state_of(old or None)[0]
    body: Json = old if kind == "terminated" else {
        "name": container.name,
        "state": {"waiting": _waiting("PodInitializing" if view.pod.init else "ContainerCreating")},
        "lastState": old.get("lastState", {}),
        "ready": False,
        "restartCount": old.get("restartCount", 0),
        "image": container.image,
        "imageID": "",
        **({} if container.kind == "ephemeral" else {"started": False}),
        **_volume_mounts(container),
    }
    if kind in ("none", "waiting") or not view.restarting_all:
        return body
    ended = {"exitCode": KILLED, "reason": restarts.SWEPT, "message": SWEPT_MESSAGE, "startedAt": None, "finishedAt": None}
    state, last = {"waiting": _waiting(restarts.SWEPT, SWEPT_MESSAGE)}, {"terminated": ended}
    return {**body, "state": state, "lastState": last, "restartCount": body["restartCount"] + 1}


def _recorded(container: Container, view: View, old: Json, records: list[Record], clock: Clock) -> Json:
    """The status of a container from its records, newest first."""
    newest, wanted = records[0], container.source.get("resources") or {}
    state = _state(newest, clock)
    last = old.get("lastState", {})
    if len(records) > 1 and records[1].state == "exited":
        last = _state(records[1], clock)
    return {
        "name": container.name,
        "state": state,
        "lastState": last,
        "ready": container.kind == "init" and newest.state == "exited" and newest.exit_code == 0,
        "restartCount": _restart_count(newest, old),
        "image": _runtime_image(newest.image),
        "imageID": image_id(newest.image),
        "containerID": newest.id,
        **({} if container.kind == "ephemeral" else {"started": newest.state == "running"}),
        **({"allocatedResources": wanted["requests"]} if wanted.get("requests") else {}),
        "resources": newest.resources,
        **_volume_mounts(container),
        **({} if newest.state == "created" else {"user": {"linux": _user(container, view.pod)}}),
    }


def _restart_count(newest: Record, old: Json) -> int:
    """The attempt of the newest record; never less than before, and more where an ended container runs again."""
    before = int(old.get("restartCount", 0))
    if newest.state == "running" and phase.state_of(old)[0] == "terminated" and before >= newest.attempt:
        return before + 1
    return max(newest.attempt, before)


def _state(record: Record, clock: Clock) -> Json:
    if record.state == "running":
        return {"running": {"startedAt": clock.stamp(record.started)}}
    return {"waiting": {}} if record.state == "created" else {"terminated": _terminated(record, clock)}


def _old_status(container: Container, old: Json) -> Json:
    for key in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
        for status in old.get(key) or ():
            if status["name"] == container.name:
                return dict(status)
    return {}


def _waiting(reason: str, message: str = "") -> Json:
    return {"reason": reason, **({"message": message} if message else {})}


def _terminated(record: Record, clock: Clock) -> Json:
    return {
        "exitCode": record.exit_code,
        "reason": record.reason,
        **({"message": record.message} if record.message else {}),
        "startedAt": NO_TIME if record.started is None else clock.stamp(record.started),
        "finishedAt": clock.stamp(record.finished),
        "containerID": record.id,
    }


def _volume_mounts(container: Container) -> Json:
    mounts = [_mount(m) for m in container.source.get("volumeMounts") or ()]
    return {"volumeMounts": mounts} if mounts else {}


def _mount(mount: Mapping[str, Any]) -> Json:
    body = {k: mount[k] for k in ("name", "mountPath", "readOnly") if k in mount}
    if mount.get("readOnly"):
        body["recursiveReadOnly"] = mount.get("recursiveReadOnly", "Disabled")
    return body


def _user(container: Container, pod: PodSpec) -> Json:
    """uid, gid and groups: those asked for, else root."""
    own = container.source.get("securityContext") or {}
    shared = pod.source["spec"].get("securityContext") or {}
    uid = own.get("runAsUser", shared.get("runAsUser", 0))
    gid = own.get("runAsGroup", shared.get("runAsGroup", 0))
    groups = [gid, *([shared["fsGroup"]] if "fsGroup" in shared else []), *shared.get("supplementalGroups", ())]
    return {"uid": uid, "gid": gid, "supplementalGroups": groups}


def _pod_resources(view: View) -> Json:
    """What the pod was given, and what its running containers have of it."""
    pod = dict(view.pod.source)
    late = {r.name: dict(r.resources) for r in resize.outdated(view.pod, view.runtime)}
    given = resources.pod_requests(pod)
    actual = resize.with_resources(pod, late) if late else pod
    requests, limits = resources.pod_requests(actual) if late else given, resources.pod_limits(actual)
    both = {**({"limits": limits} if limits else {}), **({"requests": requests} if requests else {})}
    return {**({"allocatedResources": given} if given else {}), "resources": both}


def _runtime_image(ref: str) -> str:
    """The name under which the runtime knows the image: registry, library and tag filled in."""
    name = images.parse(ref)
    return f"{name.repository}{f':{name.tag}' if name.tag else ''}{f'@{name.digest}' if name.digest else ''}"


def image_id(ref: str) -> str:
    """A digest for the image: the same for the same reference."""
    name = images.parse(ref)
    digest = name.digest or "sha256:" + hashlib.sha256(ref.encode()).hexdigest()
    return f"{name.repository}@{digest}"
