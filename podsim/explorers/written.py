"""A manifest as written, into which controls write single values without touching the other lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from podsim.explorers.paths import Path, plain
from podsim.kubectl.yaml import lines


@dataclass(frozen=True, slots=True)
class Place:
    """The slice of a value and that of its whole line; `lead` stands before the value where a line is to be made."""

    start: int
    end: int
    line_start: int
    line_end: int
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A manifest's text and the places that may be written to, by name."""

    text: str
    places: Mapping[str, Place]

    def with_values(self, values: Mapping[str, Any]) -> tuple[str, dict[str, list[int]]]:
        """(the text with those values, name -> the lines (from 1) that hold its value). None takes a line away."""
        out: list[str] = []
        bound: dict[str, list[int]] = {}
        at, line = 0, 1
        for name, place in sorted(self.places.items(), key=lambda item: item[1].start):
            value = values[name]
            gone = value is None
            start = place.line_start if gone else place.start
            before = self.text[at:start]
            new = "" if gone else place.lead + lines(value)[0] + ("\n" if place.lead else "")
            line += before.count("\n")
            out += [before, new]
            bound[name] = [] if gone else [line]
            line += new.count("\n")
            at = place.line_end if gone else place.end
        return "".join([*out, self.text[at:]]), bound


def find(text: str, paths: Mapping[str, Path]) -> Written:
    """The places of `paths` in a manifest; ValueError naming a path that cannot be written there."""
    text = text if text.endswith("\n") else text + "\n"
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return Written(text, {name: _place(text, root, path) for name, path in paths.items()})


def _place(text: str, root: yaml.Node | None, path: Path) -> Place:
    node, key_line = root, 0
    for position, part in enumerate(path):
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            continue
        found = [(k, v) for k, v in node.value if k.value == part] if isinstance(node, yaml.MappingNode) else []
        if found:
            key_line, node = _line_start(text, found[0][0].start_mark.index), found[0][1]
        elif isinstance(node, yaml.MappingNode) and not node.flow_style and position == len(path) - 1:
            end = _line_end(text, _last_scalar(node).end_mark.index)
            return Place(end, end, end, end, f"{' ' * node.value[0][0].start_mark.column}{part}: ")
        else:
            raise ValueError(f"{plain(path)} is not in the manifest")
    if not isinstance(node, yaml.ScalarNode):
        raise ValueError(f"{plain(path)} is not a single value in the manifest")  # noqa: TRY004 - bad input
    start, end = node.start_mark.index, node.end_mark.index
    return Place(start, end, key_line, _line_end(text, end))


def _last_scalar(node: yaml.Node) -> yaml.Node:
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    return text.index("\n", index) + 1
