"""What the fidelity page says, measured by playing every recording."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import podsim
from tests.conformance import api, kubelet, library, stories, transcripts, workloads
from tests.conformance.recordings import FOLDER, Case, Table, known_differences
from tests.conformance.stories import Comparison, Shift, Waits

Json = dict[str, Any]
TABLES = (*kubelet.TABLES, *workloads.TABLES, *transcripts.TABLES, *api.TABLES, *library.TABLES)
LANES = ("row", "phase", "condition", "container", "events")
SAME = 0.05  # s; how near two times are that nothing but the speed of a machine tells apart
ALLOWED = {"look": stories.LOOK, "drift": stories.DRIFT, "jitter": stories.JITTER, "window": workloads.WINDOW, "share": workloads.SHARE, "same": SAME}


@dataclass(frozen=True, slots=True)
class Distance:
    """How much later than in the first recording, in seconds, a change comes in podsim and in the other recordings."""

    podsim: float
    others: tuple[float, ...]
    waited: bool


def measured(cache: Path) -> Json:
    """`measure()`, or what it gave before for the same program and recordings; kept in the folder `cache`."""
    digest = hashlib.sha256()
    for source in sorted(file for root in (Path(podsim.__file__).parent, FOLDER) for file in root.rglob("*.[pjy]*") if "static" not in file.parts):
        if source.suffix in (".py", ".json", ".yaml"):
            digest.update(source.read_bytes())
    kept = cache / f"fidelity-{digest.hexdigest()[:16]}.json"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        for old in cache.glob("fidelity-*.json"):
            old.unlink()
        kept.write_text(json.dumps(measure()), encoding="utf-8")
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def measure() -> Json:
    """{"tables": cases and agreements of each table, "known": [[case, reason]], "kubelet": its times (`kubelet_times`),
    "allowed": the tolerances}.
    """
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as processes:
        times = processes.submit(kubelet_times)
        tables = list(processes.map(count, TABLES))
        return {"tables": tables, "known": list(known_differences().items()), "kubelet": times.result(), "allowed": ALLOWED}


def count(table: Table) -> Json:
    """How many cases a table has, and in how many podsim agrees."""
    verdicts = [not table.differences(case) for case in table.cases()]
    return {"title": table.title, "name": table.name, "cases": len(verdicts), "agree": sum(verdicts)}


def kubelet_times() -> Json:
    """The times of the kubelet's stories.

    {"categories": [{"name", "cases", "agree", "largest": {lane: s}}], largest before any jittered wait;
    "lanes": [{"lane", "before", "all"}], each {"changes", "median", "p95", "largest"};
    "recordings": how podsim and other recordings lie to the first (`beside_recordings`), "before" and "after" a jittered wait}
    """
    by_category: dict[str, list[Comparison]] = defaultdict(list)
    distances: list[Distance] = []
    for case in kubelet.TABLES[0].cases():
        found = kubelet.compare(case)
        by_category[case["category"]].append(found)
        distances += apart(case, found)
    everything = [shift for found in by_category.values() for one in found for shift in one.shifts]
    return {
        "categories": [
            {
                "name": name, "cases": len(found), "agree": sum(not one.problems for one in found),
                "largest": {lane: max((s.seconds for one in found for s in of_lane(one.shifts, lane) if not s.waited), default=0) for lane in LANES},
            }
            for name, found in sorted(by_category.items())
        ],
        "lanes": [
            {
                "lane": lane,
                "before": figures([s.seconds for s in of_lane(everything, lane) if not s.waited]),
                "all": figures([s.seconds for s in of_lane(everything, lane)]),
            }
            for lane in LANES
        ],
        "recordings": {
            "before": beside_recordings([d for d in distances if not d.waited]),
            "after": beside_recordings([d for d in distances if d.waited]),
        },
    }  # fmt: skip


def of_lane(shifts: Iterable[Shift], lane: str) -> list[Shift]:
    """The shifts of one kind of lanes."""
    return [s for s in shifts if s.lane.startswith(lane)]


def figures(seconds: Sequence[float]) -> Json:
    """Number, median, 95th percentile and maximum."""
    ordered = sorted(seconds) or [0]
    return {"changes": len(seconds), "median": ordered[len(ordered) // 2], "p95": ordered[int(0.95 * len(ordered))], "largest": ordered[-1]}


def apart(case: Case, found: Comparison) -> list[Distance]:
    """The changes of kubectl's row that podsim, the first recording and another one have in common."""
    end = case["scenario"]["observe"]
    first = stories.lanes(case, end)
    others: dict[float, list[float]] = defaultdict(list)
    for points in case.get("rows", ()):
        other = stories.spans(((t, row) for t, row in points), end)
        for shift in stories.compare_lane("row", first.get("row", []), other, Waits(first), end).shifts:
            others[shift.recorded].append(shift.simulated - shift.recorded)
    shifts = (s for s in found.shifts if s.lane == "row" and others[s.recorded])
    return [Distance(s.simulated - s.recorded, tuple(others[s.recorded]), s.waited) for s in shifts]


def beside_recordings(distances: list[Distance]) -> Json:
    """{"podsim", "recordings": figures of the distances to the first recording; "inside": in how many changes podsim lies
    within what the recordings span, give or take `SAME`}.
    """
    return {
        "podsim": figures([abs(d.podsim) for d in distances]),
        "recordings": figures([abs(other) for d in distances for other in d.others]),
        "inside": sum(min(0, *d.others) - SAME <= d.podsim <= max(0, *d.others) + SAME for d in distances),
    }
