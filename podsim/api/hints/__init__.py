"""What kubectl never says: the line, the likely meaning, and the repaired text.

One module for every kind of mistake: `syntax` (text that is no YAML, and lost indentation), `objects` (apiVersion, kind), `fields` (names and places
of fields), `shapes` (values of a wrong type), `values` (values that the API refuses). `written` changes one thing in a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import unified_diff
from itertools import chain, islice
from typing import Any

from podsim.api import manifest
from podsim.api.errors import FieldError, Rejected
from podsim.api.hints import fields, objects, shapes, syntax, values
from podsim.api.hints.model import Complaint, Hint, Look
from podsim.api.hints.syntax import LOST
from podsim.api.hints.written import Written
from podsim.api.manifest import ParseError

__all__ = ["LOST", "Hint", "of", "repaired"]
RULES: tuple[Callable[[Look], Iterator[Hint]], ...] = (objects.of, fields.of, shapes.of, values.of)
MOST_HINTS = MOST_REPAIRS = 20
LONGEST_TEXT = 50_000  # characters


def of(text: str, error: object) -> list[Hint]:
    """Hints for the manifest `text` that was refused with `error` (its text, or the exception), in the order of the lines.

    At most `MOST_HINTS`; none for a text that nobody has written by hand.
    """
    if len(text) > LONGEST_TEXT:
        return []
    found = sorted(dict.fromkeys(islice(_of(text, error), MOST_HINTS)), key=lambda hint: (hint.line or 0, hint.column or 0))
    return [replace(hint, changes=_changes(text, hint.fixed_text or text)) for hint in found]


def _of(text: str, error: object) -> Iterator[Hint]:
    try:
        documents = manifest.parse(text)
    except ParseError as problem:
        yield from syntax.of(text, problem)
        return
    complaints = _complaints(error)
    written = [item for whole in documents for item in manifest.items(whole) if isinstance(item.object, dict)]
    named = [item for item in written if f'"{_name(item.object)}" is invalid' in str(error)]
    for document in named or written:
        look = Look(Written(text, document), document, complaints)
        known = chain(syntax.lost(look) or chain.from_iterable(rule(look) for rule in RULES))
        first = next(known, None)
        yield from values.places(look) if first is None else chain((first,), known)


def _changes(text: str, fixed: str) -> str:
    """The lines that differ."""
    old, new = text.splitlines(), fixed.splitlines()
    while old and new and old[-1] == new[-1]:
        old.pop(), new.pop()
    start = next((i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new)))
    lines = list(unified_diff(old[start:], new[start:], lineterm="", n=0))[2:]
    return "".join(f"{line}\n" for line in lines if not line.startswith("@@"))


def repaired(text: str, refusal: Callable[[str], object | None]) -> str:
    """`text` after every repair that hints know of; `refusal` gives what is wrong with a text, None if nothing is."""
    for _ in range(MOST_REPAIRS):
        error = refusal(text)
        fixed = next((hint.fixed_text for hint in of(text, error) if hint.fixed_text), None) if error is not None else None
        if fixed is None:
            break
        text = fixed
    return text


def _name(obj: dict[str, Any]) -> object:
    meta = obj.get("metadata")
    return meta.get("name") if isinstance(meta, dict) else None


def _complaints(error: object) -> tuple[Complaint, ...]:
    if not isinstance(error, Rejected):
        return (Complaint("", str(error)),)
    return tuple(Complaint(one.path, one.text) if isinstance(one, FieldError) else Complaint("", str(one)) for one in error.errors)
