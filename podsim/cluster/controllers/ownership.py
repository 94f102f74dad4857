"""Who owns what: references, and the objects that a controller makes.     controller/controller_ref_manager.go"""

from __future__ import annotations

from typing import Any

from podsim.cluster.store import Object, Store

FINISHED = ("Succeeded", "Failed")


def reference(owner: Object) -> Object:
    """The ownerReference of a controller."""
    return {
        "apiVersion": owner["apiVersion"], "blockOwnerDeletion": True, "controller": True,
        "kind": owner["kind"], "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"],
    }  # fmt: skip


def controller_of(obj: Object) -> Object | None:
    """The reference to the controller that owns the object."""
    return next((r for r in obj["metadata"].get("ownerReferences") or () if r.get("controller")), None)


def owned(store: Store, kind: str, owner: Object) -> list[Object]:
    """The objects of a kind that `owner` controls, oldest first."""
    uid = owner["metadata"]["uid"]
    found = store.list(kind, owner["metadata"]["namespace"])
    return [o for o in found if (ref := controller_of(o)) is not None and ref["uid"] == uid]


def pod_of(template: Object, owner: Object, name: str, *, generated: bool = True, **metadata: Any) -> Object:
    """A pod made from a template: its labels and annotations, its owner; `name` is a prefix where `generated`."""
    meta = template.get("metadata") or {}
    naming = {"generateName": name} if generated else {"name": name}
    kept = {k: meta[k] for k in ("annotations", "labels", "finalizers") if meta.get(k)}
    body = {**naming, **kept, "namespace": owner["metadata"]["namespace"], "ownerReferences": [reference(owner)], **metadata}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": body, "spec": template["spec"]}


def is_active(pod: Object) -> bool:
    """Whether a pod counts as one of the wanted replicas."""
    return pod["status"].get("phase") not in FINISHED and "deletionTimestamp" not in pod["metadata"]


def condition(pod: Object, name: str) -> Object | None:
    """A condition of a status."""
    return next((c for c in (pod.get("status") or {}).get("conditions") or () if c["type"] == name), None)


def is_ready(pod: Object) -> bool:
    """Whether the pod's condition Ready is True."""
    found = condition(pod, "Ready")
    return found is not None and found["status"] == "True"
