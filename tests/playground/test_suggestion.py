"""Completion in manifests that are being written; `|` is the cursor."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.playground.suggestion import suggest

HEAD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"


def at(text: str) -> dict[str, Any]:
    before, _, after = text.partition("|")
    lines = before.split("\n")
    return suggest(before + after, len(lines), len(lines[-1]) + 1)


def labels(text: str) -> list[str]:
    return [option["label"] for option in at(text)["options"]]


def option(text: str, label: str) -> dict[str, Any]:
    return next(one for one in at(text)["options"] if one["label"] == label)


@pytest.mark.parametrize(
    ("text", "path", "has", "lacks"),
    [
        (HEAD + "|", [], ["spec"], ["status", "kind", "name"]),
        ("|", [], ["apiVersion", "kind", "metadata"], ["status"]),
        (HEAD + "spec:\n  |", ["spec"], ["containers", "restartPolicy"], ["image"]),
        (HEAD + "spec:\n  re|", ["spec"], ["restartPolicy"], ["image"]),
        (HEAD + "spec:\n  containers:\n  - name: app\n    |", ["spec", "containers", 0], ["image", "livenessProbe"], ["name", "restartCount"]),
        (HEAD + "spec:\n  containers:\n  - name: app\n  |", ["spec"], ["volumes"], ["containers", "image"]),
        (HEAD + "spec:\n  containers:\n    - name: app\n      |", ["spec", "containers", 0], ["image"], ["name"]),
        (HEAD + "spec:\n  containers:\n    - name: app\n    |", ["spec", "containers"], ["image"], ["volumes"]),
        (HEAD + "spec:\n  containers:\n  - name: a\n  - |", ["spec", "containers", 1], ["name", "image"], []),
        (HEAD + "spec:\n  containers:\n  - |\n    image: a", ["spec", "containers", 0], ["name"], ["image"]),
        (HEAD + "spec:\n  containers:\n  - name: a\n    |\n    image: b\n  - name: c\n    ports: []", ["spec", "containers", 0], ["ports"], ["image", "name"]),
        (HEAD + "spec:\n  containers:\n  - name: a\n    ports:\n    - containerPort: 80\n      |", ["spec", "containers", 0, "ports", 0], ["protocol"], ["containerPort"]),
        (HEAD + "spec:\n  containers:\n  - name: a\n    readinessProbe:\n      httpGet:\n        |\n      periodSeconds: 2", ["spec", "containers", 0, "readinessProbe", "httpGet"], ["path", "port"], ["periodSeconds"]),
        (HEAD + "spec:\n  containers:\n  - name: a\n    resources:\n      limits:\n        |", ["spec", "containers", 0, "resources", "limits"], ["cpu", "memory"], []),
        (HEAD + "spec:\n  containers:\n  - name: [broken\n    |\n  : : {", ["spec", "containers", 0], ["image"], ["name"]),
        (HEAD + "spec:\n  containers:\n  - {name: a, |", ["spec", "containers", 0], ["image"], ["name"]),
        (HEAD + "spec:\n  containers: [{name: a}, {im|", ["spec", "containers", 1], ["image", "name"], []),
        ("kind: Deployment\nspec:\n  template:\n    spec:\n      |", ["spec", "template", "spec"], ["containers"], ["replicas"]),
        (HEAD + "---\nkind: Service\nspec:\n  |", ["spec"], ["selector", "ports"], ["containers"]),
        (HEAD + "---\nkind: Service\nspec:\n  |\n---\nkind: Pod\nspec:\n  containers: []", ["spec"], ["selector"], ["containers"]),
        (HEAD + "  annotations:\n    note: |\n\n  |", [], [], []),
    ],
)  # fmt: skip
def test_fields(text: str, path: list[Any], has: list[str], lacks: list[str]):
    if text.count("|") > 1:
        text = text.replace("note: |", "note: >")
    found = at(text)
    names = [one["label"] for one in found["options"]]
    assert found["path"] == path or not has
    assert set(has) <= set(names)
    assert not set(lacks) & set(names)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("kind: Pod\nspec:\n  restartPolicy: |", ["Always", "Never", "OnFailure"]),
        ("kind: Pod\nspec:\n  restartPolicy: On|Fail", ["Always", "Never", "OnFailure"]),
        ("kind: Pod\nspec:\n  hostNetwork: |", ["true", "false"]),
        ("kind: Pod\nspec: {restartPolicy: |", ["Always", "Never", "OnFailure"]),
        ("kind: Pod\napiVersion: |", ["v1"]),
        ("kind: Deployment\napiVersion: |", ["apps/v1"]),
        ("kind: Pod\nspec:\n  containers:\n  - imagePullPolicy: |", ["Always", "IfNotPresent", "Never"]),
        ("kind: Pod\nspec:\n  containers:\n  - image: |", []),
        ("kind: Pod\nspec:\n  restartPolicy:|", []),
        ("kind: Pod\nspec:\n  # rest|", []),
        ("kind: Pod\nspec:\n  unknown:\n    |", []),
        ("kind: Pod\nspec:\n  nodeName: a |", []),
        ("kind: Pod\nspec:\n  tolerations: [{operator: |", ["Equal", "Exists", "Gt", "Lt"]),
        ("kind: Pod\nspec:\n  containers:\n  - args: [|", []),
        ("kind: Pod\nspec:\n  containers:\n  - args:\n    - |", []),
        ("kind: ConfigMap\ndata:\n  a: >\n    restart\n    |", []),
    ],
)
def test_values(text: str, values: list[str]):
    assert sorted(labels(text)) == sorted(values)


def test_kinds():
    assert {"Pod", "Deployment", "Job", "ConfigMap"} <= set(labels("kind: |"))


@pytest.mark.parametrize(
    ("text", "label", "insert"),
    [
        (HEAD + "spec:\n  |", "containers", "containers:\n  - "),
        (HEAD + "spec:\n  |", "securityContext", "securityContext:\n    "),
        (HEAD + "spec:\n  |", "restartPolicy", "restartPolicy: "),
        (HEAD + "spec:\n  res|tartPolicy: Always", "restartPolicy", "restartPolicy"),
        (HEAD + "spec:\n  containers:\n  - |", "resources", "resources:\n      "),
        (HEAD + "spec:\n  containers:\n    |", "name", "- name: "),
        (HEAD + "spec:\n  containers:\n    |", "ports", "- ports:\n      - "),
        (HEAD + "spec: {|", "securityContext", "securityContext: "),
    ],
)
def test_what_is_written(text: str, label: str, insert: str):
    assert option(text, label)["insert"] == insert


def test_types_sentences_and_what_is_replaced():
    found = at(HEAD + "spec:\n  cont|ai: 1")
    assert (found["from"], found["to"]) == ({"line": 6, "column": 3}, {"line": 6, "column": 9})
    (containers,) = [one for one in found["options"] if one["label"] == "containers"]
    assert (containers["type"], containers["required"]) == ("[]Container", True)
    assert containers["doc"].startswith("The containers that make up the Pod")


def test_every_place_in_a_text_has_an_answer():
    text = HEAD + "spec:\n  containers:\n  - {name: a, env: [{name: A, value: 'x: y'}]}\n  - name: b\n    command: [sh, -c, \"a # b\"]\n---\n- ]}{: x\n"
    for line, written in enumerate(text.split("\n"), 1):
        for column in range(1, len(written) + 2):
            assert suggest(text, line, column)["from"]["line"] == line
