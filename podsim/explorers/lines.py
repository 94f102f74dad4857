"""`kubectl get -o yaml` of many revisions as one table of lines; what two revisions share is written once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from typing import Any

from podsim.kubectl import yaml

Path = tuple[str, ...]  # a last part "" stands for an item of a list
SPLIT = {"metadata", "status"}  # maps whose entries change one by one


class LineTable:
    """The distinct lines seen so far; a revision is the list of its lines' numbers."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._known: dict[tuple[Path, int], tuple[Any, list[int]]] = {}

    @property
    def lines(self) -> list[str]:
        """The lines, in the order of their numbers."""
        return list(self._numbers)

    def add(self, obj: Mapping[str, Any]) -> list[int]:
        """The numbers of the lines of `obj`; subtrees that were there before are not looked at again."""
        numbers: list[int] = []
        for key in sorted(obj):
            value = obj[key]
            if key in SPLIT and value:
                numbers.append(self._numbers[f"{key}:"])
                for name in sorted(value):
                    numbers += self._entry(key, name, value[name])
            else:
                numbers += self._part((key,), value)
        return numbers

    def _entry(self, key: str, name: str, value: Any) -> list[int]:
        if not isinstance(value, list) or not value:
            return self._part((key, name), value)
        return [self._numbers[f"  {name}:"], *(n for item in value for n in self._part((key, name, ""), item))]

    def _part(self, path: Path, value: Any) -> list[int]:
        known = self._known.get((path, id(value)))
        if known is None:
            numbers = [self._numbers[line] for line in _written(path, json.dumps(value))]
            known = self._known[path, id(value)] = (value, numbers)  # holds the value, so that its id stays its own
        return known[1]


@lru_cache(maxsize=4096)
def _written(path: Path, text: str) -> tuple[str, ...]:
    """The lines of a JSON text at `path`; most of them come again in the next evaluation."""
    wrapped: Any = json.loads(text)
    for part in reversed(path):
        wrapped = {part: wrapped} if part else [wrapped]
    return tuple(yaml.lines(wrapped)[len(path) - 1 :])
