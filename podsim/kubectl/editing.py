"""label, annotate, patch, scale, set image and set resources: small changes of objects that exist."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from podsim.api import manifest
from podsim.api import patch as patches
from podsim.api.errors import Rejected
from podsim.api.gojson import GoJSONError
from podsim.api.quantity import Quantity
from podsim.api.validation.names import check as name_problems
from podsim.cluster.server import OTHER_VERSION, PatchType
from podsim.kubectl import files, output
from podsim.kubectl.call import Call, Object, Validation
from podsim.kubectl.failures import CommandError
from podsim.kubectl.resources import Info, Query, query_of

POD_SPEC: dict[str, tuple[str, ...]] = {"Pod": ("spec",), "CronJob": ("spec", "jobTemplate", "spec", "template", "spec")}
TEMPLATE_SPEC = ("spec", "template", "spec")
SCALABLE = ("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController")
POD_SUBRESOURCES = ("ephemeralcontainers", "resize", "status")
CHANGE_CAUSE = "kubernetes.io/change-cause"
NO_RESOURCE = "one or more resources must be specified as <resource> <name> or <resource>/<name>"
UNKNOWN_PATH = Rejected("NotFound", "the server could not find the requested resource")
DOES_NOT_FIT = Rejected("Invalid", "the server rejected our request due to an error in our request")
# type of patch -> what it must be, and the server's words for anything else
SHAPES: dict[str, tuple[type, str]] = {
    "json": (list, "json: cannot unmarshal {} into Go value of type jsonpatch.Patch"),
    "merge": (dict, "error decoding patch: json: cannot unmarshal {} into Go value of type map[string]interface {{}}"),
    "strategic": (dict, "json: cannot unmarshal {} into Go value of type map[string]interface {{}}"),
}
# (something was set, something was removed) -> what `label` says                                     updateDataChangeMsg
LABELED = {(True, True): "label(s) changed", (True, False): "labeled", (False, True): "unlabeled", (False, False): "not labeled"}


@dataclass(frozen=True, slots=True)
class Pairs:
    """What `KEY=VALUE KEY-` words set and remove."""

    new: Mapping[str, str]
    removed: Sequence[str]


def send_patch(call: Call, info: Info, change: Any, type_: PatchType = "strategic") -> Object:
    """The object after the server has applied a patch to it; the server's warnings are printed. Raises Rejected.

    Verbs without --validate leave it to the server, which warns of unknown fields.
    """
    checks: Validation = call.validation if "validate" in call.arguments.values else "Warn"
    dry_run = call.dry_run == "server"
    try:
        with call.warned():
            response = call.simulation.server.patch(info.kind.kind, info.namespace, info.name, change, type_, field_validation=checks, dry_run=dry_run)
    except ValueError:
        raise DOES_NOT_FIT from None
    call.warn(response.warnings)
    return response.object


def split_pairs(words: Sequence[str], what: str) -> tuple[list[str], list[str]]:
    """Words that name resources, and the KEY=VALUE or KEY- words behind them.                GetResourcesAndPairs"""
    is_pair = [("=" in word and not word.startswith("=")) or (word.endswith("-") and word != "-") for word in words]
    start = is_pair.index(True) if True in is_pair else len(words)
    if not all(is_pair[start:]):
        late = words[start + is_pair[start:].index(False)]
        raise CommandError(f"all resources must be specified before {what} changes: {late}")
    return list(words[:start]), list(words[start:])


def _read_pairs(words: Iterable[str], what: str, *, removes: bool = True) -> Pairs:
    """ParsePairs"""
    new = {key: value for key, equals, value in (word.partition("=") for word in words) if equals and key}
    removed = [word[:-1] for word in words if "=" not in word and word.endswith("-") and removes]
    if len(new) + len(removed) < len(set(words)):
        wrong = [word for word in words if word.partition("=")[0] not in new and word[:-1] not in removed]
        if wrong:
            raise CommandError(f"invalid {what} format: {', '.join(wrong)}")
    return Pairs(new, removed)


def _check_labels(words: Iterable[str], pairs: Pairs) -> None:
    """parseLabels"""
    for word in words:
        if word.count("=") > 1:
            raise CommandError(f"invalid label spec: {word}")
        if problems := name_problems("labelvalue", word.partition("=")[2]):
            raise CommandError(f"invalid label value: {json.dumps(word)}: {';'.join(problems)}")
    if set(pairs.removed) & pairs.new.keys():
        raise CommandError("can not both modify and remove a label in the same command")


def _check_annotations(_: Iterable[str], pairs: Pairs) -> None:
    """validateAnnotations"""
    both = [key for key in pairs.removed if key in pairs.new]
    if both:
        raise CommandError(f"can not both modify and remove the following annotation(s) in the same command: {', '.join(both)}")


def label(call: Call) -> None:
    """`kubectl label`.                                                                      pkg/cmd/label/label.go"""
    _mark(call, "label", _check_labels)


def annotate(call: Call) -> None:
    """`kubectl annotate`.                                                             pkg/cmd/annotate/annotate.go"""
    output.check(call.arguments["output"])
    _mark(call, "annotation", _check_annotations)


def _mark(call: Call, what: str, check: Callable[[Iterable[str], Pairs], None]) -> None:
    given = call.arguments
    resources, words = split_pairs(given.words, what)
    pairs = _read_pairs(words, what)
    check(words, pairs)
    if given["list"] and given["output"]:
        raise CommandError("--list and --output may not be specified together")
    for flag in ("selector", "field-selector"):
        if given["all"] and given[flag]:
            raise CommandError(f"cannot set --all and --{flag} at the same time")
    if not resources and not given["filename"]:
        raise CommandError(NO_RESOURCE)
    if not words and not given["list"]:
        raise CommandError(f"at least one {what} update is required")
    found = files.meant(call, resources, query_of(call))
    call.errors += found.errors
    if given["resource-version"] and not found.single:
        raise CommandError("--resource-version may only be used with a single resource")
    for info in found.infos:
        call.attempt(_mark_one, call, info, pairs, f"{what}s", single=found.single)


def _mark_one(call: Call, info: Info, pairs: Pairs, part: str, *, single: bool) -> None:
    have = info.obj["metadata"].get(part) or {}
    if not call.arguments["overwrite"]:
        _refuse_overwriting(have, pairs.new, part)
    added = {key: value for key, value in pairs.new.items() if have.get(key) != value}
    removed = [key for key in pairs.removed if key in have]
    if call.arguments["list"]:
        kept = {key: value for key, value in {**have, **added}.items() if key not in removed}
        return _list(call, info, kept, part, single=single)
    if part == "labels" and call.dry_run != "client":
        call.print("".join(f'label "{key}" not found.\n' for key in pairs.removed if key not in have))
    change: Object = {"metadata": {part: {**added, **dict.fromkeys(removed)}}}
    _refuse_other_version(call, info)
    obj = info.obj
    if added or removed:
        obj = patches.apply(obj, change, "merge") if call.dry_run == "client" else send_patch(call, info, change, "merge")
    operation = LABELED[bool(added), bool(removed)] if part == "labels" else "annotated"
    return call.done(info.kind, obj, operation, call.dry_run, apart=part == "labels")


def _refuse_overwriting(have: Mapping[str, str], new: Mapping[str, str], part: str) -> None:
    changed = [
        f"'{key}' already has a value ({have[key]})"
        for key, value in new.items()
        if key in have and (have[key] != value if part == "labels" else key != CHANGE_CAUSE)
    ]
    if not changed:
        return
    if part == "annotations":
        raise CommandError(f"--overwrite is false but found the following declared annotation(s): {'; '.join(changed)}")
    texts = [f"{text}, and --overwrite is false" for text in changed]
    raise CommandError(texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]")


def _refuse_other_version(call: Call, info: Info) -> None:
    version = call.arguments["resource-version"]
    if version and version != info.obj["metadata"].get("resourceVersion"):
        raise Rejected("Conflict", f'Operation cannot be fulfilled on {info.kind.resource} "{info.name}": {OTHER_VERSION}')


def _list(call: Call, info: Info, have: Mapping[str, str], part: str, *, single: bool) -> None:
    if not single:
        call.print(f"Listing {part} for {info.kind.kind}.{info.kind.group}/{info.name}:\n")
    call.print("".join(f"{'' if single else ' '}{key}={value}\n" for key, value in have.items()))


def patch(call: Call) -> None:
    """`kubectl patch`.                                                                      pkg/cmd/patch/patch.go"""
    text, file, kind = call.arguments["patch"], call.arguments["patch-file"], call.arguments["type"].lower()
    if text and file:
        raise CommandError("cannot specify --patch and --patch-file together")
    if not text and not file:
        raise CommandError("must specify --patch or --patch-file containing the contents of the patch")
    if kind not in SHAPES:
        raise CommandError(f"--type must be one of [{' '.join(SHAPES)}], not {json.dumps(call.arguments['type'])}")
    if file and (found_file := files.read(call, file)) is None:
        raise CommandError(f"unable to read patch file: open {file}: no such file or directory")
    try:
        change = manifest.single(found_file[0][1] if file and found_file else text)
    except GoJSONError as error:
        change = error
    except manifest.ParseError as error:
        raise CommandError(f"unable to parse {json.dumps(text)}: {str(error).removeprefix('error converting YAML to JSON: ')}") from None
    found = files.meant(call, call.arguments.words, Query())
    call.errors += found.errors
    for info in found.infos:
        call.attempt(_patch_one, call, info, change, kind)


def _patch_one(call: Call, info: Info, change: Any, kind: PatchType) -> None:
    shape, complaint = SHAPES[kind]
    if isinstance(change, GoJSONError):
        raise Rejected("BadRequest", complaint.partition("json: ")[0] + str(change))
    if not isinstance(change, shape):
        raise Rejected("BadRequest", complaint.format(files.json_kind(change)))
    subresource = call.arguments["subresource"]
    if call.dry_run == "client":
        obj = patches.apply(info.obj, change, kind)
    elif not subresource:
        obj = send_patch(call, info, change, kind)
    elif info.kind.kind == "Pod" and subresource in POD_SUBRESOURCES:
        obj = call.simulation.server.patch_subresource(info.namespace, info.name, subresource, change)
    else:
        raise UNKNOWN_PATH
    call.done(info.kind, obj, "patched (no change)" if _same(obj, info.obj) else "patched", call.dry_run, apart=True)


def _same(a: Object, b: Object) -> bool:
    """Whether two objects are the same version."""
    versions = [{**one, "metadata": {k: v for k, v in one["metadata"].items() if k != "resourceVersion"}} for one in (a, b)]
    return versions[0] == versions[1]


def scale(call: Call) -> None:
    """`kubectl scale`.                                                                      pkg/cmd/scale/scale.go"""
    given = call.arguments
    if "replicas" not in given.given:
        raise CommandError('required flag(s) "replicas" not set')
    output.check(given["output"])
    if given["replicas"] < 0:
        raise CommandError("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    if given["current-replicas"] < -1:
        raise CommandError("The --current-replicas must specify an integer of -1 or greater")
    found = files.meant(call, given.words, query_of(call))
    call.errors += found.errors
    if given["resource-version"] and len(found.infos) > 1:
        raise CommandError("cannot use --resource-version with multiple resources")
    if not found.infos and not found.errors:
        raise CommandError("no objects passed to scale")
    for info in found.infos:
        _scale_one(call, info, given["replicas"])


def _scale_one(call: Call, info: Info, replicas: int) -> None:
    change = {"spec": {"replicas": replicas}}
    if call.dry_run != "client":
        if info.kind.kind not in SCALABLE:
            raise UNKNOWN_PATH
        have = {"replicas": str(info.obj["spec"].get("replicas", 1)), "resource version": info.obj["metadata"].get("resourceVersion")}
        current = call.arguments["current-replicas"]
        wanted = {"replicas": "" if current == -1 else str(current), "resource version": call.arguments["resource-version"]}
        for what, value in wanted.items():
            if value and value != have[what]:
                raise CommandError(f"Expected {what} to be {value}, was {have[what]}")
        send_patch(call, info, change, "merge")
    if call.arguments["timeout"] and call.dry_run == "none" and not call.wait(lambda: _is_scaled(call, info, replicas), call.arguments["timeout"]):
        raise CommandError(f'timed out waiting for "{info.name}" to be synced')
    call.done(info.kind, patches.apply(info.obj, change, "merge"), "scaled", call.dry_run)


def _is_scaled(call: Call, info: Info, replicas: int) -> bool:
    live = call.simulation.store.get(info.kind.kind, info.namespace, info.name)
    return live is None or live.get("status", {}).get("replicas", 0) == replicas


def set_image(call: Call) -> None:
    """`kubectl set image`.                                                                pkg/cmd/set/set_image.go"""
    given = call.arguments
    output.check(given["output"])
    resources, words = split_pairs(given.words, "image")
    images = _read_pairs(words, "image", removes=False).new
    found = files.meant(call, resources, query_of(call))
    call.errors += found.errors
    if found.errors:
        return
    if given["all"] and given["selector"]:
        call.errors.append(CommandError("cannot set --all and --selector at the same time"))
    if not images:
        call.errors.append(CommandError("at least one image update is required"))
    elif "*" in images and len(images) > 1:
        call.errors.append(CommandError("all containers are already specified by *, but saw more than one container_name=container_image pairs"))
    for info in found.infos if not call.errors else ():
        call.attempt(_set_images, call, info, images)


def _set_images(call: Call, info: Info, images: Mapping[str, str]) -> None:
    containers = _containers(info)
    names = {one["name"] for _, one in containers} | {"*"}
    call.errors += [CommandError(f'error: unable to find container named "{name}"') for name in images if name not in names]
    changes: list[tuple[str, Object]] = []
    for part, one in containers:
        image = images.get(one["name"], images.get("*"))
        if image is not None and image != one.get("image"):
            changes.append((part, {"name": one["name"], "image": image}))
    _change_containers(call, info, changes, "image updated", "failed to patch image update to pod template:")


def set_resources(call: Call) -> None:
    """`kubectl set resources`.                                                        pkg/cmd/set/set_resources.go"""
    given = call.arguments
    output.check(given["output"])
    found = files.meant(call, given.words, query_of(call))
    call.errors += found.errors
    if found.errors:
        return
    if given["all"] and given["selector"]:
        raise CommandError("cannot set --all and --selector at the same time")
    amounts = {part: _amounts(given[part]) for part in ("limits", "requests") if given[part]}
    if not amounts:
        raise CommandError("you must specify an update to requests or limits (in the form of --requests/--limits)")
    for info in found.infos:
        call.attempt(_set_resources, call, info, amounts)


def _amounts(text: str) -> dict[str, Quantity]:
    """populateResourceListV1"""
    amounts = {}
    for statement in text.split(","):
        name, *value = statement.split("=")
        if len(value) != 1:
            raise CommandError(f"Invalid argument syntax {statement}, expected <resource>=<value>")
        try:
            amounts[name] = Quantity(value[0])
        except ValueError as error:
            raise CommandError(str(error)) from None
    return amounts


def _set_resources(call: Call, info: Info, amounts: Mapping[str, Mapping[str, Quantity]]) -> None:
    wanted = call.arguments["containers"]
    chosen = [(part, one) for part, one in _containers(info) if _matches(wanted, one["name"])]
    if not chosen:
        raise CommandError(f"error: unable to find container named {wanted}")
    changes: list[tuple[str, Object]] = []
    for part, one in chosen:
        resources = {
            kind: {name: str(amount) for name, amount in values.items() if str(amount) != _amount(one, kind, name)} for kind, values in amounts.items()
        }
        if any(resources.values()):
            changes.append((part, {"name": one["name"], "resources": {kind: values for kind, values in resources.items() if values}}))
    _change_containers(call, info, changes, "resource requirements updated", "failed to patch resources update to pod template")


def _amount(container: Object, kind: str, name: str) -> str | None:
    return ((container.get("resources") or {}).get(kind) or {}).get(name)


def _matches(pattern: str, name: str) -> bool:
    """selectString: one part before each `*`, in this order."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name, re.DOTALL) is not None


def _spec_path(info: Info) -> tuple[str, ...]:
    return POD_SPEC.get(info.kind.kind, TEMPLATE_SPEC)


def _containers(info: Info) -> list[tuple[str, Object]]:
    """The containers of the object's pods, each with the list that holds it."""
    spec: Any = info.obj
    for key in _spec_path(info):
        spec = spec.get(key) or {}
    if not spec.get("containers"):
        raise CommandError(f"error: {info.kind.resource}/{info.name} the object is not a pod or does not have a pod template: *v1.{info.kind.kind}")
    return [(part, one) for part in ("initContainers", "containers") for one in spec.get(part) or ()]


def _change_containers(call: Call, info: Info, changes: Iterable[tuple[str, Object]], done: str, failed: str) -> None:
    change: Any = {}
    for part, one in changes:
        change.setdefault(part, []).append(one)
    if not change:
        return
    for key in reversed(_spec_path(info)):
        change = {key: change}
    try:
        obj = patches.apply(info.obj, change) if call.dry_run == "client" else send_patch(call, info, change)
    except Rejected as error:
        raise CommandError(f"{failed} {error.message}") from None
    call.done(info.kind, obj, done, call.dry_run)
