"""What is wrong with a manifest or a scenario, each with its place, and repairs to click on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from podsim import checking
from podsim.api import manifest
from podsim.api.hints import Hint
from podsim.checking import Problem
from podsim.cluster.store import Object
from podsim.facade import Cluster
from podsim.playground import edits
from podsim.timeline.messages import Messages

Json = dict[str, Any]
Source = Literal["manifest", "scenario"]
FILE = "manifest.yaml"
WARNING = "Warning: "
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s:,\[\]{}]+")
_PATH = re.compile(r"\w+(?:\.\w+|\[[^\]]*\])+")


def create(cluster: Cluster, text: str, words: Messages, found: list[Json]) -> Iterator[tuple[manifest.Document, Object]]:
    """Makes every object of the manifest that the server takes, as kubectl create does; gives each as written and as stored.

    What is wrong with the others, and what the server warns of, is added to `found`.
    """
    try:
        documents = manifest.parse(text)
    except manifest.ParseError as error:
        found.append(said(text, checking.unreadable(text, error), "error", words))
        documents = list(error.documents)
    for item in (one for document in documents for one in manifest.items(document)):
        if not isinstance(item.object, dict):
            found.append(said(text, Problem(item.line, 1, checking.NO_OBJECT), "error", words))
            continue
        before = len(cluster.simulation.store.revisions)
        result = cluster.kubectl(["create", "-f", FILE], files={FILE: json.dumps(item.object)})
        found += [said(text, problem, "error", words) for error in result.errors for problem in checking.of(text, item, error)]
        found += [said(text, problem, "warning", words) for problem in _warnings(item, result.stderr)]
        if not result.errors:
            yield item, next(r.object for r in cluster.simulation.store.revisions[before:] if r.object["kind"] != "Event")


def of_scenario(message: str, line: int = 1, column: int = 1) -> Json:
    """The problem of a scenario that cannot be read."""
    place = edits.place(line, column)
    return {"source": "scenario", "severity": "error", "from": place, "to": edits.place(line, column + 1), "message": message, "hints": [], "fixes": []}


def fixes(text: str, hints: Iterable[Hint], words: Messages) -> list[Json]:
    """The repairs that hints know: {"title", "edits"}, each once."""
    repaired = dict.fromkeys(hint.fixed_text for hint in hints if hint.fixed_text and hint.fixed_text != text)
    return [{"title": _title(found, words), "edits": found} for fixed in repaired if (found := edits.between(text, fixed))]


def said(text: str, problem: Problem, severity: str, words: Messages) -> Json:
    """A problem of the manifest as JSON."""
    lines = text.splitlines()
    line = lines[problem.line - 1] if problem.line <= len(lines) else ""
    word = _WORD.match(line, problem.column - 1)
    return {
        "source": "manifest",
        "severity": severity,
        "from": edits.place(problem.line, problem.column),
        "to": edits.place(problem.line, word.end() + 1 if word else problem.column + 1),
        "message": problem.message,
        "hints": [hint.message for hint in problem.hints],
        "fixes": fixes(text, problem.hints, words),
    }


def _warnings(document: manifest.Document, stderr: str) -> Iterator[Problem]:
    for line in stderr.splitlines():
        if line.startswith(WARNING):
            path = _PATH.search(line)
            place = document.position(path[0]) if path else None
            yield Problem(*(place or (document.line, 1)), line.removeprefix(WARNING))


def _title(found: list[Json], words: Messages) -> str:
    """`Write "containers"`, `Remove "x"`, `Repair 12 lines`."""
    (first, *more), lines = found, sum(edit["to"]["line"] - edit["from"]["line"] + 1 for edit in found)
    new = first["text"].strip()
    if more or "\n" in new or first["from"]["line"] != first["to"]["line"]:
        return words.say("fix", "lines", lines=lines)
    return words.say("fix", "write", text=new) if new else words.say("fix", "remove")
