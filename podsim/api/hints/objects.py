"""Hints about apiVersion and kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from podsim.api.hints.model import Hint, Look
from podsim.api.kinds import KINDS

NO_MATCH = re.compile(r'no matches for kind "([^"]*)" in version "([^"]*)"|no kind "([^"]*)" is registered for version "([^"]*)"')
NOT_SET = re.compile(r"\b(apiVersion|kind) not set|Object '(Kind|apiVersion)' is missing|isn't string type")
# what a spec says of its kind, where nothing else does
BY_FIELD = {"containers": "Pod", "jobTemplate": "CronJob", "template": "Deployment"}
SIMILAR = 0.6


def of(look: Look) -> Iterator[Hint]:
    """A kind that is spelled wrongly, an apiVersion of another kind, and those that are missing."""
    for complaint in look.complaints:
        if match := NO_MATCH.search(complaint.text):
            kind, version = match[1] or match[3], match[2] or match[4]
            if (look.object.get("kind"), look.object.get("apiVersion")) == (kind, version):
                yield from _no_match(look, kind)
        elif NOT_SET.search(complaint.text):
            yield from _missing(look)


def _no_match(look: Look, kind: str) -> Iterator[Hint]:
    meant = _closest(kind)
    if meant is None:
        yield look.at_value(("kind",), f'podsim knows no kind "{kind}": custom resources need their definition on the server')
    elif meant != kind:
        yield look.at_value(("kind",), f'no kind "{kind}": did you mean "{meant}"?', look.written.with_raw(("kind",), meant))
    else:
        version = KINDS[kind].api_version
        yield look.at_value(("apiVersion",), f"a {kind} belongs to apiVersion {version}", look.written.with_raw(("apiVersion",), version))


def _missing(look: Look) -> Iterator[Hint]:
    kind = look.object.get("kind")
    if not isinstance(kind, str) or not kind:
        spec = look.object.get("spec")
        kind = next((found for field, found in BY_FIELD.items() if isinstance(spec, dict) and field in spec), None)
        guessed = f"this looks like a {kind}" if kind else "it says what the object is, as in kind: Pod"
        yield _set(look, "kind", kind, f"kind is missing: {guessed}") if kind else look.at_key(("kind",), f"kind is missing: {guessed}")
        return
    meant = _closest(kind)
    if meant and not isinstance(look.object.get("apiVersion"), str):
        version = KINDS[meant].api_version
        yield _set(look, "apiVersion", version, f"apiVersion is missing: a {meant} belongs to {version}")


def _set(look: Look, field: str, value: str, message: str) -> Hint:
    written = look.written
    fixed = written.with_raw((field,), value) if field in look.object else written.with_entry((field,), value)
    return look.at_key((field,), message, fixed)


def _closest(kind: str) -> str | None:
    same = [known for known in KINDS if known.lower() == kind.lower().rstrip("s")]
    found = [kind] if kind in KINDS else same or get_close_matches(kind, KINDS, 1, SIMILAR)
    return found[0] if found else None
