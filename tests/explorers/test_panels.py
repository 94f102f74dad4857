"""Diagrams beside the timeline: what they show is what the run says, drawn as high for one preset as for another."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from podsim import explorers
from podsim.explorers import panels
from podsim.explorers.panels import picture
from podsim.explorers.panels.namespaces import owners
from podsim.explorers.panels.picture import Box, Part, Picture, Row, Wire
from podsim.timeline.messages import LANGUAGES

SVG = "{http://www.w3.org/2000/svg}"
WITH_PANEL = {e["id"]: e for e in explorers.catalog() if explorers.evaluate(e["id"], {})["panel"]}


def panel(explorer_id: str, language: str = "en", **values: Any) -> dict[str, Any]:
    result = explorers.evaluate(explorer_id, values, language)
    assert result["error"] is None
    made: dict[str, Any] = result["panel"]
    return made


def rows(explorer_id: str, **values: Any) -> dict[str, str]:
    return dict(panel(explorer_id, **values)["table"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("explorer_id", WITH_PANEL)
def test_no_preset_moves_what_stands_below(explorer_id: str, language: str) -> None:
    runs = [explorers.evaluate(explorer_id, preset["set"], language) for preset in WITH_PANEL[explorer_id]["presets"]]
    drawings = [run["panel"]["svg"] for run in runs if not run["error"]]
    assert len(drawings) >= 3
    for size, width in (("wide", picture.WIDE), ("narrow", picture.NARROW)):
        roots = [ET.fromstring(drawing[size]) for drawing in drawings]  # noqa: S314 - our own text
        assert {root.get("width") for root in roots} == {str(width)}
        assert len({root.get("height") for root in roots}) == 1
        assert all(root.get("role") == "img" and root.get("aria-label") for root in roots)
        letters = [float(number) for drawing in drawings for number in re.findall(r'font-size="([\d.]+)"', drawing[size])]
        assert min(letters) >= 11


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_a_text_of_the_reader_stays_a_text() -> None:
    drawn = Picture(HOSTILE, [Row(HOSTILE, [Part(1, HOSTILE, told=HOSTILE)]), Box(HOSTILE, [Row("", [Part(1, HOSTILE)])]), Wire(HOSTILE)])
    for width in (picture.WIDE, picture.NARROW):
        root = ET.fromstring(picture.draw(drawn, width))  # noqa: S314 - our own text
        assert root.get("aria-label") == HOSTILE
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "defs", "pattern", "rect", "path", "g", "text", "tspan"}
        assert HOSTILE in [element.text for element in root.iter(f"{SVG}title")]
        assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    assert "<script" not in panels.html({"title": HOSTILE, "table": picture.table(drawn)})


@pytest.mark.parametrize(("values", "decided", "because"), [
    ({}, "Burstable", "schema has no memory limit"),
    ({"schema-limits-memory": "1Gi"}, "Guaranteed", "limits everywhere, and requests equal to them"),
    ({"schema-limits-memory": "1Gi", "app-requests-cpu": "0.25"}, "Burstable", "the requests are not equal to the limits"),
    ({"schema-limits-memory": "1Gi", "app-requests-cpu": "0.5"}, "Guaranteed", "limits everywhere, and requests equal to them"),
    ({"app-limits-cpu": "", "app-limits-memory": "", "schema-limits-cpu": ""}, "BestEffort", "no container asks for cpu or memory"),
])  # fmt: skip
def test_the_class_and_what_it_hangs_on(values: dict[str, str], decided: str, because: str) -> None:
    result = explorers.evaluate("qos", values)
    shown = dict(result["panel"]["table"])
    assert f"✓ {decided}" in shown["qosClass"]
    assert shown["because"] == because
    assert f"qosClass: {decided}\n" in result["manifest"]["stored"]


def test_a_limit_alone_is_a_request_too() -> None:
    shown = rows("qos", **{"schema-limits-memory": "64Mi"})
    assert shown["init container schema: memory"] == "requests 64Mi, limits 64Mi"
    assert shown["the Pod requests"] == "cpu 500m, memory 128Mi"  # the larger of init and app, not their sum


@pytest.mark.parametrize(("cpu", "memory", "stored", "counted"), [
    ("0.5", "1.5Gi", "500m, 1536Mi", "500 millicores, 1,610,612,736 bytes"),
    ("1", "1G", "1, 1G", "1,000 millicores, 1,000,000,000 bytes"),
    ("0.0015", "128m", "2m, 128m", "2 millicores, 1 byte"),
])  # fmt: skip
def test_amounts_written_stored_and_counted(cpu: str, memory: str, stored: str, counted: str) -> None:
    shown = rows("quantities", cpu=cpu, memory=memory)
    assert (shown["is stored"], shown["is counted as"]) == (stored, counted)


@pytest.mark.parametrize("preset", WITH_PANEL["fit"]["presets"], ids=lambda preset: preset["id"])
def test_the_bars_agree_with_the_scheduler(preset: dict[str, Any]) -> None:
    result = explorers.evaluate("fit", preset["set"])
    shown = dict(result["panel"]["table"])
    refused = [event[4] for event in result["timeline"]["events"] if event[2] == "FailedScheduling"]
    verdicts = [shown[f"{node}: cpu 4, memory 8Gi: the scheduler"].removeprefix("✕ ") for node in ("node1", "node2")]
    if refused:
        assert all(verdict in refused[0] for verdict in verdicts)
    else:
        (chosen,) = [node for node, verdict in zip(("node1", "node2"), verdicts, strict=True) if verdict == "✓ it goes here"]
        assert f"nodeName: {chosen}\n" in result["manifest"]["stored"]


def test_usage_decides_nothing() -> None:
    calm, swapped = rows("fit"), rows("fit", **{"sleepy-uses": "3500m", "busy-uses": "80m"})
    different = {name for name in calm if calm[name] != swapped[name]}
    assert different == {f"{node}: cpu 4, memory 8Gi: cpu used" for node in ("node1", "node2")}


@pytest.mark.parametrize(("spec", "kind", "whose"), [
    ({}, "network", "pod"),
    ({}, "ipc", "pod"),
    ({}, "pid", "app"),
    ({}, "mount", "app"),
    ({}, "user", "node"),
    ({"shareProcessNamespace": True}, "pid", "pod"),
    ({"shareProcessNamespace": True}, "mount", "app"),
    ({"hostPID": True}, "pid", "node"),
    ({"hostIPC": True}, "ipc", "node"),
    ({"hostNetwork": True}, "network", "node"),
    ({"hostNetwork": True}, "uts", "node"),
    ({"hostNetwork": True}, "pid", "app"),
    ({"hostUsers": False}, "user", "pod"),
    ({"hostUsers": True}, "user", "node"),
])  # fmt: skip
def test_whose_a_namespace_is(spec: dict[str, bool], kind: str, whose: str) -> None:
    assert owners(spec, "app")[kind] == whose


def test_the_second_container_on_a_port_is_marked() -> None:
    assert rows("namespaces")["listens on"] == "✓ :8080, ✓ :9090"
    assert rows("namespaces", **{"admin-port": 8080})["listens on"] == "✓ :8080, ✕ :8080 address already in use"


def test_pods_reach_each_other_by_their_own_addresses() -> None:
    assert rows("pod-to-pod")[""] == "✓ 10.244.0.2 to 10.244.1.2:8080"
    assert rows("pod-to-pod", **{"node-name": "node2"})[""] == "✓ 10.244.1.2 to 10.244.1.3:8080"
    assert rows("pod-to-pod", **{"server-runs": 1})[""] == "✕ 10.244.0.2 to 10.244.1.2: nobody listens"


def test_a_panel_is_text_too() -> None:
    lines = panels.text(panel("quantities")).splitlines()
    assert lines[0] == "Stored: cpu 500m, memory 1536Mi"
    assert "is stored         500m, 1536Mi" in lines


def test_an_amount_left_empty_is_not_asked_for() -> None:
    assert rows("quantities", cpu="", memory="1Gi")["is stored"] == "-, 1Gi"
    assert rows("qos", **{"app-limits-cpu": ""})["container app: cpu"] == "no request, no limit"


@pytest.mark.parametrize(("values", "spent", "end"), [
    ({}, "preStop 12s, TERM 6s, left 12s", "✓ ended in time"),
    ({"ignores-term": True}, "preStop 12s, TERM 18s", "✕ KILL: the period was over"),
    ({"pre-stop": 0, "ignores-term": True}, "TERM 30s", "✕ KILL: the period was over"),
    ({"pre-stop": 40, "ignores-term": True}, "preStop 30s, TERM 2s", "✕ KILL: the period was over"),  # the two seconds that are given once
    ({"grace": 15}, "preStop 12s, TERM 3s", "✕ KILL: the period was over"),
    ({"grace": 19}, "preStop 12s, TERM 6s, left 1s", "✓ ended in time"),
])  # fmt: skip
def test_hook_and_term_spend_one_budget(values: dict[str, Any], spent: str, end: str) -> None:
    shown = rows("grace-budget", **values)
    assert (shown["spent"], shown["the process"]) == (spent, end)


@pytest.mark.parametrize(("image", "parts", "default"), [
    ("nginx", "docker.io/library/nginx, :latest", "Always"),
    ("nginx:1.27", "docker.io/library/nginx, :1.27", "IfNotPresent"),
    ("localhost:5000/web", "localhost:5000/web, :latest", "Always"),
    (f"web@sha256:{'0' * 64}", f"docker.io/library/web, @sha256:{'0' * 64}", "IfNotPresent"),
    ("<b>&\"'", "✕ couldn't parse image name \"<b>&\"'\": invalid reference format", ""),
])  # fmt: skip
def test_the_default_policy_follows_the_name(image: str, parts: str, default: str) -> None:
    made = panel("images", image=image)
    shown = dict(made["table"])
    assert shown["name, tag, digest"] == parts
    assert [word for word in shown["default of this name"].split(", ") if word.startswith("✓")] == ([f"✓ {default}"] if default else [])
    for drawing in made["svg"].values():
        assert image in "".join(ET.fromstring(drawing).itertext())  # noqa: S314 - our own text
