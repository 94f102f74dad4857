"""Values as Go prints them inside an error."""

from __future__ import annotations

import json
from typing import Any

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}
_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def quote(text: str) -> str:
    """`text` in double quotes, unprintable characters escaped.                       strconv.Quote"""
    return '"' + "".join(_ESCAPES.get(char) or _printable(char) for char in text) + '"'


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    if char.isascii():
        return f"\\x{ord(char):02x}"
    return f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}"


def to_json(value: Any, indent: int | None = None) -> str:
    """Compact JSON (or indented by `indent` blanks), dictionaries in their own order.    json.Marshal, MarshalIndent"""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).translate(_HTML)


def plain(value: Any) -> str:
    """A bad value as field.Error prints it: text quoted, numbers and booleans bare, anything else as JSON."""
    return quote(value) if isinstance(value, str) else to_json(value)
