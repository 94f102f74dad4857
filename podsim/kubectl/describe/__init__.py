"""`kubectl describe`: the texts are pure functions; `text_of` looks up what an object's text needs besides it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from podsim.kubectl.describe import pods, workloads
from podsim.kubectl.describe.pods import pod
from podsim.kubectl.describe.sections import Object, go_value

if TYPE_CHECKING:
    from podsim.cluster.store import Store

__all__ = ["go_value", "pod", "text_of"]


def text_of(store: Store, kind: str, obj: Object, now: datetime, *, show_events: bool) -> str:
    """The description of a stored object of any kind."""
    found = _events_of(store, kind, obj) if show_events else None
    match kind:
        case "Pod":
            return pods.describe(obj, found, now)
        case "Deployment":
            return workloads.deployment(obj, _controlled(store, "ReplicaSet", obj), found, now)
        case "ReplicaSet":
            return workloads.replica_set(obj, _controlled(store, "Pod", obj), found, now)
        case "Job":
            return workloads.job(obj, found, now)
    return workloads.brief(obj, found, now)


def _events_of(store: Store, kind: str, obj: Object) -> list[Object]:
    meta = obj["metadata"]
    wanted = (meta["name"], meta.get("namespace", ""), meta.get("uid", ""))
    named = ((e, e.get("involvedObject", {})) for e in store.list("Event", meta.get("namespace") or None))
    found = [
        event
        for event, about in named
        if (about.get("name"), about.get("namespace", ""), about.get("uid", "")) == wanted and (kind == "Pod" or about.get("kind") == kind)
    ]
    return sorted(found, key=lambda event: str(event["metadata"]["name"]))


def _controlled(store: Store, kind: str, owner: Object) -> Sequence[Object]:
    uid = owner["metadata"].get("uid")
    objects = store.list(kind, owner["metadata"].get("namespace"))
    return [one for one in objects if any(o.get("controller") and o.get("uid") == uid for o in one["metadata"].get("ownerReferences") or ())]
