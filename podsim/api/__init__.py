"""The API server's part: text to objects, defaults, admission, validation. Nothing here knows of time or nodes."""

from __future__ import annotations

from typing import Any

from podsim.api import decode, defaults, manifest, strategy, validation
from podsim.api.errors import FieldError, Rejected

__all__ = ["FieldError", "Rejected", "create"]


def create(text_or_object: str | dict[str, Any]) -> dict[str, Any]:
    """The stored form of one object: decoded, defaulted, with QoS class and status, validated; no admission.

    Raises Rejected (`errors` in the server's order): BadRequest for text or types that cannot be read, Invalid else.
    """
    obj = decode.decode(_read(text_or_object))
    obj = {**obj, "metadata": obj.get("metadata") or {}}
    made = strategy.prepare(defaults.apply(obj))
    errors = validation.validate(made)
    if errors:
        text = str(errors[0]) if len(errors) == 1 else "[" + ", ".join(map(str, errors)) + "]"
        raise Rejected("Invalid", f'{made["kind"]} "{made["metadata"].get("name", "")}" is invalid: {text}', tuple(errors))
    return made


def _read(text_or_object: str | dict[str, Any]) -> dict[str, Any]:
    if isinstance(text_or_object, dict):
        return text_or_object
    try:
        documents = manifest.parse(text_or_object)
    except manifest.ParseError as error:
        raise Rejected("BadRequest", str(error)) from None
    if len(documents) != 1 or not isinstance(documents[0].object, dict):
        raise Rejected("BadRequest", f"one object is wanted, the text holds {len(documents)}")
    return documents[0].object
