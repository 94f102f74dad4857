"""Completion in a manifest: which fields or values may stand where the cursor is, from the schema, with the sentences of kubectl explain.

The text around the cursor is rarely YAML while it is being written, so its structure is read from indentation and dashes alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from podsim.api import schema
from podsim.api.kinds import KINDS
from podsim.api.schema import SCALARS, Field
from podsim.kubectl.explaining import sentence, type_of
from podsim.playground import edits

Json = dict[str, Any]
Path = tuple[str | int, ...]
STEP = "  "
ROOT = "Pod"  # whose outermost fields are offered before a kind is written
NOT_WRITTEN = {"status", "selfLink", "managedFields", "uid", "resourceVersion", "generation", "creationTimestamp"}  # by people
RESOURCES = ("cpu", "memory", "ephemeral-storage")
MAP_KEYS = {"limits": RESOURCES, "requests": RESOURCES, "nodeSelector": ("kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch")}
BOOLEANS = ("true", "false")
_LEAD = re.compile(r"(?:\s*-(?=\s|$))*\s*")
_KEY = re.compile(r"""(?P<key>"[^"]*"|'[^']*'|[^\s:,\[\]{}#"'][^:#]*?)\s*:(?:\s+(?P<value>.*)|$)""")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*(?:#.*)?$")
_WORD = re.compile(r"[\w./-]*$")
_REST = re.compile(r"[\w./-]*")
_FLOW = re.compile(r"""[\[\]{},]|"[^"]*"?|'[^']*'?|[^\[\]{},"']+""")


@dataclass(slots=True)
class Outline:
    """The keys and list items above a place, outermost first: (column, step). `keys`: every path that a key was written at."""

    stack: list[tuple[int, str | int]] = field(default_factory=list)
    keys: list[Path] = field(default_factory=list)
    kind: str = ""
    text_above: int | None = None  # the column of the key whose value is a block of text

    @property
    def path(self) -> Path:
        """The steps to the innermost of them."""
        return tuple(step for _, step in self.stack)

    def read(self, line: str) -> None:
        """Takes in a whole line."""
        lead = _LEAD.match(line)
        start = lead.end() if lead else 0
        if start == len(line) or line[start] == "#" or self.is_text(len(line) - len(line.lstrip())):
            return
        self.text_above = None
        self.enter(line[:start])
        if match := _KEY.match(line, start):
            self.key(start, match["key"].strip("\"'"), match["value"] or "")

    def is_text(self, column: int) -> bool:
        """Whether a line that begins there belongs to a block of text."""
        return self.text_above is not None and column > self.text_above

    def enter(self, lead: str) -> None:
        """Goes to what begins behind `lead`: blanks, and dashes that begin items."""
        for column in (n for n, letter in enumerate(lead) if letter == "-"):
            index = -1
            while self.stack and (self.stack[-1][0] > column or (self.stack[-1][0] == column and isinstance(self.stack[-1][1], int))):
                last, step = self.stack.pop()
                index = step if last == column and isinstance(step, int) else index
            self.stack.append((column, index + 1))
        if lead.rstrip().endswith("-"):
            return
        while self.stack and self.stack[-1][0] >= len(lead):
            self.stack.pop()

    def key(self, column: int, name: str, value: str) -> None:
        """A key, which what is further right belongs to."""
        self.stack.append((column, name))
        self.keys.append(self.path)
        if self.path == ("kind",):
            self.kind = value.partition("#")[0].strip("\"' ")
        if _BLOCK.match(value):
            self.text_above = column


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is being written: a key of the object at `path`, or (`value`) the value at `path`; `flow`: inside brackets."""

    path: Path
    column: int
    value: bool = False
    flow: bool = False
    siblings: frozenset[str] = frozenset()


def suggest(manifest: str, line: int, column: int) -> Json:
    """{"from", "to", "path", "options"} at a place (both from 1): [{"label", "kind", "type", "required", "doc", "insert"}]."""
    lines = manifest.split("\n")
    at = min(max(line, 1), len(lines)) - 1
    text = lines[at]
    before, after = text[: column - 1], text[column - 1 :]
    start = _WORD.search(before).start()  # type: ignore[union-attr]  # every text has that, if empty
    rest = _REST.match(after).group()  # type: ignore[union-attr]
    cursor, kind = _cursor(lines, at, before[:start])
    keyed = after[len(rest) :].lstrip().startswith(":")
    return {
        "from": edits.place(at + 1, start + 1),
        "to": edits.place(at + 1, len(before) + len(rest) + 1),
        "path": list(cursor.path) if cursor else [],
        "options": list(_options(cursor, kind, keyed=keyed)) if cursor else [],
    }


def _cursor(lines: Sequence[str], at: int, before: str) -> tuple[Cursor | None, str]:
    """What is being written behind `before` on line `at`, and the kind of the object; None in comments and blocks of text."""
    first = next((n + 1 for n in range(at - 1, -1, -1) if lines[n].startswith("---")), 0)
    outline, found, path = Outline(), None, None
    for number in range(first, len(lines)):
        if number > at and lines[number].startswith("---"):
            break
        if number != at:
            outline.read(lines[number])
            continue
        path = None if outline.is_text(len(lines[at]) - len(lines[at].lstrip())) or re.search(r"(?:^|\s)#", before) else ()
        if path is not None:
            found = _at(outline, before)
        elif outline.text_above is None:
            continue
    if found is None:
        return None, outline.kind
    below = {key[-1] for key in outline.keys if key[:-1] == found.path}
    return Cursor(found.path, found.column, found.value, found.flow, found.siblings | {str(one) for one in below if not found.flow}), outline.kind


def _at(outline: Outline, before: str) -> Cursor | None:
    """The cursor behind `before`, which the outline takes in."""
    start = _LEAD.match(before).end()  # type: ignore[union-attr]
    outline.text_above = None
    outline.enter(before[:start])
    match = _KEY.match(before, start)
    if not match:
        rest = before[start:]
        if rest[:1] in ("{", "["):
            return _in_flow(outline.path, rest, start)
        return Cursor(outline.path, start) if not rest else None
    outline.key(start, match["key"].strip("\"'"), match["value"] or "")
    value = match["value"]
    if value is None or (not value and not before.endswith((" ", "\t"))):
        return None
    return _in_flow(outline.path, value, start) if value[:1] in ("{", "[") else Cursor(outline.path, start, value=True) if not value else None


@dataclass(slots=True)
class _Open:
    """A bracket that is still open, and the entry of it that is being written."""

    path: Path
    bracket: str
    keys: list[str] = field(default_factory=list)
    key: str = ""
    index: int = 0
    filled: bool = False

    @property
    def place(self) -> Path:
        """Where its present value stands."""
        return (*self.path, self.key if self.bracket == "{" else self.index)

    def read(self, text: str) -> None:
        """A key with or without its value, a value, or a comma."""
        name, colon, value = text.partition(":")
        if text == ",":
            self.key, self.index, self.filled = "", self.index + 1, False
        elif self.bracket == "{" and not self.key and colon:
            self.key, self.filled = name.strip("\"' "), bool(value.strip())
            self.keys.append(self.key)
        else:
            self.filled = self.filled or text.strip() not in ("", ":")


def _in_flow(path: Path, text: str, column: int) -> Cursor | None:
    """The cursor at the end of a flow collection that is still open."""
    stack: list[_Open] = []
    for part in _FLOW.findall(text):
        if part in "{[":
            stack.append(_Open(stack[-1].place if stack else path, part))
        elif part in "}]":
            stack.pop()
            if not stack:
                return None
            stack[-1].filled = True
        elif stack:
            stack[-1].read(part)
    top = stack[-1]
    if top.filled:
        return None
    if top.bracket == "{" and not top.key:
        return Cursor(top.path, column, flow=True, siblings=frozenset(top.keys))
    return Cursor(top.place, column, value=True, flow=True) if text[-1] in " \t[," else None


def _options(cursor: Cursor, kind: str, *, keyed: bool) -> Iterator[Json]:
    if cursor.path in (("kind",), ("apiVersion",)):
        yield from _outermost(str(cursor.path[0]), kind) if cursor.value else ()
        return
    found = _field(kind, cursor.path)
    if found is None:
        return
    if found.container == "map":
        end = "" if keyed else ": "
        yield from ({**_option(key, "field", type_of(replace(found, container=""))), "insert": key + end} for key in MAP_KEYS.get(found.name, ()) if key not in cursor.siblings)
        return
    item = found.container == "array" and not (cursor.path and isinstance(cursor.path[-1], int))
    if cursor.value or found.type in SCALARS:
        yield from (_option(one, "value", type_of(found)) for one in found.enum or (BOOLEANS if found.type == "boolean" else ()) if one)
        return
    indent = cursor.column + (len(STEP) if item else 0)
    for one in _ordered(schema.types().get(found.type, {})):
        if one.name in cursor.siblings or (one.name in NOT_WRITTEN and len(cursor.path) < 2):
            continue
        end = "" if keyed else _end(one, indent, flow=cursor.flow)
        dash = "- " if item and not cursor.flow else ""
        yield {**_option(one.name, "field", type_of(one), sentence(found.type, one.name)), "required": one.required, "insert": f"{dash}{one.name}{end}"}


def _field(kind: str, path: Path) -> Field | None:
    """The field at `path` of a kind; for an item that of the list. None for what the schema does not have."""
    found = Field("", kind if kind in schema.types() else ROOT)
    for step in path:
        if isinstance(step, int):
            if found.container != "array":
                return None
        elif found.container == "map" or (following := schema.types().get(found.type, {}).get(step)) is None:
            return None
        else:
            found = following
    if not kind and path and path[0] != "metadata":
        return None
    return found


def _ordered(fields: Any) -> list[Field]:
    """What must be there first, then in the order of the API."""
    return sorted(fields.values(), key=lambda one: (one.name not in ("apiVersion", "kind", "metadata", "name"), not one.required))


def _end(one: Field, column: int, *, flow: bool) -> str:
    """What follows a name: a colon, and the line and the dash that its value begins with."""
    if flow or (one.type in SCALARS and not one.container):
        return ": "
    return ":\n" + " " * column + ("- " if one.container == "array" else STEP)


def _outermost(name: str, kind: str) -> Iterator[Json]:
    known = [one for one in KINDS.values() if one.kind in schema.types()]
    if name == "kind":
        yield from (_option(one.kind, "value", one.api_version, sentence(one.kind, "")) for one in known)
    else:
        versions = [KINDS[kind].api_version] if kind in KINDS else dict.fromkeys(one.api_version for one in known)
        yield from (_option(one, "value", "string") for one in versions)


def _option(label: str, kind: str, type_: str, doc: str = "") -> Json:
    return {"label": label, "kind": kind, "type": type_, "required": False, "doc": doc, "insert": label}
