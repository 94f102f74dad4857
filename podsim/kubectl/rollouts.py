"""rollout status and rollout restart.                                                            pkg/cmd/rollout"""

from __future__ import annotations

from collections.abc import Callable

from podsim.kubectl import files
from podsim.kubectl.call import WAIT_SECONDS, Call, Object
from podsim.kubectl.editing import send_patch
from podsim.kubectl.failures import CommandError
from podsim.kubectl.resources import Info, query_of

RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
REVISION = "deployment.kubernetes.io/revision"
TIMED_OUT = "timed out waiting for the condition"


def status(call: Call) -> None:
    """`kubectl rollout status`: a line for every change of the status, until the rollout is done."""
    _each(call, _watch_status)


def restart(call: Call) -> None:
    """`kubectl rollout restart`: a new annotation on the template, and so a new ReplicaSet."""
    _each(call, _restart)


def _each(call: Call, work: Callable[[Call, Info], None]) -> None:
    if not call.arguments.words and not call.arguments["filename"]:
        raise CommandError("required resource not specified")
    if call.arguments.values.get("revision", 0) < 0:
        raise CommandError(f"revision must be a positive integer: {call.arguments['revision']}")
    found = files.meant(call, call.arguments.words, query_of(call, everything=True))
    call.errors += found.errors
    for info in found.infos:
        call.attempt(work, call, info)
    if not found.infos and not found.errors:
        call.nothing_found()


def _watch_status(call: Call, info: Info) -> None:
    view = _VIEWS.get(info.kind.kind)
    if view is None:
        raise CommandError(f"no status viewer has been implemented for {info.kind.qualified}")
    revision, running = call.arguments["revision"], int((info.obj["metadata"].get("annotations") or {}).get(REVISION, "0"))
    if revision and revision != running and info.kind.kind == "Deployment":
        raise CommandError(f"desired revision ({revision}) is different from the running revision ({running})")
    text, done = view(info.obj)
    call.print(text)
    store = call.simulation.store
    seen = len(store.revisions)
    end = call.simulation.clock.now + round((call.arguments["timeout"] or WAIT_SECONDS) * 1000)
    while not done and call.arguments["watch"]:
        seen, changes = _next_changes(call, info, seen, end)
        for change, obj in changes:
            if change == "DELETED":
                raise CommandError("object has been deleted")
            text, done = view(obj)
            call.print(text)
            if done:
                break


def _next_changes(call: Call, info: Info, seen: int, end: int) -> tuple[int, list[tuple[str, Object]]]:
    """The next revisions of the object, letting time pass; CommandError when there is none in time."""
    revisions = call.simulation.store.revisions

    def changes() -> list[tuple[str, Object]]:
        return [(r.type, r.object) for r in revisions[seen:] if _is(r.object, info)]

    left = (end - call.simulation.clock.now) / 1000
    if left <= 0 or not call.wait(lambda: any(_is(r.object, info) for r in revisions[seen:]), left) or not changes():
        raise CommandError(TIMED_OUT)
    return len(revisions), changes()


def _is(obj: Object, info: Info) -> bool:
    meta = obj["metadata"]
    return (obj["kind"], meta.get("namespace", ""), meta["name"]) == (info.kind.kind, info.namespace, info.name)


def deployment_status(obj: Object) -> tuple[str, bool]:
    """The line of a Deployment, and whether its rollout is done.             polymorphichelpers/rollout_status.go"""
    name, spec, have = obj["metadata"]["name"], obj["spec"], obj.get("status", {})
    if obj["metadata"].get("generation", 0) > have.get("observedGeneration", 0):
        return "Waiting for deployment spec update to be observed...\n", False
    if any(c["type"] == "Progressing" and c.get("reason") == "ProgressDeadlineExceeded" for c in have.get("conditions") or ()):
        raise CommandError(f'deployment "{name}" exceeded its progress deadline')
    updated, total, available = (have.get(key, 0) for key in ("updatedReplicas", "replicas", "availableReplicas"))
    waiting = f'Waiting for deployment "{name}" rollout to finish: '
    if updated < spec.get("replicas", 1):
        return f"{waiting}{updated} out of {spec.get('replicas', 1)} new replicas have been updated...\n", False
    if total > updated:
        return f"{waiting}{total - updated} old replicas are pending termination...\n", False
    if available < updated:
        return f"{waiting}{available} of {updated} updated replicas are available...\n", False
    return f'deployment "{name}" successfully rolled out\n', True


def daemon_set_status(obj: Object) -> tuple[str, bool]:
    """The line of a DaemonSet, and whether its rollout is done."""
    name, have = obj["metadata"]["name"], obj.get("status", {})
    _require_rolling(obj)
    if obj["metadata"].get("generation", 0) > have.get("observedGeneration", 0):
        return "Waiting for daemon set spec update to be observed...\n", False
    updated, wanted, available = (have.get(key, 0) for key in ("updatedNumberScheduled", "desiredNumberScheduled", "numberAvailable"))
    waiting = f'Waiting for daemon set "{name}" rollout to finish: '
    if updated < wanted:
        return f"{waiting}{updated} out of {wanted} new pods have been updated...\n", False
    if available < wanted:
        return f"{waiting}{available} of {wanted} updated pods are available...\n", False
    return f'daemon set "{name}" successfully rolled out\n', True


def stateful_set_status(obj: Object) -> tuple[str, bool]:
    """The line of a StatefulSet, and whether its rollout is done."""
    spec, have = obj["spec"], obj.get("status", {})
    _require_rolling(obj)
    observed, replicas = have.get("observedGeneration", 0), spec.get("replicas", 1)
    if observed == 0 or obj["metadata"].get("generation", 0) > observed:
        return "Waiting for statefulset spec update to be observed...\n", False
    if have.get("readyReplicas", 0) < replicas:
        return f"Waiting for {replicas - have.get('readyReplicas', 0)} pods to be ready...\n", False
    wanted = replicas - (spec.get("updateStrategy", {}).get("rollingUpdate") or {}).get("partition", 0)
    updated = have.get("updatedReplicas", 0)
    if updated < wanted:
        return f"Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods have been updated...\n", False
    return f"partitioned roll out complete: {updated} new pods have been updated...\n", True


def _require_rolling(obj: Object) -> None:
    if obj["spec"].get("updateStrategy", {}).get("type", "RollingUpdate") != "RollingUpdate":
        raise CommandError("rollout status is only available for RollingUpdate strategy type")


_VIEWS: dict[str, Callable[[Object], tuple[str, bool]]] = {
    "Deployment": deployment_status, "DaemonSet": daemon_set_status, "StatefulSet": stateful_set_status
}  # fmt: skip


def _restart(call: Call, info: Info) -> None:
    resource, name = info.kind.resource, info.name
    if info.kind.kind not in _VIEWS:
        raise CommandError(f'error: {resource} "{name}" restarting is not supported')
    if info.obj["spec"].get("paused"):
        raise CommandError(f'error: {resource} "{name}" can\'t restart paused deployment (run rollout resume first)')
    stamp = call.simulation.clock.stamp()
    if (info.obj["spec"]["template"].get("metadata", {}).get("annotations") or {}).get(RESTARTED_AT) == stamp:
        raise CommandError(
            f"failed to create patch for {name}: if restart has already been triggered within the past second, please wait before attempting to trigger another"
        )
    obj = send_patch(call, info, {"spec": {"template": {"metadata": {"annotations": {RESTARTED_AT: stamp}}}}})
    call.done(info.kind, obj, "restarted", apart=True)
