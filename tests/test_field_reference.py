"""What the reference says of the fields of a Pod is found by asking podsim; here stand answers that are known."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from podsim.api import schema

EXT = str(Path(__file__).resolve().parents[1] / "book" / "ext")


@pytest.fixture(scope="module")
def facts() -> Mapping[tuple[str, str], Any]:
    sys.path.insert(0, EXT)
    try:
        import fieldfacts

        return fieldfacts.facts()
    finally:
        sys.path.remove(EXT)


@pytest.fixture(scope="module")
def page(facts: Mapping[tuple[str, str], Any]) -> str:
    sys.path.insert(0, EXT)
    try:
        import fields

        return "".join(fields.type_html(type_) for types in fields.parts().values() for type_ in types)
    finally:
        sys.path.remove(EXT)


@pytest.mark.parametrize(
    ("place", "defaults"),
    [
        ("PodSpec.restartPolicy", ['"Always"']),
        ("PodSpec.hostPID", []),
        ("Container.imagePullPolicy", ['"IfNotPresent"', '"Always"']),
        ("Probe.periodSeconds", ["10"]),
        ("ResourceRequirements.requests", ['{"cpu": "1"}']),
    ],
)
def test_defaults_are_what_appears_unwritten(facts: Mapping[tuple[str, str], Any], place: str, defaults: list[str]) -> None:
    type_, _, name = place.partition(".")
    found = list(facts[type_, name].defaults)
    assert found == defaults or (len(defaults) == 1 and defaults[0] in found)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("PodSpec.restartPolicy", 'Unsupported value: supported values: "Always", "OnFailure", "Never"'),
        ("PodSpec.priorityClassName", "no PriorityClass with name web was found"),
        ("PodSpec.ephemeralContainers", "Forbidden: cannot be set on create"),
        ("Container.name", "Duplicate value"),
        ("Container.livenessProbe", "Required value: must specify a handler type"),
        ("ContainerPort.containerPort", "Invalid value: must be between 1 and 65535, inclusive"),
        ("VolumeMount.mountPath", "Invalid value: must be unique"),
        ("PodSpec.shareProcessNamespace", None),
        ("Container.tty", None),
    ],
)
def test_a_field_with_rules_shows_the_servers_words(facts: Mapping[tuple[str, str], Any], place: str, words: str | None) -> None:
    type_, _, name = place.partition(".")
    found = list(facts[type_, name].refused)
    assert words in found if words else found == []


@pytest.mark.parametrize(
    ("place", "writer"),
    [
        ("PodSpec.nodeName", "scheduler"),
        ("PodSpec.tolerations", "admission DefaultTolerationSeconds"),
        ("PodStatus.nominatedNodeName", "scheduler"),
        ("ContainerStateTerminated.exitCode", "kubelet"),
        ("ObjectMeta.uid", "API server"),
    ],
)
def test_who_writes_a_field_is_seen_in_lives(facts: Mapping[tuple[str, str], Any], place: str, writer: str) -> None:
    type_, _, name = place.partition(".")
    assert writer in facts[type_, name].writers


def test_every_field_has_an_effect_and_an_anchor_of_its_own(facts: Mapping[tuple[str, str], Any], page: str) -> None:
    for (type_, name), fact in facts.items():
        assert fact.effect[0] in ("simulated", "inert", "noted")
        assert page.count(f'id="{type_}.{name}"') == 1
    assert page.count('<div class="field ') == len(facts)
    assert {type_ for type_, _ in facts} <= schema.types().keys()
