"""What kubectl never says: the line, the likely meaning, and the repaired text.

One module for every kind of mistake: `syntax` (text that is no YAML, and lost indentation), `objects` (apiVersion, kind), `fields` (names and places
of fields), `shapes` (values of a wrong type), `values` (values that the API refuses). `written` changes one thing in a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import unified_diff
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
MOST_REPAIRS = 20


def of(text: str, error: object) -> list[Hint]:
    """Hints for the manifest `text` that was refused with `error` (its text, or the exception), in the order of the lines."""
    return [replace(hint, changes=_changes(text, hint.fixed_text or text)) for hint in _of(text, error)]


def _changes(text: str, fixed: str) -> str:
    lines = list(unified_diff(text.splitlines(), fixed.splitlines(), lineterm="", n=0))[2:]
    return "".join(f"{line}\n" for line in lines if not line.startswith("@@"))


def _of(text: str, error: object) -> list[Hint]:
    try:
        documents = manifest.parse(text)
    except ParseError as problem:
        return syntax.of(text, problem)
    complaints = _complaints(error)
    found: list[Hint] = []
    written = [item for whole in documents for item in manifest.items(whole) if isinstance(item.object, dict)]
    named = [item for item in written if f'"{_name(item.object)}" is invalid' in str(error)]
    for document in named or written:
        look = Look(Written(text, document), document, complaints)
        known = list(syntax.lost(look)) or [hint for rule in RULES for hint in rule(look)]
        found += known or values.places(look)
    return sorted(dict.fromkeys(found), key=lambda hint: (hint.line or 0, hint.column or 0))


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
