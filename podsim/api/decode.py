"""How the server reads JSON into its types: type errors first, then every unknown field.

json: cannot unmarshal … comes from encoding/json, strict decoding from apimachinery's serializer.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from podsim.api import gotime, schema
from podsim.api.errors import Rejected
from podsim.api.kinds import KINDS, by_version
from podsim.api.quantity import FORMAT_ERROR, Quantity
from podsim.api.schema import Field
from podsim.api.validation.goformat import number, quote

Json = dict[str, Any]
SCHEME = "pkg/api/legacyscheme/scheme.go:30"  # as the server names its types
INT_BITS = {"int32": 31, "int64": 63}
CONVERTER_TYPES = {  # Go's type of a JSON value, and its kind
    bool: ("bool", "bool"), int: ("int64", "int64"), float: ("float64", "float64"), str: ("string", "string"),
    list: ("[]interface {}", "slice"), dict: ("map[string]interface {}", "map"),
}  # fmt: skip
GO_KINDS = {"boolean": "bool", "Time": "string"}
JSON_WORDS = {bool: "bool", int: "number", float: "number", str: "string", list: "array", dict: "object"}
ENVELOPE = r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }'
METADATA = Field("metadata", "ObjectMeta")
GATED_FIELDS = {("Lifecycle", "stopSignal")}  # fields of feature gates that are off: dropped without a word
BLANKS = " \x85\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))  # that JSON does not escape
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class _TypeError(Exception):
    """The first value of a wrong type, as Go words it."""


def decode(obj: Json, *, written_twice: tuple[str, ...] = ()) -> Json:
    """The object in the server's form: known fields only, quantities as text, null left out.

    Raises Rejected BadRequest: the first value of a wrong type, else what the text had twice and all unknown fields.
    Kinds without a description pass as they are.
    """
    decoded, unknown = read(obj)
    if words := (*written_twice, *unknown):
        raise _refusal(obj, strict_error(words), words)
    return decoded


def read(obj: Json) -> tuple[Json, tuple[str, ...]]:
    """The same, and what a strict decoder says of the fields that are not known."""
    refuse_unknown_kind(obj)
    unknown: list[str] = []
    try:
        if obj["kind"] not in schema.types():
            return _undescribed(obj, _Go()), ()
        decoded = _decoded(obj, _Go(), unknown)
    except _TypeError as error:
        raise _refusal(obj, f"json: cannot unmarshal {error}") from None
    except ValueError as error:
        raise _refusal(obj, str(error)) from None
    return decoded or {}, _told(unknown)


def refuse_unknown_kind(obj: Any, shown: str | None = None) -> None:
    """Raises Rejected BadRequest for what is no object, or of no kind that the server has; `shown` is what it was read from.

    serializer/json/meta.go Interpret, runtime/scheme.go
    """
    wrong = "couldn't get version/kind; json parse error: json: cannot unmarshal {} into Go {} of type {}"
    if not isinstance(obj, dict):
        raise Rejected("BadRequest", wrong.format(JSON_WORDS.get(type(obj), "null"), "value", ENVELOPE))
    for field in ("apiVersion", "kind"):
        if not isinstance(obj.get(field), str | None):
            raise Rejected("BadRequest", wrong.format(JSON_WORDS[type(obj[field])], f"struct field .{field}", "string"))
    for field, word in (("kind", "Kind"), ("apiVersion", "apiVersion")):
        if not obj.get(field):
            raise Rejected("BadRequest", f"Object '{word}' is missing in '{json.dumps(obj) if shown is None else shown}'")
    if by_version(obj["apiVersion"], obj["kind"]) is None or obj["kind"] not in KINDS:
        raise Rejected("BadRequest", f'no kind "{obj["kind"]}" is registered for version "{obj["apiVersion"]}" in scheme "{SCHEME}"')


def _undescribed(obj: Json, go: _Go) -> Json:
    """An object of a kind whose fields are not described: only its metadata are read."""
    made = {k: v for k, v in obj.items() if v is not None}
    if "metadata" in made:
        made["metadata"] = _value(METADATA, made["metadata"], "metadata", go.inside(obj["kind"], METADATA), [])
    if go.errors:
        raise go.errors[0]
    return made


def restore(obj: Json, *, converted: bool) -> tuple[Json, str, tuple[str, ...]]:
    """A patched object; the first value of a wrong type ("" if there is none); what is said of unknown fields.

    `converted`, as behind a strategic merge, and not decoded.                   runtime/converter.go FromUnstructured
    """
    unknown: list[str] = []
    if obj["kind"] not in schema.types():
        return obj, "", ()
    try:
        decoded = _decoded(obj, _Restored() if converted else _Go(), unknown)
    except (_TypeError, ValueError) as error:
        return {}, f"json: cannot unmarshal {error}" if isinstance(error, _TypeError) and not converted else str(error), ()
    told = _told(unknown)
    return decoded or {}, "", tuple(sorted(told)) if converted else told


def strict_error(words: tuple[str, ...]) -> str:
    """What a strict decoder says of fields that it does not know."""
    return f"strict decoding error: {', '.join(words)}"


def _told(unknown: list[str]) -> tuple[str, ...]:
    return tuple(f"unknown field {quote(path)}" for path in unknown)


def _refusal(obj: Json, text: str, errors: tuple[str, ...] = ()) -> Rejected:
    version = str(obj.get("apiVersion", "")).rpartition("/")[2]
    kind = obj.get("kind", "")
    return Rejected("BadRequest", f'{kind} in version "{version}" cannot be handled as a {kind}: {text}', errors or (text,))


def _decoded(obj: Json, go: _Go, unknown: list[str]) -> Json | None:
    decoded = _object(obj["kind"], obj, "", go, unknown)
    if go.errors:
        raise go.errors[0]
    return decoded


def _object(type_: str, value: Json, path: str, go: _Go, unknown: list[str]) -> Json | None:
    """A struct. None if nothing is left of it."""
    fields = schema.types()[type_]
    decoded: Json = {}
    for key in go.keys(value, fields):
        place = f"{path}.{key}" if path else key
        field = fields.get(key)
        if field is None:
            unknown.append(place)
        elif (type_, key) not in GATED_FIELDS:
            found = _value(field, value[key], place, go.inside(type_, field), unknown)
            if found is not None and not _is_left_out(field, found):
                decoded[key] = found
    gone = not decoded and any((type_, key) in GATED_FIELDS for key in value)
    return None if gone else decoded


def _is_left_out(field: Field, value: Any) -> bool:
    """Whether Go's encoder writes nothing: an empty value of a field with omitempty that is no pointer and no struct."""
    if field.pointer or field.always or (field.type in schema.types() and not field.container):
        return False
    return value in ("", [], {}) or value is False or (value == 0 and field.type in INT_BITS)


class _Go:
    """Where Go's decoder stands: the struct that holds the field, and the path with embedded structs, without indices.

    A value of a wrong type is kept as an error, and the rest is read; types that read themselves end it all.
    """

    __slots__ = ("around", "errors", "field", "struct")

    def __init__(self, struct: str = "", field: Field | None = None, around: _Go | None = None) -> None:
        self.struct = struct
        self.field = field
        self.around = around
        self.errors: list[Exception] = around.errors if around else []

    def path(self) -> str:
        """Only an error needs it."""
        if self.field is None:
            return ""
        return ".".join(filter(None, (self.around.path() if self.around else "", self.field.embedded, self.field.name)))

    def keys(self, value: Json, _fields: Mapping[str, Field], /) -> Iterable[str]:
        """The keys of an object in the order in which they are looked at: as kubectl sends them."""
        return sorted(value)

    def inside(self, struct: str, field: Field, /) -> _Go:
        """The decoder at a field of a struct."""
        return _Go(struct, field, self)

    def wrong(self, value: Any, go_type: str, kind: str) -> Any:
        """Keeps the error that the value is no `go_type`, and gives none."""
        self.errors.append(self.fail(value, go_type, kind))
        return None

    def fail(self, value: Any, go_type: str, kind: str) -> _TypeError:
        """The error of a value that is no `go_type`, whose kind is `kind`: `slice`, `map`, `struct`, `string`, `int32` …"""
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        word = f"number {number(value)}" if numeric and kind in INT_BITS else JSON_WORDS.get(type(value), "null")
        return _TypeError(f"{word} into Go struct field {self.struct}.{self.path()} of type {go_type}")


class _Restored(_Go):
    """The converter that a patched object goes through: fields in Go's order, other words, no path."""

    def keys(self, value: Json, fields: Mapping[str, Field], /) -> Iterable[str]:
        return [*(key for key in fields if key in value), *(key for key in value if key not in fields)]

    def inside(self, _struct: str, _field: Field, /) -> _Go:
        return self

    def wrong(self, value: Any, go_type: str, kind: str) -> Any:
        raise self.fail(value, go_type, kind)

    def fail(self, value: Any, go_type: str, kind: str) -> _TypeError:
        found, found_kind = CONVERTER_TYPES[type(value)]
        if kind in ("slice", "map"):
            return _TypeError(f"cannot restore {kind} from {found_kind}")
        if kind == "struct":
            return _TypeError(f"cannot restore struct from: {found_kind}")
        if kind == "IntOrString":
            word = JSON_WORDS[type(value)] + (f" {number(value)}" if isinstance(value, float) else "")
            return _TypeError(f"json: cannot unmarshal {word} into Go value of type int32")
        convertible = (type(value) is int and kind == "string") or (type(value) is float and kind in INT_BITS)
        return _TypeError(f"cannot convert {found} to {go_type}" if convertible else f"unrecognized type: {GO_KINDS.get(kind, kind)}")


def _value(field: Field, value: Any, path: str, go: _Go, unknown: list[str]) -> Any:
    if value is None:
        return None
    if field.container == "array":
        if not isinstance(value, list):
            return go.wrong(value, field.go or f"[]{_go_type(field.type)}", "slice")
        return [_item(field, item, f"{path}[{i}]", go, unknown) for i, item in enumerate(value)]
    if field.container == "map":
        if not isinstance(value, dict):
            return go.wrong(value, field.go or f"map[string]{_go_type(field.type)}", "map")
        return {key: _item(field, value[key], f"{path}.{key}", go, unknown) for key in sorted(value)}
    return _single(field.type, value, path, go, unknown, field.go)


def _item(field: Field, value: Any, path: str, go: _Go, unknown: list[str]) -> Any:
    if value is None:
        return {} if field.type in schema.types() else "0" if field.type == "quantity" else ""
    return _single(field.type, value, path, go, unknown, field.go.removeprefix("[]").removeprefix("map[string]") if field.go != "v1.ResourceList" else "")


def _single(type_: str, value: Any, path: str, go: _Go, unknown: list[str], go_type: str) -> Any:
    if type_ in schema.types():
        if not isinstance(value, dict):
            return go.wrong(value, _go_type(type_), "struct")
        return _object(type_, value, path, go, unknown)
    if type_ == "quantity":
        return _quantity(value)
    if type_ == "bytes":
        return _bytes(value, go)
    if type_ == "object":
        return value
    return _scalar(type_, value, go, go_type)


def _scalar(type_: str, value: Any, go: _Go, go_type: str) -> Any:
    """One checked scalar."""
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if type_ in INT_BITS:
        if not numeric or int(value) != value or not -(2 ** INT_BITS[type_]) <= value < 2 ** INT_BITS[type_]:
            return go.wrong(value, type_, type_)
        return int(value)
    if type_ == "IntOrString":
        if not isinstance(value, str) and (not numeric or int(value) != value or not -(2**31) <= value < 2**31):
            raise go.fail(value, "int32", "int32" if numeric else type_)
        return int(value) if numeric else value
    if type_ == "Time":
        return _time(value, go)
    if not isinstance(value, bool if type_ == "boolean" else str):
        return go.wrong(value, go_type or _go_type(type_), type_)
    return value


def _time(value: Any, go: _Go) -> str:
    """Time.UnmarshalJSON"""
    if not isinstance(value, str):
        raise go.fail(value, "string", "string")
    if problem := gotime.problem(value):
        raise ValueError(problem)
    return value


def _bytes(value: Any, go: _Go) -> Any:
    """Base64 as Go's decoder takes it: line breaks are skipped, the first bad byte is told."""
    if not isinstance(value, str):
        return go.wrong(value, "[]uint8", "slice")
    text = re.sub(r"[\r\n]", "", value)
    if not BASE64.fullmatch(text):
        go.errors.append(ValueError(f"illegal base64 data at input byte {_bad_byte(value)}"))
        return None
    return base64.b64encode(base64.b64decode(text)).decode()


def _bad_byte(text: str) -> int:
    """Where Go's base64 decoder stops.                                                encoding/base64 decodeQuantum"""
    raw = text.encode()
    breaks, digits = b"\r\n", b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    place, seen = 0, 0  # bytes read, digits of the group of four read
    while place < len(raw):
        byte = raw[place]
        place += 1
        if byte in breaks:
            continue
        if byte in digits:
            seen = (seen + 1) % 4
            continue
        if byte != ord("=") or seen < 2:
            return place - 1
        rest = raw[place:].lstrip(breaks)
        if seen == 2:
            if not rest.startswith(b"="):
                return len(raw) - len(rest) - 1 if rest else len(raw)
            rest = rest[1:].lstrip(breaks)
        return len(raw) - len(rest)
    return len(raw) - seen


def _quantity(value: Any) -> str:
    """A quantity's text; numbers are read by their text.                                 Quantity.UnmarshalJSON"""
    if isinstance(value, (dict, list, bool)):
        raise ValueError(FORMAT_ERROR)  # noqa: TRY004 - as for any bad quantity
    return str(Quantity((value if isinstance(value, str) else number(value)).strip(BLANKS)))


def _go_type(type_: str) -> str:
    names = {"boolean": "bool", "quantity": "resource.Quantity", "Time": "v1.Time"}
    if type_ not in schema.types():
        return names.get(type_, type_)
    return f"v1.{type_}"
