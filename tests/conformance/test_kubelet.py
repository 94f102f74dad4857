"""Every recorded scenario of the real kubelet, played by podsim with the clocks of that recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from podsim import simulate
from tests.conformance import stories

DATA = Path(__file__).parent / "data" / "kubelet"
CASES = sorted(path.stem for path in DATA.glob("*.json") if not path.stem.startswith("serial-pull"))  # two pods: tests/cluster
WORLD = ("images", "containers", "actions")


def play(case: dict[str, Any]) -> dict[str, Any]:
    """podsim's trace of a recorded scenario."""
    scenario = case["scenario"]
    clocks = {"tick": case["syncTick"] % 1, "relist": [t for t in case["relists"] if t >= 0], "offset": case["createOffset"]}
    world = {**{key: scenario[key] for key in WORLD}, "kubelet": clocks}
    return simulate(scenario["manifest"], world, scenario["observe"]).to_trace()


@pytest.mark.parametrize("name", CASES)
def test_the_story_of_the_recording(name: str, known_differences: dict[str, str]) -> None:
    case = json.loads((DATA / f"{name}.json").read_text())
    simulated, end = play(case), case["scenario"]["observe"]
    found = stories.differences(case, simulated, end) + stories.event_differences(case, simulated, end)
    if name in known_differences:
        assert found, f"{name} agrees now: take it off known_differences.yaml"
    else:
        assert not found, "\n".join(found)
