"""What the real API server, scheduler and kubectl answered, and what podsim answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from podsim import Cluster

DATA = Path(__file__).parent / "data" / "api"
VOLATILE = (
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"), "TIME"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "UID"),
    (re.compile(r'resourceVersion: "\d+"'), 'resourceVersion: "N"'),
    (re.compile(r"kube-api-access-[a-z0-9]{5}\b"), "kube-api-access-xxxxx"),
)


def load(name: str) -> list[dict[str, Any]]:
    return json.loads((DATA / f"{name}.json").read_text())


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in load(name)]


def stable(text: str) -> str:
    for pattern, word in VOLATILE:
        text = pattern.sub(word, text)
    return text


def as_parts(text: str) -> list[str]:
    """The parts of an error whose order Go's maps make random."""
    return sorted(part.strip(" *]") for part in re.split(r"[,\n\[]", stable(text)) if part.strip(" *]"))


def cluster(fixtures: str = "fixtures.yaml", nodes: list[dict[str, Any]] | None = None) -> Cluster:
    made = Cluster(nodes=nodes or [])
    assert made.kubectl(["create", "-f", fixtures], files={fixtures: (DATA / fixtures).read_text()}).returncode == 0
    return made


def differences(expected: dict[str, Any], result: Any, *, any_order: bool) -> list[str]:
    read = as_parts if any_order else stable
    pairs = {"rc": (expected["rc"], result.returncode)}
    pairs |= {key: (read(expected[key]), read(getattr(result, key))) for key in ("stdout", "stderr")}
    return [f"{key}: recorded {a!r}, podsim {b!r}" for key, (a, b) in pairs.items() if a != b]


def judge(name: str, found: list[str], known: dict[str, str]) -> None:
    if name in known:
        assert found, f"{name} agrees now: take it off known_differences.yaml"
    else:
        assert not found, "\n".join(found)


@pytest.mark.parametrize("case", cases("manifests"))
def test_stored_objects(case: dict[str, Any], known_differences: dict[str, str]) -> None:
    made, expected = cluster(), case["create"]
    found = differences(expected, made.kubectl(["create", "-f", case["file"]], files={case["file"]: case["input"]}), any_order=False)
    for obj in expected["objects"]:
        shown = made.kubectl(["get", obj["kind"], obj["name"], "-n", obj.get("namespace") or "default", "-o", "yaml"])
        if stable(obj["yaml"]) != stable(shown.stdout):
            found.append(f"{obj['kind']} {obj['name']}: recorded\n{obj['yaml']}\npodsim\n{shown.stdout or shown.stderr}")
    judge(f"manifests/{case['name']}", found, known_differences)


@pytest.mark.parametrize("case", cases("invalid"))
def test_refusals(case: dict[str, Any], known_differences: dict[str, str]) -> None:
    found: list[str] = []
    for verb in ("create", "apply"):
        made = cluster()
        for existing in case.get("existing", ()):
            made.kubectl("create -f existing.yaml", files={"existing.yaml": existing})
        files = {case["file"]: case["input"]} if case.get("input") is not None else {}
        result = made.kubectl([verb, "-f", case["file"], *case.get("flags", ())], files=files)
        any_order = bool(case.get("order_varies") or case[verb].get("order_varies"))
        found += differences(case[verb], result, any_order=any_order)
    judge(f"invalid/{case['name']}", found, known_differences)


@pytest.mark.parametrize("case", cases("updates"))
def test_updates(case: dict[str, Any], known_differences: dict[str, str]) -> None:
    made, found = cluster(), []
    for step in case["steps"]:
        files = {"manifest.yaml": step["manifest"]} if step.get("manifest") is not None else {}
        found += differences(step, made.kubectl(step["kubectl"], files=files), any_order=bool(step.get("order_varies")))
        if step.get("yaml"):
            kind, name = re.search(r"^kind: (\w+)$", step["yaml"], re.MULTILINE)[1], re.search(r"^  name: (\S+)$", step["yaml"], re.MULTILINE)[1]
            shown = made.kubectl(["get", kind.lower(), name, "-o", "yaml"]).stdout
            if stable(shown) != stable(step["yaml"]):
                found.append(f"after {step['kubectl']}: recorded\n{step['yaml']}\npodsim\n{shown}")
    judge(f"updates/{case['name']}", found, known_differences)


@pytest.mark.parametrize("case", cases("scheduling"))
def test_scheduling(case: dict[str, Any], known_differences: dict[str, str]) -> None:
    made = cluster("fixtures-scheduling.yaml", [short(node) for node in case["nodes"]])
    if any(e["phase"] in ("Succeeded", "Failed") for e in case.get("existing", ())):
        made = Cluster([short(node) for node in case["nodes"]], {"containers": {"c": {"runs": [{"for": 0.5, "exit": 0}]}}})
        made.kubectl("create -f f.yaml", files={"f.yaml": (DATA / "fixtures-scheduling.yaml").read_text()})
    for number, text in enumerate([*case.get("objects", ()), *(e["manifest"] for e in case.get("existing", ()))]):
        made.kubectl("create -f x.yaml", files={"x.yaml": text if isinstance(text, str) else json.dumps(text)})
        made.run(until=number + 1)
    made.run(until=30)
    made.kubectl("create -f pod.yaml", files={"pod.yaml": case["pod"]})
    made.run(until=30.1)
    pod = json.loads(made.kubectl("get pod new -o json").stdout)
    node, choices = pod["spec"].get("nodeName"), case.get("choice_varies", ())
    found = [] if node in choices or node == (case["result"]["nodeName"] or None) else [f"node: recorded {case['result']['nodeName']}, podsim {node}"]
    if not choices and conditions(case["result"]["conditions"]) != conditions(pod["status"].get("conditions")):
        found.append(f"recorded {case['result']['conditions']}, podsim {pod['status'].get('conditions')}")
    judge(f"scheduling/{case['name']}", found, known_differences)


def short(node: dict[str, Any]) -> dict[str, Any]:
    allocatable = dict(node["allocatable"])
    named = {"cpu": allocatable.pop("cpu", "0"), "memory": allocatable.pop("memory", "0"), "pods": int(allocatable.pop("pods", 110))}
    return {**{k: node[k] for k in ("name", "labels", "taints", "unschedulable")}, **named, "resources": allocatable}


def conditions(found: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [{k: c[k] for k in ("status", "reason", "message") if c.get(k)} for c in found or () if c["type"] == "PodScheduled"]
