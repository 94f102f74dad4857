"""`kubectl get -o yaml` of many revisions as one table of lines; what two revisions share is written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podsim.kubectl import yaml

SPLIT = {"metadata", "status"}  # maps whose entries change one by one


class LineTable:
    """The distinct lines seen so far; a revision is the list of its lines' numbers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._numbers: dict[str, int] = {}
        self._known: dict[tuple[tuple[str, ...], int], tuple[Any, list[int]]] = {}

    def add(self, obj: Mapping[str, Any]) -> list[int]:
        """The numbers of the lines of `obj`; subtrees that are the very same object as before are not written again."""
        numbers: list[int] = []
        for key in sorted(obj):
            value = obj[key]
            if key in SPLIT and value:
                numbers += self._number(f"{key}:")
                for name in sorted(value):
                    numbers += self._entry(key, name, value[name])
            else:
                numbers += self._written((key,), value)
        return numbers

    def _entry(self, key: str, name: str, value: Any) -> list[int]:
        if not isinstance(value, list) or not value:
            return self._written((key, name), value)
        return self._number(f"  {name}:") + [n for item in value for n in self._written((key, name, ""), item)]

    def _written(self, path: tuple[str, ...], value: Any) -> list[int]:
        """The lines of `value` at `path`; a last part "" stands for an item of a list."""
        known = self._known.get((path, id(value)))
        if known and known[0] is value:
            return known[1]
        wrapped: Any = value
        for part in reversed(path):
            wrapped = {part: wrapped} if part else [wrapped]
        numbers = [n for line in yaml.lines(wrapped)[len(path) - 1 :] for n in self._number(line)]
        self._known[path, id(value)] = (value, numbers)
        return numbers

    def _number(self, line: str) -> list[int]:
        if line not in self._numbers:
            self._numbers[line] = len(self.lines)
            self.lines.append(line)
        return [self._numbers[line]]
