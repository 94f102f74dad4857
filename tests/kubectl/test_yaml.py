"""YAML: what is quoted, what is folded, and that a reader finds the same object."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from podsim.kubectl import yaml

KEYS = st.text(max_size=12) | st.text(min_size=120, max_size=140, alphabet="abc.-/")
TEXTS = st.text() | st.text(alphabet="ab \n'\":#-", max_size=30) | st.lists(st.sampled_from(["word", "longer-word", ""])).map(" ".join)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20)


@given(VALUES)
def test_a_reader_finds_the_same_object(value: Any) -> None:
    assert pyyaml.load(yaml.dump(value), _Loader) == value  # noqa: S506 - a safe loader of our own


class _Loader(pyyaml.SafeLoader):
    """PyYAML without timestamps and base 60, which go-yaml does not read either."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":merge", ":value"))]
    for first, resolvers in pyyaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("web", "web"),
        ("", '""'),
        ("yes", '"yes"'),
        ("~", '"~"'),
        ("<<", "<<"),
        ("=", "="),
        ("1", '"1"'),
        ("017", '"017"'),
        ("0o17", '"0o17"'),
        ("08", '"08"'),
        ("1_000", '"1_000"'),
        ("1e3", '"1e3"'),
        ("1.2.3", "1.2.3"),
        (".5", '".5"'),
        ("99999999999999999999", '"99999999999999999999"'),
        ("0xfffffffffffffffff", "0xfffffffffffffffff"),
        ("2026-01-01", '"2026-01-01"'),
        ("2026-13-01", "2026-13-01"),
        ("2026-01-01T00:00:00Z", '"2026-01-01T00:00:00Z"'),
        ("12:30", '"12:30"'),
        ("a: b", "'a: b'"),
        ("a:b", "a:b"),
        ("a #b", "'a #b'"),
        ("- a", "'- a'"),
        ("-a", "-a"),
        ("it's", "it's"),
        ("'a'", "'''a'''"),
        (" a", "' a'"),
        ("a\tb", '"a\\tb"'),
        ("\U0001f600", '"\\U0001F600"'),
        ("한국", "한국"),
    ],
)
def test_quoting_of_texts(text: str, written: str) -> None:
    assert yaml.dump(text) == f"{written}\n"


def test_lines_are_folded_behind_column_80() -> None:
    words = " ".join(["word"] * 30)
    assert yaml.dump({"message": words}).splitlines() == ["message: " + " ".join(["word"] * 15), "  " + " ".join(["word"] * 15)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb", ["key: |-", "  a", "  b"]),
        ("a\n", ["key: |", "  a"]),
        ("a\n\n", ["key: |+", "  a", ""]),
        (" a\n", ["key: |2", "   a"]),
        ("a \nb", ['key: "a \\nb"']),
    ],
)
def test_block_scalars(text: str, lines: list[str]) -> None:
    assert yaml.lines({"key": text}) == lines


def test_keys_stand_in_natural_order_and_lists_are_not_indented() -> None:
    value = {"a10": [1, [2]], "a2": {"b": []}, "spec": [{"name": "c", "image": None}]}
    assert yaml.dump(value) == "a2:\n  b: []\na10:\n- 1\n- - 2\nspec:\n- image: null\n  name: c\n"


@pytest.mark.parametrize(("value", "written"), [(1.5, "1.5"), (1e6, "1e+06"), (1e-5, "1e-05"), (123456.0, "123456"), (-0.25, "-0.25"), (math.inf, ".inf")])
def test_floats_are_gos_shortest_form(value: float, written: str) -> None:
    assert yaml.dump(value) == f"{written}\n"
