"""What kubectl never says: the line, the likely meaning, and the repaired text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from podsim.api import manifest, schema
from podsim.api.manifest import Document, ParseError, Path
from podsim.api.schema import Field

UNKNOWN = re.compile(r'unknown field "([^"]+)"')
WRONG_TYPE = re.compile(r"cannot unmarshal (\w+) (?:[-.\d]+ )?into Go struct field (\w+)\.([\w.]+) of type (\S+)")
FIELD_ERROR = re.compile(r"(?:^|\* |: |\[)((?:spec|metadata)[\w.\[\]-]*): (?:Required|Invalid|Unsupported|Duplicate|Forbidden|Not found)")
LINE = re.compile(r"^(\s*)((?:- )*)(?:([\w./-]+):(?:\s+(.*))?|(.*))$")
PLAIN_VALUE = re.compile(r"""^((?:"[^"]*"|'[^']*'|[\w./-]+):\s+|)([^\s#"',}\]]+)""")
STRING_MAPS = frozenset({"labels", "annotations", "matchLabels", "nodeSelector"})
CLOSE_ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of advice; line and column from 1. `fixed_text`: the whole text repaired, where that can be done."""

    line: int | None
    column: int | None
    message: str
    fixed_text: str | None = None


def of(text: str, error: object) -> list[Hint]:
    """Hints for the manifest `text` that was refused with `error` (its text, or the exception)."""
    try:
        documents = manifest.parse(text)
    except ParseError as problem:
        repaired = reindented(text)
        advice = "the indentation does not fit together; this is the manifest that it seems to mean" if repaired else str(problem).rpartition("yaml: ")[2]
        return [Hint(problem.line, problem.column, advice, repaired)]
    said = str(error)
    found = [hint for document in documents for hint in _of_document(text, document, said)]
    return list(dict.fromkeys(found))


def _of_document(text: str, document: Document, said: str) -> Iterator[Hint]:
    if not isinstance(document.object, dict):
        return
    if _lost_indentation(document.object):
        repaired = reindented(text)
        if repaired:
            message = "the fields below metadata and spec have lost their indentation; this is the manifest that was meant"
            yield Hint(document.line, 1, message, repaired)
            return
    for path in UNKNOWN.findall(said):
        yield from _unknown(text, document, path)
    for word, struct, path, wanted in WRONG_TYPE.findall(said):
        yield from _wrong_type(text, document, word, f"{struct}.{path}", wanted)
    for path in FIELD_ERROR.findall(said):
        place = document.position(path)
        if place:
            yield Hint(*place, f"{path} is written here")


def _lost_indentation(obj: dict[str, Any]) -> bool:
    """Whether metadata or spec are empty while fields of theirs stand beside them."""
    own = schema.types().get(str(obj.get("kind")), {})
    empty = [key for key in ("metadata", "spec") if key in obj and obj[key] is None]
    return bool(empty) and any(key not in own for key in obj if key not in ("apiVersion", "kind"))


def _unknown(text: str, document: Document, path: str) -> Iterator[Hint]:
    steps = manifest.parse_path(path)
    place = document.position(steps)
    if not place or steps not in document.positions:
        return
    parent = type_at(document.object, steps[:-1])
    name = str(steps[-1])
    known = list(schema.types().get(parent, {}))
    close = _closest(name, known)
    if close:
        yield Hint(*place, f'no field "{name}" here: did you mean "{close}"?', _renamed(text, place, name, close))
        return
    home = _home(document.object, steps)
    if home is not None:
        yield Hint(*place, f'"{name}" belongs into {home or "the top level"}, not here')
    else:
        yield Hint(*place, f'no field "{name}" in {parent}')


def _closest(name: str, known: list[str]) -> str | None:
    same = [k for k in known if k.lower() == name.lower().replace("_", "").replace("-", "")]
    found = same or difflib.get_close_matches(name, known, 1, CLOSE_ENOUGH)
    return found[0] if found else None


def _home(obj: dict[str, Any], steps: Path) -> str | None:
    """The nearest place around `steps` whose type has that field, or one directly below; None if there is none."""
    name = str(steps[-1])
    for length in range(len(steps) - 2, -1, -1):
        around = steps[:length]
        if name in schema.types().get(type_at(obj, around), {}):
            return shown(around)
    fields = schema.types().get(type_at(obj, steps[:-1]), {})
    below = next((f.name + ("[]" if f.container == "array" else "") for f in fields.values() if name in schema.types().get(f.type, {})), None)
    return None if below is None else ".".join(filter(None, [shown(steps[:-1]), below]))


def shown(steps: Path) -> str:
    """Steps as `spec.containers[0]`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def type_at(obj: dict[str, Any], steps: Path) -> str:
    """The schema's type of the object at `steps`; "" beyond what the schema knows."""
    current = str(obj.get("kind", ""))
    for step in steps:
        if isinstance(step, int):
            continue
        found = schema.types().get(current, {}).get(step)
        current = found.type if found else ""
    return current


def _wrong_type(text: str, document: Document, word: str, go_path: str, wanted: str) -> Iterator[Hint]:
    """The places whose value has the wrong type, and quotes where they help."""
    for path, place in document.positions.items():
        value = _value(document.object, path)
        if not _is_meant(path, go_path) or isinstance(value, (dict, list)):
            continue
        if word == "bool" and isinstance(value, bool) and wanted == "string":
            yield Hint(*place, "YAML reads this as a boolean: put it into quotes", _quoted(text, place))
        elif word == "number" and isinstance(value, (int, float)) and not isinstance(value, bool) and wanted == "string":
            yield Hint(*place, "YAML reads this as a number: put it into quotes", _quoted(text, place))
        elif word == "string" and isinstance(value, str) and wanted in ("int32", "int64", "bool"):
            yield Hint(*place, f"a {'number' if wanted != 'bool' else 'boolean'} is wanted here: write it without quotes")


def _is_meant(path: Path, go_path: str) -> bool:
    """Whether Go's path, which has no indices and no keys of maps, may mean this one."""
    names = [step for step in path if isinstance(step, str)]
    field = go_path.rpartition(".")[2]
    return field in (names[-1:] + names[-2:-1] if field in STRING_MAPS else names[-1:])


def _value(obj: Any, path: Path) -> Any:
    for step in path:
        try:
            obj = obj[step]
        except (KeyError, IndexError, TypeError):
            return None
    return obj


def _renamed(text: str, place: tuple[int, int], old: str, new: str) -> str:
    lines = text.splitlines(keepends=True)
    line, column = lines[place[0] - 1], place[1] - 1
    lines[place[0] - 1] = line[:column] + line[column:].replace(old, new, 1)
    return "".join(lines)


def _quoted(text: str, place: tuple[int, int]) -> str:
    """The text with the plain value at that place, or of the key there, in quotes."""
    lines = text.splitlines(keepends=True)
    line, column = lines[place[0] - 1], place[1] - 1
    lines[place[0] - 1] = line[:column] + PLAIN_VALUE.sub(r'\1"\2"', line[column:], count=1)
    return "".join(lines)


@dataclass(slots=True)
class _Open:
    """A map or list that lines may still go into."""

    type: str
    container: str
    indent: int
    seen: set[str]


def reindented(text: str) -> str | None:
    """The manifest with its indentation rebuilt from the schema, or None where its lines do not tell enough.

    Each `key:` goes into the innermost open object whose type has that field and does not have it yet.
    """
    kind = re.search(r"^\s*kind:\s*(\w+)\s*$", text, re.MULTILINE)
    if not kind or kind[1] not in schema.types():
        return None
    stack = [_Open(kind[1], "", 0, set())]
    made: list[str] = []
    for raw in text.replace("\t", "  ").splitlines():
        if not raw.strip() or raw.strip() in ("---", "...") or raw.strip().startswith("#"):
            continue
        match = LINE.match(raw)
        if match is None:
            return None
        _, dashes, key, value, other = match.groups()
        line = _place_line(stack, bool(dashes), key, value, other)
        if line is None:
            return None
        made.append(line)
    repaired = "\n".join(made) + "\n"
    try:
        return repaired if isinstance(manifest.parse(repaired)[0].object, dict) else None
    except (ParseError, IndexError):
        return None


def _place_line(stack: list[_Open], dash: bool, key: str | None, value: str | None, other: str | None) -> str | None:
    """One line in its place; opens what it opens."""
    while stack:
        top = stack[-1]
        if dash and top.container == "array":
            return _item(stack, key, value, other)
        if not dash and top.container != "array" and key and _takes(top, key):
            top.seen.add(key)
            _open(stack, top, key, value)
            return f"{' ' * top.indent}{key}:{f' {value}' if value else ''}"
        stack.pop()
    return None


def _takes(top: _Open, key: str) -> bool:
    if top.container == "map":
        return key not in top.seen
    return key in schema.types().get(top.type, {}) and key not in top.seen


def _item(stack: list[_Open], key: str | None, value: str | None, other: str | None) -> str | None:
    top = stack[-1]
    if key is None or top.type not in schema.types():
        return f"{' ' * top.indent}- {key + ': ' + (value or '') if key else other}"
    if key not in schema.types()[top.type]:
        stack.pop()
        return _place_line(stack, True, key, value, other)
    item = _Open(top.type, "", top.indent + 2, {key})
    stack.append(item)
    _open(stack, item, key, value)
    return f"{' ' * top.indent}- {key}:{f' {value}' if value else ''}"


def _open(stack: list[_Open], parent: _Open, key: str, value: str | None) -> None:
    field: Field | None = schema.types().get(parent.type, {}).get(key) if parent.container != "map" else None
    if value or field is None:
        return
    indent = parent.indent if field.container == "array" else parent.indent + 2
    if field.container or field.type in schema.types():
        stack.append(_Open(field.type, field.container, indent, set()))
