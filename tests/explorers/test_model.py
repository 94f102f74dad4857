"""A declaration that is wrong says file, path, value and what is allowed."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from podsim.explorers.declared import DeclarationError
from podsim.explorers.model import json_schema, parse

GOOD: dict[str, Any] = {
    "id": "one",
    "title": "One",
    "manifest": "kind: Pod\nmetadata: {name: web}\nspec:\n  restartPolicy: Always\n  containers: []\n",
    "scenario": {"containers": {"app": {"runs": [{"for": 5}]}}},
    "until": 60,
    "controls": [
        {"bind": "manifest", "path": "spec.restartPolicy", "as": "choice", "choices": ["Always", "Never"]},
        {"bind": "scenario", "path": "containers.app.runs[0].for", "as": "number", "min": 1, "max": 9, "unit": "s"},
    ],
    "presets": [{"id": "short", "title": {"en": "Short", "ko": "짧게"}, "set": {"for": 1}, "at": 3}],
}


def control(bind: str, path: str, **keys: Any) -> dict[str, Any]:
    return {"bind": bind, "path": path, "as": "text", **keys}


def preset(values: dict[str, Any]) -> dict[str, Any]:
    return {"id": "x", "title": "X", "set": values}


def changed(**keys: Any) -> str:
    return yaml.safe_dump({**GOOD, **keys}, sort_keys=False)


def test_ids_labels_and_values_come_from_the_paths() -> None:
    explorer = parse(changed(), "one.yaml")
    assert explorer.values == {"restart-policy": "Always", "for": 5}
    assert [control.label for control in explorer.controls] == [{"en": "restartPolicy"}, {"en": "for"}]


@pytest.mark.parametrize(("keys", "message"), [
    ({"until": "soon"}, "one.yaml: until: 'soon' is not allowed; give a number"),
    ({"untill": 3}, "one.yaml: untill: 3 is not allowed; give one of the keys id, title, manifest, until"),
    ({"title": {"ko": "하나"}}, "one.yaml: title: .* give a text, or a map from language to text with at least `en`"),
    ({"controls": [control("manifest", "spec.x[0].y", value="a")]}, r"path: spec.x\[0\].y is not in the manifest"),
    ({"controls": [control("pod", "a")]}, r"controls\[0\].bind: 'pod' is not allowed; give one of manifest, scenario"),
    ({"controls": [control("scenario", "seed")]}, r"controls\[0\].value: None is not allowed; give a text"),
    ({"controls": [GOOD["controls"][0]] * 2}, r"id: 'restart-policy' is not allowed; give an id of its own"),
    ({"presets": [preset({"for": 99})]}, r"presets\[0\].set.for: 99 is not allowed; give a number from 1 to 9"),
    ({"presets": [preset({"four": 9})]}, r"presets\[0\].set.four: 9 is not allowed; give values for restart-policy"),
    ({"scenario": {"image": {}}}, "one.yaml: image: {} is not allowed; give one of the keys nodes, images"),
])  # fmt: skip
def test_what_is_wrong_is_named(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        parse(changed(**keys), "one.yaml")


RUNS = {"bind": "scenario", "path": "containers.app.runs", "as": "runs"}


def test_a_list_of_runs_is_a_value() -> None:
    explorer = parse(changed(controls=[RUNS], presets=[preset({"runs": [{"for": 2.5, "exit": 3}, {"for": None}, {"for": 9, "oom": True}]})]), "one.yaml")
    assert explorer.values == {"runs": [{"for": 5}]}


@pytest.mark.parametrize(("runs", "message"), [
    ([], r"set.runs: \[\] is not allowed; give a list of 1 to 12 runs"),
    ({}, r"set.runs: {} is not allowed; give a list of 1 to 12 runs"),
    ([{"for": 1}] * 13, r"give a list of 1 to 12 runs"),
    ([{"for": 1}, {"for": "5"}], r"set.runs\[1\].for: '5' is not allowed; give a number"),
    ([{"for": -1}], r"set.runs\[0\]: .* give for up to 3600 s and an exit code up to 255"),
    ([{"for": float("nan")}], r"give for up to 3600 s"),
    ([{"for": 1, "exit": 256}], r"an exit code up to 255"),
    ([{"for": 1, "message": "x"}], r"set.runs\[0\].message: 'x' is not allowed; give one of the keys for, exit, oom"),
])  # fmt: skip
def test_runs_that_a_container_cannot_have_are_named(runs: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        parse(changed(controls=[RUNS], presets=[preset({"runs": runs})]), "one.yaml")


def test_text_that_is_no_yaml_is_named() -> None:
    with pytest.raises(DeclarationError, match=r"one.yaml: while parsing"):
        parse("id: [", "one.yaml")


def test_the_schema_knows_every_key() -> None:
    schema = json_schema()
    assert set(GOOD) <= set(schema["properties"])
    assert schema["required"] == ["id", "title", "manifest", "until"]
    assert schema["properties"]["controls"]["items"]["properties"]["as"] == {
        "enum": ["number", "choice", "text", "bool", "runs"]
    }
