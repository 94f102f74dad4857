"""Tables of single functions of Kubernetes' own libraries, under a fixed clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from podsim.api import defaults, image, qos, resources
from podsim.api.quantity import Quantity
from podsim.cluster.kubelet import status

DATA = Path(__file__).parent / "data" / "lib"


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in json.loads((DATA / f"{name}.json").read_text())]


@pytest.mark.parametrize("case", [c for c in cases("quantity") if c.values[0]["kind"] == "parse"])
def test_a_quantity_is_read_and_written(case: dict[str, Any]) -> None:
    expected = case["expect"]
    if not expected["ok"]:
        with pytest.raises(ValueError, match="quantit") as caught:
            Quantity(case["input"])
        assert str(caught.value) == expected["error"]
        return
    value = Quantity(case["input"])
    assert (str(value), value.value, value.milli_value) == (expected["canonical"], expected["value"], expected["milliValue"])


@pytest.mark.parametrize("case", [c for c in cases("quantity") if c.values[0]["kind"] == "pair"])
def test_two_quantities(case: dict[str, Any]) -> None:
    a, b, expected = Quantity(case["a"]), Quantity(case["b"]), case["expect"]
    assert ((a > b) - (a < b), a == b, str(a + b), str(a - b)) == (expected["cmp"], expected["equal"], expected["sum"], expected["diff"])


@pytest.mark.parametrize("case", cases("qos"))
def test_the_class_of_a_pod(case: dict[str, Any]) -> None:
    assert qos.qos_class(defaults.apply(case["pod"])) == case["expect"]["statusQOSClass"]


@pytest.mark.parametrize("case", cases("podresources"))
def test_what_a_pod_asks_for(case: dict[str, Any]) -> None:
    pod = defaults.apply(case["pod"])
    assert (resources.pod_requests(pod), resources.pod_limits(pod)) == (case["expect"]["requests"], case["expect"]["limits"])


@pytest.mark.parametrize("case", cases("imagename"))
def test_an_image_reference(case: dict[str, Any]) -> None:
    expected = case["expect"]
    if not expected["ok"]:
        with pytest.raises(ValueError, match="couldn't parse image name") as caught:
            image.parse(case["image"])
        assert str(caught.value) == expected["error"]
        return
    found = image.parse(case["image"])
    assert (found.repository, found.tag, found.digest) == (expected["repo"], expected["tag"], expected["digest"])
    assert found.default_pull_policy == expected["defaultPullPolicy"]


PHASES = [c for c in cases("podphase") if not {"sandboxes", "oldStatus", "nilStatuses"} & c.values[0].keys()]


@pytest.mark.parametrize("case", PHASES)
def test_phase_and_conditions_follow_from_the_containers(case: dict[str, Any]) -> None:
    found = status.summarize(case["pod"], terminal=case["podIsTerminal"], regular_container_ever_active=case["regularContainerEverActive"])
    assert found["phase"] == case["expect"]["phase"]
    assert bare(found["conditions"]) == bare(case["expect"]["conditions"])


def bare(conditions: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    return {c["type"]: {k: c[k] for k in ("status", "reason", "message") if c.get(k)} for c in conditions}
