"""label, annotate, patch, scale and set image: small changes of objects that exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from podsim.api.errors import Rejected
from podsim.cluster.server import PatchType
from podsim.kubectl import files
from podsim.kubectl.call import Call, Object
from podsim.kubectl.failures import CommandError
from podsim.kubectl.resources import Found, Info, Query, find, query_of

PATCH_TYPES: dict[str, PatchType] = {"strategic": "strategic", "merge": "merge", "json": "json"}
POD_SPEC: dict[str, tuple[str, ...]] = {"Pod": ("spec",), "CronJob": ("spec", "jobTemplate", "spec", "template", "spec")}
TEMPLATE_SPEC = ("spec", "template", "spec")
SCALABLE = ("Deployment", "ReplicaSet", "StatefulSet")
CHANGE_CAUSE = "kubernetes.io/change-cause"
NO_RESOURCE = "one or more resources must be specified as <resource> <name> or <resource>/<name>"
_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
_LABEL_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """What `KEY=VALUE KEY-` words set and remove."""

    new: Mapping[str, str]
    removed: Sequence[str]


def targets(call: Call, words: Sequence[str], query: Query) -> Found:
    """The objects of the files, or those that words and selectors mean; what is missing is noted."""
    if not files.names(call):
        found = find(call, words, query)
    else:
        found = Found(single=True)
        for one in files.objects(call):
            if isinstance(one, Exception):
                found.errors.append(one)
                continue
            try:
                live = call.simulation.server.read(one.kind.kind, one.namespace, one.name)
                found.infos.append(Info(one.kind, one.namespace, one.name, live, one.source))
            except Rejected as error:
                found.errors.append(error)
    call.errors += found.errors
    return found


def split_pairs(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words that name resources, and the KEY=VALUE or KEY- words behind them.                GetResourcesAndPairs"""
    for position, word in enumerate(words):
        if "=" in word or (word.endswith("-") and position):
            return list(words[:position]), list(words[position:])
    return list(words), []


def _read_pairs(words: Iterable[str], what: str) -> Pairs:
    new: dict[str, str] = {}
    removed: list[str] = []
    for word in words:
        key, equals, value = word.partition("=")
        if equals:
            if what == "label" and (value.count("=") or not _LABEL_VALUE.fullmatch(value)):
                raise CommandError(f"invalid label spec: {word}" if "=" in value else f'invalid label value: "{word}": {_LABEL_RULE}')
            new[key] = value
        elif word.endswith("-"):
            removed.append(word[:-1])
        else:
            raise CommandError(f"unknown label spec: {word}" if what == "label" else f"invalid {what} format: {word}")
    if set(removed) & new.keys():
        raise CommandError(f"can not both modify and remove {'a' if what == 'label' else 'an'} {what} in the same command")
    return Pairs(new, removed)


def label(call: Call) -> None:
    """`kubectl label`.                                                                      pkg/cmd/label/label.go"""
    _mark(call, "label", "labels")


def annotate(call: Call) -> None:
    """`kubectl annotate`.                                                             pkg/cmd/annotate/annotate.go"""
    _mark(call, "annotation", "annotations")


def _mark(call: Call, what: str, part: str) -> None:
    resources, words = split_pairs(call.arguments.words)
    pairs = _read_pairs(words, what)
    if not resources and not files.names(call):
        raise CommandError(NO_RESOURCE)
    if not words and not call.arguments["list"]:
        raise CommandError(f"at least one {what} update is required")
    found = targets(call, resources, query_of(call))
    for info in found.infos:
        call.attempt(_mark_one, call, info, pairs, part, single=found.single)


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
        for key in pairs.removed:
            if key not in have:
                call.print(f'label "{key}" not found.\n')
    change = {"metadata": {part: {**added, **dict.fromkeys(removed)}}}
    obj = info.obj
    if (added or removed) and call.dry_run != "client":
        response = call.simulation.server.patch(info.kind.kind, info.namespace, info.name, change, "merge", dry_run=call.dry_run == "server")
        call.warn(response.warnings)
        obj = response.object
    words = {(True, True): "modified", (True, False): "labeled", (False, True): "unlabeled", (False, False): "not labeled"}
    operation = words[bool(added), bool(removed)] if part == "labels" else "annotated"
    return call.done(info.kind, obj, operation, call.dry_run)


def _refuse_overwriting(have: Mapping[str, str], new: Mapping[str, str], part: str) -> None:
    changed = [
        f"'{key}' already has a value ({have[key]})"
        for key, value in new.items()
        if key in have and have[key] != value and (part == "labels" or key != CHANGE_CAUSE)
    ]
    if changed and part == "labels":
        raise CommandError(", ".join(f"{text}, and --overwrite is false" for text in changed))
    if changed:
        raise CommandError(f"--overwrite is false but found the following declared annotation(s): {'; '.join(changed)}")


def _list(call: Call, info: Info, have: Mapping[str, str], part: str, *, single: bool) -> None:
    if not single:
        call.print(f"Listing {part} for {info.kind.kind}.{info.kind.group}/{info.name}:\n")
    for key, value in have.items():
        call.print(f"{'' if single else ' '}{key}={value}\n")


def patch(call: Call) -> None:
    """`kubectl patch`.                                                                      pkg/cmd/patch/patch.go"""
    text = call.arguments["patch"]
    if not text:
        raise CommandError("must specify --patch or --patch-file containing the contents of the patch")
    kind = call.arguments["type"].lower()
    if kind not in PATCH_TYPES:
        raise CommandError(f'--type must be one of [json merge strategic], not "{call.arguments["type"]}"')
    try:
        change = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CommandError(f'unable to parse "{text}": {str(error).splitlines()[0]}') from None
    if not isinstance(change, list if kind == "json" else dict):
        raise CommandError(f'unable to parse "{text}": a {kind} patch is {"a list" if kind == "json" else "a map"}')
    found = targets(call, call.arguments.words, Query())
    for info in found.infos:
        call.attempt(_patch_one, call, info, change, PATCH_TYPES[kind])


def _patch_one(call: Call, info: Info, change: Any, kind: PatchType) -> None:
    server, subresource = call.simulation.server, call.arguments["subresource"]
    if call.dry_run == "client":
        return call.done(info.kind, info.obj, "patched", "client")
    if subresource and info.kind.kind == "Pod":
        obj = server.patch_subresource(info.namespace, info.name, subresource, change)
    else:
        response = server.patch(info.kind.kind, info.namespace, info.name, change, kind, dry_run=call.dry_run == "server")
        call.warn(response.warnings)
        obj = response.object
    return call.done(info.kind, obj, "patched (no change)" if _same(obj, info.obj) else "patched", call.dry_run)


def _same(a: Object, b: Object) -> bool:
    """Whether two objects are the same version."""
    versions = [{**one, "metadata": {k: v for k, v in one["metadata"].items() if k != "resourceVersion"}} for one in (a, b)]
    return versions[0] == versions[1]


def scale(call: Call) -> None:
    """`kubectl scale`.                                                                      pkg/cmd/scale/scale.go"""
    if "replicas" not in call.arguments.given:
        raise CommandError('required flag(s) "replicas" not set')
    replicas = call.arguments["replicas"]
    if replicas < 0:
        raise CommandError("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    found = targets(call, call.arguments.words, query_of(call))
    if not found.infos and not found.errors:
        raise CommandError("no objects passed to scale")
    for info in found.infos:
        call.attempt(_scale_one, call, info, replicas)


def _scale_one(call: Call, info: Info, replicas: int) -> None:
    if info.kind.kind not in SCALABLE:
        raise Rejected("NotFound", "the server could not find the requested resource")
    current = call.arguments["current-replicas"]
    have = info.obj["spec"].get("replicas", 1)
    if current not in (-1, have):
        raise CommandError(f"Expected replicas to be {current}, was {have}")
    change = {"spec": {"replicas": replicas}}
    if call.dry_run != "client":
        dry = call.dry_run == "server"
        call.simulation.server.patch(info.kind.kind, info.namespace, info.name, change, "merge", dry_run=dry)
    call.done(info.kind, info.obj, "scaled", call.dry_run)


def set_image(call: Call) -> None:
    """`kubectl set image`.                                                                pkg/cmd/set/set_image.go"""
    resources, words = split_pairs(call.arguments.words)
    images = _read_pairs(words, "image").new
    found = targets(call, resources, query_of(call))
    if found.errors:
        return
    if not images:
        raise CommandError("at least one image update is required")
    if "*" in images and len(images) > 1:
        raise CommandError("all containers are already specified by *, but saw more than one container_name=container_image pairs")
    for info in found.infos:
        call.attempt(_set_images, call, info, images)


def _set_images(call: Call, info: Info, images: Mapping[str, str]) -> None:
    path = POD_SPEC.get(info.kind.kind, TEMPLATE_SPEC)
    spec: Any = info.obj
    for key in path:
        spec = spec.get(key) or {}
    if not spec.get("containers"):
        raise CommandError(f"{info.kind.plural}/{info.name} the object is not a pod or does not have a pod template: {info.kind.kind}")
    change: dict[str, Any] = {}
    names = set()
    for part in ("initContainers", "containers"):
        for one in spec.get(part) or ():
            image = images.get(one["name"], images.get("*"))
            names |= {one["name"], "*"}
            if image is not None and image != one.get("image"):
                change.setdefault(part, []).append({"name": one["name"], "image": image})
    for name in images:
        if name not in names:
            call.errors.append(CommandError(f'error: unable to find container named "{name}"'))
    if not change:
        return
    obj = info.obj
    if call.dry_run != "client":
        for key in reversed(path):
            change = {key: change}
        try:
            dry = call.dry_run == "server"
            obj = call.simulation.server.patch(info.kind.kind, info.namespace, info.name, change, "strategic", dry_run=dry).object
        except Rejected as error:
            raise CommandError(f"failed to patch image update to pod template: {error.message}") from None
    call.done(info.kind, obj, "image updated", call.dry_run)
