"""logs: what the containers' runs have printed.                                                 pkg/cmd/logs/logs.go"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from podsim.api.errors import Rejected
from podsim.kubectl import selectors
from podsim.kubectl.call import Call, Object
from podsim.kubectl.duration import instant
from podsim.kubectl.failures import CommandError, usage
from podsim.kubectl.resources import Query, find

USAGE = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"
SELECTOR_TAIL = 10  # lines per container with -l
FOLLOW_SECONDS = 20  # how long logs -f tries to find a run
DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
PARTS = ("initContainers", "containers", "ephemeralContainers")
PULL_WORDS = {"ErrImagePull": "image can't be pulled", "ImagePullBackOff": "trying and failing to pull image"}
PHASE_ORDER = {"Running": 0, "Unknown": 1, "Pending": 2}


@dataclass(frozen=True, slots=True)
class Source:
    """One container whose log is asked for."""

    pod: Object
    container: str


def logs(call: Call) -> None:
    """`kubectl logs`."""
    given = call.arguments
    words, selector = given.words, given["selector"]
    if (not words and not selector) or len(words) > 2:
        raise usage("logs", USAGE)
    if len(words) == 1 and selector:
        raise usage("logs", "only a selector (-l) or a POD name is allowed")
    if given["pod-running-timeout"] <= 0:
        raise CommandError("--pod-running-timeout must be higher than zero")
    pods = _pods(call)
    wanted = words[1] if len(words) == 2 else given["container"]
    _check(call, wanted)
    sources = [source for pod in pods for source in _sources(call, pod, wanted)]
    if given["follow"]:
        return _follow(call, sources)
    for source in sources:
        call.print("".join(_printed(call, source)))
    return None


def _check(call: Call, wanted: str) -> None:
    """LogsOptions.Validate"""
    given = call.arguments
    for wrong, text in (
        (given["since-time"] and given["since"], "at most one of `sinceTime` or `sinceSeconds` may be specified"),
        (given["all-containers"] and wanted, f"--all-containers=true should not be specified with container name {wanted}"),
        ("container" in given.given and len(given.words) == 2, "only one of -c or an inline [CONTAINER] arg is allowed"),
        (given["limit-bytes"] < 0, "--limit-bytes must be greater than 0"),
        (given["since"] < 0, "--since must be greater than 0"),
        (given["tail"] < -1, "--tail must be greater than or equal to -1"),
    ):
        if wrong:
            raise CommandError(text)


def _pods(call: Call) -> list[Object]:
    words, selector = call.arguments.words, call.arguments["selector"]
    if selector:
        found = find(call, ["pods"], Query(label=selector))
        if not found.infos:
            call.err.append(f"No resources found in {call.namespace} namespace.\n")
        return [info.obj for info in found.infos]
    found = find(call, [words[0]] if "/" in words[0] else ["pods", words[0]], Query())
    if found.errors:
        raise CommandError(f'error from server (NotFound): {found.errors[0]} in namespace "{call.namespace}"')
    info = found.infos[0]
    return [info.obj if info.kind.kind == "Pod" else _first_pod(call, info.obj)]


def _first_pod(call: Call, workload: Object) -> Object:
    """The pod that speaks for a workload.                                  polymorphichelpers GetFirstPod, ByLogging"""
    selector = workload.get("spec", {}).get("selector")
    if not isinstance(selector, dict):
        raise CommandError(f"cannot get the logs from {workload['kind']}: selector for {workload['kind']} not implemented")
    requirements = selectors.of(selector) if "matchLabels" in selector or "matchExpressions" in selector else selectors.of({"matchLabels": selector})

    def pods() -> list[Object]:
        every = call.simulation.store.list("Pod", workload["metadata"].get("namespace"))
        return sorted((pod for pod in every if selectors.matches(requirements, pod["metadata"].get("labels"))), key=_speaks_first)

    if not call.wait(lambda: bool(pods()), call.arguments["pod-running-timeout"]) or not pods():
        raise CommandError("timed out waiting for the condition")
    found = pods()
    if len(found) > 1:
        call.err.append(f"Found {len(found)} pods, using pod/{found[0]['metadata']['name']}\n")
    return found[0]


def _speaks_first(pod: Object) -> tuple[Any, ...]:
    status = pod.get("status", {})
    ready = next((c.get("lastTransitionTime", "") for c in status.get("conditions") or () if c["type"] == "Ready" and c.get("status") == "True"), None)
    restarts = max((one.get("restartCount", 0) for one in status.get("containerStatuses") or ()), default=0)
    phase = PHASE_ORDER.get(status.get("phase", ""), 0)
    assigned = bool(pod["spec"].get("nodeName"))
    return (not assigned, phase, ready is None, ready or "", -restarts, pod["metadata"].get("creationTimestamp", ""), pod["metadata"]["name"])


def _sources(call: Call, pod: Object, wanted: str) -> list[Source]:
    containers = [one["name"] for part in PARTS for one in pod["spec"].get(part) or ()]
    if call.arguments["all-containers"]:
        return [Source(pod, name) for name in containers]
    name = wanted or (pod["metadata"].get("annotations") or {}).get(DEFAULT_CONTAINER, "")
    every = _every_name(pod)
    if not name or (not wanted and name not in containers):
        name = pod["spec"]["containers"][0]["name"]
        if len(containers) > 1:
            call.err.append(f'Defaulted container "{name}" out of: {every}\n')
    if name not in containers:
        raise CommandError(f"container {name} is not valid for pod {pod['metadata']['name']} out of: {every}")
    return [Source(pod, name)]


def _every_name(pod: Object) -> str:
    marks = {"initContainers": " (init)", "containers": "", "ephemeralContainers": " (ephem)"}
    order = ("containers", "ephemeralContainers", "initContainers")
    return ", ".join(one["name"] + marks[part] for part in order for one in pod["spec"].get(part) or ())


def _status(call: Call, source: Source) -> tuple[Object, Mapping[str, Any] | None]:
    meta = source.pod["metadata"]
    pod = call.simulation.store.get("Pod", meta.get("namespace", ""), meta["name"]) or source.pod
    keys = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
    every = (one for key in keys for one in pod.get("status", {}).get(key) or ())
    return pod, next((one for one in every if one["name"] == source.container), None)


def _container_id(call: Call, source: Source) -> str:
    """The run whose log is meant. Rejected BadRequest where there is none.        kubelet validateContainerLogStatus"""
    pod, status = _status(call, source)
    where = f'container "{source.container}" in pod "{pod["metadata"]["name"]}"'
    if not pod["spec"].get("nodeName"):
        raise Rejected("BadRequest", f"pod {pod['metadata']['name']} does not have a host assigned")
    if status is None:
        raise Rejected("BadRequest", f"{where} is not available")
    state = status.get("state", {})
    last = ((status.get("lastState") or {}).get("terminated") or {}).get("containerID")
    if call.arguments["previous"]:
        if not last:
            raise Rejected("BadRequest", f"previous terminated {where} not found")
        return str(last)
    if state.get("running") is not None:
        return str(status["containerID"])
    ended = state.get("terminated")
    if ended is not None and (ended.get("containerID") or last):
        return str(ended.get("containerID") or last)
    if ended is not None:
        raise Rejected("BadRequest", f"{where} is terminated")
    if last:
        return str(last)
    reason = (state.get("waiting") or {}).get("reason", "ContainerCreating")
    raise Rejected("BadRequest", f"{where} is waiting to start: {PULL_WORDS.get(reason, reason)}")


def _lines(call: Call, source: Source, container_id: str) -> list[tuple[int, str]]:
    """Every line that the run has printed, with its time in ms."""
    kubelet = call.simulation.kubelets[source.pod["spec"].get("nodeName") or _status(call, source)[0]["spec"]["nodeName"]]
    printed = kubelet.runtime.log_lines(container_id)
    return [(at, f"{line}\n") for at, text in printed for line in text.splitlines()]


def _shown(call: Call, source: Source, lines: Sequence[tuple[int, str]]) -> Iterator[str]:
    for at, line in lines:
        stamp = call.simulation.clock.wall(at).strftime("%Y-%m-%dT%H:%M:%S.%f000Z ") if call.arguments["timestamps"] else ""
        prefix = f"[pod/{source.pod['metadata']['name']}/{source.container}] " if call.arguments["prefix"] else ""
        yield f"{prefix}{stamp}{line}"


def _chosen(call: Call, lines: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    given, clock = call.arguments, call.simulation.clock
    since, tail = round(given["since"]) * 1000, given["tail"]
    if given["since-time"]:
        try:
            since = round((clock.wall() - instant(given["since-time"].replace("Z", "+00:00"))).total_seconds() * 1000)
        except (ValueError, TypeError):
            raise CommandError(f"parsing time {json.dumps(given['since-time'])}: it must look like 2026-01-01T00:00:00Z") from None
    if since:
        lines = [(at, line) for at, line in lines if at >= clock.now - since]
    if tail == -1 and given["selector"] and "tail" not in given.given:
        tail = SELECTOR_TAIL
    return lines if tail < 0 else lines[len(lines) - min(tail, len(lines)) :]


def _printed(call: Call, source: Source) -> list[str]:
    shown = list(_shown(call, source, _chosen(call, _lines(call, source, _container_id(call, source)))))
    limit = call.arguments["limit-bytes"]
    return ["".join(shown).encode()[:limit].decode(errors="ignore")] if limit else shown


def _follow(call: Call, sources: Sequence[Source]) -> None:
    """Streams until the run ends or the watch does; tries for 20 s to find a run."""
    for source in sources:
        container_id = _patient_id(call, source)
        if container_id is None:
            return
        lines = _lines(call, source, container_id)
        call.print("".join(_shown(call, source, _chosen(call, lines))))
        call.watch(partial(_ended, call, source, container_id))
        call.print("".join(_shown(call, source, _lines(call, source, container_id)[len(lines) :])))


def _patient_id(call: Call, source: Source) -> str | None:
    for attempt in range(FOLLOW_SECONDS + 1):
        try:
            return _container_id(call, source)
        except Rejected as error:
            call.err.append(f"{error.message}\n")
        if attempt < FOLLOW_SECONDS:
            call.wait(lambda: False, 1)
    call.errors.append(CommandError("context deadline exceeded"))
    return None


def _ended(call: Call, source: Source, container_id: str) -> bool:
    """Whether the run that is followed is over."""
    pod, status = _status(call, source)
    running = (status or {}).get("state", {}).get("running") is not None and (status or {}).get("containerID") == container_id
    return not running or call.simulation.store.get("Pod", pod["metadata"].get("namespace", ""), pod["metadata"]["name"]) is None
