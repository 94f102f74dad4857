"""Paths into JSON values: `spec.containers[0].image`, `images["nginx:1.27"].pull`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

Path = tuple[str | int, ...]
_PART = re.compile(r'\[(\d+)\]|\["([^"]+)"\]|(?:^|(?<=[^.])\.)([^.\[\]"]+)')


@cache
def parse(text: str) -> Path:
    """The keys and indexes of a path; ValueError if it is none."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if not match:
            raise ValueError(f"{text!r} is not a path; write one like spec.containers[0].image")
        index, quoted, key = match.groups()
        parts.append(int(index) if index is not None else quoted or key)
        at = match.end()
    return tuple(parts)


def plain(path: Path) -> str:
    """A path as the API and the world's marks write it, without quotes: `images.nginx:1.27.pull`."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")


def get(value: Any, path: Path) -> Any:
    """What stands at `path`, or None."""
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """`value` with `new` at `path`, None taking the key away; maps on the way are made, lists must be long enough."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        items = list(value or ())
        items[first] = put(items[first], rest, new)
        return items
    entries = dict(value or {})
    if new is None and (not rest or first not in entries):
        entries.pop(first, None)
    else:
        entries[first] = put(entries.get(first), rest, new)
    return entries
