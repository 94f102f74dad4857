"""What -o asks for.                                            cli-runtime pkg/genericclioptions/print_flags.go ToPrinter"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from podsim.api.quantity import Quantity
from podsim.kubectl import jsonpath, jsontext, yaml
from podsim.kubectl.columns import align
from podsim.kubectl.describe.sections import go_value
from podsim.kubectl.failures import CommandError
from podsim.kubectl.printer import MINIMUM_WIDTH, PADDING

Object = dict[str, Any]
Known = Literal["get", "write"]
_WRITE = ("go-template", "go-template-file", "json", "jsonpath", "jsonpath-as-json", "jsonpath-file", "kyaml", "name", "template", "templatefile", "yaml")
FORMATS: dict[Known, tuple[str, ...]] = {"write": _WRITE, "get": tuple(sorted((*_WRITE, "custom-columns", "custom-columns-file", "wide")))}
ABSENT = ("go-template", "go-template-file", "template", "templatefile", "jsonpath-file", "custom-columns-file", "kyaml")
_NEEDED = {
    "jsonpath": "template format specified but no template given",
    "jsonpath-as-json": "template format specified but no template given",
    "custom-columns": "custom-columns format specified but no custom columns given",
}
_RELAXED = re.compile(r"\{?\.?([^{}]+)\}?")
_CHUNK = re.compile(r"(\d+)")


def check(output: str, known: Known = "write") -> None:
    """CommandError for a form that a command does not know, or cannot read."""
    name, _, template = output.partition("=")
    if output and name not in FORMATS[known]:
        raise CommandError(f'unable to match a printer suitable for the output format "{output}", allowed formats are: {",".join(FORMATS[known])}')
    if name in ABSENT:
        raise CommandError(f"podsim does not have -o {name}: use -o jsonpath=TEMPLATE, json or yaml")
    if not template and name in _NEEDED:
        raise CommandError(_NEEDED[name])
    if name.startswith("jsonpath"):
        try:
            jsonpath.parse(template)
        except jsonpath.TemplateError as error:
            raise CommandError(f"error parsing jsonpath {template}, {error}") from None
    if name == "custom-columns":
        _columns(template)


def text(output: str, obj: Object, names: Sequence[str], items: Sequence[Object], *, headers: bool = True) -> str:
    """One object or list in the form `output`, which `check` has passed; `names` and `items` are those of its objects."""
    name, _, template = output.partition("=")
    match name:
        case "name":
            return "".join(f"{one}\n" for one in names)
        case "json":
            return jsontext.indented(obj) + "\n"
        case "yaml":
            return yaml.dump(obj)
        case "custom-columns":
            return _table(template, items, headers=headers)
    try:
        return jsontext.indented(jsonpath.find(template, obj)) + "\n" if name == "jsonpath-as-json" else jsonpath.render(template, obj)
    except jsonpath.JSONPathError as error:
        raise CommandError(
            f'error executing jsonpath "{template}": Error executing template: {error}. Printing more information for debugging the template:\n'
            f"\ttemplate was:\n\t\t{template}\n\tobject given to jsonpath engine was:\n\t\t{_go_syntax(obj)}\n\n"
        ) from None


def relaxed(path: str) -> str:
    """`metadata.name`, `.metadata.name` and `{.metadata.name}` as the last.                        RelaxedJSONPathExpression"""
    match = _RELAXED.fullmatch(path)
    if not path or match is None:
        raise CommandError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'")
    return f"{{.{match[1]}}}"


def values(path: str, obj: Object) -> list[Any]:
    """What a path leads to, [] where a key is missing; CommandError for one that cannot be followed."""
    try:
        return jsonpath.find(path, obj)
    except jsonpath.JSONPathError as error:
        raise CommandError(str(error)) from None


def _columns(spec: str) -> list[tuple[str, str]]:
    pairs = []
    for part in spec.split(","):
        header, colon, path = part.partition(":")
        if not colon:
            raise CommandError(f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        pairs.append((header, relaxed(path)))
    return pairs


def _table(spec: str, items: Sequence[Object], *, headers: bool) -> str:
    columns = _columns(spec)
    rows = [[name for name, _ in columns]] if headers else []
    rows += [[",".join(map(go_value, values(path, obj))) or "<none>" for _, path in columns] for obj in items]
    return align("".join("\t".join(row) + "\n" for row in rows), minimum=MINIMUM_WIDTH, padding=PADDING)


def sort_key(value: Any) -> tuple[Any, ...]:
    """What --sort-by compares: nothing first, quantities by size, texts with their numbers as numbers.   sorter.go isLess"""
    if value is None or isinstance(value, (dict, list)):
        return (0,)
    if not isinstance(value, str):
        return (1, value)
    try:
        return (1, Quantity(value).amount)
    except ValueError:
        return (2, [(not part.isdigit(), int(part) if part.isdigit() else part) for part in _CHUNK.split(value) if part])


def _go_syntax(value: Any) -> str:
    """A value as Go's `%#v` prints it."""
    if isinstance(value, dict):
        inner = ", ".join(f"{jsontext.compact(key)}:{_go_syntax(item)}" for key, item in sorted(value.items()))
        return f"map[string]interface {{}}{{{inner}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_syntax, value))}}}"
    return "interface {}(nil)" if value is None else jsontext.compact(value, escape=False)
