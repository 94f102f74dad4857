"""A manifest as written, into which controls write single values without touching the other lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import yaml

from podsim.explorers.paths import Path, plain
from podsim.kubectl.yaml import lines


@dataclass(frozen=True, slots=True)
class Place:
    """The slice of a value and that of its whole line, or where the keys of `missing` are to be written, `indent` columns in."""

    start: int
    end: int
    line_start: int
    line_end: int
    indent: int = 0
    missing: Path = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A manifest's text and the places that may be written to, by name."""

    text: str
    places: Mapping[str, Place]

    def with_values(self, values: Mapping[str, Any]) -> tuple[str, dict[str, list[int]]]:
        """(the text with those values, name -> the lines (from 1) that hold its value). None takes a line away."""
        out: list[str] = []
        bound: dict[str, list[int]] = {name: [] for name in self.places}
        at, line = 0, 1
        for place, names in self._in_order():
            gone = not place.missing and values[names[0]] is None
            start = place.line_start if gone else place.start
            before = self.text[at:start]
            line += before.count("\n")
            new = "" if gone else lines(values[names[0]])[0]
            if place.missing:
                made = list(_grown({self.places[name].missing: values[name] for name in names}, place.indent))
                new = "".join(f"{text}\n" for _, text in made)
                lines_of = {path: line + n for n, (path, _) in enumerate(made)}
                bound |= {name: [lines_of[path]] for name in names if (path := self.places[name].missing) in lines_of}
            elif not gone:
                bound[names[0]] = [line]
            out += [before, new]
            line += new.count("\n")
            at = place.line_end if gone else place.end
        return "".join([*out, self.text[at:]]), bound

    def _in_order(self) -> list[tuple[Place, list[str]]]:
        """The places from top to bottom, those that grow from one map together."""
        together: dict[Any, list[str]] = {}
        for name, place in self.places.items():
            together.setdefault((place.start, place.indent) if place.missing else (place.start, name), []).append(name)
        return sorted(((self.places[names[0]], names) for names in together.values()), key=lambda found: (found[0].start, -found[0].indent))


def _grown(values: Mapping[Path, Any], indent: int) -> Iterator[tuple[Path | None, str]]:
    """The lines of keys that were not there: (the path whose value a line holds, its text); None has no line."""
    opened: Path = ()
    for path in sorted((path for path, value in values.items() if value is not None), key=str):
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(opened, path[:-1], strict=False))))
        for depth in range(shared, len(path) - 1):
            yield None, f"{' ' * (indent + 2 * depth)}{path[depth]}:"
        opened = path[:-1]
        yield path, f"{' ' * (indent + 2 * len(opened))}{path[-1]}: {lines(values[path])[0]}"


def find(text: str, paths: Mapping[str, Path]) -> Written:
    """The places of `paths` in a manifest; ValueError naming a path that cannot be written there."""
    text = text if text.endswith("\n") else text + "\n"
    root = next(iter(yaml.compose_all(text, Loader=yaml.SafeLoader)))  # controls write to the first object
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
        elif isinstance(node, yaml.MappingNode) and not node.flow_style and all(isinstance(key, str) for key in path[position:]):
            end = _line_end(text, _last_scalar(node).end_mark.index)
            return Place(end, end, end, end, node.value[0][0].start_mark.column, path[position:])
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
