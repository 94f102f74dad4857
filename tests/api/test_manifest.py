"""YAML 1.1 as kubectl reads it."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from podsim.api import manifest
from podsim.api.manifest import ParseError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True), ("off", False), ("Y", True), ("'yes'", "yes"), ("yEs", "yEs"), ("~", None), ("017", 15), ("0x1F", 31), ("8_080", 8080),
        ("8e1", 80), ("30.0", 30), ("1.5", 1.5), ("1.2.3", "1.2.3"), ("12:30", "12:30"), ("2026-01-01", "2026-01-01"), ("1Gi", "1Gi"), ("-", "-"), ("+5", 5),
    ],
)  # fmt: skip
def test_scalars(text: str, value: Any) -> None:
    found = manifest.parse(f"key: {text}\n" if text != "-" else "key: '-'\n")[0].object["key"]
    assert (found, type(found)) == (value, type(value))


def test_keys_become_texts_and_the_last_of_equal_ones_wins() -> None:
    assert manifest.parse("{yes: 1, 2: 3, a: 4, a: 5, ~: 6}\n")[0].object == {"true": 1, "2": 3, "a": 5, "null": 6}


def test_documents_know_their_lines() -> None:
    documents = manifest.parse("# first\na: 1\n---\n---\nb:\n  c: [p, q]\n")
    assert [(d.object, d.line) for d in documents] == [({"a": 1}, 2), ({"b": {"c": ["p", "q"]}}, 5)]
    assert documents[1].position("b.c[1]") == (6, 10)
    assert documents[1].position("b.c[7]") == (6, 3)


def test_anchors_and_merge_keys() -> None:
    assert manifest.parse("a: &a {p: 1, q: 2}\nb: {<<: *a, q: 3}\n")[0].object["b"] == {"p": 1, "q": 3}


@pytest.mark.parametrize("text", ["\ufeffa: 1\n", "a: 1\r\n", '{"a": 1}'])
def test_other_forms(text: str) -> None:
    assert manifest.parse(text)[0].object == {"a": 1}


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: 1\n b: 2\n", "line 2: mapping values are not allowed in this context", 2),
        ("a:\n\tb: 1\n", "line 2: found a tab character that violates indentation", 2),
        ("a: %b\n", "found character that cannot start any token", 1),
        ("a: *b\n", "unknown anchor 'b' referenced", 1),
    ],
)
def test_errors_are_worded_as_go_yaml_does(text: str, message: str, line: int) -> None:
    with pytest.raises(ParseError) as caught:
        manifest.parse(text)
    assert (str(caught.value), caught.value.line) == (f"error converting YAML to JSON: yaml: {message}", line)


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "[" * 20_000, "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{c}: &{c} [{','.join(f'*{p}' for _ in range(9))}]\n" for p, c in zip("abcdefg", "bcdefgh", strict=True))])
def test_bombs_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        manifest.parse(text)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("xyz", min_size=1, max_size=3), values, min_size=1))
def test_what_a_yaml_writer_quotes_is_read_back(value: dict[str, Any]) -> None:
    quoted = yaml.safe_dump(value, default_style='"', default_flow_style=False)
    found = manifest.parse(quoted)[0].object
    assert found.keys() == value.keys()
    assert all(found[k] == v for k, v in value.items() if isinstance(v, str))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ParseError):
        manifest.parse(text)
