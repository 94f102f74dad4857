"""What the API server would refuse in manifests: `podsim check`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podsim.api import hints, manifest
from podsim.api.errors import FieldError, Rejected
from podsim.facade import Cluster

SUFFIXES = (".yaml", ".yml", ".json")
# field that names an object which may be in another file -> a stand-in for that object
REFERENCES: dict[str, dict[str, Any]] = {
    "namespace": {"apiVersion": "v1", "kind": "Namespace"},
    "serviceAccountName": {"apiVersion": "v1", "kind": "ServiceAccount"},
    "priorityClassName": {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": 0},
    "runtimeClassName": {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "handler": "other"},
}
AROUND = re.compile(r'^error: |^error validating ".*?": error validating data: |; if you choose to ignore these errors.*$')  # what names file and flags
NO_OBJECT = "this is no object: an object has apiVersion, kind and metadata"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a manifest; line and column from 1. `hints` say more about the same place."""

    line: int
    column: int
    message: str
    hints: tuple[hints.Hint, ...] = ()


def files_of(name: str) -> list[str]:
    """The file itself, or the manifests in a directory and below it."""
    path = Path(name)
    return sorted(str(one) for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file()) if path.is_dir() else [name]


def problems(text: str, name: str) -> list[Problem]:
    """Everything that is wrong with a manifest, by itself: what it refers to may be in other files."""
    try:
        documents = manifest.parse(text)
    except manifest.ParseError as error:
        return [unreadable(text, error)]
    items = [item for document in documents for item in manifest.items(document)]
    cluster = Cluster(nodes=[])
    for item in items:
        for stand_in in _referred(item.object, {_name(one.object) for one in items}):
            cluster.kubectl("create -f -", stdin=json.dumps(stand_in))
    found = []
    for item in items:
        if isinstance(item.object, dict):
            result = cluster.kubectl(["create", "-f", name], files={name: json.dumps(item.object)})
            found += [problem for error in result.errors for problem in of(text, item, error)]
        else:
            found.append(Problem(item.line, 1, NO_OBJECT))
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def unreadable(text: str, error: manifest.ParseError) -> Problem:
    """The problem of a text that is no YAML."""
    given = tuple(hints.of(text, error))
    first = given[0] if given else None
    place = (first.line, first.column) if first and first.line and first.column else (error.line or 1, error.column or 1)
    return Problem(place[0] or 1, place[1] or 1, str(error), given)


def of(text: str, document: manifest.Document, error: Exception) -> Iterator[Problem]:
    """One problem for every error of a refusal, each with the hints about its line; one for all where the whole text is repaired."""
    end = document.line + max((line for line, _ in document.positions.values()), default=document.line)
    given = [hint for hint in hints.of(text, error) if document.line <= (hint.line or 0) <= end]
    single = error.errors if isinstance(error, Rejected) else (error,)
    if [hint.message for hint in given] == [hints.LOST]:
        single = (error,)
    for one in single:
        line, column = position(document, one)
        said = tuple(hint for hint in given if hint.line == line) or (tuple(given) if len(single) == 1 else ())
        if said and not isinstance(one, FieldError):
            line, column = said[0].line or line, said[0].column or column
        yield Problem(line, column, " ".join(AROUND.sub("", str(one)).splitlines()), said)


def position(document: manifest.Document, error: object) -> tuple[int, int]:
    """Line and column of the field that an error names, or of the nearest thing around it that was written."""
    path = error.path if isinstance(error, FieldError) else str(error).partition('unknown field "')[2].partition('"')[0]
    place = document.position(path) if path else None
    return place or (document.line, 1)


def _name(obj: Any) -> tuple[str, str]:
    meta = obj.get("metadata") if isinstance(obj, dict) else None
    return (str(obj.get("kind")), str(meta.get("name"))) if isinstance(meta, dict) else ("", "")


def _referred(obj: Any, there: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Stand-ins for the objects that a manifest names and that are not `there`, namespaces first."""
    found = {(key, name): REFERENCES[key] for key, name in _texts(obj) if key in REFERENCES and (REFERENCES[key]["kind"], name) not in there}
    home = next((name for key, name in found if key == "namespace"), "default")
    order = sorted(found, key=lambda reference: reference[0] != "namespace")
    return [{**found[key, name], "metadata": {"name": name, **({"namespace": home} if key == "serviceAccountName" else {})}} for key, name in order]


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a manifest with its key."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) and value:
        yield key, value
