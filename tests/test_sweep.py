"""Many scenarios, on any executor."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

from podsim import sweep

POD = "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {restartPolicy: Never, containers: [{name: app, image: x}]}}"


def worlds() -> list[dict[str, object]]:
    return [{"containers": {"app": {"runs": [{"for": 5, "exit": code}]}}} for code in (0, 1)]


def phases(traces: object) -> list[str]:
    return [trace["revisions"][-1]["status"]["phase"] for trace in traces]  # type: ignore[attr-defined]


def test_traces_come_in_the_order_of_their_scenarios() -> None:
    assert phases(sweep(POD, worlds(), until=20)) == ["Succeeded", "Failed"]


def test_an_executor_gives_the_same() -> None:
    with ProcessPoolExecutor(2) as executor:
        assert phases(sweep(POD, worlds(), 20, executor)) == ["Succeeded", "Failed"]
