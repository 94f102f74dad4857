"""Hints about fields that are spelled wrongly or stand in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from podsim.api import schema
from podsim.api.hints.model import Hint, Look, shown
from podsim.api.yamltypes import Path

UNKNOWN = re.compile(r'unknown field "([^"]+)"')
SIMILAR = 0.7
# what people write -> the field that is meant, where the type has it
SYNONYMS = {
    "environment": "env", "envs": "env", "envVars": "env", "variables": "env", "cmd": "command", "entrypoint": "command", "arguments": "args",
    "arg": "args", "port": "containerPort", "volume": "volumes", "mounts": "volumeMounts", "mount": "volumeMounts", "path": "mountPath",
    "restart": "restartPolicy", "pullPolicy": "imagePullPolicy", "gracePeriodSeconds": "terminationGracePeriodSeconds", "delay": "initialDelaySeconds",
    "interval": "periodSeconds", "period": "periodSeconds", "timeout": "timeoutSeconds", "retries": "failureThreshold", "scale": "replicas",
    "request": "requests", "limit": "limits", "node": "nodeName", "selector": "nodeSelector", "serviceAccountname": "serviceAccountName",
    "postStop": "preStop", "preStart": "postStart", "user": "runAsUser", "deadline": "activeDeadlineSeconds", "parallel": "parallelism",
}  # fmt: skip
# of several places below, these come first
PREFERRED = ("containers", "httpGet", "requests", "matchLabels", "securityContext")


def of(look: Look) -> Iterator[Hint]:
    """Every unknown field that is written here."""
    for complaint in look.complaints:
        for path in UNKNOWN.findall(complaint.text):
            steps = look.steps(path)
            if steps in look.written.positions:
                yield _unknown(look, steps)


def _unknown(look: Look, steps: Path) -> Hint:
    parent, name = look.type_at(steps[:-1]), str(steps[-1])
    close = _meant(name, parent)
    if close and close not in (look.value(steps[:-1]) or {}):
        return look.at_key(steps, f'no field "{name}" here: did you mean "{close}"?', look.written.renamed(steps, close))
    home = _home(look, steps)
    if home is None:
        return look.at_key(steps, f'no field "{name}" in {parent}', look.written.removed(steps))
    return look.at_key(steps, f'"{name}" belongs into {shown(home) or "the top level"}, not here', look.written.moved(steps, home))


def _meant(name: str, type_: str) -> str | None:
    """The field of that type that a name means: other capitals, a synonym, a typing error."""
    known = list(schema.types().get(type_, {}))
    bare = re.sub(r"[-_ ]", "", name).lower()
    same = [field for field in known if field.lower() in (bare, bare.rstrip("s"), f"{bare}s")]
    if same:
        return same[0]
    if _is_known_nearby(name, type_):
        return None
    if SYNONYMS.get(name) in known:
        return SYNONYMS[name]
    close = get_close_matches(name, known, 1, SIMILAR)
    return close[0] if close else None


def _is_known_nearby(name: str, type_: str) -> bool:
    """Whether a type right below has a field of just that name: then it is misplaced, not misspelled."""
    below = schema.types().get(type_, {}).values()
    return any(name in schema.types().get(field.type, {}) for field in below)


def _home(look: Look, steps: Path) -> Path | None:
    """The nearest place around `steps` whose type has that field, else one below; None if there is none."""
    name, value = str(steps[-1]), look.value(steps)
    for length in range(len(steps) - 2, -1, -1):
        around = steps[:length]
        if not (around and isinstance(around[-1], str) and _is_list(look, around)) and name in schema.types().get(look.type_at(around), {}):
            return around
    into_map = _map_below(look, steps[:-1], value)
    places = (into_map, *(_below(look, around, name, depth) for around, depth in ((steps[:-1], 2), ((), 4)) if into_map is None))
    return next((place for place in places if place is not None), None)


def _map_below(look: Look, parent: Path, value: object) -> Path | None:
    """A map right below `parent` that takes any key: `matchLabels` for the labels of a selector, `requests` for `cpu`."""
    fields = schema.types().get(look.type_at(parent), {})
    found = (name for name in PREFERRED if name in fields and fields[name].container == "map")
    return next(((*parent, name) for name in found if isinstance(value, (str, int))), None)


def _below(look: Look, parent: Path, name: str, depth: int) -> Path | None:
    """The place below `parent` whose type has that field."""
    fields = schema.types().get(look.type_at(parent), {})
    order = sorted(fields, key=lambda field: PREFERRED.index(field) if field in PREFERRED else len(PREFERRED))
    places = [(fields[field], (*parent, field, 0) if fields[field].container == "array" else (*parent, field)) for field in order]
    for field, place in places:
        if field.container != "map" and name in schema.types().get(field.type, {}) and (field.container == "" or look.value(place) is not None):
            return place
    deeper = (_below(look, place, name, depth - 1) for _, place in places if depth > 1 and isinstance(look.value(place), dict))
    return next((found for found in deeper if found is not None), None)


def _is_list(look: Look, path: Path) -> bool:
    found = look.field(path)
    return found is not None and found.container == "array"
