"""explain: fields with their types, as the schema has them.     kubectl pkg/explain/v2/templates/plaintext.tmpl; the sentences are podsim's"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from podsim.api import kinds, schema
from podsim.api.kinds import Kind
from podsim.api.schema import Field
from podsim.kubectl.call import Call
from podsim.kubectl.failures import CommandError, PlainError

WIDTH, NESTED_WIDTH, SHORT_ENUM = 76, 78, 4
MISSING = 'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.'
TYPES = {"int32": "integer", "int64": "integer", "boolean": "boolean", "quantity": "Quantity", "Time": "string", "object": "Object"}


def explain(call: Call) -> None:
    """`kubectl explain TYPE.FIELD`."""
    words = call.arguments.words
    if len(words) != 1:
        raise CommandError("We accept only this format: explain RESOURCE" if words else MISSING)
    if call.arguments["output"] != "plaintext":
        raise CommandError("podsim has explain --output=plaintext only")
    kind, path = _resource(words[0])
    if kind.kind not in _sentences():
        raise CommandError(f"podsim does not describe the fields of {kind.plural}: it knows pods and the workloads that make them")
    call.print((f"GROUP:      {kind.group}\n" if kind.group else "") + f"KIND:       {kind.kind}\nVERSION:    {kind.version}\n\n")
    call.print(_described(kind.kind, path, recursive=call.arguments["recursive"]) + "\n")


def _resource(word: str) -> tuple[Kind, list[str]]:
    """The kind that the beginning of `pods.spec.containers` names, and the fields behind it."""
    steps = word.removesuffix(".").split(".")
    for length in range(len(steps), 0, -1):
        if kind := kinds.find(".".join(steps[:length])):
            return kind, steps[length:]
    raise PlainError(f'the server doesn\'t have a resource type "{steps[0]}"')


def _described(kind: str, path: Sequence[str], *, recursive: bool) -> str:
    owner, field = kind, Field("", kind)
    for name in path:
        owner = field.type
        found = schema.types().get(owner, {}).get(name)
        if found is None:
            raise CommandError(f'field "{path[-1]}" does not exist')
        field = found
    sentences = [sentence(owner, field.name)] if path else []
    sentences += [sentence(field.type, "")] if field.type in schema.types() else []
    head = f"FIELD: {field.name} <{type_of(field)}>\n" + _long_enum(field) + "\n\n" if path else ""
    inner = "".join(_fields(field.type, 1, recursive=recursive, above=frozenset()))
    text = "\n".join(dict.fromkeys(filter(None, sentences))) or "<empty>"
    return f"{head}DESCRIPTION:\n{_wrapped(text, WIDTH, 4)}\n    \n" + (f"FIELDS:\n{inner}" if inner else "")


def _fields(type_: str, level: int, *, recursive: bool, above: frozenset[str]) -> Iterator[str]:
    """The fields of a type, by name; `recursive`: with theirs below them and no sentences."""
    indent = 2 * level
    for name, field in sorted(schema.types().get(type_, {}).items()):
        enum = f"\n{' ' * indent}enum: {_short_enum(field)}" if field.enum else ""
        yield f"{' ' * indent}{name}\t<{type_of(field)}>{' -required-' if field.required else ''}{enum}\n"
        if not recursive:
            yield _wrapped(sentence(type_, name) or "<no description>", NESTED_WIDTH - indent, indent + 2) + "\n\n"
        elif field.type not in above | {type_}:
            yield from _fields(field.type, level + 1, recursive=True, above=above | {type_})


def type_of(field: Field) -> str:
    """A field's type in words: `[]Container`, `integer`.                                                     typeGuess"""
    return {"array": "[]", "map": "map[string]"}.get(field.container, "") + TYPES.get(field.type, field.type)


def _long_enum(field: Field) -> str:
    return "ENUM:" + "".join(f"\n    {one}" for one in _shown(field)) if field.enum else ""


def _short_enum(field: Field) -> str:
    return ", ".join(_shown(field)[:SHORT_ENUM]) + (", ...." if len(field.enum) > SHORT_ENUM else "")


def _shown(field: Field) -> list[str]:
    return [one or '""' for one in field.enum]


def _wrapped(text: str, width: int, indent: int) -> str:
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, width, break_long_words=False, break_on_hyphens=False)]
    return textwrap.indent("\n".join(lines), " " * indent)


def sentence(type_: str, name: str) -> str:
    """What podsim says of a field, or (name "") of a type; "" if nothing."""
    return str(_sentences().get(type_, {}).get(name, ""))


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load((files("podsim.kubectl") / "fields.yaml").read_text(encoding="utf-8"))
    return found
