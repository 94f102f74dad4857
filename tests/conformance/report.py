"""What the fidelity page says, measured by playing every recording."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import podsim
from tests.conformance import api, kubelet, library, services, stories, transcripts, workloads
from tests.conformance.recordings import FOLDER, Case, Table, known_differences
from tests.conformance.stories import Comparison, Shift, Span, Waits

Json = dict[str, Any]
TABLES = (*kubelet.TABLES, *workloads.TABLES, *services.TABLES, *transcripts.TABLES, *api.TABLES, *library.TABLES)
LANES = ("row", "phase", "condition", "container", "events")
SAME = 0.05  # s; how near two times are that nothing but the speed of a machine tells apart
ALLOWED = {"look": stories.LOOK, "drift": stories.DRIFT, "jitter": stories.JITTER, "window": workloads.WINDOW, "share": workloads.SHARE, "same": SAME}


@dataclass(slots=True)
class Beside:
    """Changes of kubectl's row: podsim beside recordings, with the clocks of each, and recordings beside one another.

    `first`: those of first recordings; `inside`: in how many podsim lies within what all recordings span, give or take `SAME`.
    """

    podsim: list[Shift] = field(default_factory=list)
    recordings: list[Shift] = field(default_factory=list)
    first: int = 0
    inside: int = 0


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
    """{"tables": cases and agreements of each table, "known": [[case, reason]], "refused" as below, "kubelet": its times (`kubelet_times`),
    "allowed": the tolerances}.
    """
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as processes:
        times = processes.submit(kubelet_times)
        tables = list(processes.map(count, TABLES))
        return {"tables": tables, "known": list(known_differences().items()), "refused": refused(), "kubelet": times.result(), "allowed": ALLOWED}


def count(table: Table) -> Json:
    """How many cases a table has, and in how many podsim agrees."""
    verdicts = [not table.differences(case) for case in table.cases()]
    return {"title": table.title, "name": table.name, "cases": len(verdicts), "agree": sum(verdicts)}


def refused() -> list[tuple[str, str]]:
    """(case, error) of every pod of a function's table that the API server would not have."""
    tables = [table for table in library.TABLES if table.differences in (library.classes, library.requests)]
    found = ((f"{table.name}/{case['name']}", library.refusal(case)) for table in tables for case in table.cases())
    return [(name, error) for name, error in found if error]


def kubelet_times() -> Json:
    """The times of the kubelet's stories; seconds, and figures as `by_wait` gives them.

    {"categories": [{"name", "cases", "agree", "largest": {lane: before any jittered wait}}],
    "lanes": [{"lane", "before", "after"}], "beside": {"podsim", "recordings", "first", "inside"} as in `Beside`}
    """
    by_category: dict[str, list[Comparison]] = defaultdict(list)
    beside = Beside()
    for case in kubelet.TABLES[0].cases():
        found = kubelet.compare(case)
        by_category[case["category"]].append(found)
        lay_beside(case, beside)
    everything = [shift for found in by_category.values() for one in found for shift in one.shifts]
    return {
        "categories": [
            {
                "name": name, "cases": len(found), "agree": sum(not one.problems for one in found),
                "largest": {lane: max((s.seconds for one in found for s in of_lane(one.shifts, lane) if not s.waited), default=0) for lane in LANES},
            }
            for name, found in sorted(by_category.items())
        ],
        "lanes": [{"lane": lane, **by_wait(of_lane(everything, lane))} for lane in LANES],
        "beside": {"podsim": by_wait(beside.podsim), "recordings": by_wait(beside.recordings), "first": beside.first, "inside": beside.inside},
    }  # fmt: skip


def of_lane(shifts: Iterable[Shift], lane: str) -> list[Shift]:
    """The shifts of one kind of lanes."""
    return [s for s in shifts if s.lane.startswith(lane)]


def by_wait(shifts: Iterable[Shift]) -> Json:
    """The figures before any jittered wait and after one."""
    found = list(shifts)
    return {when: figures([s.seconds for s in found if s.waited == waited]) for when, waited in (("before", False), ("after", True))}


def figures(seconds: Sequence[float]) -> Json:
    """Number, median, mean, 95th percentile and maximum."""
    ordered = sorted(seconds) or [0]
    return {
        "changes": len(seconds),
        "median": ordered[len(ordered) // 2],
        "mean": sum(ordered) / len(ordered),
        "p95": ordered[int(0.95 * len(ordered))],
        "largest": ordered[-1],
    }


def lay_beside(case: Case, beside: Beside) -> None:
    """Adds the recordings of one scenario, if it has several."""
    end, scenario = case["scenario"]["observe"], case["scenario"]
    runs = [(case, stories.lanes(case, end).get("row", []))]
    runs += [(run, stories.spans(((t, row) for t, row in run["rows"]), end)) for run in case.get("others", ())]
    if len(runs) == 1:
        return
    played = [aligned(row, stories.lanes(kubelet.play(scenario, run), end)["row"], end) for run, row in runs]
    others = [aligned(runs[0][1], row, end) for _, row in runs[1:]]
    beside.podsim += [shift for shifts in played for shift in shifts]
    beside.recordings += [shift for (_, a), (_, b) in combinations(runs, 2) for shift in aligned(a, b, end)]
    for shift in played[0]:
        seen = [shift.recorded, *(other.simulated for shifts in others for other in shifts if other.recorded == shift.recorded)]
        beside.first += 1
        beside.inside += min(seen) - SAME <= shift.simulated <= max(seen) + SAME


def aligned(a: list[Span], b: list[Span], end: float) -> tuple[Shift, ...]:
    """The changes that two rows share."""
    return stories.compare_lane("row", a, b, Waits({"row": a}), end).shifts
