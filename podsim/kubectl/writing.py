"""apply, create and replace."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from podsim.api import patch
from podsim.api.collecting import paused
from podsim.api.errors import Rejected
from podsim.kubectl import deleting, files, jsontext, output
from podsim.kubectl.call import Call, Object
from podsim.kubectl.describe.sections import LAST_APPLIED
from podsim.kubectl.editing import send_patch
from podsim.kubectl.failures import CommandError, usage, with_source
from podsim.kubectl.resources import Info

NO_ANNOTATION = (
    "resource {0} is missing the {1} annotation which is required by kubectl apply. kubectl apply should only be used "
    "on resources created declaratively by either kubectl create --save-config or kubectl apply. "
    "The missing annotation will be patched automatically."
)


def apply(call: Call) -> None:
    """`kubectl apply -f`.                                                                   pkg/cmd/apply/apply.go"""
    form = call.arguments["output"]
    structured = form not in ("", "name")
    applied: list[Object] = []
    _each(call, partial(_apply, applied=applied if structured else None))
    if applied:
        output.check(form)
        whole = applied[0] if len(applied) == 1 else {"apiVersion": "v1", "items": applied, "kind": "List", "metadata": {}}
        call.print_object(form, whole, [], applied)


def create(call: Call) -> None:
    """`kubectl create -f`.                                                                pkg/cmd/create/create.go"""
    output.check(call.arguments["output"])
    _each(call, _create)


def replace(call: Call) -> None:
    """`kubectl replace -f`; --force deletes and creates.                                pkg/cmd/replace/replace.go"""
    output.check(call.arguments["output"])
    if not call.arguments["force"]:
        return _each(call, _replace)
    found = _objects(call)
    call.errors += [one for one in found if isinstance(one, Exception)]
    infos = [one for one in found if isinstance(one, Info)]
    live = [info for info in infos if call.simulation.store.get(info.kind.kind, info.namespace, info.name)]
    deleting.delete_infos(call, live, dataclasses.replace(deleting.Manner.of(call, default_force=False), wait=True))
    for info in infos if not call.errors else ():
        call.attempt(_send_new, call, info, _annotated(call, info.obj), "replaced")
    return None


def _objects(call: Call) -> list[Info | Exception]:
    """What the files hold. A value that --dry-run or --validate does not know is refused before anything is read."""
    if call.arguments.words and call.command != "replace":
        raise usage(call.command, f"Unexpected args: [{' '.join(call.arguments.words)}]")
    if not files.names(call):
        raise CommandError("must specify one of -f and -k")
    _ = call.dry_run, call.validation
    found = list(files.objects(call))
    if not found:
        raise CommandError(f"no objects passed to {call.command}")
    return found


@paused()
def _each(call: Call, work: Callable[[Call, Info], None]) -> None:
    for one in _objects(call):
        if isinstance(one, Info):
            call.attempt(work, call, one)
        else:
            call.errors.append(one)


def _create(call: Call, info: Info) -> None:
    obj = _annotated(call, info.obj)
    if call.dry_run == "client":
        return call.done(info.kind, obj, "created", "client")
    return _send_new(call, info, obj, "created")


def _send_new(call: Call, info: Info, obj: Object, operation: str) -> None:
    call.done(info.kind, _created(call, info, obj), operation, call.dry_run)


def _created(call: Call, info: Info, obj: Object) -> Object:
    try:
        with call.warned():
            response = call.simulation.server.create(obj, field_validation=call.validation, dry_run=call.dry_run == "server")
    except Rejected as error:
        raise with_source(error, "creating", info.source) from None
    call.warn(response.warnings)
    return response.object


def _replace(call: Call, info: Info) -> None:
    obj = _annotated(call, info.obj)
    if call.dry_run == "client":
        return call.done(info.kind, obj, "replaced", "client")
    if not info.name:
        raise CommandError(f'error when replacing "{info.source}": resource name may not be empty')
    try:
        with call.warned():
            response = call.simulation.server.update(obj, field_validation=call.validation, dry_run=call.dry_run == "server")
    except Rejected as error:
        raise with_source(error, "replacing", info.source) from None
    call.warn(response.warnings)
    return call.done(info.kind, response.object, "replaced", call.dry_run)


def _apply(call: Call, info: Info, applied: list[Object] | None) -> None:
    """`applied` takes the objects that are printed together at the end."""
    if not info.name:
        raise _nameless(info)
    obj, operation = (_applied_on_server if call.arguments["server-side"] else _applied)(call, info)
    if applied is None:
        call.done(info.kind, obj, operation, call.dry_run)
    else:
        applied.append(obj)


def _nameless(info: Info) -> CommandError:
    if generated := (info.obj.get("metadata") or {}).get("generateName"):
        return CommandError(f"from {generated}: cannot use generate name with apply")
    return CommandError(
        f'error when retrieving current configuration of:\n{_described(info)}\nfrom server for: "{info.source}": resource name may not be empty'
    )


def _applied(call: Call, info: Info) -> tuple[Object, str]:
    """The object as it is now, and what was done to it."""
    live = call.simulation.store.get(info.kind.kind, info.namespace, info.name)
    modified = with_annotation(info.obj)
    if live is None:
        return modified if call.dry_run == "client" else _created(call, info, _without_nulls(modified)), "created"
    if LAST_APPLIED not in (live["metadata"].get("annotations") or {}):
        call.warn([NO_ANNOTATION.format(f"{info.kind.plural}/{info.name}", LAST_APPLIED)])
    try:
        change = patch.three_way_merge(_last_applied(live), modified, live, info.kind.kind)
    except patch.BadPatchError as error:
        raise _no_patch(call, info, modified, live, error) from None
    try:
        obj = _patched(call, info, live, change) if change else live
    except Rejected as error:
        patching = with_source(error, "patching", info.source)
        shown = f"applying patch:\n{jsontext.compact(change)}\nto:\n{_described(info)}\nfor:"
        raise with_source(patching, shown, info.source) from None
    _warn_if_deleting(call, obj)
    return obj, "configured" if change else "unchanged"


def _patched(call: Call, info: Info, live: Object, change: Object) -> Object:
    return patch.apply(live, change, "strategic") if call.dry_run == "client" else send_patch(call, info, change)


def _warn_if_deleting(call: Call, obj: Object) -> None:
    if "deletionTimestamp" in obj["metadata"]:
        call.warn([f"Detected changes to resource {obj['metadata']['name']} which is currently being deleted."])


def _no_patch(call: Call, info: Info, modified: Object, live: Object, error: patch.BadPatchError) -> CommandError:
    """patchSimple, where the patch cannot be worked out from the three objects."""
    call.err += [f"warning: error calculating patch from openapi {version}: {error}\n" for version in ("v3 spec", "spec")]
    original = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED, "")
    texts = f"original:\n{original}\nmodified:\n{jsontext.compact(modified)}\n\ncurrent:\n{jsontext.compact(live)}\n"
    return CommandError(
        f'error when applying patch:\n\nto:\n{_described(info)}\nfor: "{info.source}": '
        f'error when patching "{info.source}": creating patch with:\n{texts}\nfor:: {error}'
    )


def _described(info: Info) -> str:
    version = f"{info.kind.group}/{info.kind.version}"
    return (
        f'Resource: "{version}, Resource={info.kind.plural}", GroupVersionKind: "{version}, Kind={info.kind.kind}"\n'
        f'Name: "{info.name}", Namespace: "{info.namespace}"'
    )


def _applied_on_server(call: Call, info: Info) -> tuple[Object, str]:
    """--server-side, without managed fields: the manifest's fields are set, nothing is removed."""
    live = call.simulation.store.get(info.kind.kind, info.namespace, info.name)
    if live is None:
        return _created(call, info, info.obj), "serverside-applied"
    change = {key: value for key, value in info.obj.items() if key not in ("apiVersion", "kind")}
    if LAST_APPLIED in (live["metadata"].get("annotations") or {}):  # managedfields.NewLastAppliedUpdater
        meta = change.get("metadata") or {}
        kept = {key: value for key, value in (meta.get("annotations") or {}).items() if key != LAST_APPLIED}
        bare = {key: value for key, value in meta.items() if key != "annotations"} | ({"annotations": kept} if kept else {})
        text = jsontext.compact({**info.obj, "metadata": bare}) + "\n"
        change = {**change, "metadata": {**meta, "annotations": {**kept, LAST_APPLIED: text}}}
    obj = send_patch(call, info, change)
    _warn_if_deleting(call, obj)
    return obj, "serverside-applied"


def _annotated(call: Call, obj: Object) -> Object:
    """The object as create and replace send it: an annotation that is there is renewed.    util.CreateOrUpdateAnnotation"""
    has = (obj.get("metadata") or {}).get("annotations") or {}
    return with_annotation(obj) if call.arguments["save-config"] or has.get(LAST_APPLIED) else obj


def with_annotation(obj: Object) -> Object:
    """The object with itself in its last-applied annotation.                           util.GetModifiedConfiguration"""
    meta = obj.get("metadata") or {}
    others = {key: value for key, value in (meta.get("annotations") or {}).items() if key != LAST_APPLIED}
    bare = {**obj, "metadata": {**meta, "annotations": others}}
    text = jsontext.compact(bare) + "\n"
    return {**obj, "metadata": {**meta, "annotations": {**others, LAST_APPLIED: text}}}


def _last_applied(live: Object) -> Object | None:
    text = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    if text is None:
        return None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise CommandError(f"retrieving original configuration from:\n{live['metadata']['name']}\nfor: {error}") from None
    return found if isinstance(found, dict) else None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
