"""Tones, geometry and label rules: the one table (`style.json`) that the Python and the TypeScript drawings read."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any

STYLE: dict[str, Any] = json.loads(resources.files(__package__).joinpath("style.json").read_text("utf-8"))
_STATES: list[tuple[re.Pattern[str], str]] = [(re.compile(pattern), tone) for pattern, tone in STYLE["states"]]


@cache
def tone_of(value: str) -> str:
    """The tone of a phase, a STATUS, a condition's status or a container state such as `terminated Error 1`."""
    return next(tone for pattern, tone in _STATES if pattern.search(value))


@cache
def labels_of(value: str) -> tuple[str, str]:
    """(full label, short label) of such a value, each with the glyph of its tone."""
    glyph = STYLE["tones"][tone_of(value)]["glyph"]
    full, short = _words_of(value)
    return (f"{glyph} {full}", f"{glyph} {short}" if short else glyph) if glyph else (full, short)


def _words_of(value: str) -> tuple[str, str]:
    state, _, rest = value.partition(" ")
    if state == "waiting":
        return (f"waiting ({rest})" if rest else "waiting"), "waiting"
    if state == "terminated":
        reason, _, code = rest.rpartition(" ")
        shown = f"exit {code}"
        return (f"terminated ({shown})" if reason in ("Error", "Completed", "") else f"{reason} ({shown})"), shown
    known: str | None = STYLE["short"].get(value)
    return value, known if known is not None else ("" if tone_of(value) in ("fail", "done") else value)
