"""What a plain text means in YAML 1.1 as go-yaml v2 has it: a word, a number, a time, or just text.                resolve.go"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any, Literal

from podsim.api.validation.goformat import general

Path = tuple[str | int, ...]
Position = tuple[int, int]  # line and column, from 1
Kind = Literal["null", "bool", "int", "float", "timestamp", "str"]
MAX_DIGITS = 64  # of a number of 64 bits, in base 2
_WORDS: tuple[tuple[str, Kind, Any], ...] = (
    ("y Y yes Yes YES true True TRUE on On ON", "bool", True),
    ("n N no No NO false False FALSE off Off OFF", "bool", False),
    ("~ null Null NULL", "null", None),
    (".nan .NaN .NAN", "float", math.nan),
    (".inf .Inf .INF +.inf +.Inf +.INF", "float", math.inf),
    ("-.inf -.Inf -.INF", "float", -math.inf),
)
WORDS: dict[str, tuple[Kind, Any]] = {word: (kind, value) for words, kind, value in _WORDS for word in words.split()}
WORDS[""] = ("null", None)
NUMERIC = ".+-0123456789"  # what a number or a time begins with
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INT = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))")
_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))"
    r"| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?"
)


def resolve(text: str, *, timestamps: bool = True) -> tuple[Kind, Any]:
    """The kind and the value of a plain text; a time stays a text."""
    if text in WORDS:
        return WORDS[text]
    if text[0] not in NUMERIC:
        return "str", text
    if text[0] == ".":
        return _float(text) or ("str", text)
    if timestamps and _is_time(text):
        return "timestamp", text
    plain = text.replace("_", "")
    return _int(plain) or _float(plain) or ("str", text)


def as_key(value: str | float) -> str:
    """A value as a key of JSON: always a text.                                                         decode.go"""
    if isinstance(value, bool):
        return "true" if value else "false"
    return general(value, single=True) if isinstance(value, float) else str(value)


def _int(text: str) -> tuple[Kind, int] | None:
    match = _INT.fullmatch(text)
    if match is None:
        return None
    sign, *digits = match.groups()
    found, base = next((found, base) for found, base in zip(digits, (16, 2, 8, 10), strict=True) if found)
    number = int(found, base) if len(found.lstrip("0")) <= MAX_DIGITS else 2**65
    if sign == "-":
        return ("int", -number) if number <= 2**63 else None
    return ("int", number) if number < (2**63 if sign else 2**64) else None


def _float(text: str) -> tuple[Kind, float] | None:
    if not _FLOAT.fullmatch(text):
        return None
    number = float(text)
    return ("float", number) if math.isfinite(number) else None


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
