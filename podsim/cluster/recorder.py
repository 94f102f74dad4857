"""Events as the API holds them: equal ones are counted, not repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podsim.cluster.clock import Clock
from podsim.cluster.store import Object, Store

FIRST_EVENT = 0x188C_0000_0000_0000  # names of events count up from here


class Recorder:
    """Writes v1 Events.                                          client-go tools/record/events_cache.go"""

    def __init__(self, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._number = 0
        self._seen: dict[tuple[str, ...], tuple[str, str]] = {}

    def event(
        self, about: Mapping[str, Any], type_: str, reason: str, message: str, source: str, *, field_path: str = "", action: str = "", at: int | None = None
    ) -> Object:
        """Records one occurrence now, or one of `at` ms that is only told now.

        `action` makes it an event of events.k8s.io as the scheduler writes it: count 0, reportingComponent, eventTime.
        """
        meta = about["metadata"]
        involved = {
            "apiVersion": about["apiVersion"],
            **({"fieldPath": field_path} if field_path else {}),
            "kind": about["kind"],
            "name": meta["name"],
            "namespace": meta.get("namespace", ""),
            "resourceVersion": meta.get("resourceVersion", ""),
            "uid": meta.get("uid", ""),
        }
        key = (about["kind"], meta.get("namespace", ""), meta["name"], meta.get("uid", ""), field_path, type_, reason, message, source)
        known = self._seen.get(key)
        old = self._store.get("Event", *known) if known else None
        if old and not action:
            return self._store.update({**old, "count": old["count"] + 1, "lastTimestamp": self._clock.stamp(at)})
        self._number += 1
        namespace = meta.get("namespace") or "default"
        name = f"{meta['name']}.{FIRST_EVENT + self._number:016x}"
        self._seen[key] = (namespace, name)
        stamp, micro = self._clock.stamp(at), self._clock.micro_stamp(at)
        times = (
            {"eventTime": micro, "firstTimestamp": None, "lastTimestamp": None, "action": action, "reportingComponent": source,
             "reportingInstance": f"{source}-control-plane", "source": {}}
            if action
            else {"count": 1, "eventTime": None, "firstTimestamp": stamp, "lastTimestamp": stamp, "reportingComponent": source,
                  "reportingInstance": "", "source": {"component": source}}
        )
        return self._store.create({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {"creationTimestamp": stamp, "name": name, "namespace": namespace},
            "involvedObject": involved, "type": type_, "reason": reason, "message": message, **times,
        })
