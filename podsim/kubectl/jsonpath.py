"""JSONPath templates of `-o jsonpath` and `--sort-by`.                               client-go util/jsonpath

`{.a.b}`, `{.a['b']}`, `{.items[0]}`, `[*]`, `[-1:]`, `[a,b]`, `{..name}`, filters `[?(@.x=="y")]`, `{range …}{end}`
and texts in quotes.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from podsim.kubectl import jsontext

_STEP = re.compile(
    r"""\.\.(?P<deep>[\w-]+|\*)|\.?\[(?P<inside>(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"]|\[[^\]]*\])*)\]|\.(?P<name>(?:[^.\[\]\s(){}\\]|\\.)+)|(?P<star>\*)|\."""
)
_SLICE = re.compile(r"(-?\d*):(-?\d*)(?::(-?\d+))?")
_FILTER = re.compile(r"\?\(\s*(?P<left>.*?)\s*(?:(?P<operator>==|!=|<=|>=|<|>)\s*(?P<right>.*?)\s*)?\)", re.DOTALL)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge
}  # fmt: skip


class JSONPathError(ValueError):
    """A template that cannot be read, or does not fit the object."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A text, an expression or a `range` with its body."""

    kind: str
    text: str
    body: tuple[_Part, ...] = ()


def render(template: str, value: Any) -> str:
    """The template's text for a JSON value. Raises JSONPathError."""
    parts, rest = _parse(_tokens(template), inside=False)
    if rest:
        raise JSONPathError("unexpected end of range")
    return "".join(_render(parts, value, value))


def find(path: str, value: Any) -> list[Any]:
    """What a path such as `.metadata.name` or `{.metadata.name}` leads to; [] where a key is missing."""
    bare = path.strip().removeprefix("{").removesuffix("}")
    return _evaluate(bare if bare.startswith((".", "[", "$", "@")) else f".{bare}", value, value, strict=False)


def _tokens(template: str) -> list[_Part]:
    tokens: list[_Part] = []
    position = 0
    while position < len(template):
        start = template.find("{", position)
        if start < 0:
            tokens.append(_Part("text", template[position:]))
            break
        if start > position:
            tokens.append(_Part("text", template[position:start]))
        position = _closing(template, start) + 1
        tokens.append(_Part("expression", template[start + 1 : position - 1].strip()))
    return tokens


def _closing(template: str, start: int) -> int:
    quote = ""
    for position in range(start + 1, len(template)):
        char = template[position]
        if quote:
            quote = "" if char == quote and template[position - 1] != "\\" else quote
        elif char in "'\"":
            quote = char
        elif char == "}":
            return position
    raise JSONPathError("unclosed action")


def _parse(tokens: Sequence[_Part], *, inside: bool) -> tuple[tuple[_Part, ...], Sequence[_Part]]:
    parts: list[_Part] = []
    while tokens:
        token, tokens = tokens[0], tokens[1:]
        if token.kind == "expression" and token.text == "end":
            if not inside:
                raise JSONPathError("not in range, nothing to end")
            return tuple(parts), tokens
        if token.kind == "expression" and re.match(r"range\b", token.text):
            body, tokens = _parse(tokens, inside=True)
            token = _Part("range", token.text[5:].strip(), body)
        parts.append(token)
    return tuple(parts), tokens


def _render(parts: Sequence[_Part], here: Any, root: Any) -> Iterator[str]:
    for part in parts:
        if part.kind == "text":
            yield part.text
        elif part.kind == "range":
            for item in _evaluate(part.text, here, root, strict=True):
                yield from _render(part.body, item, root)
        elif part.text[:1] in ("'", '"'):
            yield _unquoted(part.text)
        else:
            yield " ".join(map(_text, _evaluate(part.text, here, root, strict=True)))


def _unquoted(text: str) -> str:
    escapes = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(.)", lambda match: escapes.get(match[1], match[1]), text[1:-1])


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return jsontext.compact(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _evaluate(path: str, here: Any, root: Any, *, strict: bool) -> list[Any]:
    values = [root if path.startswith("$") else here]
    position = 1 if path[:1] in ("$", "@") else 0
    while position < len(path):
        match = _STEP.match(path, position)
        if not match:
            raise JSONPathError(f"unrecognized character in action: {path[position]!r}")
        position = match.end()
        values = _step(match, values, root, strict=strict)
    return values


def _step(match: re.Match[str], values: list[Any], root: Any, *, strict: bool) -> list[Any]:
    if match["deep"]:
        return [found for value in values for found in _descend(value, match["deep"])]
    if match["name"] == "*" or match["star"]:
        return [item for value in values for item in _children(value)]
    if match["name"]:
        return [found for value in values for found in _field(value, match["name"].replace("\\.", "."), strict=strict)]
    if match["inside"] is not None:
        return [found for value in values for found in _inside(match["inside"].strip(), value, root, strict=strict)]
    return values


def _children(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []


def _descend(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, dict) and name in value:
        yield value[name]
    if name == "*":
        yield from _children(value)
    for child in _children(value):
        yield from _descend(child, name)


def _field(value: Any, name: str, *, strict: bool) -> list[Any]:
    if isinstance(value, dict) and name in value:
        return [value[name]]
    if strict and not isinstance(value, list):
        raise JSONPathError(f"{name} is not found")
    return []


def _inside(text: str, value: Any, root: Any, *, strict: bool) -> list[Any]:
    if match := _FILTER.fullmatch(text):
        return [item for item in _children(value) if _passes(match, item, root)]
    if text == "*":
        return _children(value)
    if text[:1] in ("'", '"') or "," in text:
        names = [part.strip() for part in text.split(",")]
        return [found for name in names for found in _inside_one(name, value, strict=strict)]
    if match := _SLICE.fullmatch(text):
        bounds = [int(part) if part else None for part in (match[1], match[2], match[3] or "")]
        return value[slice(*bounds)] if isinstance(value, list) else []
    return _inside_one(text, value, strict=strict)


def _inside_one(text: str, value: Any, *, strict: bool) -> list[Any]:
    if text[:1] in ("'", '"'):
        return _field(value, _unquoted(text), strict=strict)
    if not re.fullmatch(r"-?\d+", text):
        raise JSONPathError(f"invalid array index {text}")
    if not isinstance(value, list):
        raise JSONPathError(f"{jsontext.compact(value)} is not array or slice")
    index = int(text)
    if -len(value) <= index < len(value):
        return [value[index]]
    if strict:
        raise JSONPathError(f"array index out of bounds: index {index}, length {len(value)}")
    return []


def _passes(match: re.Match[str], item: Any, root: Any) -> bool:
    left = _operand(match["left"], item, root)
    if match["operator"] is None:
        return bool(left)
    right = _operand(match["right"], item, root)
    if not left or not right:
        return False
    try:
        return _COMPARE[match["operator"]](left[0], right[0])
    except TypeError as error:
        raise JSONPathError(f"incompatible types for comparison: {error}") from None


def _operand(text: str, item: Any, root: Any) -> list[Any]:
    if text[:1] in ("'", '"'):
        return [_unquoted(text)]
    if text[:1] in ("@", "$", "."):
        return _evaluate(text, item, root, strict=False)
    if text in ("true", "false"):
        return [text == "true"]
    try:
        return [float(text) if "." in text else int(text)]
    except ValueError:
        raise JSONPathError(f"unrecognized operand {text}") from None
