"""Merging patches into objects: strategic, JSON merge, JSON patch, and apply's three-way merge.

apimachinery pkg/util/strategicpatch; lists merge by the schema's patchMergeKey
"""

from __future__ import annotations

from typing import Any, Literal

from podsim.api import schema
from podsim.api.schema import Field

Json = dict[str, Any]
Type = Literal["strategic", "merge", "json"]
DIRECTIVE = "$patch"
DELETE_FROM = "$deleteFromPrimitiveList/"


def apply(live: Json, change: Any, type_: Type = "strategic") -> Json:
    """`live` with the patch applied. ValueError for a JSON patch that does not fit."""
    if type_ == "merge":
        merged = _merge_json(live, change)
    elif type_ == "json":
        merged = _json_patch(live, change)
    else:
        merged = _merge_objects(live, change, live.get("kind", ""))
    return dict(merged)


def three_way_merge(original: Json | None, modified: Json, live: Json, kind: str) -> Json:
    """The strategic patch that apply sends: what `modified` says and `live` has not, and the end of what `original` had.

    Empty where there is nothing to change.                                            CreateThreeWayMergePatch
    """
    merged: Json = _joined(_deletions(original or {}, modified, live, kind), _additions(live, modified, kind))
    return merged


def _additions(live: Any, modified: Json, type_: str) -> Json:
    """What `modified` says and `live` does not say, as a patch."""
    fields = _fields(type_)
    found: Json = {}
    for key, value in modified.items():
        if value is None:
            if key in live:
                found[key] = None
        elif key not in live:
            found[key] = value
        elif value != live[key]:
            change = _field_additions(live[key], value, fields.get(key))
            if change not in ({}, []):
                found[key] = change
    return found


def _field_additions(live: Any, value: Any, field: Field | None) -> Any:
    if isinstance(value, dict) and isinstance(live, dict) and not (field and "replace" in field.strategy):
        return _additions(live, value, field.type if field and not field.container else "")
    if isinstance(value, list) and isinstance(live, list) and field is not None and "merge" in field.strategy:
        if not field.merge_key:
            return [v for v in value if v not in live]
        known = {item.get(field.merge_key): item for item in live}
        changes = [(item, _additions(known.get(item.get(field.merge_key), {}), item, field.type)) for item in value]
        return [{field.merge_key: item.get(field.merge_key), **change} for item, change in changes if change]
    return value


def _deletions(original: Json, modified: Json, live: Json, type_: str) -> Json:
    """The end of what `original` had and `modified` has not, as a patch."""
    fields = _fields(type_)
    found: Json = {}
    for key, was in original.items():
        now, field = modified.get(key), fields.get(key)
        if now is None:
            if key in live:
                found[key] = None
        elif isinstance(was, dict) and isinstance(now, dict) and isinstance(live.get(key), dict):
            change: Any = _deletions(was, now, live[key], field.type if field and not field.container else "")
            found |= {key: change} if change else {}
        elif field is not None and field.merge_key and "merge" in field.strategy and isinstance(was, list) and isinstance(now, list):
            change = _item_deletions(was, now, live.get(key) or [], field)
            found |= {key: change} if change else {}
    return found


def _item_deletions(was: list[Any], now: list[Any], live: list[Any], field: Field) -> list[Json]:
    key = field.merge_key
    kept, held = {i.get(key): i for i in now}, {i.get(key): i for i in live}
    found: list[Json] = []
    for item in was:
        name = item.get(key)
        if name not in kept:
            found += [{DIRECTIVE: "delete", key: name}] if name in held else []
        elif name in held and (change := _deletions(item, kept[name], held[name], field.type)):
            found.append({key: name, **change})
    return found


def _joined(a: Any, b: Any) -> Any:
    """Two patches in one."""
    if isinstance(a, dict) and isinstance(b, dict):
        return {**a, **{k: _joined(a[k], v) if k in a else v for k, v in b.items()}}
    return [*a, *b] if isinstance(a, list) and isinstance(b, list) else b


def _fields(type_: str) -> dict[str, Field]:
    return dict(schema.types().get(type_, {}))


def _merge_objects(live: Any, change: Any, type_: str) -> Any:
    """A map merged into a map; None deletes."""
    if not isinstance(live, dict) or not isinstance(change, dict):
        return change
    if change.get(DIRECTIVE) == "replace":
        return {k: v for k, v in change.items() if k != DIRECTIVE}
    fields, merged = _fields(type_), dict(live)
    for key, value in change.items():
        if key.startswith(DELETE_FROM) and key.removeprefix(DELETE_FROM) in live:
            name = key.removeprefix(DELETE_FROM)
            merged[name] = [v for v in merged[name] if v not in value]
        if key.startswith("$"):
            continue
        if value is None:
            merged.pop(key, None)
        elif key in live:
            merged[key] = _merge_field(live[key], value, fields.get(key))
        else:
            merged[key] = _clean(value)
    return merged


def _merge_field(live: Any, value: Any, field: Field | None) -> Any:
    if isinstance(value, list) and isinstance(live, list):
        if field is None or (field.strategy != "merge" and "merge" not in field.strategy):
            return _clean(value)
        if not field.merge_key:
            return [*live, *(v for v in value if v not in live)]
        return _merge_lists(live, value, field)
    if isinstance(value, dict):
        if field is not None and "replace" in field.strategy:
            return _clean(value)
        return _merge_objects(live, value, field.type if field and not field.container else "")
    return value


def _merge_lists(live: list[Any], change: list[Any], field: Field) -> list[Any]:
    """Items that the patch names come in its order, in the places of the live ones; others stay where they are."""
    key = field.merge_key
    if any(isinstance(c, dict) and c.get(DIRECTIVE) == "replace" for c in change):
        return [c for c in change if c.get(DIRECTIVE) != "replace"]
    merged = list(live)
    for item in change:
        place = next((i for i, old in enumerate(merged) if old.get(key) == item.get(key)), None)
        if item.get(DIRECTIVE) == "delete":
            merged = [old for old in merged if old.get(key) != item.get(key)]
        elif place is None:
            merged.append(_clean(item))
        else:
            merged[place] = _merge_objects(merged[place], item, field.type)
    named = [item.get(key) for item in change if item.get(DIRECTIVE) != "delete"]
    ordered = iter(sorted((m for m in merged if m.get(key) in named), key=lambda m: named.index(m.get(key))))
    return [next(ordered) if m.get(key) in named else m for m in merged]


def _clean(value: Any) -> Any:
    """A new value without patch directives and deletions."""
    if isinstance(value, dict):
        return {k: _clean(v) for k, v in value.items() if v is not None and not k.startswith("$")}
    if isinstance(value, list):
        return [_clean(v) for v in value if not (isinstance(v, dict) and v.get(DIRECTIVE) == "delete")]
    return value


def _merge_json(live: Any, change: Any) -> Any:
    """RFC 7386."""
    if not isinstance(change, dict):
        return change
    merged = dict(live) if isinstance(live, dict) else {}
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge_json(merged.get(key), value)
    return merged


def _json_patch(live: Any, operations: Any) -> Any:
    """RFC 6902: add, remove, replace, test, copy, move."""
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
