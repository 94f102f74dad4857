"""Who owns what: references, and which objects a controller claims.     controller/controller_ref_manager.go"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from podsim.cluster.controllers.plan import Update
from podsim.cluster.selectors import selected
from podsim.cluster.store import Object, Store


def reference(owner: Object) -> Object:
    """The ownerReference of a controller."""
    return {
        "apiVersion": owner["apiVersion"], "blockOwnerDeletion": True, "controller": True,
        "kind": owner["kind"], "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"],
    }  # fmt: skip


def controller_of(obj: Object) -> Object | None:
    """The reference to the controller that owns the object."""
    return next((r for r in obj["metadata"].get("ownerReferences") or () if r.get("controller")), None)


def owns(owner: Object, obj: Object) -> bool:
    """Whether `owner` is the object's controller."""
    ref = controller_of(obj)
    return ref is not None and ref["uid"] == owner["metadata"]["uid"]


def wants(owner: Object, obj: Object) -> bool:
    """Whether the owner's selector takes the object."""
    selector = owner["spec"].get("selector")
    if owner["kind"] == "ReplicationController":
        selector = {"matchLabels": selector}
    return selected(selector, obj["metadata"].get("labels") or {})


def candidates(store: Store, kind: str, owner: Object) -> list[Object]:
    """The objects of a kind that `owner` has or could adopt, oldest first."""
    found = store.list(kind, owner["metadata"]["namespace"])
    return [o for o in found if owns(owner, o) or (controller_of(o) is None and wants(owner, o))]


def claim(owner: Object, found: Sequence[Object]) -> tuple[list[Object], list[Update]]:
    """The objects that are the owner's from now on; and the updates that adopt orphans and release what it no longer selects."""
    mine: list[Object] = []
    updates: list[Update] = []
    for obj in found:
        deleting = "deletionTimestamp" in obj["metadata"]
        if owns(owner, obj):
            if wants(owner, obj):
                mine.append(obj)
            elif not deleting:
                updates.append(Update(without_controller(obj)))
        elif not deleting:
            mine.append(_with_owners(obj, [*(obj["metadata"].get("ownerReferences") or ()), reference(owner)]))
            updates.append(Update(mine[-1]))
    return mine, updates


def without_controller(obj: Object) -> Object:
    """The object as an orphan."""
    return _with_owners(obj, [r for r in obj["metadata"].get("ownerReferences") or () if not r.get("controller")])


def _with_owners(obj: Object, owners: list[Object]) -> Object:
    meta = {k: v for k, v in obj["metadata"].items() if k != "ownerReferences"}
    return {**obj, "metadata": {**meta, **({"ownerReferences": owners} if owners else {})}}


def pod_of(template: Object, owner: Object, name: str, *, generated: bool = True, **metadata: Any) -> Object:
    """A pod made from a template: its labels, annotations and finalizers, its owner; `name` is a prefix where `generated`."""
    meta = template.get("metadata") or {}
    naming = {"generateName": name} if generated else {"name": name}
    kept = {k: meta[k] for k in ("annotations", "labels", "finalizers") if meta.get(k)}
    body = {**naming, **kept, "namespace": owner["metadata"]["namespace"], "ownerReferences": [reference(owner)], **metadata}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": body, "spec": template["spec"]}
