"""What is wrong with a cron schedule, in the words of the parser that Kubernetes uses.

github.com/robfig/cron/v3 parser.go
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .goformat import quote

DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
ANY = ("*", "?")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest number of a field, and the names some of them have."""

    least: int
    most: int
    names: Mapping[str, int] = field(default_factory=dict)


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS = (
    Bounds(0, 59),
    Bounds(0, 23),
    Bounds(1, 31),
    Bounds(1, 12, {name: number for number, name in enumerate(MONTHS, 1)}),
    Bounds(0, 6, {name: number for number, name in enumerate(DAYS)}),
)


def problem(text: str) -> str | None:
    """The parser's first complaint about `text`, None when it is a schedule."""
    return next(_problems(text), None)


def _problems(text: str) -> Iterator[str]:
    if text.startswith(("TZ=", "CRON_TZ=")):
        text = text.partition(" ")[2].strip()
    if not text:
        yield "empty spec string"
    if text.startswith("@"):
        if text not in DESCRIPTORS and not text.startswith("@every "):
            yield f"unrecognized descriptor: {text}"
        return
    fields = text.split()
    if len(fields) != len(FIELDS):
        yield f"expected exactly {len(FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]"
    for ranges, bounds in zip(fields, FIELDS, strict=False):
        for expression in filter(None, ranges.split(",")):
            yield from _range(expression, bounds)


def _range(expression: str, bounds: Bounds) -> Iterator[str]:
    span, *steps = expression.split("/")
    low, *high = span.split("-")
    start: int | str = bounds.least if low in ANY else _number(low, bounds.names)
    end: int | str = bounds.most if low in ANY else _number(high[0], bounds.names) if high else start
    step = _number(steps[0], {}) if steps else 1
    if isinstance(start, str):
        yield start
    elif len(high) > 1 and low not in ANY:
        yield f"too many hyphens: {expression}"
    elif isinstance(end, str):
        yield end
    elif len(steps) > 1:
        yield f"too many slashes: {expression}"
    elif isinstance(step, str):
        yield step
    else:
        yield from _order(expression, start, bounds.most if steps and not high else end, step, bounds)


def _order(expression: str, start: int, end: int, step: int, bounds: Bounds) -> Iterator[str]:
    if start < bounds.least:
        yield f"beginning of range ({start}) below minimum ({bounds.least}): {expression}"
    if end > bounds.most:
        yield f"end of range ({end}) above maximum ({bounds.most}): {expression}"
    if start > end:
        yield f"beginning of range ({start}) beyond end of range ({end}): {expression}"
    if step == 0:
        yield f"step of range should be a positive number: {expression}"


def _number(text: str, names: Mapping[str, int]) -> int | str:
    """The number, or the complaint about it."""
    if text.lower() in names:
        return names[text.lower()]
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        return f"failed to parse int from {text}: strconv.Atoi: parsing {quote(text)}: invalid syntax"
    number = int(text)
    if not -(2**63) <= number < 2**63:
        return f"failed to parse int from {text}: strconv.Atoi: parsing {quote(text)}: value out of range"
    return number if number >= 0 else f"negative number ({number}) not allowed: {text}"
