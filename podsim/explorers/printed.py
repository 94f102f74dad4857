"""What kubectl prints of a pod at every instant of its story, as data: moving a playhead needs no Python."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import Any

from podsim.cluster.clock import EPOCH, read_stamp
from podsim.explorers.lines import LineTable
from podsim.kubectl import describe
from podsim.timeline.story import MS, Story

Json = dict[str, Any]


def of(told: Story, offset: float, *, described: bool = True) -> Json:
    """{"get", "name", "created", "yaml", "describe"}: one row per change of `get`, one list of lines' numbers per revision.

    Times are seconds since t = 0, which `offset` s of a whole second have gone before.
    """
    rows: list[tuple[float, str, str, str, float | None]] = []
    table = LineTable()
    revisions = []
    for look in told.looks:
        row = look.row
        cells = (row.ready, row.status, str(row.restart_count), _seconds(row.restarted_at, offset))
        if not rows or rows[-1][1:] != cells:
            rows.append((look.t / MS, *cells))
        revisions.append((look.t / MS, table.add(look.pod)))
    return {
        "get": rows,
        "name": told.name,
        "created": _seconds(told.looks[0].pod["metadata"]["creationTimestamp"], offset),
        "yaml": {"lines": table.lines, "revisions": revisions},
        "describe": _described(told, offset) if described else None,
    }


def _described(told: Story, offset: float) -> Json:
    """`revisions`: (t, deletionTimestamp, the lines of a pod without events); `events`: what the ages of each revision of `timeline.events` count from.

    Ages are left to the reader's clock: `lasts 0s` stands for the time since the deletionTimestamp.
    """
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    revisions = []
    for look in told.looks:
        deletion = look.pod["metadata"].get("deletionTimestamp")
        text = describe.pod(look.pod, [], deletion or EPOCH)
        revisions.append((look.t / MS, _seconds(deletion, offset), [numbers[line] for line in text.split("\n")[:-1]]))
    return {"lines": list(numbers), "revisions": revisions, "events": _events(told, offset)}


def _events(told: Story, offset: float) -> list[tuple[int, float | None, float | None, int, float | None, str]]:
    """Per revision: (place of its name, lastTimestamp, since, count or 0 for one that is not repeated, last seen, field)."""
    order = {name: n for n, name in enumerate(sorted({r.object["metadata"]["name"] for r in told.events}))}
    rows = []
    for event in (revision.object for revision in told.events):
        series = event.get("series") or {}
        times = series.get("count", 0) or (event.get("count", 0) if event.get("count", 0) > 1 else 0)
        last, since = event.get("lastTimestamp"), event.get("eventTime") or event.get("firstTimestamp")
        stamps = [_seconds(stamp, offset) for stamp in (last, since, series.get("lastObservedTime") or last)]
        rows.append((order[event["metadata"]["name"]], *stamps[:2], times, stamps[2] if times else None, event["involvedObject"].get("fieldPath", "")))
    return rows


def _seconds(stamp: str | None, offset: float) -> float | None:
    """When the instant of a stamp is, in seconds since t = 0."""
    return None if not stamp else round((read_stamp(stamp) - EPOCH).total_seconds() - offset, 3)
