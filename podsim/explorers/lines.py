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
        self._same: dict[tuple[tuple[str, ...], int], tuple[Any, list[int]]] = {}
        self._equal: dict[tuple[tuple[str, ...], str], list[int]] = {}

    def add(self, obj: Mapping[str, Any]) -> list[int]:
        """The numbers of the lines of `obj`; subtrees that were there before are not written again."""
        numbers: list[int] = []
        for key in sorted(obj):
            value = obj[key]
            if key in SPLIT and value:
                numbers.append(self._number(f"{key}:"))
                for name in sorted(value):
                    numbers += self._entry(key, name, value[name])
            else:
                numbers += self._known((key,), value)
        return numbers

    def _entry(self, key: str, name: str, value: Any) -> list[int]:
        if not isinstance(value, list) or not value:
            return self._known((key, name), value)
        return [self._number(f"  {name}:"), *(n for item in value for n in self._known((key, name, ""), item))]

    def _known(self, path: tuple[str, ...], value: Any) -> list[int]:
        """The lines of `value` at `path`; a last part "" stands for an item of a list."""
        same = self._same.get((path, id(value)))
        if same and same[0] is value:
            return same[1]
        shown = repr(value)
        if (path, shown) not in self._equal:
            self._equal[path, shown] = self._written(path, value)
        numbers = self._equal[path, shown]
        self._same[path, id(value)] = (value, numbers)
        return numbers

    def _written(self, path: tuple[str, ...], value: Any) -> list[int]:
        wrapped: Any = value
        for part in reversed(path):
            wrapped = {part: wrapped} if part else [wrapped]
        return [self._number(line) for line in yaml.lines(wrapped)[len(path) - 1 :]]

    def _number(self, line: str) -> int:
        number = self._numbers.setdefault(line, len(self.lines))
        if number == len(self.lines):
            self.lines.append(line)
        return number
