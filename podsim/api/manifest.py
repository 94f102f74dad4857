"""YAML or JSON text to documents with line numbers, as kubectl reads it.

kubectl turns YAML 1.1 into JSON (sigs.k8s.io/yaml over go-yaml v2) document by document: booleans such as `on` and `y`,
octal numbers, the last of equal keys wins, keys become texts. A text that begins like JSON is tried as JSON first.

apimachinery pkg/util/yaml/decoder.go; go-yaml resolve.go, decode.go
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from podsim.api import gojson, goyaml, plainyaml
from podsim.api.collecting import paused
from podsim.api.goyaml import GoYAMLError, Node
from podsim.api.validation.goformat import general, quote
from podsim.api.yamltypes import Path, Position, as_key, resolve

MAX_BYTES = 3 * 1024 * 1024  # what the API server takes
LEAST_YAML = 4  # bytes behind JSON, to be tried as YAML
TAG = "tag:yaml.org,2002:"
MANY, MUCH = 1000, (400_000, 4_000_000)  # counts of decoded nodes, for the share of aliases

_EMPTY = re.compile(r"(?:---\n)?(?: *(?:#[\t -~]*)?\n)*")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]|\[([^\]]+)\]")


class ParseError(ValueError):
    """Text that is no YAML; `str()` is what kubectl prints after `error parsing FILE: `. Lines and columns from 1.

    `documents` holds what stood before the one that cannot be read.
    """

    def __init__(self, message: str, line: int | None, column: int | None, documents: tuple[Document, ...] = ()) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.documents = documents


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its JSON value, the line it begins on, where each path of it is written, and what is written twice."""

    object: Any
    line: int
    positions: Mapping[Path, Position] = field(default_factory=dict, repr=False)
    duplicates: tuple[str, ...] = ()  # as a strict decoder words them

    def position(self, path: str | Path) -> Position | None:
        """(line, column) of a path such as `spec.containers[0].image`; of its nearest parent if it is not written."""
        steps = parse_path(path) if isinstance(path, str) else path
        while steps and steps not in self.positions:
            steps = steps[:-1]
        return self.positions.get(steps)


def items(document: Document) -> list[Document]:
    """The objects of a `kind: List`, each as a document of its own; any other document alone."""
    obj = document.object
    if not isinstance(obj, dict) or obj.get("kind") != "List" or not isinstance(obj.get("items"), list | None):
        return [document]
    return [_item(document, number, item) for number, item in enumerate(obj.get("items") or ())]


def _item(document: Document, number: int, item: Any) -> Document:
    place: Path = ("items", number)
    positions = {path[2:]: position for path, position in document.positions.items() if path[:2] == place}
    return Document(item, positions.get((), (document.line, 1))[0], positions)


def parse_path(path: str) -> Path:
    """`spec.containers[0].resources.limits[cpu]` as steps."""
    return tuple(int(index) if index else name or key for name, index, key in _STEP.findall(path))


@paused()
def parse(text: str, filename: str = "manifest.yaml") -> list[Document]:
    """The documents of `text`, empty ones left out. Raises ParseError."""
    del filename  # kubectl's message names it in front
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise ParseError(f"the text is longer than the {MAX_BYTES} bytes that a server takes", None, None)
    documents: list[Document] = []
    try:
        found = _json_documents(text) if text.lstrip().startswith("{") else _yaml_documents(text, 0)
        documents.extend(document for document in found if document.object is not None)
    except ParseError as error:
        error.documents = tuple(documents)
        raise
    return documents


def single(text: str) -> Any:
    """The value of a text with one document. Raises ParseError for what is no YAML, GoJSONError for what begins like JSON.

    apimachinery pkg/util/yaml ToJSON
    """
    return gojson.loads(text) if text.lstrip().startswith("{") else document(text).object


def _json_documents(text: str) -> Iterator[Document]:
    """A stream of JSON values; if it breaks off at the first or second, the rest is tried as YAML.  YAMLOrJSONDecoder"""
    place = count = 0
    while rest := text[place:].lstrip():
        start = len(text) - len(rest)
        line = text.count("\n", 0, start) + 1
        try:
            value, place = gojson.decode(text, start)
        except gojson.UnfitNumberError as error:
            raise ParseError(str(error), line, None) from None
        except gojson.GoJSONError as error:
            told = str(error) if error.offset is None or count > 1 else f"json: offset {error.offset}: {error}"
            refusal = ParseError(told, line if error.offset is None else text.count("\n", 0, error.offset) + 1, None)
            break
        count += 1
        yield Document(value, line)
    else:
        return
    if count > 1 or len(text[place:].encode()) < LEAST_YAML:
        raise refusal
    skipped = re.match(r"[^\S\n]*\n?", text[place:])
    place += skipped.end() if skipped else 0
    try:
        yield from _yaml_documents(text[place:], text.count("\n", 0, place))
    except ParseError:
        raise refusal from None


def _yaml_documents(text: str, first_line: int) -> Iterator[Document]:
    """The documents between lines that begin with ---.                                                 YAMLReader"""
    lines, start = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")], 0
    for number, line in enumerate(lines):
        if not line.startswith("---"):
            continue
        behind = line[3:].strip()
        if behind and not behind.startswith("#"):
            raise ParseError(f"invalid Yaml document separator: {behind}", first_line + number + 1, 4)
        if number > start:  # a separator in front of everything belongs to the document
            yield document("\n".join(lines[start:number]) + "\n", first_line + start)
            start = number + 1
    if lines[start:]:
        yield document("\n".join(lines[start:]) + "\n", first_line + start)


def document(text: str, first_line: int = 0) -> Document:
    """The first document of `text`; JSON is read as YAML too. Raises ParseError.             sigs.k8s.io/yaml YAMLToJSON"""
    text = text.removeprefix("\ufeff")
    if _EMPTY.fullmatch(text):
        return Document(None, first_line + 1)
    if plain := plainyaml.read(text, first_line):
        return Document(plain.value, plain.positions[()][0], plain.positions, plain.duplicates)
    return unusual(text, first_line)


def unusual(text: str, first_line: int) -> Document:
    """A document with anything in it, by goyaml. Raises ParseError."""
    try:
        node = goyaml.parse(text)
        if node is None:
            return Document(None, first_line + 1)
        reader = _Reader(first_line)
        value = reader.at(node, ())
        return Document(_jsonable(value), first_line + node.line + 1, reader.positions, tuple(reader.duplicates))
    except GoYAMLError as error:
        line = None if error.line is None else first_line + error.line
        raise ParseError(f"error converting YAML to JSON: yaml: {error}", line, error.column) from None
    except _NotJSONError as error:
        raise ParseError(f"error converting YAML to JSON: {error}", None, None) from None
    except RecursionError:
        raise ParseError(f"error converting YAML to JSON: yaml: exceeded max depth of {goyaml.MAX_DEPTH}", None, None) from None


class _NotJSONError(Exception):
    """A YAML value that JSON has no word for."""


class _Reader:
    """Nodes to values, with texts as keys.                                                        decoder.unmarshal"""

    def __init__(self, first_line: int) -> None:
        self._first_line = first_line
        self._count = self._aliased = self._depth = 0
        self._open: set[int] = set()
        self.positions: dict[Path, Position] = {}
        self.duplicates: list[str] = []

    def value(self, node: Node, path: Path) -> Any:
        """The value of a node; an anchor that contains itself and a bomb of aliases are refused."""
        self._count += 1
        self._aliased += self._depth > 0
        if self._aliased > plainyaml.FEW_ALIASES and self._count > MANY and self._aliased / self._count > _allowed_share(self._count):
            raise GoYAMLError("document contains excessive aliasing")
        if len(path) > gojson.DEEPEST:
            raise GoYAMLError(f"exceeded max depth of {goyaml.MAX_DEPTH}")
        if node.kind == "alias" and node.target is not None:
            return self._alias(node, node.target, path)
        if node.kind == "scalar":
            return scalar(node)
        if node.kind == "sequence":
            return [self.at(item, (*path, i)) for i, item in enumerate(node.children)]
        return self._mapping(node, path, {})

    def at(self, node: Node, path: Path) -> Any:
        """The value of a node whose place is noted."""
        self.positions[path] = (self._first_line + node.line + 1, node.column + 1)
        return self.value(node, path)

    def _alias(self, node: Node, target: Node, path: Path) -> Any:
        if id(node) in self._open:
            raise GoYAMLError(f"anchor '{node.text}' value contains itself")
        self._open.add(id(node))
        self._depth += 1
        found = self.value(target, path)
        self._depth -= 1
        self._open.discard(id(node))
        return found

    def _mapping(self, node: Node, path: Path, into: dict[str, Any]) -> dict[str, Any]:
        own: set[str] = set()
        for key, value in zip(node.children[::2], node.children[1::2], strict=True):
            if key.kind == "scalar" and key.text == "<<" and (key.plain or key.tag == TAG + "merge"):
                self._merge(value, path, into)
                continue
            name = _key(self.value(key, ("?",)), value)
            place = (*path, name)
            self.positions[place] = (self._first_line + key.line + 1, key.column + 1)
            if name in own:
                self.duplicates.append(f"line {value.line + 1}: key {quote(name)} already set in map")
            own.add(name)
            into[name] = self.value(value, place)
        return into

    def _merge(self, node: Node, path: Path, into: dict[str, Any]) -> None:
        """What is merged counts as written here; of a list the first counts most."""
        sources = node.children[::-1] if node.kind == "sequence" else [node]
        for source in sources:
            if source.kind not in ("mapping", "alias") or (source.target is not None and source.target.kind != "mapping"):
                raise GoYAMLError("map merge requires map or sequence of maps as the value")
            into.update(self.value(source, path))


def _allowed_share(count: int) -> float:
    """How much of what was decoded may have come from aliases.                                 allowedAliasRatio"""
    low, high = MUCH
    return 0.99 - 0.89 * min(max(count - low, 0) / (high - low), 1)


def _key(found: Any, value: Node) -> str:
    """A key as JSON has it: always a text."""
    if isinstance(found, dict | list):
        raise GoYAMLError(f"invalid map key: {_go_value(found)}")
    if found is None:
        shown = _go_value(_Reader(0).value(value, ())).replace("interface {}(nil)", "<nil>")
        raise _NotJSONError(f"unsupported map key of type: %!s(<nil>), key: <nil>, value: {shown}")
    return as_key(found)


def _jsonable(value: Any) -> Any:
    """Numbers as the client holds them. Infinity and not-a-number are refused."""
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise _NotJSONError(f"json: unsupported value: {'NaN' if math.isnan(value) else '+Inf' if value > 0 else '-Inf'}")
    return gojson.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _go_value(value: Any) -> str:
    """%#v of a decoded YAML value."""
    if isinstance(value, dict):
        return "map[interface {}]interface {}{" + ", ".join(f"{_go_value(k)}:{_go_value(v)}" for k, v in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[]interface {}{" + ", ".join(map(_go_value, value)) + "}"
    if isinstance(value, bool | None):
        return {None: "interface {}(nil)", True: "true", False: "false"}[value]
    return quote(value) if isinstance(value, str) else general(value) if isinstance(value, float) else str(value)


def scalar(node: Node) -> Any:
    """The value of a scalar by YAML 1.1's rules as go-yaml has them.                                       resolve"""
    tag, text = node.tag.removeprefix(TAG), node.text
    if not node.tag and not node.plain:
        return text
    if tag == "binary" and node.tag != tag:
        return _binary(text)
    if tag not in ("", "str", "bool", "int", "float", "null", "timestamp") or (node.tag == tag and tag):
        return text  # a tag of one's own
    if tag == "str":
        return text
    kind, value = resolve(text, timestamps=tag in ("", "timestamp"))
    if tag in ("", kind):
        return value
    if (tag, kind) == ("float", "int"):
        return float(value)
    raise GoYAMLError(f"cannot decode !!{kind} `{text}` as a !!{tag}")


def _binary(text: str) -> str:
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        raise GoYAMLError("!!binary value contains invalid base64 data") from None
