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
_INSIDE = re.compile(r"""\?\(.*\)|\*|-?\d*(?::-?\d*){0,2}|(?:'[^']*'|"[^"]*"|-?\d+)(?:\s*,\s*(?:'[^']*'|"[^"]*"|-?\d+))*""", re.DOTALL)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge
}  # fmt: skip


_GO_TYPES = {dict: "map[string]interface {}", str: "string", bool: "bool", int: "int64", float: "float64"}


class JSONPathError(ValueError):
    """A template that does not fit the object."""


class TemplateError(JSONPathError):
    """A template that cannot be read."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A text, an expression or a `range` with its body."""

    kind: str
    text: str
    body: tuple[_Part, ...] = ()


def render(template: str, value: Any) -> str:
    """The template's text for a JSON value; a key that is missing gives nothing. Raises JSONPathError."""
    return "".join(_render(parse(template), value, value))


def find(path: str, value: Any) -> list[Any]:
    """What a path such as `.metadata.name` or `{.metadata.name}` leads to; [] where a key is missing."""
    bare = path.strip().removeprefix("{").removesuffix("}")
    return _evaluate(bare if bare.startswith((".", "[", "$", "@")) else f".{bare}", value, value)


def parse(template: str) -> tuple[_Part, ...]:
    """The parts of a template, every path of which can be read. Raises TemplateError."""
    parts, rest = _parse(_tokens(template), inside=False)
    if rest:
        raise TemplateError("not in range, nothing to end")
    return parts


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
    raise TemplateError("unclosed action")


def _parse(tokens: Sequence[_Part], *, inside: bool) -> tuple[tuple[_Part, ...], Sequence[_Part]]:
    parts: list[_Part] = []
    while tokens:
        token, tokens = tokens[0], tokens[1:]
        if token.kind == "expression" and token.text == "end":
            if not inside:
                raise TemplateError("not in range, nothing to end")
            return tuple(parts), tokens
        if token.kind == "expression" and re.match(r"range\b", token.text):
            body, tokens = _parse(tokens, inside=True)
            token = _Part("range", token.text[5:].strip(), body)
        if token.kind != "text" and token.text[:1] not in ("'", '"'):
            _steps(token.text)
        parts.append(token)
    return tuple(parts), tokens


def _render(parts: Sequence[_Part], here: Any, root: Any) -> Iterator[str]:
    for part in parts:
        if part.kind == "text":
            yield part.text
        elif part.kind == "range":
            for item in _evaluate(part.text, here, root):
                yield from _render(part.body, item, root)
        elif part.text[:1] in ("'", '"'):
            yield _unquoted(part.text)
        else:
            yield " ".join(map(_text, _evaluate(part.text, here, root)))


def _unquoted(text: str) -> str:
    escapes = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(.)", lambda match: escapes.get(match[1], match[1]), text[1:-1])


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return jsontext.compact(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _evaluate(path: str, here: Any, root: Any) -> list[Any]:
    values = [root if path.startswith("$") else here]
    for match in _steps(path):
        values = _step(match, values, root)
    return values


def _steps(path: str) -> list[re.Match[str]]:
    """The steps of a path behind its `$` or `@`. Raises TemplateError."""
    found: list[re.Match[str]] = []
    position = 1 if path[:1] in ("$", "@") else 0
    while position < len(path):
        match = _STEP.match(path, position)
        if not match:
            char = path[position]
            raise TemplateError("unterminated array" if char == "[" else f"unrecognized character in action: U+{ord(char):04X} {char!r}")
        inside = (match["inside"] or "").strip()
        if match["inside"] is not None and not _INSIDE.fullmatch(inside):
            raise TemplateError(f"invalid array index {inside}")
        position = match.end()
        found.append(match)
    return found


def _step(match: re.Match[str], values: list[Any], root: Any) -> list[Any]:
    if match["deep"]:
        return [found for value in values for found in _descend(value, match["deep"])]
    if match["name"] == "*" or match["star"]:
        return [item for value in values for item in _children(value)]
    if match["name"]:
        return [found for value in values for found in _field(value, match["name"].replace("\\.", "."))]
    if match["inside"] is not None:
        return [found for value in values for found in _inside(match["inside"].strip(), value, root)]
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


def _field(value: Any, name: str) -> list[Any]:
    return [value[name]] if isinstance(value, dict) and name in value else []


def _inside(text: str, value: Any, root: Any) -> list[Any]:
    if match := _FILTER.fullmatch(text):
        return [item for item in _children(value) if _passes(match, item, root)]
    if text == "*":
        return _children(value)
    if text[:1] in ("'", '"') or "," in text:
        names = [part.strip() for part in text.split(",")]
        return [found for name in names for found in _inside_one(name, value)]
    if match := _SLICE.fullmatch(text):
        return _slice(match, value)
    return _inside_one(text, value)


def _inside_one(text: str, value: Any) -> list[Any]:
    if text[:1] in ("'", '"'):
        return _field(value, _unquoted(text))
    index, items = int(text), _items(value)
    if -len(items) <= index < len(items):
        return [items[index]]
    raise JSONPathError(f"array index out of bounds: index {index if index >= 0 else index + len(items)}, length {len(items)}")


def _slice(match: re.Match[str], value: Any) -> list[Any]:
    """Bounds beyond the list are an error, unless nothing is asked for."""
    items = _items(value)
    start, end = (int(text) if text else default for text, default in ((match[1], 0), (match[2], len(items))))
    start, end = (bound + len(items) if bound < 0 else bound for bound in (start, end))
    for index, bound in ((start, start), (end - 1, end)):
        if start != end and not (0 <= bound <= len(items) and index < len(items)):
            raise JSONPathError(f"array index out of bounds: index {index}, length {len(items)}")
    return items[start : end : int(match[3] or 1)]


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    raise JSONPathError(f"{_GO_TYPES.get(type(value), 'interface {}')} is not array or slice")


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
        return _evaluate(text, item, root)
    if text in ("true", "false"):
        return [text == "true"]
    try:
        return [float(text) if "." in text else int(text)]
    except ValueError:
        raise TemplateError(f"unrecognized operand {text}") from None
