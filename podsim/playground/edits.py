"""A text and its repair as edits: what the page's editor applies, so that the cursor and what is undone stay right."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

Json = dict[str, Any]


def between(old: str, new: str) -> list[Json]:
    """[{"from", "to", "text"}] that make `new` of `old`, in order; places as {"line", "column"} from 1."""
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found = []
    for kind, a_from, a_to, b_from, b_to in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind != "equal":
            found.append(_edit(a, a_from, "".join(a[a_from:a_to]), "".join(b[b_from:b_to])))
    return found


def place(line: int, column: int) -> Json:
    """A place in a text, both from 1."""
    return {"line": line, "column": column}


def _edit(lines: list[str], first: int, old: str, new: str) -> Json:
    """One edit without what is the same at both ends."""
    start = _same(old, new)
    same = _same(old[start:][::-1], new[start:][::-1])
    end = len(old) - same
    return {"from": _place(lines, first, old[:start]), "to": _place(lines, first, old[:end]), "text": new[start : len(new) - same]}


def _same(a: str, b: str) -> int:
    """With how many characters both begin."""
    return next((n for n, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), min(len(a), len(b)))


def _place(lines: list[str], first: int, before: str) -> Json:
    """Where the text `before` ends that begins with line `first` (from 0); behind an unfinished last line, at its end."""
    line, column = first + before.count("\n"), len(before) - before.rfind("\n") - 1
    if line == len(lines) and lines and not lines[-1].endswith("\n"):
        return place(line, len(lines[-1]) + 1)
    return place(line + 1, column + 1)
