"""The objects of `-f FILE`, in the order in which kubectl complains about them.  cli-runtime pkg/resource/visitor.go"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from podsim.api import kinds, manifest
from podsim.kubectl import jsontext
from podsim.kubectl.call import Call, Object
from podsim.kubectl.failures import CommandError, PlainError
from podsim.kubectl.resources import Info

SUFFIXES = (".json", ".yaml", ".yml")  # resource.FileExtensions
TURN_OFF = "if you choose to ignore these errors, turn validation off with --validate=false"
_GROUP_VERSION = re.compile(r"[^/]*(/[^/]*)?")
_JSON_KINDS = ((bool, "bool"), (int, "number"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"))
_TEXTS = {"labels": "map[string]string", "annotations": "map[string]string", "name": "string", "generateName": "string", "namespace": "string"}


def names(call: Call) -> tuple[str, ...]:
    """The files that a command names."""
    return tuple(name for name in call.arguments.values.get("filename", ()) if name)


def objects(call: Call) -> Iterator[Info | Exception]:
    """Every object of every file, or what is wrong with it; a text that cannot be read ends its file."""
    if call.arguments.values.get("kustomize"):
        raise CommandError("podsim does not build kustomizations: render them first and pass the result with -f")
    sources = _sources(call)
    for source, text in sources:
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
    if inside:
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
    try:
        documents = manifest.parse(text, source)
    except manifest.ParseError as error:
        yield from map(_classified(call, source), _before(error))
        yield CommandError(f"error parsing {source}: {error}")
        return
    for document in documents:
        found = document.object
        if found is None:
            continue
        if call.command not in ("delete", "get", "describe") and call.validation != "Ignore":
            problem = _shape_problem(found)
            if problem:
                yield CommandError(f'error validating "{source}": error validating data: {problem}; {TURN_OFF}')
                return
        yield from _infos(call, source, found)


def _before(error: manifest.ParseError) -> list[Any]:
    """The documents in front of the one that cannot be read."""
    return [document.object for document in getattr(error, "documents", ())]


def _classified(call: Call, source: str) -> Any:
    return lambda found: next(_infos(call, source, found))


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
        for item in found.get("items") or ():
            if problem := _shape_problem(item):
                return problem
    return problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]" if problems else ""


def _infos(call: Call, source: str, found: Any) -> Iterator[Info | Exception]:
    if not isinstance(found, dict):
        yield CommandError(f'unable to decode "{source}": {_no_object(found)}')
    elif not isinstance(found.get("kind"), str) or not found["kind"]:
        yield CommandError(f"unable to decode \"{source}\": Object 'Kind' is missing in '{jsontext.compact(found)}'")
    elif found["kind"] == "List" or (isinstance(found.get("items"), list) and found["kind"].endswith("List")):
        for item in found.get("items") or ():
            yield _item(call, source, item, listed=True)
    else:
        yield _item(call, source, found, listed=False)


def _no_object(found: Any) -> str:
    return f"json: cannot unmarshal {_json_kind(found)} into Go value of type struct {{ APIVersion string; Kind string }}"


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
    return f"json: cannot unmarshal {_json_kind(value)} into Go struct field {field} of type {wanted}"


def _json_kind(value: Any) -> str:
    return next((name for python, name in _JSON_KINDS if isinstance(value, python)), "null")
