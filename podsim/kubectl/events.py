"""`kubectl events`: sorted by time, counted, whole messages.                          kubectl pkg/cmd/events"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from podsim.kubectl.columns import align
from podsim.kubectl.duration import age, instant
from podsim.kubectl.printer import MINIMUM_WIDTH, PADDING

Object = Mapping[str, Any]
BEGINNING = "0001-01-01T00:00:00Z"


def interval(event: Object, now: datetime) -> str:
    """`10s`, or `10s (x3 over 2m)` for a repeated event.                                                 getInterval"""
    first = age(event.get("eventTime") or event.get("firstTimestamp"), now)
    series = event.get("series")
    if series:
        return f"{age(series.get('lastObservedTime'), now)} (x{series.get('count', 0)} over {first})"
    if event.get("count", 0) > 1:
        return f"{age(event.get('lastTimestamp'), now)} (x{event['count']} over {first})"
    return first


@dataclass(slots=True)
class EventPrinter:
    """Prints events one batch after the other: one header, and widths that only grow.                 EventPrinter"""

    all_namespaces: bool = False
    no_headers: bool = False
    widths: list[int] = field(default_factory=list)

    def text(self, events: Iterable[Object], now: datetime) -> str:
        """The rows, below the header if there was none yet."""
        lines = [self._row(event, now) for event in events]
        if not self.no_headers:
            lines.insert(0, ("NAMESPACE\t" if self.all_namespaces else "") + "LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE")
            self.no_headers = True
        return align("\n".join(lines) + "\n", minimum=MINIMUM_WIDTH, padding=PADDING, remembered=self.widths)

    def _row(self, event: Object, now: datetime) -> str:
        about = event.get("involvedObject", {})
        told = [event.get("type", ""), event.get("reason", ""), f"{about.get('kind', '')}/{about.get('name', '')}", event.get("message", "").strip()]
        shown = [text.replace("\x1b", "^[").replace("\r", "\\r") for text in told]
        namespace = [event["metadata"].get("namespace", "")] if self.all_namespaces else []
        return "\t".join([*namespace, interval(event, now), *shown])


def of_types(events: Iterable[Object], types: Sequence[str] | None) -> list[Object]:
    """Those whose type is asked for, whatever the case of its letters; all without `types`."""
    wanted = {one.lower() for one in types or ()}
    return [event for event in events if not wanted or event.get("type", "").lower() in wanted]


def by_time(events: Iterable[Object]) -> list[Object]:
    """Oldest last occurrence first.                                                                   SortableEvents"""
    return sorted(events, key=lambda event: instant(_last_seen(event)))


def _last_seen(event: Object) -> str:
    series = event.get("series") or {}
    return series.get("lastObservedTime") or event.get("lastTimestamp") or event.get("eventTime") or BEGINNING


def table(events: Iterable[Object], now: str | datetime, all_namespaces: bool = False, no_headers: bool = False, types: Sequence[str] | None = None) -> str:
    """The table of v1 Events as `kubectl events` prints it at `now`; "" without events."""
    found = by_time(of_types(events, types))
    return EventPrinter(all_namespaces, no_headers).text(found, instant(now)) if found else ""
