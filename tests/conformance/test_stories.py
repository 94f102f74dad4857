"""The comparer sees what tells two stories apart, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.stories import Comparison, compare

END = 60.0
Rows = list[tuple[float, str]]


def trace(rows: Rows, ready: Rows = (), events: list[dict[str, Any]] = (), calls: list[dict[str, Any]] = ()) -> dict[str, Any]:  # type: ignore[assignment]
    """A trace of pod `web` whose rows read READY STATUS RESTARTS and whose condition Ready reads so."""
    return {
        "kubectl": [{"t": t, "row": "   ".join(["web", *row.split(" "), "5s"])} for t, row in rows],
        "revisions": [
            {"t": t, "type": "MODIFIED", "metadata": {}, "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": status}]}}
            for t, status in ready
        ],
        "events": list(events),
        "runtime": list(calls),
    }  # fmt: skip


def event(t: float, message: str = "Pulled", count: int = 1) -> dict[str, Any]:
    return {"t": t, "type": "Normal", "reason": "Pulled", "message": message, "count": count}


def stop(grace: int) -> dict[str, Any]:
    return {"t": 10, "end": 12, "call": "StopContainer", "container": "app", "timeout": grace}


STARTS: Rows = [(0, "0/1 Pending 0"), (0.7, "1/1 Running 0")]
CRASHES: Rows = [*STARTS, (10, "0/1 Error 0"), (22, "1/1 Running 1")]


def problems(recorded: dict[str, Any], simulated: dict[str, Any]) -> tuple[str, ...]:
    return compare(recorded, simulated, END).problems


@pytest.mark.parametrize(
    ("recorded", "simulated"),
    [
        (trace(CRASHES), trace(CRASHES)),
        (trace(CRASHES), trace([*STARTS, (11, "0/1 Error 0"), (23, "1/1 Running 1")])),  # one look later
        (trace(CRASHES), trace([*STARTS, (10, "0/1 Error 0"), (28, "1/1 Running 1")])),  # a wait jittered by a half
        (trace(CRASHES), trace([*CRASHES[:3], (21.9, "0/1 CrashLoopBackOff 0"), CRASHES[3]])),  # a state that a look may hide
        (trace(CRASHES), trace([*CRASHES, (59.5, "0/1 Error 1")])),  # the window ends earlier on one side
        (trace(STARTS, events=[event(1, "image in 3.2s (3.2s including waiting)")]), trace(STARTS, events=[event(1, "image in 3s (4s including waiting)")])),
        (trace(STARTS, events=[event(1, count=9)]), trace(STARTS, events=[event(1, count=11)])),
        (trace(STARTS, calls=[stop(30)]), trace(STARTS, calls=[stop(29)])),
    ],
)
def test_what_differs_between_two_recordings_too(recorded: dict[str, Any], simulated: dict[str, Any]) -> None:
    assert problems(recorded, simulated) == ()


@pytest.mark.parametrize(
    ("recorded", "simulated", "lane"),
    [
        (trace(CRASHES), trace([*STARTS, (12.5, "0/1 Error 0"), (24.5, "1/1 Running 1")]), "row"),  # two looks later
        (trace(CRASHES), trace([*STARTS, (10, "0/1 Error 0"), (32, "1/1 Running 1")]), "row"),  # longer than any jitter
        (trace(CRASHES), trace([*STARTS, (10, "0/1 OOMKilled 0"), (22, "1/1 Running 1")]), "row"),
        (trace(CRASHES), trace([*CRASHES[:3], (15, "0/1 CrashLoopBackOff 0"), CRASHES[3]]), "row"),
        (trace(CRASHES), trace(STARTS), "row"),
        (trace(STARTS, ready=[(0, "False"), (9, "True")]), trace(STARTS, ready=[(0, "False"), (20, "True")]), "condition Ready"),
        (trace(STARTS, events=[event(1)]), trace(STARTS), "events"),
        (trace(STARTS), trace(STARTS, events=[event(1)]), "events"),
        (trace(STARTS, events=[event(1, "Pulled a")]), trace(STARTS, events=[event(1, "Pulled b")]), "events"),
        (trace(STARTS, events=[event(1, count=9)]), trace(STARTS, events=[event(1, count=13)]), "events"),
        (trace(STARTS, events=[event(1)]), trace(STARTS, events=[event(3)]), "events"),
        (trace(STARTS, calls=[stop(30)]), trace(STARTS, calls=[stop(27)]), "runtime"),
        (trace(STARTS), trace(STARTS, calls=[{"t": t, "call": "StartContainer", "container": "app"} for t in (1, 2)]), "runtime"),
    ],
)
def test_what_does_not(recorded: dict[str, Any], simulated: dict[str, Any], lane: str) -> None:
    assert problems(recorded, simulated)[0].startswith(f"{lane}: ")


def test_how_far_apart_the_changes_are_and_whether_a_jittered_wait_came_before() -> None:
    found: Comparison = compare(trace(CRASHES), trace([*STARTS, (10.5, "0/1 Error 0"), (25, "1/1 Running 1")]), END)
    assert [(s.recorded, s.seconds, s.waited) for s in found.shifts] == [(0, 0, False), (0.7, 0, False), (10, 0.5, False), (22, 3, True)]
