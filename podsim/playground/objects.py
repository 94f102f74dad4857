"""What objects there have been: the pods that may be watched, and everything that was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from podsim.api.manifest import Document
from podsim.cluster.history import subject_of
from podsim.cluster.store import Key, Object, Revision, key_of
from podsim.timeline.story import MS

Json = dict[str, Any]
Lives = Mapping[Key, tuple[float, float | None, Object]]


def lives(revisions: Sequence[Revision]) -> Lives:
    """(created, gone or None, as created) of every object but events, in order of creation; an object of an old name goes on with it."""
    found: dict[Key, tuple[float, float | None, Object]] = {}
    for revision in revisions:
        key = key_of(revision.object)
        if revision.type == "ADDED" and revision.object["kind"] != "Event":
            created = found[key][0] if key in found else revision.t / MS
            found[key] = (created, None, revision.object)
        elif revision.type == "DELETED" and key in found:
            found[key] = (found[key][0], revision.t / MS, found[key][2])
    return found


def listed(known: Lives, made: Sequence[tuple[Document, Object]]) -> list[Json]:
    """[{"kind", "namespace", "name", "created", "gone", "line"}]"""
    lines = {key_of(created): document.line for document, created in made}
    return [
        {"kind": kind, "namespace": namespace or None, "name": name, "created": created, "gone": gone, "line": lines.get((kind, namespace, name))}
        for (kind, namespace, name), (created, gone, _) in known.items()
    ]


def pods(known: Lives) -> list[Json]:
    """[{"pod", "created", "gone", "owner"}]"""
    owners = {obj["metadata"]["uid"]: obj for _, _, obj in known.values()}
    found = [(obj, created, gone) for (kind, _, _), (created, gone, obj) in known.items() if kind == "Pod"]
    names = Counter(obj["metadata"]["name"] for obj, _, _ in found)
    return [
        {"pod": short(obj, names), "created": created, "gone": gone, "owner": _named(top) if (top := owner(obj, owners)) else None}
        for obj, created, gone in found
    ]


def owner(obj: Object, by_uid: Mapping[str, Object]) -> Object | None:
    """The topmost object that `obj` belongs to."""
    top = None
    while references := obj["metadata"].get("ownerReferences"):
        above = by_uid.get(references[0]["uid"])
        if above is None:
            break
        top = obj = above
    return top


def short(pod: Object, names: Mapping[str, int]) -> str:
    """The name where it is unique among the pods there have been, else `namespace/name`."""
    name = str(pod["metadata"]["name"])
    return name if names[name] == 1 else subject_of(pod)


def _named(obj: Object) -> str:
    return f"{obj['kind']}/{obj['metadata']['name']}"
