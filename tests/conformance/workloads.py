"""Deployments, ReplicaSets and Jobs over time, as `kubectl get` shows them and their Pods."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podsim import Cluster
from podsim.kubectl import kindtables
from tests.conformance import transcripts
from tests.conformance.recordings import Case, Table
from tests.conformance.stories import Span, spans

CELLS = {"Deployment": slice(1, 4), "ReplicaSet": slice(1, 4), "Job": slice(1, 3), "Pod": slice(1, 4)}  # without names and ages
ENDING = ("Terminating", "Completed", "Error", "ContainerStatusUnknown")  # how long a Pod takes to go is the kubelet's matter
LATENCY = 0.1  # s; from the start of kubectl to the change in the API
WINDOW = 2.0  # s; two relists, which come at other times in another run
SHARE = 0.9  # of the recorded seconds; which Pod of several goes first is chance
Change = tuple[float, str, str, str | None]


def differences(case: Case) -> list[str]:
    """The recorded states of each kind that podsim does not show within the window, if they are many."""
    end = case["observe"]
    recorded, simulated = _states(_recorded(case), end), _states(_simulated(case), end)
    found = []
    for kind in CELLS:
        lost = [second for second in range(1, int(end)) if not _shown(_at(recorded[kind], second), simulated[kind], second)]
        if len(lost) > max(1, (1 - SHARE) * end):
            first = lost[0]
            here, there = _at(recorded[kind], first), _at(simulated[kind], first)
            found.append(f"{kind}: {len(lost)} of {end} s not found, the first at {first} s: Kubernetes {here!r}, podsim {there!r}")
    return found


def _shown(wanted: str, simulated: list[Span], second: float) -> bool:
    return any(s.value == wanted and s.start <= second + WINDOW and s.end >= second - WINDOW for s in simulated)


def _at(states: list[Span], second: float) -> str:
    return next((s.value for s in reversed(states) if s.start <= second), "")


def _states(changes: Iterator[Change], end: float) -> dict[str, list[Span]]:
    """Kind -> what `kubectl get` shows of all its objects, over time."""
    live: dict[str, dict[str, str]] = {kind: {} for kind in CELLS}
    points: dict[str, list[tuple[float, str]]] = {kind: [(0, "")] for kind in CELLS}
    for t, kind, name, row in changes:
        if row is None or (kind == "Pod" and row.split()[1] in ENDING):
            live[kind].pop(name, None)
        else:
            live[kind][name] = row
        points[kind].append((t, ", ".join(sorted(live[kind].values()))))
    return {kind: spans(found, end) for kind, found in points.items()}


def _recorded(case: Case) -> Iterator[Change]:
    for t, kind, name, row in case["changes"]:
        yield t, kind, name, row and _bare(kind, re.split(r"\s{2,}", row.strip()))


def _simulated(case: Case) -> Iterator[Change]:
    made, names = Cluster(scenario=transcripts.world(case)), transcripts.OurNames()
    files = {"m.yaml": case["manifest"]}
    for action in case["actions"]:
        made.run(until=action["at"] + LATENCY)
        files.update(action.get("files", {}))
        made.kubectl(names.translate(action["kubectl"], made), files=files, timeout=0.01)
    made.run(until=case["observe"])
    record = made.history.record
    for revision in made.history.revisions:
        obj, kind = revision.object, revision.object["kind"]
        if kind in CELLS:
            cells = kindtables.of(kind).cells(obj, record.wall(revision.t))
            yield revision.t / 1000, kind, obj["metadata"]["name"], None if revision.type == "DELETED" else _bare(kind, [str(cell) for cell in cells])


def _bare(kind: str, cells: list[str]) -> str:
    return " ".join(cell.split(" ")[0] if kind == "Pod" else cell for cell in cells[CELLS[kind]])


TABLES = (Table("workloads", "Deployments, ReplicaSets and Jobs over time", differences),)
