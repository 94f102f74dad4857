"""The two patches that know nothing of Kubernetes: JSON merge patch and JSON patch."""

from __future__ import annotations

from typing import Any


def merge(live: Any, change: Any) -> Any:
    """`live` with a JSON merge patch in it.                                                          RFC 7386"""
    if not isinstance(change, dict):
        return change
    merged = dict(live) if isinstance(live, dict) else {}
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def apply(live: Any, operations: Any) -> Any:
    """`live` after a JSON patch: add, remove, replace, test, copy, move. ValueError for one that does not fit.     RFC 6902"""
    if not isinstance(operations, list):
        raise ValueError("a JSON patch is a list of operations")  # noqa: TRY004 - bad input, not a bad call
    for operation in operations:
        kind, steps = operation.get("op"), _steps(operation.get("path", ""))
        if kind in ("copy", "move"):
            value = _at(live, _steps(operation.get("from", "")))
            live = _changed(live, _steps(operation["from"]), "remove", None) if kind == "move" else live
            live = _changed(live, steps, "add", value)
        elif kind == "test":
            if _at(live, steps) != operation.get("value"):
                raise ValueError(f"testing value {operation.get('path')} failed")
        elif kind in ("add", "remove", "replace"):
            live = _changed(live, steps, kind, operation.get("value"))
        else:
            raise ValueError(f"Unexpected kind: {kind}")
    return live


def _steps(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _at(value: Any, steps: list[str]) -> Any:
    for step in steps:
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, ValueError, TypeError):
            raise ValueError(f"missing path: /{'/'.join(steps)}") from None
    return value


def _changed(value: Any, steps: list[str], kind: str, new: Any) -> Any:
    if not steps:
        return new
    head, rest = steps[0], steps[1:]
    if rest:
        inner = _changed(_at(value, [head]), rest, kind, new)
        return [inner if i == int(head) else v for i, v in enumerate(value)] if isinstance(value, list) else {**value, head: inner}
    if kind != "add":
        _at(value, [head])
    if isinstance(value, list):
        place = len(value) if head == "-" else int(head)
        tail = value[place:] if kind == "add" else value[place + 1 :]
        return [*value[:place], *([] if kind == "remove" else [new]), *tail]
    return {k: v for k, v in value.items() if k != head} if kind == "remove" else {**value, head: new}
