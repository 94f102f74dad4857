"""Values as Go prints them inside an error."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

SMALLEST, LARGEST = 1e-6, 1e21  # floats between are written without an exponent

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


def number(value: float) -> str:
    """A number as encoding/json writes it."""
    if isinstance(value, int) or not value:
        return str(int(value))
    if SMALLEST <= abs(value) < LARGEST:
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return re.sub(r"\.0(?=e|$)|(?<=e-)0", "", repr(value))


def to_json(value: Any, indent: int | None = None) -> str:
    """Compact JSON (or indented by `indent` blanks), dictionaries in their own order.    json.Marshal, MarshalIndent"""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).translate(_HTML)


def plain(value: Any) -> str:
    """A bad value as field.Error prints it: text quoted, numbers and booleans bare, anything else as JSON."""
    return quote(value) if isinstance(value, str) else to_json(value)
