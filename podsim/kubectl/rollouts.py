"""rollout status and rollout restart.                                                            pkg/cmd/rollout"""

from __future__ import annotations

from collections.abc import Callable

from podsim.kubectl import files
from podsim.kubectl.call import WAIT_SECONDS, Call, Object
from podsim.kubectl.editing import targets
from podsim.kubectl.failures import CommandError
from podsim.kubectl.resources import Info, Query, query_of

RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
TIMED_OUT = "timed out waiting for the condition"


def status(call: Call) -> None:
    """`kubectl rollout status`: a line for every change of the status, until the rollout is done."""
    if not call.arguments.words and not files.names(call):
        raise CommandError("required resource not specified")
    found = targets(call, call.arguments.words, _query(call))
    for info in found.infos:
        call.attempt(_watch_status, call, info)
    if not found.infos and not found.errors:
        call.err.append(f"No resources found in {call.namespace} namespace.\n")


def _query(call: Call) -> Query:
    return query_of(call, everything=True)


def _watch_status(call: Call, info: Info) -> None:
    view = _VIEWS.get(info.kind.kind)
    if view is None:
        raise CommandError(f"no status viewer has been implemented for {info.kind.kind}")
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


_VIEWS: dict[str, Callable[[Object], tuple[str, bool]]] = {"Deployment": deployment_status}


def restart(call: Call) -> None:
    """`kubectl rollout restart`: a new annotation on the template, and so a new ReplicaSet."""
    if not call.arguments.words and not files.names(call):
        raise CommandError("required resource not specified")
    found = targets(call, call.arguments.words, _query(call))
    for info in found.infos:
        call.attempt(_restart, call, info)
    if not found.infos and not found.errors:
        call.err.append(f"No resources found in {call.namespace} namespace.\n")


def _restart(call: Call, info: Info) -> None:
    if info.kind.kind not in ("Deployment", "DaemonSet", "StatefulSet"):
        raise CommandError(f'error: {info.kind.resource} "{info.name}" restarting is not supported')
    if info.obj["spec"].get("paused"):
        raise CommandError(f'error: {info.kind.resource} "{info.name}" can\'t restart paused deployment (run rollout resume first)')
    stamp = call.simulation.clock.stamp()
    change = {"spec": {"template": {"metadata": {"annotations": {RESTARTED_AT: stamp}}}}}
    have = info.obj["spec"]["template"].get("metadata", {}).get("annotations") or {}
    if have.get(RESTARTED_AT) == stamp:
        raise CommandError(
            f"failed to create patch for {info.name}: if restart has already been triggered within the past second, "
            "please wait before attempting to trigger another"
        )
    response = call.simulation.server.patch(info.kind.kind, info.namespace, info.name, change, "strategic")
    call.done(info.kind, response.object, "restarted")
