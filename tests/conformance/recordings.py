"""The recordings as tables of cases, and what both the tests and the fidelity page ask of them."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
DATA = FOLDER / "data"
Case = dict[str, Any]
VOLATILE = (
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"), "TIME"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "UID"),
    (re.compile(r'resourceVersion: "\d+"'), 'resourceVersion: "N"'),
    (re.compile(r"kube-api-access-[a-z0-9]{5}\b"), "kube-api-access-xxxxx"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of recorded cases: a file with all of them, or a folder with a file for each.

    `differences` plays a case and says what podsim does otherwise, in sentences; an empty list: nothing.
    """

    path: str
    title: str
    differences: Callable[[Case], list[str]]

    @property
    def name(self) -> str:
        """What stands before a case's name in known_differences.yaml."""
        return self.path.rpartition("/")[2]

    def cases(self) -> Iterator[Case]:
        """The cases; each has a `name`."""
        place = DATA / self.path
        if place.is_dir():
            yield from ({"name": file.stem, **json.loads(file.read_text(encoding="utf-8"))} for file in sorted(place.glob("*.json")))
        else:
            yield from json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))


@cache
def known_differences() -> dict[str, str]:
    """`table/case` -> why podsim differs from it."""
    return dict(yaml.safe_load((FOLDER / "known_differences.yaml").read_text(encoding="utf-8")) or {})


def unequal(label: str, recorded: object, found: object) -> list[str]:
    """One sentence, or a diff of texts, unless the two are equal."""
    if recorded == found:
        return []
    if isinstance(recorded, str) and isinstance(found, str) and "\n" in recorded + found:
        lines = difflib.unified_diff(recorded.splitlines(), found.splitlines(), "Kubernetes", "podsim", lineterm="", n=1)
        return [f"{label}:\n" + "\n".join(lines)]
    return [f"{label}: Kubernetes {recorded!r}, podsim {found!r}"]


def stable(text: str) -> str:
    """`text` with times, uids, resource versions and generated suffixes replaced."""
    for pattern, word in VOLATILE:
        text = pattern.sub(word, text)
    return text
