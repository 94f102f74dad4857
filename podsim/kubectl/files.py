"""The objects of `-f FILE`, in the order in which kubectl complains about them.  cli-runtime pkg/resource/visitor.go"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from podsim.api import kinds, manifest
from podsim.kubectl import jsontext
from podsim.kubectl.call import Call, Object
from podsim.kubectl.failures import CommandError, PlainError, not_found
from podsim.kubectl.resources import Found, Info, Query, find

SUFFIXES = (".json", ".yaml", ".yml")  # resource.FileExtensions
NO_WORDS_WITH_FILES = "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"
TURN_OFF = "if you choose to ignore these errors, turn validation off with --validate=false"
_GROUP_VERSION = re.compile(r"[^/]*(/[^/]*)?")
_JSON_KINDS = ((bool, "bool"), (int, "number"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"))
_TEXTS = {"labels": "map[string]string", "annotations": "map[string]string", "name": "string", "generateName": "string", "namespace": "string"}


def names(call: Call) -> tuple[str, ...]:
    """The files that a command names."""
    return tuple(name for name in call.arguments.values.get("filename", ()) if name)


def meant(call: Call, words: Sequence[str], query: Query) -> Found:
    """The stored objects that a command is about: those of its files, else those that words and selectors mean."""
    if not names(call):
        return find(call, words, query)
    if words:
        raise CommandError(NO_WORDS_WITH_FILES)
    return stored(call)


def stored(call: Call) -> Found:
    """The objects of the files as the server has them."""
    found = Found()
    for one in objects(call):
        if isinstance(one, Exception):
            found.errors.append(one)
        elif (live := call.simulation.store.get(one.kind.kind, one.namespace, one.name)) is None:
            found.errors.append(not_found(one.kind.resource, one.name))
        else:
            found.infos.append(replace(one, obj=live))
    found.kinds = list(dict.fromkeys(info.kind for info in found.infos))
    found.single = len(names(call)) == 1 and len(found.infos) + len(found.errors) == 1 and names(call) != ("-",)
    return found


def objects(call: Call) -> Iterator[Info | Exception]:
    """Every object of every file, or what is wrong with it; a text that cannot be read ends its file."""
    for source, text in _sources(call):
        yield from _objects_of(call, source, text)


def _sources(call: Call) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    missing: list[str] = []
    for name in names(call):
        texts = read(call, name)
        if texts is None:
            missing.append(f'the path "{name}" does not exist')
        else:
            found += texts
    if missing:
        raise CommandError(missing[0]) if len(missing) == 1 else PlainError("\n".join(missing))
    if not found and names(call):
        raise CommandError(f"error reading [{' '.join(names(call))}]: recognized file extensions are [{' '.join(SUFFIXES)}]")
    return found


def read(call: Call, name: str) -> list[tuple[str, str]] | None:
    """Source and text of a file, of standard input or of a directory; None if there is no such file."""
    if name == "-":
        return [("STDIN", call.stdin or "")]
    if name.startswith(("http://", "https://")):
        raise CommandError(f'unable to read URL "{name}": podsim reads nothing from the network; pass the text as a file')
    given = call.files or {}
    if name in given:
        return [(name, given[name])]
    folder = "" if name in (".", "./") else name.rstrip("/") + "/"
    inside = [(path, text) for path, text in sorted(given.items()) if path.startswith(folder) and path.endswith(SUFFIXES)]
    if inside or not folder:
        return [(path, text) for path, text in inside if call.arguments["recursive"] or "/" not in path[len(folder) :]]
    return _read_disk(Path(name), name, recursive=call.arguments["recursive"]) if call.read_disk and call.files is None else None


def _read_disk(path: Path, name: str, *, recursive: bool) -> list[tuple[str, str]] | None:
    if not path.exists():
        return None
    try:
        if path.is_file():
            return [(name, path.read_text(encoding="utf-8"))]
        found = sorted(path.rglob("*") if recursive else path.glob("*"))
        return [(str(one), one.read_text(encoding="utf-8")) for one in found if one.suffix in SUFFIXES and one.is_file()]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f'error reading "{name}": {error}') from None


def _objects_of(call: Call, source: str, text: str) -> Iterator[Info | Exception]:
    failure = None
    try:
        documents = manifest.parse(text, source)
    except manifest.ParseError as error:
        documents, failure = list(error.documents), CommandError(f"error parsing {source}: {error}")
    for document in documents:
        found = document.object
        if found is None:
            continue
        if failure is None and call.validation != "Ignore" and (problem := _shape_problem(found)):
            yield CommandError(f'error validating "{source}": error validating data: {problem}; {TURN_OFF}')
            return
        yield from _infos(call, source, found)
    if failure:
        yield failure


def _shape_problem(found: Any) -> str:
    """What the client's schema check says of apiVersion and kind; "" if nothing.                     validation.go"""
    if not isinstance(found, dict):
        return "invalid object to validate"
    problems = []
    for key in ("apiVersion", "kind"):
        value = found.get(key)
        if value is None:
            problems.append(f"{key} not set")
        elif not isinstance(value, str):
            problems.append(f"{key} isn't string type")
    if not problems and not _GROUP_VERSION.fullmatch(found["apiVersion"]):
        problems.append(f"unexpected GroupVersion string: {found['apiVersion']}")
    if not problems and found["kind"] == "List":
        for item in found["items"] if isinstance(found.get("items"), list) else ():
            if problem := _shape_problem(item):
                return problem
    return problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]" if problems else ""


def _infos(call: Call, source: str, found: Any) -> Iterator[Info | Exception]:
    if not isinstance(found, dict):
        yield CommandError(f'unable to decode "{source}": {_no_object(found)}')
    elif not isinstance(found.get("kind"), str) or not found["kind"]:
        yield CommandError(f"unable to decode \"{source}\": Object 'Kind' is missing in '{jsontext.compact(found)}'")
    elif found["kind"] == "List" or (isinstance(found.get("items"), list) and found["kind"].endswith("List")):
        yield from _list_items(call, source, found)
    else:
        yield _item(call, source, found, listed=False)


def _list_items(call: Call, source: str, found: Object) -> Iterator[Info | Exception]:
    """Items without a kind are of the list's.                           unstructured/helpers.go decodeToList"""
    items = [] if found.get("items") is None else found["items"]
    if not isinstance(items, list):
        yield CommandError(f'unable to decode "{source}": json: cannot unmarshal {json_kind(items)} into Go struct field decodeList.items of type []json.RawMessage')
        return
    if wrong := [item for item in items if not isinstance(item, dict | None)]:
        yield CommandError(f'unable to decode "{source}": json: cannot unmarshal {json_kind(wrong[0])} into Go value of type map[string]interface {{}}')
        return
    inferred = {"apiVersion": found.get("apiVersion"), "kind": found["kind"].removesuffix("List")}
    for item in items:
        named = item if item and item.get("kind") and item.get("apiVersion") else {**(item or {}), **inferred}
        yield _item(call, source, named, listed=True)


def _no_object(found: Any) -> str:
    return f"json: cannot unmarshal {json_kind(found)} into Go value of type struct {{ APIVersion string; Kind string }}"


def _item(call: Call, source: str, found: Object, *, listed: bool) -> Info | Exception:
    problem = _metadata_problem(found)
    if problem:
        return CommandError(f'unable to decode "{source}": {problem}')
    meta = found.get("metadata") or {}
    name, namespace = meta.get("name") or "", meta.get("namespace") or ""
    version = found.get("apiVersion") or ""
    kind = kinds.by_version(version, found["kind"])
    if kind is None:
        match = f'no matches for kind "{found["kind"]}" in version "{version}"'
        if listed:
            return PlainError(f"unable to recognize {match}")
        return CommandError(f'resource mapping not found for name: "{name}" namespace: "{namespace}" from "{source}": {match}\nensure CRDs are installed first')
    if not kind.namespaced:
        return Info(kind, "", name, found, source)
    if namespace and namespace != call.namespace and "namespace" in call.arguments.given:
        return CommandError(
            f'the namespace from the provided object "{namespace}" does not match the namespace "{call.namespace}". '
            f"You must pass '--namespace={namespace}' to perform this operation."
        )
    namespace = namespace or call.namespace
    return Info(kind, namespace, name, {**found, "metadata": {**meta, "namespace": namespace}}, source)


def _metadata_problem(found: Object) -> str:
    """What the client's decoder says of metadata; "" if nothing."""
    meta = found.get("metadata")
    if meta is None:
        return ""
    if not isinstance(meta, dict):
        return _cannot_unmarshal(meta, "metadataOnlyObject.metadata", "v1.ObjectMeta")
    for key in sorted(_TEXTS.keys() & meta.keys()):
        value, wanted = meta[key], _TEXTS[key]
        if wanted != "string" and isinstance(value, dict):
            wrong = next((item for _, item in sorted(value.items()) if not isinstance(item, str | None)), None)
            value, wanted = (wrong, "string") if wrong is not None else ("", "string")
        if value is not None and not (wanted == "string" and isinstance(value, str)):
            return _cannot_unmarshal(value, f"ObjectMeta.metadata.{key}", wanted)
    return ""


def _cannot_unmarshal(value: Any, field: str, wanted: str) -> str:
    return f"json: cannot unmarshal {json_kind(value)} into Go struct field {field} of type {wanted}"


def json_kind(value: Any) -> str:
    """A JSON value's kind as encoding/json words it."""
    return next((name for python, name in _JSON_KINDS if isinstance(value, python)), "null")
