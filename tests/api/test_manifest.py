"""YAML 1.1 as kubectl reads it."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
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
    document = manifest.parse("yes: 1\n2: 3\na: 4\na: 5\n")[0]
    assert document.object == {"true": 1, "2": 3, "a": 5}
    assert document.duplicates == ('line 4: key "a" already set in map',)


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


# What the decoder of apimachinery's util/yaml makes of a text.
READ = [
    ("a: 0o17", [{"a": 15}]),
    ("a: 017", [{"a": 15}]),
    ("a: 08", [{"a": 8}]),
    ("a: 0b11", [{"a": 3}]),
    ("a: -0b1", [{"a": -1}]),
    ("a: 1_000", [{"a": 1000}]),
    ("a: 1e3", [{"a": 1000}]),
    ("a: .5", [{"a": 0.5}]),
    ("a: 1e400", [{"a": "1e400"}]),
    ("a: 18446744073709551615", [{"a": 1.8446744073709552e19}]),
    ("a: 18446744073709551616", [{"a": 1.8446744073709552e19}]),
    ("a: 0xFFFFFFFFFFFFFFFFF", [{"a": "0xFFFFFFFFFFFFFFFFF"}]),
    ("a: 2001-12-14 21:59:43", [{"a": "2001-12-14 21:59:43"}]),
    ("a: 190:20:30", [{"a": "190:20:30"}]),
    ("1.5: b\n0x10: c\n123456789.5: g\n", [{"1.2345679e+08": "g", "1.5": "b", "16": "c"}]),
    ("c:\n  b: 0\n  <<: {b: 1}\n", [{"c": {"b": 1}}]),
    ("c:\n  <<: [{a: 1}, {a: 2, b: 3}]", [{"c": {"a": 1, "b": 3}}]),
    ("c: <<", [{"c": "<<"}]),
    ('a: !!int "5"', [{"a": 5}]),
    ("a: !!float 5", [{"a": 5}]),
    ("a: !!binary aGVsbG8=", [{"a": "hello"}]),
    ("a: !foo 5", [{"a": "5"}]),
    ("a: ! 5", [{"a": "5"}]),
    ("a: !!str", [{"a": ""}]),
    ('a: "x\\\'y\\\n   z"', [{"a": "x'yz"}]),
    ('a: "b\n\n  c"', [{"a": "b\nc"}]),
    ("a: b#c", [{"a": "b#c"}]),
    ("a:b", ["a:b"]),
    ("a: b\tc", [{"a": "b\tc"}]),
    ("a: b\n\n\n c", [{"a": "b\n\nc"}]),
    ("a: |+\n  x\n\n", [{"a": "x\n\n"}]),
    ("a: |2\n    x\n", [{"a": "  x\n"}]),
    ("a: >\n  x\n  y\n\n  z\n", [{"a": "x y\nz\n"}]),
    ("a: [b: c]", [{"a": [{"b": "c"}]}]),
    ("? a\n: b\n? c", [{"a": "b", "c": None}]),
    ("a: \ufeffb", [{"a": "\ufeffb"}]),
    ("a: b\u2028  c", [{"a": "b\u2028c"}]),
    ("a: 1\n...\nb: 2\n", [{"a": 1}]),
    ("a: 1\n--- # x\nb: 2\n", [{"a": 1}, {"b": 2}]),
    ("---\n---\n# c\n", []),
    ("a:\r\n  - b\r\n---\r\nc: d\r\n", [{"a": ["b"]}, {"c": "d"}]),
    ('{"a":1}{"b":2}', [{"a": 1}, {"b": 2}]),
    ('{"a":1,\n "b": 2,\n}\n', [{"a": 1, "b": 2}]),
    ('{"a":1}\n---\nb: 2\n', [{"a": 1}, {"b": 2}]),
    ('{"a":"\\ud800"}', [{"a": "�"}]),
]  # fmt: skip
YAML = "error converting YAML to JSON: yaml: "
REFUSED = [
    ("a:\n\tb: 1", YAML + "line 2: found character that cannot start any token"),
    ("a: b\n\tc", YAML + "line 2: found a tab character that violates indentation"),
    ("a: |\n\tx", YAML + "line 2: found a tab character where an indentation space is expected"),
    ("\ta: 1", YAML + "found character that cannot start any token"),
    ("a: 1\n  b: 2", YAML + "line 2: mapping values are not allowed in this context"),
    ("a: - b", YAML + "block sequence entries are not allowed in this context"),
    ("a: b: c", YAML + "mapping values are not allowed in this context"),
    ('a: {"b" 1', YAML + "did not find expected ',' or '}'"),
    ("a:\n  - b\n c", YAML + "line 2: did not find expected key"),
    ("- a\nb: c", YAML + "line 1: did not find expected '-' indicator"),
    ('a: "x" y', YAML + "did not find expected key"),
    ('a: "unclosed', YAML + "line 2: found unexpected end of stream"),
    ("a: 'x\n---\n'", YAML + "line 2: found unexpected end of stream"),
    ('a: "\\q"', YAML + "found unknown escape character"),
    ('a: "\\xZZ"', YAML + "did not find expected hexdecimal number"),
    ('a: "\\ud800"', YAML + "found invalid Unicode character escape code"),
    ("a: @x", YAML + "found character that cannot start any token"),
    ("a: *", YAML + "did not find expected alphabetic or numeric character"),
    ("a: |x", YAML + "did not find expected comment or line break"),
    ("a: |0\n x", YAML + "found an indentation indicator equal to 0"),
    ("a: !x!y z", YAML + "found undefined tag handle"),
    ("a: !<x", YAML + "did not find the expected '>'"),
    ("%FOO\n---\na: 1", YAML + "found unknown directive name"),
    ("%YAML 1.2\n---\na: 1", YAML + "found incompatible YAML document"),
    ("a: &x [*x]", YAML + "anchor 'x' value contains itself"),
    ("c:\n  <<: 5", YAML + "map merge requires map or sequence of maps as the value"),
    ("~: 3", "error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: 3"),
    ("? [a]\n: b", YAML + 'invalid map key: []interface {}{"a"}'),
    ("a: .inf", "error converting YAML to JSON: json: unsupported value: +Inf"),
    ("a: !!int x", YAML + "cannot decode !!str `x` as a !!int"),
    ('a: !!binary "%%"', YAML + "!!binary value contains invalid base64 data"),
    ("a: \x07", YAML + "control characters are not allowed"),
    ("k" * 1025 + ": v", YAML + "mapping values are not allowed in this context"),
    ("a: 1\n---x\n", "invalid Yaml document separator: x"),
    ("a\nb: c\nd", YAML + "line 2: mapping values are not allowed in this context"),
    ("{a: b", "json: offset 2: invalid character 'a' looking for beginning of object key string"),
    ("{'a':1", "json: offset 2: invalid character '\\'' looking for beginning of object key string"),
    ('{"a" 1', "json: offset 6: invalid character '1' after object key"),
    ('{"a":tru', "unexpected EOF"),
    ('{"a":1.', "unexpected EOF"),
    ('{"a":"\\q"', "json: offset 8: invalid character 'q' in string escape code"),
    ('{"a":1}{"b":2}x', "invalid character 'x' looking for beginning of value"),
    ('{"a":1', "unexpected EOF"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "documents"), READ)
def test_texts_are_read_as_kubectl_reads_them(text: str, documents: list[Any]) -> None:
    assert [document.object for document in manifest.parse(text)] == documents


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_errors_are_worded_as_kubectl_words_them(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        manifest.parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(("text", "line"), [("a: 1\n b: 2\n", 2), ("a: %b\n", 1), ("a: 1\n---\nb: *c\n", 3), ('{"a": 1,\n"b" 2}', 2)])
def test_errors_know_their_lines(text: str, line: int) -> None:
    with pytest.raises(ParseError) as caught:
        manifest.parse(text)
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "[" * 20_000, "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{c}: &{c} [{','.join(f'*{p}' for _ in range(9))}]\n" for p, c in zip("abcdefg", "bcdefgh", strict=True))])
def test_bombs_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        manifest.parse(text)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
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
