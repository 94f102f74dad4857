"""A scenario changed at a path: what a panel made from the manifest writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from podsim.cluster.nodes import DEFAULT_NODE
from podsim.explorers.declared import wrong

Path = Sequence[str | int]
MOST_ITEMS = 100
EMPTY: tuple[Any, ...] = ({}, [])


def adjusted(data: Mapping[str, Any], changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The scenario after the changes, [{"path", "value"}]; None takes away, and with it what is left empty above it.

    An index one past the end of a list appends. DeclarationError for a path that leads nowhere.
    """
    result: Any = dict(data)
    for change in changes:
        path = change["path"]
        if tuple(path[:1]) == ("nodes",) and "nodes" not in result:
            result["nodes"] = [{"name": DEFAULT_NODE.name}]
        result = _put(result, path, change["value"], ".".join(map(str, path)))
    if result.get("nodes") == [{"name": DEFAULT_NODE.name}]:
        del result["nodes"]
    return dict(result)


def _put(value: Any, path: Path, new: Any, whole: str) -> Any:
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        items = list(value or ())
        if not 0 <= first <= min(len(items), MOST_ITEMS):
            raise wrong(whole, first, "a place in the list, or the next one")
        inner = _put(items[first] if first < len(items) else None, rest, new, whole)
        return [*items[:first], *([] if inner is None else [inner]), *items[first + 1 :]]
    entries = dict(value or {})
    inner = _put(entries.get(first), rest, new, whole)
    gone = inner is None or (new is None and inner in EMPTY and first != "nodes")
    return {k: v for k, v in {**entries, first: inner}.items() if not gone or k != first}
