"""What etcd holds: objects of any kind, by kind, namespace and name, and every revision they had.

A stored object is never changed in place: an update stores another one, and the two share what is equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from podsim.cluster.budget import WRITE
from podsim.cluster.clock import Clock

Object = dict[str, Any]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored version of an object; `t` in ms. For DELETED `object` is the last version."""

    t: int
    type: Literal["ADDED", "MODIFIED", "DELETED"]
    object: Object


def key_of(obj: Object) -> Key:
    """(kind, namespace or "", name)."""
    meta = obj["metadata"]
    return obj["kind"], meta.get("namespace", ""), meta["name"]


class Store:
    """Objects in order of creation; subscribers hear of every revision at the instant it is stored."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._objects: defaultdict[str, dict[Key, Object]] = defaultdict(dict)  # by kind
        self._subscribers: defaultdict[str, list[Callable[[Revision], None]]] = defaultdict(list)
        self._version = 0
        self.revisions: list[Revision] = []

    def subscribe(self, hear: Callable[[Revision], None], kind: str, *more: str) -> None:
        """Calls `hear` with every later revision of objects of those kinds, in order of subscription."""
        for each in (kind, *more):
            self._subscribers[each].append(hear)

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        """The object, or None."""
        return self._objects[kind].get((kind, namespace, name))

    def list(self, kind: str, namespace: str | None = None) -> list[Object]:
        """All objects of a kind, of one namespace if given, in order of creation."""
        return [o for (_, ns, _), o in self._objects[kind].items() if namespace in (None, ns)]

    def create(self, obj: Object) -> Object:
        """Stores a new object; KeyError if the name is taken."""
        key = key_of(obj)
        if key in self._objects[obj["kind"]]:
            raise KeyError(key)
        return self._put(key, obj, "ADDED")

    def update(self, obj: Object) -> Object:
        """Stores a new version; an equal one makes no revision. KeyError if there is no such object."""
        key = key_of(obj)
        old = self._objects[obj["kind"]][key]
        return old if _unversioned(old) == _unversioned(obj) else self._put(key, obj, "MODIFIED")

    def remove(self, kind: str, namespace: str, name: str) -> None:
        """Removes an object; KeyError if there is no such object."""
        gone = self._objects[kind].pop((kind, namespace, name))
        self._tell(Revision(self._clock.now, "DELETED", gone))

    def _put(self, key: Key, obj: Object, change: Literal["ADDED", "MODIFIED"]) -> Object:
        self._version += 1
        stored = {**obj, "metadata": {**obj["metadata"], "resourceVersion": str(self._version)}}
        self._objects[obj["kind"]][key] = stored
        self._tell(Revision(self._clock.now, change, stored))
        return stored

    def _tell(self, revision: Revision) -> None:
        self._clock.env.spend(WRITE)
        self.revisions.append(revision)
        for hear in self._subscribers[revision.object["kind"]]:
            hear(revision)


def _unversioned(obj: Object) -> Object:
    return {**obj, "metadata": {**obj["metadata"], "resourceVersion": None}}
