"""The quick reader and goyaml: where the first has an answer, it is the second's."""

from __future__ import annotations

import textwrap
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podsim.api import manifest, plainyaml
from tests import mutations

INDENTS = st.sampled_from(("", "", "", " ", "  ", "  ", "    "))
PIECES = st.sampled_from((
    "a:", "b: ", "- ", "-", "c: 1", "  ", "- x: y", "- - z", "k: |", "k: |-", "k: |+", "- |", "k:  |", "text", "text more", "# c", " # c", "", "'q'", r'"d\n"',
    "[a, b]", "{a: b}", '{a: [1, 2], "b":c}', "[]", "{}", "[a,b,]", "[a b, 'c', -d]", "v: [a]", "v: {x: 1} # c", 'w: "q" x', "w: 'a''b'", "u: -1", "u: - 1",
    "u: a: b", "u: a:b", "u: a #b", "u: a#b", "? x", "*a", "&a x", "k: *a", "- *a", "k: &a 1", "- &a 'q' # c", "k: &b-1 t u", "k: *b-1", "k: *a b", "k: &a", "k: &a *a", "*a : b", "k: &a [b]", "k: &a |", "!t x", "v: &a", "-1", "...", "---", "--- x", "%", "z: >", "@", "a :b", "a : b", "{a : b}",
    "{a:b}", "{a: b, a}", "[a: b]", '"k": v', "k: ~", "k: é\xa0x", "[-a]", "[- a]", "{a: }", "{a:}", "[a, [b, {c: d}]]", "[a]b", "[a]#x", "x: [a #b]", "k: ::",
    "k: a:", "k: ?a", "[a?b]", "[a:b]", "[a::b]", "[a#b]", "k: \u2028", "\t", "k: \ufeff", "<<: {a: b}", "k: 'a", "k: [a,", "- ? a", "-  -  a",
))  # fmt: skip
LINES = st.builds(lambda indent, pieces: indent + "".join(pieces), INDENTS, st.lists(PIECES, min_size=1, max_size=3))
DOCUMENTS = st.lists(LINES, min_size=1, max_size=8).map(lambda lines: "\n".join(lines) + "\n")
TEXTS = st.text("ab1 -:#'\"[]{},?*&!|>%@\\né", max_size=8) | st.sampled_from(("1", "y", "a b", "x # y", "a: b", "-", "- a", "'", '"', "", "~", "http://x/y", "*", "|", "a,b", "[a"))


@st.composite
def trees(draw: Any) -> str:
    """A block collection of keys, items, quoted and plain texts: most are read by both."""
    value = st.recursive(
        TEXTS.map(lambda text: f"{text}\n") | TEXTS.map(lambda text: "'" + text.replace("'", "''") + "'\n") | st.sampled_from(("\n", "[a, {b: c}] # d\n", "|\n  x\n\n   y\n", "|-\n    z\n")),
        lambda inner: st.builds(_block, st.booleans(), st.lists(st.tuples(st.sampled_from(("a", "b.c/d", "e-f")), inner), min_size=1, max_size=4), st.sampled_from((0, 1, 2, 4))),
        max_leaves=12,
    )
    return str(draw(value)).removeprefix("\n")


def _block(listed: bool, entries: list[tuple[str, str]], indent: int) -> str:
    """Entries below one another; behind a dash the first stands on its line."""
    lines = []
    for key, value in entries:
        inner = textwrap.indent(value, " " * (2 if listed else indent))
        lines.append("- " + inner.lstrip() if listed and inner.strip() else f"{key}: {inner.lstrip(' ')}")
    return "\n" + "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def is_as_goyaml_has_it(text: str) -> bool:
    """Compares values, places and duplicates; False if the quick reader leaves the text to goyaml."""
    quick = plainyaml.read(text, 7)
    if quick is None:
        return False
    slow = manifest.unusual(text, 7)  # raises nothing here: a text that is refused is never read quickly
    assert repr(quick.value) == repr(slow.object)
    assert (quick.positions, quick.duplicates) == (slow.positions, slow.duplicates)
    assert quick.positions[()] == (slow.line, slow.positions[()][1])
    return True


@given(DOCUMENTS | trees())
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_read_quickly_is_read_alike(text: str) -> None:
    is_as_goyaml_has_it(text)


def test_manifests_are_read_quickly_and_alike() -> None:
    documents = [document + "\n" for table in mutations.manifests() for text in table for document in text.split("\n---\n")]
    assert sum(map(is_as_goyaml_has_it, documents)) > 0.9 * len(documents)


def test_damaged_manifests_are_read_alike() -> None:
    assert sum(is_as_goyaml_has_it(mutations.damaged(seed)) for seed in range(400)) > 100
