"""Frozen dataclasses from YAML: one reader and one JSON Schema for every declaration, with errors that say where."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, cast

NAMES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}
Text = typing.NewType("Text", dict)  # type: ignore[type-arg]  # language -> text; a plain string is English
Range = typing.NewType("Range", tuple)  # type: ignore[type-arg]  # (least, most), None for open; a plain number is both


class DeclarationError(ValueError):
    """A declaration that cannot be read: path, value and what is allowed there."""


def read(model: type, value: Any, path: str = "") -> Any:
    """`model` from its YAML form. Field `as_` is spelled `as`, `not_modelled` is spelled `notModelled`."""
    if not isinstance(value, Mapping):
        raise wrong(path, value, "a map")
    known = _keys(model)
    for key in value:
        if key not in known:
            raise wrong(_join(path, key), value[key], f"one of the keys {', '.join(known)}")
    given = {}
    for key, (field, kind) in known.items():
        if key in value:
            given[field.name] = _read(kind, value[key], _join(path, key))
        elif field.default is dataclasses.MISSING:
            raise DeclarationError(f"{_join(path, key)} is missing")
    return model(**given)


def wrong(path: str, value: Any, allowed: str) -> DeclarationError:
    """The error that names path, value and what is allowed."""
    return DeclarationError(f"{path or 'declaration'}: {value!r} is not allowed; give {allowed}")


def schema(kind: Any) -> dict[str, Any]:
    """The JSON Schema of a model or of a field's type."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _model_schema(cast("type", kind))
    if kind is Text:
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
    if kind is Range:
        number = {"type": "number"}
        pair = {"type": "array", "items": {"type": ["number", "null"]}, "minItems": 2, "maxItems": 2}
        return {"anyOf": [number, pair]}
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [{"type": "null"} if k is type(None) else schema(k) for k in arguments]}
    if origin is Literal:
        return {"enum": list(arguments)}
    containers: dict[Any, dict[str, Any]] = {
        tuple: {"type": "array", "items": schema(arguments[0])} if arguments else {},
        Mapping: {"type": "object"},
    }
    return containers[origin] if origin else {} if kind is Any else {"type": NAMES[kind]}


def _model_schema(model: type) -> dict[str, Any]:
    known = _keys(model)
    required = [key for key, (field, _) in known.items() if field.default is dataclasses.MISSING]
    properties = {key: schema(t) for key, (_, t) in known.items()}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _keys(model: type) -> dict[str, tuple[dataclasses.Field[Any], Any]]:
    hints = typing.get_type_hints(model)
    return {_spelled(f.name): (f, hints[f.name]) for f in dataclasses.fields(model)}


def _spelled(name: str) -> str:
    first, *rest = name.removesuffix("_").split("_")
    return first + "".join(part.capitalize() for part in rest)


def _join(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _read(kind: Any, value: Any, path: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return None if value is None and type(None) in arguments else _read(arguments[0], value, path)
    if dataclasses.is_dataclass(kind):
        return read(cast("type", kind), value, path)
    if kind is Text:
        return _read_text(value, path)
    if kind is Range:
        return _read_range(value, path)
    if origin is tuple:
        if not isinstance(value, list):
            raise wrong(path, value, "a list")
        return tuple(_read(arguments[0], item, f"{path}[{n}]") for n, item in enumerate(value))
    if origin is Literal and value not in arguments:
        raise wrong(path, value, f"one of {', '.join(map(str, arguments))}")
    if origin is Mapping and not isinstance(value, Mapping):
        raise wrong(path, value, "a map")
    return value if origin or kind is Any else _read_scalar(kind, value, path)


def _read_text(value: Any, path: str) -> Any:
    texts = {"en": value} if isinstance(value, str) else value
    if not isinstance(texts, Mapping) or "en" not in texts or not all(isinstance(t, str) for t in texts.values()):
        raise wrong(path, value, "a text, or a map from language to text with at least `en`")
    return dict(texts)


def _read_range(value: Any, path: str) -> Any:
    ends = value if isinstance(value, list) else [value, value]
    if len(ends) != 2 or not all(type(end) in (int, float) or (end is None and ends is value) for end in ends):
        raise wrong(path, value, "a number, or [least, most] with null for open")
    return tuple(ends)


def _read_scalar(kind: type, value: Any, path: str) -> Any:
    if kind is float and type(value) is int:
        value = float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise wrong(path, value, f"a {NAMES[kind]}")
    return value
