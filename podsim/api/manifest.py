"""YAML or JSON text to documents with line numbers, as kubectl reads it.

kubectl turns YAML 1.1 into JSON (sigs.k8s.io/yaml over go-yaml v2) document by document: booleans such as `on` and `y`,
octal numbers, the last of equal keys wins, keys become texts. Error texts are go-yaml's.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.error import Mark, MarkedYAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.scanner import ScannerError

Path = tuple[str | int, ...]
Position = tuple[int, int]
MAX_BYTES = 3 * 1024 * 1024  # what the API server takes
MAX_DEPTH = 10_000  # go-yaml max_depth
MAX_NODES = 400_000  # after aliases are followed: a bomb goes no further

_BOOLS = {"y": True, "yes": True, "on": True, "true": True, "n": False, "no": False, "off": False, "false": False}
_BOOL = re.compile(r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INT = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_INFINITE = frozenset({".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN"})
_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]|\[([^\]]+)\]")

# PyYAML's words -> go-yaml's; the first that begins so counts
_TEXTS: tuple[tuple[str, str], ...] = (
    ("mapping values are not allowed", "mapping values are not allowed in this context"),
    ("sequence entries are not allowed", "block sequence entries are not allowed in this context"),
    ("mapping keys are not allowed", "mapping keys are not allowed in this context"),
    ("found character '\\t'", "found a tab character that violates indentation"),
    ("found character", "found character that cannot start any token"),
    ("could not find expected ':'", "could not find expected ':'"),
    ("expected <block end>, but found", "did not find expected key"),
    ("expected ',' or ']'", "did not find expected ',' or ']'"),
    ("expected ',' or '}'", "did not find expected ',' or '}'"),
    ("expected the node content", "did not find expected node content"),
    ("expected alphabetic or numeric character", "did not find expected alphabetic or numeric character"),
    ("expected '<document start>'", "did not find expected <document start>"),
    ("found unknown escape character", "found unknown escape character"),
    ("found undefined tag handle", "found undefined tag handle"),
)


class ParseError(ValueError):
    """Text that is no YAML; `str()` is what kubectl prints after `error parsing FILE: `. Lines and columns from 1.

    `documents` holds what stood before the one that cannot be read.
    """

    def __init__(self, message: str, line: int | None, column: int | None, documents: tuple[Document, ...] = ()) -> None:
        super().__init__(f"error converting YAML to JSON: yaml: {message}")
        self.line = line
        self.column = column
        self.documents = documents


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its JSON value, the line it begins on, and where each path of it is written."""

    object: Any
    line: int
    positions: Mapping[Path, Position] = field(default_factory=dict, repr=False)

    def position(self, path: str | Path) -> Position | None:
        """(line, column) of a path such as `spec.containers[0].image`; of its nearest parent if it is not written."""
        steps = parse_path(path) if isinstance(path, str) else path
        while steps and steps not in self.positions:
            steps = steps[:-1]
        return self.positions.get(steps)


def items(document: Document) -> list[Document]:
    """The objects of a `kind: List`, each as a document of its own; any other document alone."""
    obj = document.object
    if not isinstance(obj, dict) or obj.get("kind") != "List":
        return [document]
    return [_item(document, number, item) for number, item in enumerate(obj.get("items") or ())]


def _item(document: Document, number: int, item: Any) -> Document:
    place: Path = ("items", number)
    positions = {path[2:]: position for path, position in document.positions.items() if path[:2] == place}
    return Document(item, positions.get((), (document.line, 1))[0], positions)


def parse_path(path: str) -> Path:
    """`spec.containers[0].resources.limits[cpu]` as steps."""
    return tuple(int(index) if index else name or key for name, index, key in _STEP.findall(path))


def parse(text: str, filename: str = "manifest.yaml") -> list[Document]:
    """The documents of `text`, empty ones left out. Raises ParseError."""
    del filename  # kubectl's message names it in front
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise ParseError(f"the text is longer than the {MAX_BYTES} bytes that a server takes", None, None)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    documents: list[Document] = []
    for first_line, part in _parts(text):
        try:
            found = _document(part, first_line)
        except ParseError as error:
            error.documents = tuple(documents)
            raise
        if found.object is not None:
            documents.append(found)
    return documents


def _parts(text: str) -> list[tuple[int, str]]:
    """(line before it, text) of every document, separated by lines that begin with ---."""
    starts = [m.start() for m in _SEPARATOR.finditer(text)]
    ends = [*starts, len(text)]
    parts = [(0, text[: ends[0]])]
    parts += [(text.count("\n", 0, start), text[start + 3 : end]) for start, end in zip(starts, ends[1:], strict=True)]
    return parts


def _document(text: str, first_line: int) -> Document:
    positions: dict[Path, Position] = {}
    if text.lstrip().startswith("{"):
        found = _json(text)
        if found is not _NO_JSON:
            return Document(found, first_line + 1, positions)
    try:
        node = _Loader(text).get_single_node()
    except MarkedYAMLError as error:
        raise _error(error, first_line) from None
    except yaml.YAMLError as error:
        raise ParseError(_plain(str(error)), None, None) from None
    except RecursionError:
        raise ParseError(f"exceeded max depth of {MAX_DEPTH}", None, None) from None
    if node is None:
        return Document(None, first_line + 1)
    reader = _Reader(first_line, positions)
    try:
        return Document(reader.value(node, (), set()), first_line + node.start_mark.line + 1, positions)
    except RecursionError:
        raise ParseError(f"exceeded max depth of {MAX_DEPTH}", None, None) from None


_NO_JSON = object()


def _json(text: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return _NO_JSON
    return found if "NaN" not in text and "Infinity" not in text else _NO_JSON


class _Loader(yaml.SafeLoader):
    """PyYAML's scanner with libyaml's tabs: they separate tokens where no key may begin."""

    def scan_to_next_token(self) -> None:
        while True:
            super().scan_to_next_token()
            if self.peek() != "\t" or not (self.flow_level or not self.allow_simple_key):
                return
            while self.peek() in " \t":
                self.forward()


class _Reader:
    """Nodes to JSON values."""

    def __init__(self, first_line: int, positions: dict[Path, Position]) -> None:
        self._first_line = first_line
        self._positions = positions
        self._count = 0

    def value(self, node: Node, path: Path, open_nodes: set[int]) -> Any:
        """The JSON value of a node; an anchor that contains itself and a bomb of aliases are refused."""
        self._count += 1
        if self._count > MAX_NODES:
            raise ParseError("document contains excessive aliasing", None, None)
        if id(node) in open_nodes:
            raise ParseError(f"anchor '{node.anchor or ''}' value contains itself" if hasattr(node, "anchor") else "anchor value contains itself", None, None)
        mark = node.start_mark
        self._positions.setdefault(path, (self._first_line + mark.line + 1, mark.column + 1))
        if isinstance(node, ScalarNode):
            return scalar(node)
        inside = open_nodes | {id(node)}
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, i), inside) for i, item in enumerate(node.value)]
        if not isinstance(node, MappingNode):
            raise TypeError(node)
        return self._mapping(node, path, inside)

    def _mapping(self, node: MappingNode, path: Path, inside: set[int]) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.style is None and key.value == "<<":
                for source in value.value if isinstance(value, SequenceNode) else [value]:
                    found = self.value(source, path, inside)
                    merged = {**(found if isinstance(found, dict) else {}), **merged}
                continue
            name = _key(key, self)
            self._positions[(*path, name)] = (self._first_line + key.start_mark.line + 1, key.start_mark.column + 1)
            own[name] = self.value(value, (*path, name), inside)
        return {**merged, **own}


def _key(node: Node, reader: _Reader) -> str:
    """A key as JSON has it: always a text."""
    if not isinstance(node, ScalarNode):
        raise ParseError(f"invalid map key: {_go_value(reader.value(node, ('?',), set()))}", None, None)
    found = scalar(node)
    if isinstance(found, bool):
        return "true" if found else "false"
    return "null" if found is None else str(found)


def _go_value(value: Any) -> str:
    """%#v of a decoded YAML value."""
    if isinstance(value, dict):
        return "map[interface {}]interface {}{" + ", ".join(f"{_go_value(k)}:{_go_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[]interface {}{" + ", ".join(map(_go_value, value)) + "}"
    if value is None:
        return "interface {}(nil)"
    return json.dumps(value, ensure_ascii=False)


def scalar(node: ScalarNode) -> Any:
    """The value of a scalar by YAML 1.1's rules as go-yaml has them.                          go-yaml resolve.go"""
    text: str = node.value
    if node.style is not None or (node.tag == "tag:yaml.org,2002:str" and _explicit(node)):
        return text
    if text in _NULLS:
        return None
    if _BOOL.fullmatch(text):
        return _BOOLS[text.lower()]
    plain = text.replace("_", "")
    if text[0] in "+-.0123456789" and plain:
        number = _number(plain)
        if number is not None:
            return number
    if text in _INFINITE:
        raise ParseError(f"json: unsupported value: {'NaN' if 'n' in text.lower()[1:2] else text.replace('.inf', 'Inf')}", None, None)
    return text


def _explicit(node: ScalarNode) -> bool:
    """Whether the tag !!str was written; PyYAML gives it to plain texts too."""
    return node.start_mark.buffer is not None and node.start_mark.buffer[node.start_mark.pointer :].startswith("!!str")


def _number(text: str) -> int | float | None:
    if _INT.fullmatch(text):
        sign, digits = (-1 if text[0] == "-" else 1), text.lstrip("+-").lower()
        base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2], 8 if digits.startswith("0") and len(digits) > 1 else 10)
        bare = digits[2:] if digits[:2] in ("0x", "0b", "0o") else digits
        if len(bare) > 400:
            return None
        return sign * int(bare, base)
    if not _FLOAT.fullmatch(text):
        return None
    number = float(text)
    if math.isinf(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


def _error(error: MarkedYAMLError, first_line: int) -> ParseError:
    mark: Mark | None = error.problem_mark or error.context_mark
    problem = error.problem or str(error)
    if problem.startswith("found undefined alias"):
        return ParseError(f"unknown anchor '{problem.split()[-1].strip(chr(39))}' referenced", *_place(mark, first_line))
    text = next((words for start, words in _TEXTS if problem.startswith(start)), problem)
    if "while parsing a block collection" in (error.context or "") and text == "did not find expected key":
        text = "did not find expected '-' indicator"
    shown = 0 if mark is None or mark.line == 0 else mark.line + (1 if isinstance(error, ScannerError) else 0)
    return ParseError(f"line {shown}: {text}" if shown else text, *_place(mark, first_line))


def _place(mark: Mark | None, first_line: int) -> tuple[int | None, int | None]:
    return (None, None) if mark is None else (first_line + mark.line + 1, mark.column + 1)


def _plain(text: str) -> str:
    """The first line of an error without a mark: a character that YAML does not allow."""
    return "control characters are not allowed" if "special characters are not allowed" in text else text.splitlines()[0]
