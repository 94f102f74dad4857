"""The API server's part: text to objects, defaults, admission, validation. Nothing here knows of time or nodes."""

from __future__ import annotations

from typing import Any

from podsim.api import decode, defaults, manifest, strategy, validation
from podsim.api.errors import FieldError, Rejected

__all__ = ["FieldError", "Rejected", "create"]
PLACEHOLDER = "abcde"  # in place of the five random characters of a generated name


def create(text_or_object: str | dict[str, Any]) -> dict[str, Any]:
    """The stored form of one object: decoded, defaulted, with QoS class and status, validated; no admission.

    Raises Rejected (`errors` in the server's order): BadRequest for text or types that cannot be read, Invalid else.
    """
    read, written_twice = _read(text_or_object)
    obj = _decoded(read, text_or_object, written_twice)
    meta = obj.get("metadata") or {}
    if not meta.get("name") and meta.get("generateName"):
        meta = {**meta, "name": meta["generateName"] + PLACEHOLDER}
    made = strategy.prepare(defaults.apply({**obj, "metadata": meta}))
    errors = validation.validate(made)
    if errors:
        text = str(errors[0]) if len(errors) == 1 else "[" + ", ".join(map(str, errors)) + "]"
        raise Rejected("Invalid", f'{made["kind"]} "{made["metadata"].get("name", "")}" is invalid: {text}', tuple(errors))
    return made


def _decoded(obj: dict[str, Any], given: str | dict[str, Any], written_twice: tuple[str, ...]) -> dict[str, Any]:
    """The object in the server's form; one error, in the words of the server's decoder."""
    decode.refuse_unknown_kind(obj, given if isinstance(given, str) else None)
    try:
        return decode.decode(obj, written_twice=written_twice)
    except Rejected as refusal:
        said = refusal.message.partition(" cannot be handled as a ")[2].partition(": ")[2]
        raise Rejected("BadRequest", refusal.message, (said or refusal.message,)) from None


def _read(text_or_object: str | dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The object and what a strict decoder says of keys that the text has twice."""
    if isinstance(text_or_object, dict):
        return text_or_object, ()
    try:
        documents = manifest.parse(text_or_object)
    except manifest.ParseError as error:
        raise Rejected("BadRequest", str(error)) from None
    if len(documents) > 1 or not all(isinstance(d.object, dict) for d in documents):
        raise Rejected("BadRequest", f"one object is wanted, the text holds {len(documents)}")
    if not documents:
        return {}, ()
    twice = documents[0].duplicates
    return dict(documents[0].object), ("yaml: unmarshal errors:\n  " + "\n  ".join(twice),) if twice else ()
