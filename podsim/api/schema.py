"""The types of the API as the server describes them: facts only, from its OpenAPI document (`schema.json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

KUBERNETES = "v1.37.2"  # whose API this is
SCALARS = frozenset({"string", "boolean", "int32", "int64", "quantity", "IntOrString", "Time", "object"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type; `type` is a scalar, a type's name, or the type of the items where `container` is set."""

    name: str
    type: str
    container: str = ""  # "array" or "map"
    required: bool = False
    embedded: str = ""  # the inlined Go struct that holds it
    merge_key: str = ""
    strategy: str = ""
    pointer: bool = False
    always: bool = False  # written even when empty
    enum: tuple[str, ...] = ()  # the values that are allowed
    go: str = ""  # the Go type, where it is not the one that `type` suggests


@cache
def types() -> Mapping[str, Mapping[str, Field]]:
    """Type name -> field name -> field, in the order of the Go declarations."""
    text = (files("podsim.api") / "schema.json").read_text(encoding="utf-8")
    return {name: {f: _field(f, facts) for f, facts in fields.items()} for name, fields in json.loads(text).items()}


def _field(name: str, facts: Mapping[str, object]) -> Field:
    container, _, inner = str(facts["type"]).partition("<")
    return Field(
        name=name,
        type=inner[:-1] if inner else container,
        container=container if inner else "",
        required=bool(facts.get("required")),
        embedded=str(facts.get("embedded", "")),
        merge_key=str(facts.get("mergeKey", "")),
        strategy=str(facts.get("strategy", "")),
        pointer=bool(facts.get("pointer")),
        always=bool(facts.get("always")),
        enum=tuple(map(str, facts.get("enum") or ())),  # type: ignore[call-overload]
        go=str(facts.get("go", "")),
    )
