"""Values as Go prints them inside an error."""

from __future__ import annotations

import json
import math
import re
import struct
from decimal import Decimal
from typing import Any

EXPONENT = 6  # digits before the dot from which `general` writes an exponent
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


def general(value: float, *, single: bool = False) -> str:
    """strconv.FormatFloat(value, 'g', -1, 64), or 32 where `single`."""
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    exact = Decimal(_shortest_single(value) if single else repr(value)).normalize()
    if -4 <= exact.adjusted() < EXPONENT or not value:
        return f"{exact:f}"
    mantissa, power = f"{exact.scaleb(-exact.adjusted()).normalize():f}", exact.adjusted()
    return f"{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _shortest_single(value: float) -> str:
    """The shortest digits that stand for `value` among the floats of 32 bits."""
    single = struct.unpack("f", struct.pack("f", value))[0]
    texts = (f"{value:.{digits}g}" for digits in range(1, 18))
    return next(text for text in texts if struct.unpack("f", struct.pack("f", float(text)))[0] == single)


def to_json(value: Any, indent: int | None = None) -> str:
    """Compact JSON (or indented by `indent` blanks), dictionaries in their own order.    json.Marshal, MarshalIndent"""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).translate(_HTML)


def plain(value: Any) -> str:
    """A bad value as field.Error prints it: text quoted, numbers and booleans bare, anything else as JSON."""
    return quote(value) if isinstance(value, str) else to_json(value)
