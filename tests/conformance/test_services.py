"""Every recorded story of a Service, played by podsim: which endpoints it had, and what each of them was good for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from podsim import Cluster

DATA = Path(__file__).parent / "data" / "services"
CASES = sorted(path.stem for path in DATA.glob("*.json"))
KUBECTL = 0.1  # s from the start of a command to the change
LATE = 0.6  # s by which a change may come earlier or later
FLICKER = 0.1  # s; shorter looks may be missing: what happens to two pods at nearly the same time may be one change
SERVICE = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}}'
Look = tuple[tuple[bool, bool, bool], ...]  # ready, serving, terminating of each endpoint


def play(case: dict[str, Any]) -> Cluster:
    clocks = {"tick": case["syncTick"] % 1, "relist": [t for t in case["relists"] if t >= 0]}
    made = Cluster(scenario={**case["scenario"], "kubelet": clocks})
    made.run(until=KUBECTL)
    made.kubectl("apply -f m.yaml", files={"m.yaml": case["manifest"]})
    for action in case["actions"]:
        made.run(until=action["at"] + KUBECTL)
        born = [r.object["metadata"]["name"] for r in made.history.revisions if r.object["kind"] == "Pod" and r.type == "ADDED"]
        ours = dict(zip(case["pods"], born, strict=False))
        words = [ours.get(word, word) for word in action["kubectl"]]
        words = ["create", "-f", "service.json"] if words[0] == "expose" else words
        result = made.kubectl(words, files={"service.json": SERVICE}, timeout=0.01)
        assert result.returncode == 0, result.stderr
    made.run(until=case["observe"])
    return made


def looks(case: dict[str, Any]) -> list[tuple[float, Look | None]]:
    return [
        (s["t"], None if s["type"] == "DELETED" else tuple(sorted((e["ready"], e["serving"], e["terminating"]) for e in s["endpoints"])))
        for s in case["slices"]
    ]


def steady(changes: list[tuple[float, Look | None]]) -> list[tuple[float, Look | None]]:
    ends = [t for t, _ in changes[1:]] + [float("inf")]
    return [change for change, end in zip(changes, ends, strict=True) if end - change[0] >= FLICKER]


def our_looks(made: Cluster) -> list[tuple[float, Look | None]]:
    found: list[tuple[float, Look | None]] = []
    for revision in made.history.revisions:
        if revision.object["kind"] == "EndpointSlice":
            shown = [e["conditions"] for e in revision.object["endpoints"]]
            look = tuple(sorted((c["ready"], c["serving"], c["terminating"]) for c in shown))
            found.append((revision.t / 1000, None if revision.type == "DELETED" else look))
    return found


def at(changes: list[tuple[float, Look | None]], t: float) -> Look | None:
    return next((look for since, look in reversed(changes) if since <= t), None)


@pytest.mark.parametrize("name", CASES)
def test_the_endpoints_of_the_recording(name: str) -> None:
    case = json.loads((DATA / f"{name}.json").read_text())
    made = play(case)
    recorded, ours = steady(looks(case)), our_looks(made)
    for tenth in range(10, int(case["observe"] * 10)):
        t = tenth / 10
        near = [at(ours, t - LATE), at(ours, t + LATE), *(look for since, look in ours if t - LATE < since < t + LATE)]
        assert at(recorded, t) in near, f"at {t} s"
    assert recorded[-1][1] == ours[-1][1]
