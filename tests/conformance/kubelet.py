"""Scenarios that the real kubelet ran, played by podsim with the clocks of the recording."""

from __future__ import annotations

from typing import Any

from podsim import simulate
from tests.conformance import stories
from tests.conformance.recordings import Case, Table
from tests.conformance.stories import Comparison

WORLD = ("images", "containers", "actions")


def differences(case: Case) -> list[str]:
    """What tells podsim's story from every recorded one."""
    return list(compare(case).problems)


def compare(case: Case) -> Comparison:
    """podsim beside the recorded run that it agrees with, else beside the one that it differs least from.

    Most scenarios have one run here; where chance decides what happens, another one stands in `repetitions`.
    """
    end = case["scenario"]["observe"]
    tried = []
    for run in (case, *case.get("repetitions", ())):
        tried.append(stories.compare(run, play(case["scenario"], run), end))
        if not tried[-1].problems:
            break
    return min(tried, key=lambda found: len(found.problems))


def play(scenario: Case, run: Case) -> dict[str, Any]:
    """podsim's trace of a scenario, with the tick, the relists and the fraction of a second of a recorded run."""
    clocks = {"tick": run["syncTick"] % 1, "relist": run["relists"], "offset": run["createOffset"]}
    world = {**{key: scenario[key] for key in WORLD}, "kubelet": clocks}
    return simulate(scenario["manifest"], world, scenario["observe"]).to_trace()


TABLES = (Table("kubelet", "the stories of Pods on a node", differences),)
