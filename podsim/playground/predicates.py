"""The small language of the rules: a path and what has to hold of the value there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

EMPTY: tuple[Any, ...] = (None, "", [], {})


@cache
def _compiled(wanted: str) -> Callable[[Any], bool] | None:
    """The test that a text stands for; None if it is the value itself."""
    if wanted == "present":
        return lambda value: value not in EMPTY or value == 0
    if wanted == "absent":
        return lambda value: value in EMPTY and value != 0
    if len(wanted) > 2 and wanted[0] == wanted[-1] == "/":
        pattern = re.compile(wanted[1:-1], re.DOTALL)
        return lambda value: isinstance(value, str) and pattern.search(value) is not None
    if match := re.fullmatch(r"([<>]) (\d+)", wanted):
        limit = int(match[2])
        return (lambda value: _number(value) and value > limit) if match[1] == ">" else (lambda value: _number(value) and value < limit)
    return None


def holds(wanted: Any, value: Any) -> bool:
    """Whether `value` is what a rule wants: that value, one of a list, `/pattern/`, `present`, `absent`, `> 0`, `< 126`."""
    if isinstance(wanted, list):
        return any(holds(one, value) for one in wanted)
    test = _compiled(wanted) if isinstance(wanted, str) else None
    return bool(test(value)) if test else bool(value == wanted and type(value) is type(wanted))


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
