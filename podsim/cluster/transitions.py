"""Which visible changes lie between two versions of a pod, in the order in which one leads to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podsim.cluster.store import Object

STATUS_LISTS = (
    ("initContainerStatuses", "init"),
    ("containerStatuses", "regular"),
    ("ephemeralContainerStatuses", "ephemeral"),
)
CONDITIONS = ("PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one lane; `before` is None where the lane begins."""

    lane: str
    before: str | None
    after: str
    details: Mapping[str, Any]


def container_kind(pod: Object, name: str) -> str:
    """init, sidecar, regular or ephemeral."""
    for container in pod["spec"].get("initContainers", ()):
        if container["name"] == name:
            return "sidecar" if container.get("restartPolicy") == "Always" else "init"
    if any(c["name"] == name for c in pod["spec"].get("ephemeralContainers", ())):
        return "ephemeral"
    return "regular"


def state_text(state: Mapping[str, Any]) -> str:
    """A container state in a few words: `waiting CrashLoopBackOff`, `running`, `terminated Error 1`."""
    for kind, body in state.items():
        words = [kind, body.get("reason", "")]
        return " ".join(filter(None, [*words, str(body["exitCode"]) if "exitCode" in body else ""]))
    return "waiting"


def between(before: Object | None, after: Object, kind: str) -> Iterator[Change]:
    """The changes from `before` (None: the pod is new) to `after`; `kind` is the revision's type."""
    if kind == "DELETED":
        yield Change("object", "deleting", "gone", {})
        return
    if before is None:
        yield Change("object", None, "created", {})
    old_meta = before["metadata"] if before else {}
    if "deletionTimestamp" in after["metadata"] and "deletionTimestamp" not in old_meta:
        yield Change("object", "created", "deleting", {"grace": after["metadata"].get("deletionGracePeriodSeconds")})
    old_status = before.get("status", {}) if before else {}
    yield from _node(before, after)
    yield from _containers(old_status, after)
    yield from _conditions(old_status, after["status"])
    if old_status.get("phase") != after["status"]["phase"]:
        details = {k: after["status"][k] for k in ("reason", "message") if k in after["status"]}
        yield Change("phase", old_status.get("phase"), after["status"]["phase"], details)


def _node(before: Object | None, after: Object) -> Iterator[Change]:
    node = after["spec"].get("nodeName")
    if node and not (before and before["spec"].get("nodeName")):
        yield Change("bound", None, node, {})


def _containers(old_status: Object, after: Object) -> Iterator[Change]:
    spec = after["spec"]
    gated = {c["name"] for c in (*spec.get("initContainers", ()), *spec["containers"]) if "startupProbe" in c}
    for key, _ in STATUS_LISTS:
        was = {c["name"]: c for c in old_status.get(key, ())}
        for now in after["status"].get(key, ()):
            old = was.get(now["name"], {})
            shared = {"container": now["name"], "kind": container_kind(after, now["name"])}
            probed = [("started", "started")] if now["name"] in gated else []
            state = now.get("state") or {"waiting": {}}
            body = next(iter(state.values()))
            before, text = state_text(old["state"]) if old.get("state") else None, state_text(state)
            rerun = now.get("restartCount", 0) != old.get("restartCount", 0)
            if before != text or rerun:
                details = {k: body[k] for k in ("reason", "message", "exitCode") if k in body}
                yield Change(f"container/{now['name']}", before, text, {**shared, **details})
            for lane, field in (("restarts", "restartCount"), *probed, ("ready", "ready")):
                if field in now and old.get(field) != now[field] and (old or now[field]):
                    yield Change(f"{lane}/{now['name']}", str(old.get(field)) if old else None, str(now[field]), shared)


def _conditions(old_status: Object, status: Object) -> Iterator[Change]:
    was = {c["type"]: c for c in old_status.get("conditions", ())}
    now = {c["type"]: c for c in status.get("conditions", ())}
    for name in (n for n in was if n.startswith("PodResize") and n not in now):
        yield Change(f"condition/{name}", was[name]["status"], "False", {})  # it is taken away when it no longer holds
    for name in (*CONDITIONS, *(n for n in now if n not in CONDITIONS)):
        old, new = was.get(name), now.get(name)
        if new and (old is None or [old.get(k) for k in ("status", "reason")] != [new.get(k) for k in ("status", "reason")]):
            details = {k: new[k] for k in ("reason", "message") if k in new}
            yield Change(f"condition/{name}", old["status"] if old else None, new["status"], details)
