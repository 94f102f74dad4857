"""The indentation of a manifest, rebuilt from the schema."""

from __future__ import annotations

import re
from dataclasses import dataclass

from podsim.api import manifest, schema
from podsim.api.manifest import ParseError
from podsim.api.schema import Field

LINE = re.compile(r"^(\s*)((?:- )*)(?:([\w./-]+):(?:\s+(.*))?|(.*))$")


@dataclass(slots=True)
class _Open:
    """A map or list that lines may still go into."""

    type: str
    container: str
    indent: int
    seen: set[str]


def reindented(text: str) -> str | None:
    """The manifest with its indentation rebuilt from the schema, or None where its lines do not tell enough.

    Each `key:` goes into the innermost open object whose type has that field and does not have it yet.
    """
    kind = re.search(r"^\s*kind:\s*(\w+)\s*$", text, re.MULTILINE)
    if not kind or kind[1] not in schema.types():
        return None
    stack = [_Open(kind[1], "", 0, set())]
    made: list[str] = []
    for raw in text.replace("\t", "  ").splitlines():
        if not raw.strip() or raw.strip() in ("---", "...") or raw.strip().startswith("#"):
            continue
        match = LINE.match(raw)
        if match is None:
            return None
        _, dashes, key, value, other = match.groups()
        line = _place_line(stack, bool(dashes), key, value, other)
        if line is None:
            return None
        made.append(line)
    repaired = "\n".join(made) + "\n"
    try:
        return repaired if isinstance(manifest.parse(repaired)[0].object, dict) else None
    except (ParseError, IndexError):
        return None


def _place_line(stack: list[_Open], dash: bool, key: str | None, value: str | None, other: str | None) -> str | None:
    """One line in its place; opens what it opens."""
    while stack:
        top = stack[-1]
        if dash and top.container == "array":
            return _item(stack, key, value, other)
        if not dash and top.container != "array" and key and _takes(stack, key, value):
            top.seen.add(key)
            _open(stack, top, key, value)
            return f"{' ' * top.indent}{key}:{f' {value}' if value else ''}"
        stack.pop()
    return None


def _takes(stack: list[_Open], key: str, value: str | None) -> bool:
    """Whether the innermost map takes the key: a map of texts leaves to those around it what they are still waiting for."""
    top = stack[-1]
    if key in top.seen:
        return False
    if top.container != "map":
        return key in schema.types().get(top.type, {})
    return bool(value) and not any(key in schema.types().get(around.type, {}) and key not in around.seen for around in stack[:-1] if around.container == "")


def _item(stack: list[_Open], key: str | None, value: str | None, other: str | None) -> str | None:
    top = stack[-1]
    if key is None or top.type not in schema.types():
        return f"{' ' * top.indent}- {key + ': ' + (value or '') if key else other}"
    if key not in schema.types()[top.type]:
        stack.pop()
        return _place_line(stack, True, key, value, other)
    item = _Open(top.type, "", top.indent + 2, {key})
    stack.append(item)
    _open(stack, item, key, value)
    return f"{' ' * top.indent}- {key}:{f' {value}' if value else ''}"


def _open(stack: list[_Open], parent: _Open, key: str, value: str | None) -> None:
    field: Field | None = schema.types().get(parent.type, {}).get(key) if parent.container != "map" else None
    if value or field is None:
        return
    indent = parent.indent if field.container == "array" else parent.indent + 2
    if field.container or field.type in schema.types():
        stack.append(_Open(field.type, field.container, indent, set()))
