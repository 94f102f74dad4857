"""Every transition has its cause, and the chain is the right one: the table is why.yaml."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from podsim import simulate
from podsim.cluster.causes import Fact, Transition
from podsim.cluster.history import History

TABLE = yaml.safe_load(Path(__file__).with_suffix(".yaml").with_stem("why").read_text())
SHORT = {"boot": "created, bound, admitted, sandbox-started", "run": "image-present@{0}, container-started@{0}"}
NEARLY = 1.3  # s


def manifest_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    spec = {"containers": [{"name": "app", "image": "app:1", **case.get("app", {})}], **case.get("spec", {})}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", **case.get("metadata", {})}, "spec": spec}
    return [*case.get("others", ()), case.get("workload", pod)]


def written_out(chain: list[str]) -> list[str]:
    found = []
    for element in chain:
        word, _, container = element.partition("@")
        found += SHORT[word].format(container).split(", ") if word in SHORT else [element]
    return found


def shown(one: Fact | Transition, wanted: str) -> str:
    """What is to be compared with `wanted`: the details that it names, nearly equal times as it writes them."""
    if isinstance(one, Transition):
        return f"{one.lane} -> {one.after}"
    known = {"pod": one.subject, "t": str(one.t / 1000), **{k: str(v) for k, v in one.details.items()}}
    words = [f"{one.kind}@{one.details['container']}" if "container" in one.details else one.kind]
    for name, value in details_of(wanted):
        close = name == "t" and abs(float(known["t"]) - float(value)) <= NEARLY
        words.append(f"{name}={value if close else known.get(name)}")
    return " ".join(words)


def details_of(element: str) -> list[tuple[str, str]]:
    """The (name, value) pairs; a value may be of several words."""
    return re.findall(r"(\w+)=(.*?)(?= \w+=|$)", element)


def find(history: History, of: str, pod: str) -> Transition:
    name, _, number = of.partition(" #")
    every = [t for t in history.transitions if t.subject.endswith(f"/{pod}" if pod else "") and f"{t.lane} -> {t.after}" == name]
    assert len(every) >= int(number or 1), (of, [f"{t.t} {t.lane} -> {t.after}" for t in history.transitions])
    return every[int(number or 1) - 1]


def play(case: dict[str, Any]) -> History:
    text = "\n---\n".join(map(json.dumps, manifest_of(case)))
    return simulate(text, case.get("world"), until=case.get("until", 70)).record


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["name"])
def test_why(case: dict[str, Any]) -> None:
    history = play(case)
    for row in case["why"]:
        chain = history.why(find(history, row["of"], row.get("pod", "" if "workload" in case else "p")))
        wanted = [*written_out(row["chain"]), row["of"].partition(" #")[0]]
        found = [shown(one, w) for one, w in zip(chain, [*wanted, *[""] * len(chain)], strict=False)]
        assert found == wanted, row["of"]


def test_the_table_is_large_enough() -> None:
    assert sum(len(case["why"]) for case in TABLE) >= 100
