"""The object that a manifest ends up as, each line with who wrote it and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from podsim.api.manifest import Document
from podsim.cluster.store import Store
from podsim.explorers import origins
from podsim.explorers.origins import DEFAULT, KUBELET, SCHEDULER, SERVER
from podsim.explorers.paths import Path
from podsim.timeline.story import Story

Json = dict[str, Any]
LETTERS = {DEFAULT: "S", SCHEDULER: "N", KUBELET: "K", SERVER: "R"}  # of the scheme; any admission plugin is A, any controller C

LEFT_OUT: Json = {"stored": None, "origins": [], "by": [], "kept": {}}


def of(objects: Sequence[Any], store: Store, told: Story, bound: Mapping[str, Path], language: str) -> Json:
    """{"stored", "origins", "by", "kept"}: the pod's lines before its deletion, per line a number of `origins` or None.

    An origin is (letter, who, why). `kept` has the lines (from 1) that hold the value of each control in `bound`.
    """
    made = next((one for one in objects if one["kind"] == "Pod" and one["metadata"].get("name") == told.name), objects[0])
    created = told.looks[0].pod
    if made["kind"] == "Pod":
        birth = origins.of_manifest(Document(made, 1), created, language)
    else:
        meta = made["metadata"]
        owner = store.get(made["kind"], meta.get("namespace", "default"), meta["name"]) or made
        birth = origins.of_pod(Document(made, 1), owner, created, language)
    latest = [look.pod for look in told.looks if "deletionTimestamp" not in look.pod["metadata"]][-1]
    lines = origins.lines(birth, latest)
    added = [line.origin if line.origin and line.origin.by != "manifest" else None for line in lines]
    known = list(dict.fromkeys(filter(None, added)))
    return {
        "stored": "".join(f"{line.text}\n" for line in lines),
        "origins": [(_letter(one.by), one.by, one.why) for one in known],
        "by": [known.index(one) if one else None for one in added],
        "kept": {name: [n for n, line in enumerate(lines, 1) if (*birth.root, *line.path) == path] for name, path in bound.items()},
    }


def _letter(by: str) -> str:
    return "A" if by.startswith("admission") else LETTERS.get(by, "C")
