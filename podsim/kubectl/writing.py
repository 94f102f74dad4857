"""apply, create and replace."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from podsim.api import patch
from podsim.api.errors import Rejected
from podsim.kubectl import deleting, files, jsontext
from podsim.kubectl.call import Call, Object
from podsim.kubectl.describe.sections import LAST_APPLIED
from podsim.kubectl.failures import CommandError, usage, with_source
from podsim.kubectl.resources import Info

NO_ANNOTATION = (
    "resource {0} is missing the {1} annotation which is required by kubectl apply. kubectl apply should only be used "
    "on resources created declaratively by either kubectl create --save-config or kubectl apply. "
    "The missing annotation will be patched automatically."
)


def apply(call: Call) -> None:
    """`kubectl apply -f`.                                                                   pkg/cmd/apply/apply.go"""
    if call.arguments.words:
        raise usage("apply", f"Unexpected args: [{' '.join(call.arguments.words)}]")
    if not files.names(call) and not call.arguments["kustomize"]:
        raise CommandError("must specify one of -f and -k")
    _check_flags(call)
    _each(call, _apply, "no objects passed to apply")


def create(call: Call) -> None:
    """`kubectl create -f`.                                                                pkg/cmd/create/create.go"""
    if not files.names(call):
        if call.arguments.words:
            raise CommandError(f"podsim creates objects from files only: write the {call.arguments.words[0]} as YAML and use create -f")
        raise CommandError("must specify one of -f and -k")
    if call.arguments.words:
        raise usage("create", f"Unexpected args: [{' '.join(call.arguments.words)}]")
    _check_flags(call)
    _each(call, _create, "no objects passed to create")


def replace(call: Call) -> None:
    """`kubectl replace -f`; --force deletes and creates.                                pkg/cmd/replace/replace.go"""
    if not files.names(call):
        raise CommandError("must specify one of -f and -k")
    _check_flags(call)
    if not call.arguments["force"]:
        return _each(call, _replace, "no objects passed to replace")
    found = list(files.objects(call))
    call.errors += [one for one in found if isinstance(one, Exception)]
    infos = [one for one in found if isinstance(one, Info)]
    live = [info for info in infos if call.simulation.store.get(info.kind.kind, info.namespace, info.name)]
    deleting.delete_infos(call, live, deleting.Manner.of(call, default_force=False))
    if call.errors:
        return None
    for info in infos:
        call.attempt(_send_new, call, info, info.obj, "replaced")
    return None


def _check_flags(call: Call) -> None:
    """A value that --dry-run or --validate does not know is refused before anything is read."""
    _ = call.dry_run, call.validation


def _each(call: Call, work: Callable[[Call, Info], None], nothing: str) -> None:
    seen = 0
    for one in files.objects(call):
        seen += 1
        if isinstance(one, Info):
            call.attempt(work, call, one)
        else:
            call.errors.append(one)
    if not seen:
        raise CommandError(nothing)


def _create(call: Call, info: Info) -> None:
    obj = with_annotation(info.obj) if call.arguments["save-config"] else info.obj
    if call.dry_run == "client":
        return call.done(info.kind, obj, "created", "client")
    return _send_new(call, info, obj, "created")


def _send_new(call: Call, info: Info, obj: Object, operation: str) -> None:
    try:
        response = call.simulation.server.create(obj, field_validation=call.validation, dry_run=call.dry_run == "server")
    except Rejected as error:
        raise with_source(error, "creating", info.source) from None
    call.warn(response.warnings)
    call.done(info.kind, response.object, operation, call.dry_run)


def _replace(call: Call, info: Info) -> None:
    if call.dry_run == "client":
        return call.done(info.kind, info.obj, "replaced", "client")
    if not info.name:
        raise CommandError(f'error when replacing "{info.source}": resource name may not be empty')
    try:
        obj = with_annotation(info.obj) if call.arguments["save-config"] else info.obj
        response = call.simulation.server.update(obj, field_validation=call.validation, dry_run=call.dry_run == "server")
    except Rejected as error:
        raise with_source(error, "replacing", info.source) from None
    call.warn(response.warnings)
    return call.done(info.kind, response.object, "replaced", call.dry_run)


def _apply(call: Call, info: Info) -> None:
    if not info.name:
        generated = (info.obj.get("metadata") or {}).get("generateName")
        if generated:
            raise CommandError(f"from {generated}: cannot use generate name with apply")
        version = f"{info.kind.group}/{info.kind.version}"
        raise CommandError(
            f'error when retrieving current configuration of:\nResource: "{version}, Resource={info.kind.plural}", '
            f'GroupVersionKind: "{version}, Kind={info.kind.kind}"\nName: "", Namespace: "{info.namespace}"\n'
            f'from server for: "{info.source}": resource name may not be empty'
        )
    if call.arguments["server-side"]:
        return _apply_on_server(call, info)
    live = call.simulation.store.get(info.kind.kind, info.namespace, info.name)
    modified = with_annotation(info.obj)
    if live is None:
        if call.dry_run == "client":
            return call.done(info.kind, modified, "created", "client")
        return _send_new(call, info, _without_nulls(modified), "created")
    if LAST_APPLIED not in (live["metadata"].get("annotations") or {}):
        call.warn([NO_ANNOTATION.format(f"{info.kind.plural}/{info.name}", LAST_APPLIED)])
    change = patch.three_way_merge(_last_applied(live), modified, live, info.kind.kind)
    if change and "deletionTimestamp" in live["metadata"]:
        call.warn([f"Detected changes to resource {info.name} which is currently being deleted."])
    return call.done(info.kind, _patched(call, info, live, change), "configured" if change else "unchanged", call.dry_run)


def _patched(call: Call, info: Info, live: Object, change: Object) -> Object:
    """The object after the patch of an apply."""
    if not change:
        return live
    if call.dry_run == "client":
        return patch.apply(live, change, "strategic")
    try:
        response = call.simulation.server.patch(info.kind.kind, info.namespace, info.name, change, "strategic", dry_run=call.dry_run == "server")
    except Rejected as error:
        patching = with_source(error, "patching", info.source)
        shown = f"applying patch:\n{jsontext.compact(change)}\nto:\n{_described(info)}\nfor:"
        raise with_source(patching, shown, info.source) from None
    call.warn(response.warnings)
    return response.object


def _described(info: Info) -> str:
    version = f"{info.kind.group}/{info.kind.version}"
    return (
        f'Resource: "{version}, Resource={info.kind.plural}", GroupVersionKind: "{version}, Kind={info.kind.kind}"\n'
        f'Name: "{info.name}", Namespace: "{info.namespace}"'
    )


def _apply_on_server(call: Call, info: Info) -> None:
    """--server-side, without managed fields: the manifest's fields are set, nothing is removed."""
    server = call.simulation.server
    if call.simulation.store.get(info.kind.kind, info.namespace, info.name) is None:
        response = server.create(info.obj, field_validation=call.validation, dry_run=call.dry_run == "server")
    else:
        bare = {key: value for key, value in info.obj.items() if key not in ("apiVersion", "kind")}
        response = server.patch(info.kind.kind, info.namespace, info.name, bare, "strategic", dry_run=call.dry_run == "server")
    call.warn(response.warnings)
    call.done(info.kind, response.object, "serverside-applied", call.dry_run)


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
