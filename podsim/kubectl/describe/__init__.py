"""`kubectl describe`: the texts are pure functions; `text_of` looks up what an object's text needs besides it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from podsim.cluster.controllers.endpointslice import SERVICE_LABEL
from podsim.kubectl.describe import nodes, objects, pods, workloads
from podsim.kubectl.describe.pods import pod
from podsim.kubectl.describe.sections import Object, go_value

if TYPE_CHECKING:
    from podsim.cluster.store import Store

Events = Sequence[Object] | None
__all__ = ["go_value", "pod", "text_of"]


def text_of(store: Store, kind: str, obj: Object, now: datetime, *, show_events: bool) -> str:
    """The description of a stored object of any kind."""
    found = _events_of(store, kind, obj) if show_events else None
    return _DESCRIBERS.get(kind, _brief)(store, obj, found, now)


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


def _namespaced(store: Store, kind: str, obj: Object) -> Sequence[Object]:
    return store.list(kind, obj["metadata"]["name"])


def _slices(store: Store, service: Object) -> Sequence[Object]:
    meta = service["metadata"]
    found = store.list("EndpointSlice", meta["namespace"])
    return [one for one in found if (one["metadata"].get("labels") or {}).get(SERVICE_LABEL) == meta["name"]]


def _brief(_store: Store, obj: Object, found: Events, now: datetime) -> str:
    return objects.brief(obj, found, now)


_DESCRIBERS: dict[str, Callable[[Store, Object, Events, datetime], str]] = {
    "Pod": lambda _, obj, found, now: pods.describe(obj, found, now),
    "Deployment": lambda store, obj, found, now: workloads.deployment(obj, _controlled(store, "ReplicaSet", obj), found, now),
    "ReplicaSet": lambda store, obj, found, now: workloads.replica_set(obj, _controlled(store, "Pod", obj), found, now),
    "StatefulSet": lambda store, obj, found, now: workloads.stateful_set(obj, _controlled(store, "Pod", obj), found, now),
    "DaemonSet": lambda store, obj, found, now: workloads.daemon_set(obj, _controlled(store, "Pod", obj), found, now),
    "Job": lambda _, obj, found, now: workloads.job(obj, found, now),
    "CronJob": lambda _, obj, found, now: workloads.cron_job(obj, found, now),
    "Service": lambda store, obj, found, now: objects.service(obj, _slices(store, obj), found, now),
    "ConfigMap": lambda _, obj, found, now: objects.config_map(obj, found, now),
    "Secret": lambda _, obj, _found, _now: objects.secret(obj),
    "Namespace": lambda store, obj, _found, _now: objects.namespace(obj, *(_namespaced(store, kind, obj) for kind in ("ResourceQuota", "LimitRange"))),
    "Node": lambda store, obj, found, now: nodes.node(obj, store.list("Pod"), found, now),
}
