"""A history in the form of the recordings, so that the two can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from podsim.cluster.clock import read_stamp
from podsim.cluster.history import History, Revision, RuntimeCall, subject_of
from podsim.cluster.store import Object
from podsim.kubectl.pods import pod_row

Json = dict[str, Any]
SHOWN_METADATA = ("generation", "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers")
COLUMN_GAP = "   "
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def to_trace(history: History) -> Json:
    """{"revisions", "kubectl", "events", "runtime", "probes"}; with several pods each entry has a `name`.

    Times are seconds after the POST of the first pod; stamps inside a status are offsets to its creation stamp.
    """
    pods = list(history.of_kind("Pod"))
    several = len({subject_of(r.object) for r in pods}) > 1
    words = _Words(history)
    start = pods[0].t if pods else 0
    names = {s: s.partition("/")[2] for s in history.pods()}

    def entry(t: int, name: str, **body: Any) -> Json:
        return {"t": (t - start) / 1000, **({"name": name} if several else {}), **body}

    revisions: list[Json] = []
    rows: list[Json] = []
    before: dict[str, Json] = {}
    for revision in pods:
        name = revision.object["metadata"]["name"]
        status = words.status(revision.object)
        revisions.append(entry(revision.t, name, **_revision(revision, "=" if before.get(name) == status else status, words)))
        before[name] = status
        if revision.type != "DELETED":
            rows.append(entry(revision.t, name, row=_row(revision.object, history.wall(revision.t))))
    runtime = [entry(c.t, names.get(c.subject, ""), **_call(c, start)) for c in history.runtime]
    probes = [
        entry(p.t, names.get(p.subject, ""), container=p.container, type=p.probe, result=p.result)
        for p in history.probes if p.result != "refused"
    ]
    events = [
        entry(r.t, r.object["involvedObject"]["name"], **_event(r.object, words))
        for r in history.events if r.type != "DELETED" and r.object["involvedObject"]["kind"] == "Pod"
    ]
    return {"revisions": revisions, "kubectl": rows, "events": events, "runtime": runtime, "probes": probes}


class _Words:
    """Replaces what a recording replaces: uids, addresses, container ids, stamps."""

    def __init__(self, history: History) -> None:
        self._plain: dict[str, str] = {}
        self._zero: dict[str, datetime] = {}
        self._numbers: dict[str, int] = {}
        for revision in history.of_kind("Pod"):
            meta, status = revision.object["metadata"], revision.object.get("status") or {}
            self._zero[meta["uid"]] = read_stamp(meta["creationTimestamp"])
            self._plain[meta["uid"]] = "POD-UID"
            for key in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
                for shown in status.get(key) or ():
                    self._name_container(shown.get("containerID"), meta["uid"], shown["name"])
            for ip in status.get("podIPs") or ():
                self._plain[ip["ip"]] = "POD-IP"
            if status.get("hostIP"):
                self._plain[status["hostIP"]] = "HOST-IP"

    def status(self, pod: Object) -> Json:
        """A pod's status in the recordings' words."""
        zero = self._zero[pod["metadata"]["uid"]]
        return {k: self._value(v, zero) for k, v in (pod.get("status") or {}).items()}

    def value(self, value: Any, uid: str) -> Any:
        """Any value that belongs to the pod with that uid."""
        return self._value(value, self._zero[uid])

    def text(self, text: str) -> str:
        """A message."""
        for word, replacement in self._plain.items():
            text = text.replace(word, replacement)
        return text

    def _name_container(self, container_id: str | None, uid: str, name: str) -> None:
        if container_id and container_id not in self._plain:
            number = self._numbers.get(uid + name, 0)
            self._numbers[uid + name] = number + 1
            self._plain[container_id] = f"containerd://{name}-{number}"

    def _value(self, value: Any, zero: datetime) -> Any:
        if isinstance(value, dict):
            return {k: self._value(v, zero) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._value(v, zero) for v in value]
        if isinstance(value, str) and STAMP.match(value) and not value.startswith("1970"):
            return f"t+{round((read_stamp(value) - zero).total_seconds())}s"
        return self.text(value) if isinstance(value, str) else value


def _revision(revision: Revision, status: Json | str, words: _Words) -> Json:
    meta = revision.object["metadata"]
    shown = {k: words.value(meta[k], meta["uid"]) for k in SHOWN_METADATA if k in meta}
    return {"type": revision.type, "metadata": shown, "nodeName": "nodeName" in revision.object["spec"], "status": status}


def _row(pod: Object, now: datetime) -> str:
    row = pod_row(pod, now)
    return COLUMN_GAP.join((row.name, row.ready, row.status, row.restarts, row.age))


def _event(event: Object, words: _Words) -> Json:
    path = event["involvedObject"].get("fieldPath")
    return {
        "type": event["type"], "reason": event["reason"], "message": words.text(event["message"]),
        "count": event.get("count", 0), **({"fieldPath": path} if path else {}),
        "source": event["source"].get("component") or event["reportingComponent"],
    }


def _call(call: RuntimeCall, start: int) -> Json:
    details: Mapping[str, Any] = call.details
    return {"end": (call.end - start) / 1000, "call": call.call, **details}
