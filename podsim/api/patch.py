"""Merging patches into objects: strategic ones here, the two of JSON by `jsonpatch`, and apply's three-way merge.

Lists merge by the schema's patchMergeKey, in the order that a patch asks for ($setElementOrder).

apimachinery pkg/util/strategicpatch/patch.go
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, Literal

from podsim.api import jsonpatch, schema
from podsim.api.errors import Reason
from podsim.api.schema import Field

Json = dict[str, Any]
Type = Literal["strategic", "merge", "json"]
DIRECTIVE, RETAIN = "$patch", "$retainKeys"
ORDER, DELETE_FROM = "$setElementOrder", "$deleteFromPrimitiveList"
GO_TYPES = {dict: "map[string]interface {}", list: "[]interface {}", str: "string", bool: "bool", int: "int64", float: "float64"}


class BadPatchError(ValueError):
    """A patch that is none; `reason` is the server's."""

    def __init__(self, message: str, reason: Reason = "Unknown") -> None:
        super().__init__(message)
        self.reason = reason


def _bad_format(what: str) -> BadPatchError:
    return BadPatchError(f"invalid patch format of {what}", "BadRequest")


def _bad_directive(directive: Any, item: Json) -> BadPatchError:
    return BadPatchError(f"unknown patch type: {directive} in map: {printed(item)}")


def apply(live: Json, change: Any, type_: Type = "strategic") -> Json:
    """`live` with the patch applied. ValueError for one that does not fit."""
    return apply_and_tell(live, change, type_)[0]


def apply_and_tell(live: Json, change: Any, type_: Type = "strategic") -> tuple[Json, Any]:
    """The same, and what is left of the patch behind a strategic merge, which is what the server's errors show."""
    if type_ == "merge":
        return dict(jsonpatch.merge(live, change)), change
    if type_ == "json":
        return dict(jsonpatch.apply(live, change)), change
    change = deepcopy(change)
    return _merge(deepcopy(live), change, live.get("kind", ""), into_patch=False), change


def three_way_merge(original: Json | None, modified: Json, live: Json, kind: str) -> Json:
    """The strategic patch that apply sends: what `modified` says and `live` has not, and the end of what `original` had.

    Empty where there is nothing to change.                                            CreateThreeWayMergePatch
    """
    additions = _difference(live, modified, kind, additions=True)
    deletions = _difference(original or {}, modified, kind, additions=False)
    return _merge(deepcopy(deletions), deepcopy(additions), kind, into_patch=True)


def _fields(type_: str) -> dict[str, Field]:
    return dict(schema.types().get(type_, {}))


def _inner_type(field: Field | None) -> str:
    return field.type if field is not None and field.container != "map" else ""


def _is_merged(field: Field | None) -> bool:
    return field is not None and "merge" in field.strategy.split(",")


def _difference(old: Json, new: Json, type_: str, *, additions: bool, retain: bool = False) -> Json:
    """What changes or comes (`additions`), or what goes, from `old` to `new`, as a patch.                  diffMaps"""
    fields = _fields(type_)
    found: Json = {}
    for key, value in new.items():
        field = fields.get(key)
        if key not in old or type(old[key]) is not type(value):
            found |= {key: value} if additions else {}
        elif isinstance(value, dict):
            inner = _difference(old[key], value, _inner_type(field), additions=additions, retain=field is not None and "retainKeys" in field.strategy)
            found |= {key: inner} if inner else {}
        elif isinstance(value, list) and _is_merged(field) and field is not None:
            found |= _list_difference(key, old[key], value, field, additions=additions)
        elif additions and old[key] != value:
            found[key] = value
    if not additions:
        found |= {key: None for key in old if key not in new}
    kept = [key for key, value in new.items() if value is not None]
    if retain and kept and (found or any(value is not None and key not in new for key, value in old.items())):
        found[RETAIN] = sorted(kept)
    return found


def _list_difference(key: str, old: list[Any], new: list[Any], field: Field, *, additions: bool) -> Json:
    """diffLists"""
    if not old:
        return {key: new} if new and additions else {}
    if _element_type(old, new) is not dict:
        return _scalar_difference(key, old, new, additions=additions)
    found, gone = _item_differences(old, new, field, additions=additions)
    found = [*_in_order(found, new, field.merge_key), *gone]
    names = [[_name(item, field.merge_key) for item in items] for items in (old, new)]
    ordered = [{field.merge_key: name} for name in names[1]] if found or (additions and names[0] != names[1]) else []
    return {**({key: found} if found else {}), **({f"{ORDER}/{key}": ordered} if ordered else {})}


def _item_differences(old: list[Json], new: list[Json], field: Field, *, additions: bool) -> tuple[list[Json], list[Json]]:
    """The items that change or come, and the directives for those that go.                              diffListsOfMaps"""
    key = field.merge_key
    olds, news = ([*sorted(items, key=lambda item: str(_name(item, key)))] for items in (old, new))
    found: list[Json] = []
    gone: list[Json] = []
    while olds or news:
        if olds and news and str(olds[0].get(key)) == str(news[0].get(key)):
            was, now = olds.pop(0), news.pop(0)
            if inner := _difference(was, now, field.type, additions=additions, retain="retainKeys" in field.strategy):
                found.append({**inner, key: now.get(key)})
        elif not olds or (news and str(olds[0].get(key)) > str(news[0].get(key))):
            item = news.pop(0)
            found += [item] if additions else []
        else:
            name = olds.pop(0).get(key)
            gone += [] if additions else [{DIRECTIVE: "delete", key: name}]
    return found, gone


def _scalar_difference(key: str, old: list[Any], new: list[Any], *, additions: bool) -> Json:
    """diffListsOfScalars"""
    found = _in_order(sorted(v for v in new if v not in old), new, "") if additions else []
    gone = [] if additions else sorted({v for v in old if v not in new})
    ordered = new if gone or (additions and sorted(old) != new) else []  # upstream has sorted the old one by then
    lists = {key: found, f"{DELETE_FROM}/{key}": gone, f"{ORDER}/{key}": ordered}
    return {name: items for name, items in lists.items() if items}


def _merge(original: Json, change: Json, type_: str, *, into_patch: bool) -> Json:
    """`change` merged into `original`; both are used up. `into_patch`: the original is a patch itself.     mergeMap"""
    if DIRECTIVE in change:
        return _replaced(change)
    _retain(original, change, into_patch=into_patch)
    fields = _fields(type_)
    for key in [key for key in change if key.startswith(ORDER)]:
        _merge_in_order(original, change, key, fields, into_patch=into_patch)
    for key, value in list(change.items()):
        if not key.startswith(DELETE_FROM):
            _merge_field(original, key, value, fields.get(key), into_patch=into_patch)
        elif into_patch:
            original[key] = value
        else:
            _delete_from(original, _named_by(key, "primitive list"), value)
    return original


def _named_by(directive: str, what: str) -> str:
    """The field behind the slash."""
    start, slash, name = directive.partition("/")
    if not slash or start not in (ORDER, DELETE_FROM):
        raise _bad_format(what)
    return name


def _delete_from(original: Json, name: str, gone: Any) -> None:
    if isinstance(gone, list) and isinstance(original.get(name), list) and (gone or original[name]):
        _element_type(original[name], gone)
        original[name] = [item for item in original[name] if item not in gone]


def _merge_field(original: Json, key: str, value: Any, field: Field | None, *, into_patch: bool) -> None:
    if value is None:
        original.pop(key, None)
        if not into_patch:
            return
    known: Any = original.get(key)
    if key not in original or type(known) is not type(value):
        if not into_patch:
            _discard_nulls(value)
        bare = _without_directives(value)
        if bare is None and value is not None:
            original.pop(key, None)
        else:
            original[key] = bare
    elif isinstance(value, dict):
        original[key] = _merge(known, value, _inner_type(field), into_patch=into_patch)
    elif isinstance(value, list) and _is_merged(field) and field is not None:
        original[key] = _merge_lists(known, value, field, into_patch=into_patch)
    else:
        original[key] = value


def _replaced(change: Json) -> Json:
    """handleDirectiveInMergeMap"""
    directive = change[DIRECTIVE]
    if directive == "replace":
        del change[DIRECTIVE]
        return change
    if directive == "delete":
        return {}
    raise _bad_directive(directive, change)


def _retain(original: Json, change: Json, *, into_patch: bool) -> None:
    """applyRetainKeysDirective"""
    if RETAIN not in change:
        return
    kept = change.pop(RETAIN)
    if into_patch:
        original[RETAIN] = kept
        return
    given = [key for key, value in change.items() if value is not None and not key.startswith((ORDER, DELETE_FROM))]
    if not isinstance(kept, list) or any(key not in kept for key in given):
        raise _bad_format("retainKeys")
    for key in [key for key in original if key not in kept]:
        del original[key]


def _merge_in_order(original: Json, change: Json, directive: str, fields: dict[str, Field], *, into_patch: bool) -> None:
    """A list whose order the patch gives.                                                       mergePatchIntoOriginal"""
    order, name = _list(change.pop(directive)), _named_by(directive, "setElementOrder list")
    field = fields.get(name)
    if into_patch:
        original[directive] = order
    if field is None or (name not in original and name not in change):
        return
    old, new = ([*_list(one.get(name, []))] for one in (original, change))
    _check_order(new, order, field.merge_key)
    if name not in original:
        bare = _without_directives(new)
        merged = bare if isinstance(bare, list) else []
    else:
        merged = _merge_lists([*old], new, field, into_patch=into_patch) if name in change else old
    change.pop(name, None)
    _element_type(old, new)
    original[name] = _ordered(merged, order, old, field.merge_key)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else _is_wrong(value, list)


def _is_wrong(value: Any, wanted: type) -> Any:
    """ErrBadArgType"""
    raise BadPatchError(f"expected a {GO_TYPES[wanted]}, but received a {GO_TYPES.get(type(value), '%!s(<nil>)')}")


def _element_type(*lists: list[Any]) -> type:
    """The type that all the items have.                                                               sliceElementType"""
    types = [type(item) for items in lists for item in items]
    if not types:
        raise BadPatchError("no elements in any of the given slices")
    if types[0] is list:
        raise BadPatchError("the server rejected our request due to an error in our request", "Invalid")
    if any(one is not types[0] for one in types):
        raise BadPatchError(f"list element types are not identical: {printed(list(lists))}")
    return types[0]


def _check_order(change: list[Any], order: list[Any], key: str) -> None:
    """The items of the patch come in the order that it gives.                             validatePatchWithSetOrderList"""
    wanted = [_name(item, key) for item in order]
    for item in change if order else ():
        if isinstance(item, dict) and DIRECTIVE in item:
            continue
        if _name(item, key) not in wanted:
            raise BadPatchError(f"The order in patch list:\n{printed(change)}\n doesn't match {ORDER} list:\n{printed(order)}\n")
        wanted = wanted[wanted.index(_name(item, key)) + 1 :]


def _merge_lists(original: list[Any], change: list[Any], field: Field, *, into_patch: bool) -> list[Any]:
    """mergeSlice"""
    if not original and not change:
        return original
    key = field.merge_key
    if _element_type(original, change) is not dict:
        unique = [item for i, item in enumerate([*original, *change]) if item not in [*original, *change][:i]]
        return _ordered(unique, change, original, key)
    original, plain = _without_special_items(original, change, key)
    before = list(original)
    for item in plain:
        name = _name(item, key)
        place = next((i for i, old in enumerate(original) if old.get(key) == name), None)
        if place is None:
            original.append(item)
        else:
            original[place] = _merge(original[place], item, field.type, into_patch=into_patch)
    return _ordered(original, plain, before, key)


def _without_special_items(original: list[Json], change: list[Json], key: str) -> tuple[list[Json], list[Json]]:
    """What is left of both when the directives among the items are obeyed.                 mergeSliceWithSpecialElements"""
    plain = [item for item in change if DIRECTIVE not in item]
    replace = False
    for item in change:
        directive = item.get(DIRECTIVE, "")
        if directive == "delete":
            name = _name(item, key)
            original = [old for old in original if old.get(key) != name]
        elif directive == "merge":
            raise BadPatchError("merging lists cannot yet be specified in the patch")
        elif directive not in ("", "replace"):
            raise _bad_directive(directive, item)
        replace |= directive == "replace"
    return (plain, []) if replace else (original, plain)


def _ordered(merged: list[Any], order: list[Any], before: list[Any], key: str) -> list[Any]:
    """Items that `order` names come in its order, the others stay where they were among them.     normalizeElementOrder"""
    named = [_name(item, key) for item in order]
    patched = _in_order([item for item in merged if _name(item, key) in named], order, key)
    others = _in_order([item for item in merged if _name(item, key) not in named], before, key)
    places = {_frozen(_name(item, key)): i for i, item in reversed(list(enumerate(before)))}
    found: list[Any] = []
    while patched and others:
        left, right = (places.get(_frozen(_name(items[0], key)), -1) for items in (others, patched))
        found.append(others.pop(0) if left >= 0 and right >= 0 and left < right else patched.pop(0))
    return [*found, *others, *patched]


def _in_order(items: Iterable[Any], order: list[Any], key: str) -> list[Any]:
    """normalizeSliceOrder: an insertion sort that moves what `order` does not name in front of everything."""
    listed = list(items)
    places = {_frozen(_name(item, key)): i for i, item in reversed(list(enumerate(order)))}
    found: list[tuple[int, Any]] = []
    for item in listed:
        if _is_deleted(item):
            continue
        place, at = places.get(_frozen(_name(item, key)), -1), len(found)
        while at and not 0 <= found[at - 1][0] <= place:
            at -= 1
        found.insert(at, (place, item))
    return [item for _, item in found] + [item for item in listed if _is_deleted(item)]


def _name(item: Any, key: str) -> Any:
    """What tells an item from the others: the value of its merge key, or a single value itself."""
    if not key:
        return item
    if not isinstance(item, dict):
        return _is_wrong(item, dict)
    if key not in item:
        raise BadPatchError(f"map: {printed(item)} does not contain declared merge key: {key}")
    return item[key]


def _frozen(name: Any) -> Any:
    return name if isinstance(name, str | int | float | bool | None) else str(name)


def _is_deleted(item: Any) -> bool:
    return isinstance(item, dict) and item.get(DIRECTIVE) == "delete"


def _without_directives(value: Any) -> Any:
    """removeDirectives, in place; None for a map that is a directive."""
    if isinstance(value, dict):
        if DIRECTIVE in value:
            return None
        for key, item in list(value.items()):
            if item is not None:
                value[key] = _without_directives(item)
                if value[key] is None:
                    del value[key]
    if isinstance(value, list):
        return [_without_directives(item) for item in value if not (isinstance(item, dict) and DIRECTIVE in item)]
    return value


def _discard_nulls(value: Any) -> None:
    """discardNullValuesFromPatch, in place"""
    if isinstance(value, dict):
        for key in [key for key, item in value.items() if item is None]:
            del value[key]
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _discard_nulls(item)


def printed(value: Any) -> str:
    """A JSON value as Go's %v prints it."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{printed(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(printed, value)) + "]"
    if isinstance(value, bool | None):
        return "<nil>" if value is None else "true" if value else "false"
    return str(value)
