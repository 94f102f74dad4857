"""Rules for metadata, labels and label selectors.

k8s.io/apimachinery/pkg/api/validation/objectmeta.go and pkg/apis/meta/v1/validation/validation.go
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from . import names
from .field import (
    Errors,
    Object,
    child,
    conforms,
    forbidden,
    invalid,
    items,
    not_negative,
    required,
    too_long,
    unchanged,
)

MAX_ANNOTATION_BYTES = 256 * 1024
STANDARD_FINALIZERS = ("kubernetes", "orphan", "foregroundDeletion")


def object_meta(meta: Object, name_kind: str = "dns1123subdomain", path: str = "metadata") -> Errors:
    """metadata of a new object whose name has been generated already.             ValidateObjectMeta

    The namespace may be absent: the request supplies it.
    """
    if prefix := meta.get("generateName"):
        for message in names.check(name_kind, names.mask_trailing_dash(prefix)):
            yield invalid(child(path, "generateName"), prefix, message)
    if name := meta.get("name"):
        yield from conforms(child(path, "name"), name, name_kind)
    else:
        yield required(child(path, "name"), "name or generateName is required")
    if namespace := meta.get("namespace"):
        yield from conforms(child(path, "namespace"), namespace, "dns1123label")
    yield from not_negative(child(path, "generation"), meta.get("generation"))
    yield from labels(child(path, "labels"), meta.get("labels"))
    yield from annotation_keys(child(path, "annotations"), meta.get("annotations"))
    yield from _owner_references(path, meta)
    yield from _finalizers(child(path, "finalizers"), meta.get("finalizers") or ())


def object_meta_update(new: Object, old: Object, path: str = "metadata") -> Errors:
    """metadata of a changed object.                                               ValidateObjectMetaUpdate"""
    if old.get("deletionTimestamp"):
        added = sorted(set(new.get("finalizers") or ()) - set(old.get("finalizers") or ()))
        if added:
            shown = ", ".join(f'"{name}"' for name in added)
            found = f"found new finalizers []string{{{shown}}}"
            detail = f"no new finalizers can be added if the object is being deleted, {found}"
            yield forbidden(child(path, "finalizers"), detail)
    for field in ("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"):
        yield from unchanged(child(path, field), new.get(field), old.get(field))
    yield from labels(child(path, "labels"), new.get("labels"))
    yield from annotation_keys(child(path, "annotations"), new.get("annotations"))
    yield from _owner_references(path, new)
    yield from _indexed_finalizers(child(path, "finalizers"), new.get("finalizers") or ())


def labels(path: str, values: Mapping[str, str] | None) -> Errors:
    """Keys and values of labels, or of a node selector.                           ValidateLabels"""
    for key, value in (values or {}).items():
        yield from conforms(path, key, "qualifiedname")
        yield from conforms(path, value, "labelvalue")


def annotation_keys(path: str, values: Mapping[str, str] | None) -> Errors:
    """Keys of annotations (in any case) and their total size.                     ValidateAnnotations"""
    values = values or {}
    for key in values:
        for message in names.check("qualifiedname", key.lower()):
            yield invalid(path, key, message)
    if sum(len(key.encode()) + len(value.encode()) for key, value in values.items()) > MAX_ANNOTATION_BYTES:
        yield too_long(path, MAX_ANNOTATION_BYTES)


def label_selector(path: str, selector: Object | None) -> Errors:
    """matchLabels and matchExpressions.                                           ValidateLabelSelector"""
    if selector is None:
        return
    yield from labels(child(path, "matchLabels"), selector.get("matchLabels"))
    for at, expression in items(selector, "matchExpressions", path):
        yield from expression_values(at, expression, many=("In", "NotIn"), none=("Exists", "DoesNotExist"))
        yield from conforms(child(at, "key"), expression.get("key") or "", "qualifiedname")
        for number, value in enumerate(expression.get("values") or ()):
            yield from conforms(f"{at}.values[{number}]", value, "labelvalue")


def expression_values(
    path: str, expression: Object, many: Collection[str], none: Collection[str], single: Collection[str] = ()
) -> Errors:
    """How many values the operator of a selector expression takes."""
    operator, values = expression.get("operator") or "", expression.get("values") or ()
    if operator in many:
        if not values:
            yield required(child(path, "values"), "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in none:
        if values:
            yield forbidden(child(path, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    elif operator in single:
        if len(values) != 1:
            yield required(child(path, "values"), "must be specified single value when `operator` is 'Lt' or 'Gt'")
    else:
        yield invalid(child(path, "operator"), operator, "not a valid selector operator")


def matches(selector: Object | None, labels: Mapping[str, str] | None) -> bool | None:
    """Whether `selector` selects `labels`; none selects nothing, an empty one everything, a broken one gives None."""
    if selector is None:
        return False
    labels = labels or {}
    results = [labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items()]
    for expression in selector.get("matchExpressions") or ():
        if any(True for _ in label_selector("", {"matchExpressions": [expression]})):
            return None
        results.append(_holds(expression, labels))
    return all(results)


def _holds(expression: Object, labels: Mapping[str, str]) -> bool:
    key, values = expression["key"], expression.get("values") or ()
    truth: dict[str, bool] = {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }
    return truth[expression["operator"]]


def _owner_references(path: str, meta: Object) -> Errors:
    controller = ""
    for at, reference in items(meta, "ownerReferences", path):
        for field in ("apiVersion", "kind", "name", "uid"):
            if not reference.get(field):
                yield required(child(at, field), "must not be empty")
            elif field == "apiVersion" and not _is_group_version(reference[field]):
                yield invalid(child(at, field), reference[field], "must be <group>/<version> or <version>")
        if reference.get("apiVersion") == "v1" and reference.get("kind") == "Event":
            yield invalid(at, _shown(reference), "/v1, Kind=Event is disallowed from being an owner")
        if reference.get("controller"):
            this = f"{reference.get('kind', '')}/{reference.get('name', '')}"
            if controller:
                found = f'Found "true" in references for {controller} and {this}'
                detail = f"Only one reference can have Controller set to true. {found}"
                yield invalid(child(path, "ownerReferences"), [_shown(one) for one in meta["ownerReferences"]], detail)
            else:
                controller = this


def _shown(reference: Object) -> dict[str, Any]:
    """An owner as Go encodes it."""
    return {**dict.fromkeys(("apiVersion", "kind", "name", "uid"), ""), **{key: value for key, value in reference.items() if value is not None}}


def _is_group_version(text: str) -> bool:
    """schema.ParseGroupVersion, with a version"""
    return text.count("/") <= 1 and not text.endswith("/")


def _finalizers(path: str, finalizers: Collection[str]) -> Errors:
    for finalizer in finalizers:
        yield from conforms(path, finalizer, "qualifiedname")
    if {"orphan", "foregroundDeletion"} <= set(finalizers):
        yield invalid(path, list(finalizers), "finalizer orphan and foregroundDeletion cannot be both set")
    yield from _indexed_finalizers(path, finalizers)


def _indexed_finalizers(path: str, finalizers: Collection[Any]) -> Errors:
    for number, finalizer in enumerate(finalizers):
        if "/" not in finalizer and finalizer not in STANDARD_FINALIZERS:
            yield invalid(
                f"{path}[{number}]", finalizer, "name is neither a standard finalizer name nor is it fully qualified"
            )
