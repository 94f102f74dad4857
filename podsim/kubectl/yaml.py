"""YAML byte for byte as `kubectl -o yaml` prints it.

The rules are those of sigs.k8s.io/yaml, which is go-yaml v2: keys in natural order, lists not indented below their key,
text folded at the first blank after column 80. Written for speed: it runs once per revision in the browser.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from decimal import Decimal
from functools import cmp_to_key, lru_cache
from typing import Any

BEST_WIDTH = 80  # emitterc.go best_width
SIMPLE_KEY = 128  # bytes; longer keys are written `? key`
STEP = "  "

_WORDS = frozenset(
    [
        "y",
        "Y",
        "yes",
        "Yes",
        "YES",
        "true",
        "True",
        "TRUE",
        "on",
        "On",
        "ON",
        "n",
        "N",
        "no",
        "No",
        "NO",
        "false",
        "False",
        "FALSE",
        "off",
        "Off",
        "OFF",
        "~",
        "null",
        "Null",
        "NULL",
        ".nan",
        ".NaN",
        ".NAN",
        ".inf",
        ".Inf",
        ".INF",
        "+.inf",
        "+.Inf",
        "+.INF",
        "-.inf",
        "-.Inf",
        "-.INF",
    ]
)
_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASE60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))"
    r"| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?"
)
_UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_INDICATOR = re.compile(r"""[#,\[\]{}&*!|>'"%@`]|[?:](?:[ \t]|$)|-(?:[ \t]|$)|---|\.\.\.""")
_INNER_INDICATOR = re.compile(r":(?:[ \t]|$)|[ \t]#")
_ESCAPED = re.compile('[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|["\\\\\n\u2028\u2029]')
_NAMED_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"',
    "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def dump(value: Any) -> str:
    """A JSON value as YAML text."""
    return "\n".join(lines(value)) + "\n"


def lines(value: Any) -> list[str]:
    """The same, line by line."""
    out: list[str] = []
    if isinstance(value, dict) and value:
        _mapping(value, "", "", out)
    elif isinstance(value, list) and value:
        _sequence(value, "", "", out)
    else:
        _scalar(value, "", STEP, out)
    return out


def _mapping(value: dict[str, Any], lead: str, indent: str, out: list[str]) -> None:
    """Appends a mapping; its first line begins with `lead`, the others with `indent`."""
    for name, key, simple in _keys(tuple(value)):
        item = value[name]
        if not simple:
            out.append(f"{lead}? {key}")
            lead = f"{indent}: "
            _block(item, lead, indent, out)
        elif isinstance(item, dict) and item:
            out.append(f"{lead}{key}:")
            _mapping(item, indent + STEP, indent + STEP, out)
        elif isinstance(item, list) and item:
            out.append(f"{lead}{key}:")
            _sequence(item, indent, indent, out)
        else:
            _scalar(item, f"{lead}{key}: ", indent + STEP, out)
        lead = indent


def _sequence(value: list[Any], lead: str, indent: str, out: list[str]) -> None:
    for item in value:
        _block(item, f"{lead}- ", indent, out)
        lead = indent


def _block(item: Any, lead: str, indent: str, out: list[str]) -> None:
    """Appends what stands behind a `- ` or `: `."""
    if isinstance(item, dict) and item:
        _mapping(item, lead, indent + STEP, out)
    elif isinstance(item, list) and item:
        _sequence(item, lead, indent + STEP, out)
    else:
        _scalar(item, lead, indent + STEP, out)


def _scalar(value: Any, lead: str, indent: str, out: list[str]) -> None:
    if isinstance(value, str):
        text = _inline(value)
        if text is None:
            _literal(value, lead, indent, out)
        elif len(lead) + len(text) <= BEST_WIDTH or " " not in value:
            out.append(lead + text)
        else:
            _fold(lead, text, indent, out)
    else:
        out.append(lead + _plain_value(value))


def _plain_value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return str(value)


@lru_cache(maxsize=8192)
def _inline(text: str) -> str | None:
    """The text on one line, quoted where it must be; None for a block scalar.     yaml_emitter_select_scalar_style"""
    special = _UNPRINTABLE.search(text) is not None or " \n" in text or "\u2028" in text or "\u2029" in text
    if "\n" in text:
        return _double_quoted(text) if special or text[-1] == " " else None
    if special or _resolves(text):
        return _double_quoted(text)
    if text[0] == " " or text[-1] == " " or _INDICATOR.match(text) or _INNER_INDICATOR.search(text, 1):
        return "'" + text.replace("'", "''") + "'"
    return text


@lru_cache(maxsize=4096)
def _keys(names: tuple[str, ...]) -> tuple[tuple[str, str, bool], ...]:
    """(key, as it is written: never a block scalar, whether it is short enough for `key:`) in go-yaml's order."""
    return tuple((name, _inline(name) or _double_quoted(name), len(name.encode()) <= SIMPLE_KEY) for name in _order(names))


def _double_quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _NAMED_ESCAPES:
        return "\\" + _NAMED_ESCAPES[char]
    code = ord(char)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _literal(text: str, lead: str, indent: str, out: list[str]) -> None:
    """A block scalar `|`.                                                       yaml_emitter_write_literal_scalar"""
    body = text.split("\n")
    chomp = "-" if body[-1] else "+" if text == "\n" or text.endswith("\n\n") else ""
    hint = "2" if text[0] in " \n" else ""
    out.append(f"{lead}|{hint}{chomp}")
    out += [indent + line if line else "" for line in (body if body[-1] else body[:-1])]


def _fold(lead: str, text: str, indent: str, out: list[str]) -> None:
    """Breaks at the first single blank behind column 80.                          yaml_emitter_write_plain_scalar"""
    quote = text[0] if text[0] in "'\"" else ""
    inner = text[1:-1] if quote else text
    line, spaces = lead + quote, False
    for position, char in enumerate(inner):
        if char != " ":
            line += char
            spaces = False
            continue
        inside = not quote or 0 < position < len(inner) - 1
        followed = inner[position + 1 : position + 2] == " "
        if not spaces and len(line) > BEST_WIDTH and inside and (quote == '"' or not followed):
            out.append(line)
            line = indent + ("\\" if followed else "")
        else:
            line += char
        spaces = True
    out.append(line + quote)


def _resolves(text: str) -> bool:
    """Whether unquoted text would be read as something else than text.                        resolve.go resolve"""
    if not text or text in _WORDS:
        return True
    first = text[0]
    if first == ".":
        return _FLOAT.fullmatch(text) is not None and math.isfinite(float(text))
    if first not in "+-0123456789":
        return False
    if _is_time(text) or _BASE60.fullmatch(text):
        return True
    plain = text.replace("_", "")
    if (match := _INTEGER.fullmatch(plain)) and _is_int64(plain, match[1]):
        return True
    return _FLOAT.fullmatch(plain) is not None and math.isfinite(float(plain))


def _is_int64(plain: str, digits: str) -> bool:
    octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
    number = int(digits, 8) if octal else int(digits, 0)
    return -number >= -(1 << 63) if plain[0] == "-" else number < (1 << 63 if plain[0] == "+" else 1 << 64)


def _is_time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    if not match:
        return False
    year, month, day, h1, m1, s1, zone_hours, zone_minutes, h2, m2, s2 = (int(part or 0) for part in match.groups())
    try:
        datetime(year or 4, month, day, h1 or h2, m1 or m2, s1 or s2)  # noqa: DTZ001 - only whether there is such a time
    except ValueError:
        return False
    return zone_hours <= 24 and zone_minutes < 60


def _float(value: float) -> str:
    """strconv.FormatFloat(value, 'g', -1, 64)."""
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    number = Decimal(repr(value)).normalize()
    if -4 <= number.adjusted() < 6 or not value:
        return f"{number:f}"
    mantissa, power = f"{number.scaleb(-number.adjusted()).normalize():f}", number.adjusted()
    return f"{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Keys in go-yaml's natural order.                                                       sorter.go keyList.Less"""
    if all(name.isascii() and name.isalpha() for name in names):
        return tuple(sorted(names))
    return tuple(sorted(names, key=cmp_to_key(_compare)))


def _compare(a: str, b: str) -> int:
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x == y:
            continue
        if x.isalpha() or y.isalpha():
            return -1 if (x < y if x.isalpha() and y.isalpha() else y.isalpha()) else 1
        lead = _run_of_digits_before(a, i) if "0" in (x, y) else ""
        (an, ai), (bn, bi) = _number(lead, a, i), _number(lead, b, i)
        return -1 if (an, ai, x) < (bn, bi, y) else 1
    return len(a) - len(b)


def _run_of_digits_before(text: str, end: int) -> str:
    """`1` if a digit other than 0 stands in the run of digits before `end`."""
    start = end
    while start and text[start - 1].isdigit():
        start -= 1
    return "1" if text[start:end].strip("0") else ""


def _number(lead: str, text: str, start: int) -> tuple[int, int]:
    end = start
    while end < len(text) and text[end].isdecimal():
        end += 1
    return int(lead + text[start:end] or "0"), end
