"""The vocabulary of validation: one constructor per kind of error, and the checks many rules share.

A rule is a generator over `(path, value)` that yields `FieldError`s in the server's order. A path is a text:
`spec.containers[0].name`. An absent field is the zero value of its Go type.

k8s.io/apimachinery/pkg/util/validation/field/errors.go
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from podsim.api.errors import FieldError

from . import names
from .goformat import plain, quote

Errors = Iterator[FieldError]
Object = Mapping[str, Any]

IMMUTABLE = "field is immutable"
NOT_NEGATIVE = "must be greater than or equal to 0"


def _error(path: str, kind: str, detail: str = "") -> FieldError:
    return FieldError(path, f"{kind}: {detail}" if detail else kind)


def required(path: str, detail: str = "") -> FieldError:
    """A value is missing."""
    return _error(path, "Required value", detail)


def invalid(path: str, value: Any, detail: str) -> FieldError:
    """The value breaks a rule; a struct is given in its internal form (`internal.render`)."""
    return _error(path, f"Invalid value: {plain(value)}", detail)


def invalid_whole(path: str, detail: str) -> FieldError:
    """The thing as a whole breaks a rule, so that no value is shown."""
    return _error(path, "Invalid value", detail)


def not_supported(path: str, value: Any, allowed: Iterable[str]) -> FieldError:
    """The value is none of `allowed`, which is printed in the given order."""
    choices = ", ".join(quote(choice) for choice in allowed)
    return _error(path, f"Unsupported value: {plain(value)}", choices and f"supported values: {choices}")


def duplicate(path: str, value: Any) -> FieldError:
    """The value is there already."""
    return _error(path, f"Duplicate value: {plain(value)}")


def not_found(path: str, value: Any, detail: str = "") -> FieldError:
    """The value names something that does not exist."""
    return _error(path, f"Not found: {plain(value)}", detail)


def forbidden(path: str, detail: str) -> FieldError:
    """The field may not be set here."""
    return _error(path, "Forbidden", detail)


def too_many(path: str, count: int, most: int) -> FieldError:
    """The list has `count` items and may have `most`."""
    return _error(path, f"Too many: {count}", f"must have at most {most} items")


def too_long(path: str, most: int) -> FieldError:
    """The text has more than `most` bytes."""
    return _error(path, "Too long", f"may not be more than {most} bytes")


def child(path: str, name: str) -> str:
    """`name` under `path`, which may be the root."""
    return f"{path}.{name}" if path else name


def items(value: Object, field: str, path: str) -> Sequence[tuple[str, Any]]:
    """Path and value of each item of a list field; a null item counts as an empty one."""
    if not (listed := value.get(field)):
        return ()
    base = child(path, field)
    return [(f"{base}[{index}]", {} if item is None else item) for index, item in enumerate(listed)]


def conforms(path: str, value: Any, kind: str) -> Errors:
    """`value` follows the rule `kind` of `names`."""
    for message in names.check(kind, value):
        yield invalid(path, value, message)


def named(path: str, value: str | None, kind: str) -> Errors:
    """`value` is there and follows the rule `kind` of `names`."""
    if value:
        yield from conforms(path, value, kind)
    else:
        yield required(path)


def one_of(path: str, value: str | None, allowed: Collection[str]) -> Errors:
    """`value` is there and is one of `allowed`."""
    if not value:
        yield required(path)
    elif value not in allowed:
        yield not_supported(path, value, allowed)


def not_negative(path: str, value: int | None) -> Errors:
    """`value` is 0 or more, or absent."""
    if (value or 0) < 0:
        yield invalid(path, value, NOT_NEGATIVE)


def unchanged(path: str, new: Any, old: Any, shown: Any = None) -> Errors:
    """A field that an update may not change; `shown` replaces the new value in the message."""
    if new != old:
        yield invalid(path, new if shown is None else shown, IMMUTABLE)
