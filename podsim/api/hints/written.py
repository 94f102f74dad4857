"""A manifest's text with one thing changed: values, keys and entries, in block and in flow style."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from podsim.api.manifest import Document
from podsim.api.yamltypes import Path, Position

WIDE = 1_000_000  # no line is folded


class _Dumper(yaml.SafeDumper):
    """Quotes what go-yaml would read as a boolean."""


_Dumper.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^[yYnN]$"), list("yYnN"))


class Written:
    """One document of a manifest; every change gives the whole text. `None` where a change cannot be made."""

    def __init__(self, text: str, document: Document) -> None:
        self.text = text if text.endswith("\n") else text + "\n"
        self.document = document
        try:
            self._root = next(_nodes_at(self.text, document.positions.get((), (document.line, 1))), None)
        except yaml.YAMLError:
            self._root = None

    @cached_property
    def positions(self) -> Mapping[Path, Position]:
        """Line and column of every key and item."""
        found: dict[Path, Position] = {}
        waiting: list[tuple[Path, Node]] = [((), self._root)] if self._root is not None else []
        while waiting:
            path, node = waiting.pop()
            for step, first, value in _entries(node):
                found[(*path, step)] = (first.start_mark.line + 1, first.start_mark.column + 1)
                waiting.append(((*path, step), value))
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def node(self, path: Path) -> Node | None:
        """What is written at `path`."""
        node = self._root
        for step in path:
            entry = _entry(node, step)
            if entry is None:
                return None
            node = entry[1]
        return node

    def key_position(self, path: Path) -> Position:
        """Line and column of a key, or of an item; of the nearest thing around it where it is not written."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (self.document.line, 1))

    def value_position(self, path: Path) -> Position:
        """Line and column of a value."""
        node = self.node(path)
        if node is None or isinstance(node, CollectionNode) or node.start_mark.index == node.end_mark.index:
            return self.key_position(path)
        return node.start_mark.line + 1, node.start_mark.column + 1

    def raw(self, path: Path) -> str:
        """The text of a value."""
        node = self.node(path)
        return "" if node is None else self.text[node.start_mark.index : self._end(node)]

    def with_raw(self, path: Path, new: str) -> str | None:
        """`new`, as it stands, in place of a value."""
        node = self.node(path)
        if node is None:
            return None
        start, end = node.start_mark.index, self._end(node)
        return self.text[:start] + (" " if start == end else "") + new + self.text[end:]

    def with_text(self, path: Path, new: str) -> str | None:
        """A text in place of another, in quotes where that one is."""
        return self.with_raw(path, json.dumps(new, ensure_ascii=False) if self.raw(path).startswith('"') else new)

    def with_value(self, path: Path, value: Any) -> str | None:
        """`value` in place of what is written there: in flow style unless a block stands there."""
        node = self.node(path)
        if node is None:
            return None
        if not isinstance(node, CollectionNode) or node.flow_style or not isinstance(value, (dict, list)) or not value:
            return self.with_raw(path, flow(value))
        column, key = node.start_mark.column, self._key(path)
        start = self.text.rfind("\n", 0, node.start_mark.index) + 1
        lead = self.text[start : node.start_mark.index]
        if isinstance(value, dict) and isinstance(path[-1], str) and key is not None and key.start_mark.column == column:
            column, lead = column + 2, lead + "  "
        return self.text[:start] + lead + ("\n" + " " * column).join(block(value)) + self.text[self._end(node) :]

    def renamed(self, path: Path, new: str) -> str | None:
        """Another key for the same value."""
        key = self._key(path)
        if key is None:
            return None
        start, end = key.start_mark.index, key.end_mark.index
        return self.text[:start] + (json.dumps(new) if self.text[start] == '"' else new) + self.text[end:]

    def removed(self, path: Path) -> str | None:
        """The text without an entry of a map or an item of a list."""
        parent = self.node(path[:-1])
        if not isinstance(parent, CollectionNode):
            return None
        entries = _entries(parent)
        at = next((i for i, (step, _, _) in enumerate(entries) if step == path[-1]), None)
        if at is None:
            return None
        _, first, value = entries[at]
        start, end = first.start_mark.index, self._end(value)
        if len(entries) == 1:
            before = self.text[: parent.start_mark.index].rstrip(" \n")
            return before + (" {}" if isinstance(parent, MappingNode) else " []") + self.text[self._end(parent) :]
        if at + 1 < len(entries):
            return self.text[:start] + self.text[entries[at + 1][1].start_mark.index :]
        return self.text[: self._end(entries[at - 1][2])] + self.text[end:]

    def with_entry(self, path: Path, value: Any) -> str | None:
        """A new entry at `path`; maps on the way are made, lists are not."""
        depth = next((n for n in range(len(path), -1, -1) if self.node(path[:n]) is not None), None)
        if depth is None or depth == len(path) or any(isinstance(step, int) for step in path[depth:]):
            return None
        for step in reversed(path[depth + 1 :]):
            value = {step: value}
        made = {path[depth]: value}
        inline = json.dumps(made) if self.text.lstrip().startswith("{") else flow(made)
        return self._with_lines(path[:depth], block(made), inline[1:-1])

    def moved(self, path: Path, parent: Path) -> str | None:
        """An entry taken out of its place and put into the map at `parent`."""
        without, value = self.removed(path), self.document_value(path)
        if without is None:
            return None
        place, have = (*parent, path[-1]), self.document_value((*parent, path[-1]))
        rest = Written(without, self.document)
        return rest.with_value(place, {**have, **value}) if isinstance(have, dict) and isinstance(value, dict) else rest.with_entry(place, value)

    def document_value(self, path: Path) -> Any:
        """The value at `path` of the document's object; None where there is none."""
        value = self.document.object
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def _with_lines(self, path: Path, lines: Sequence[str], inline: str) -> str | None:
        node = self.node(path)
        if isinstance(node, MappingNode) and node.value and not node.flow_style:
            column, end = node.value[0][0].start_mark.column, self._end(node)
        elif isinstance(node, MappingNode):
            close = node.end_mark.index - 1
            lead = ", " if node.value else ""
            return self.text[:close].rstrip() + lead + inline + self.text[close:]
        elif isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index and path:
            key = self._key(path)
            column, end = (key.start_mark.column if key else 0) + 2, node.end_mark.index
        else:
            return None
        return self.text[:end] + "\n" + textwrap.indent("\n".join(lines), " " * column) + self.text[end:]

    def _key(self, path: Path) -> Node | None:
        entry = _entry(self.node(path[:-1]), path[-1])
        return entry[0] if entry else None

    def _end(self, node: Node) -> int:
        """Where the last thing in a value ends; a block's own mark stands at the next token."""
        while isinstance(node, CollectionNode) and node.value and not node.flow_style:
            last = node.value[-1]
            node = last[1] if isinstance(last, tuple) else last
        end: int = node.end_mark.index
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            return len(self.text[:end].rstrip("\n"))
        return end


def flow(value: Any) -> str:
    """A value on one line."""
    return str(yaml.dump(value, Dumper=_Dumper, default_flow_style=True, sort_keys=False, width=WIDE, allow_unicode=True)).removesuffix("...\n").strip()


def block(value: Any) -> list[str]:
    """A map or list, line by line."""
    return str(yaml.dump(value, Dumper=_Dumper, default_flow_style=False, sort_keys=False, width=WIDE, allow_unicode=True)).splitlines()


def _nodes_at(text: str, place: Position) -> Iterator[Node]:
    """The outermost node that begins there."""
    for root in yaml.compose_all(text, Loader=yaml.SafeLoader):
        waiting = [root] if root is not None else []
        while waiting:
            node = waiting.pop(0)
            if (node.start_mark.line + 1, node.start_mark.column + 1) == place:
                yield node
                return
            waiting += [value for _, _, value in _entries(node)]


def _entries(node: Node) -> list[tuple[str | int, Node, Node]]:
    """(key or index, the node that begins the entry, its value)."""
    if isinstance(node, MappingNode):
        return [(key.value, key, value) for key, value in node.value]
    if isinstance(node, SequenceNode):
        return [(i, item, item) for i, item in enumerate(node.value)]
    return []


def _entry(node: Node | None, step: str | int) -> tuple[Node, Node] | None:
    return next(((first, value) for key, first, value in _entries(node) if key == step), None) if node is not None else None
