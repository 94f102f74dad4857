"""Hints about values of a wrong type: quotes, lists, maps, and quantities."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from podsim.api import schema
from podsim.api.hints.model import Hint, Look
from podsim.api.hints.written import flow
from podsim.api.quantity import FORMAT_ERROR, SUFFIX_ERROR, Quantity
from podsim.api.yamltypes import Path

WRONG_TYPE = re.compile(r"cannot unmarshal (\w+)(?: [-.\d]+)? into Go struct field \w+\.([\w.]+) of type (\S+)")
WORDS = {bool: "bool", int: "number", float: "number", str: "string", list: "array", dict: "object"}
LONGEST = 4096  # characters of a command line that somebody wrote as one text
SECONDS = re.compile(r"(\d+) ?(?:s|sec|secs|seconds)")
SIZE = re.compile(r"([+-]?[\d.,_]+)\s*([A-Za-z]*)")
BOOLEANS = {"true": True, "yes": True, "on": True, "y": True, "1": True, "false": False, "no": False, "off": False, "n": False, "0": False}
# what people write behind a number, in small letters -> Kubernetes' suffix
SUFFIXES = {
    "": "", "m": "m", "k": "k", "kb": "k", "ki": "Ki", "kib": "Ki", "mb": "M", "mi": "Mi", "mib": "Mi", "meg": "M", "g": "G", "gb": "G", "gi": "Gi", "gib": "Gi",
    "t": "T", "tb": "T", "ti": "Ti", "tib": "Ti", "b": "", "bytes": "", "byte": "", "cpu": "", "cpus": "", "core": "", "cores": "", "millicpu": "m",
}  # fmt: skip
# type -> the object that a plain text or number stands for; the second argument is a port of the container
SHORTHANDS: dict[str, Callable[[str, int], dict[str, Any] | None]] = {
    "ContainerPort": lambda text, _: {"containerPort": int(text.rpartition(":")[2])} if text.rpartition(":")[2].isdigit() else None,
    "EnvVar": lambda text, _: dict(zip(("name", "value"), text.partition("=")[::2], strict=True)) if "=" in text else None,
    "VolumeMount": lambda text, _: dict(zip(("name", "mountPath"), text.partition(":")[::2], strict=True)) if ":" in text else None,
    "LocalObjectReference": lambda text, _: {"name": text},
    "HTTPGetAction": lambda text, port: {"path": text, "port": port} if text.startswith("/") else None,
    "TCPSocketAction": lambda text, _: {"port": int(text)} if text.isdigit() else None,
    "ExecAction": lambda text, _: {"command": _words(text)},
    "DeploymentStrategy": lambda text, _: {"type": text},
    "LabelSelector": lambda text, _: {"matchLabels": pairs} if (pairs := _pairs(text.split(","))) else None,
}
# type of a list's item -> the fields that take key and value of a map that was written instead of the list
PAIRS = {"EnvVar": ("name", "value"), "HostAlias": ("hostnames", "ip"), "HTTPHeader": ("name", "value")}


def of(look: Look) -> Iterator[Hint]:
    """The places whose value has the wrong type, and what to write instead."""
    for complaint in look.complaints:
        for word, go_path, wanted in WRONG_TYPE.findall(complaint.text):
            names = [part for part in go_path.split(".") if part[:1].islower()]
            for path, value in look.walk():
                if _is_meant(look, path, names) and WORDS.get(type(value)) == word:
                    yield _hint(look, path, value, wanted)
        if FORMAT_ERROR in complaint.text or SUFFIX_ERROR in complaint.text:
            yield from _quantities(look)


def _is_meant(look: Look, path: Path, names: list[str]) -> bool:
    """Whether Go's path, which has no indexes and no keys of maps, means this one."""
    written = [step for step in path if isinstance(step, str)]
    if written == names:
        return True
    field = look.field(path[:-1]) if path else None
    return written[:-1] == names and field is not None and field.container == "map"


def _hint(look: Look, path: Path, value: Any, wanted: str) -> Hint:
    if isinstance(value, (bool, int, float)) and wanted == "string":
        word = "boolean" if isinstance(value, bool) else "number"
        return look.at_value(path, f"YAML reads this as a {word}: put it into quotes", look.written.with_raw(path, f'"{look.written.raw(path)}"'))
    if wanted in ("int32", "int64") and isinstance(value, str):
        return _number(look, path, value)
    if wanted == "bool" and isinstance(value, (str, int)):
        meant = BOOLEANS.get(str(value).lower())
        fixed = None if meant is None else look.written.with_value(path, meant)
        return look.at_value(path, "a boolean is wanted here: write true or false, without quotes", fixed)
    made = _list(look, path, value) if wanted.startswith("[]") else _map(look, path, value)
    what = "a list is wanted here" if wanted.startswith("[]") else "a map is wanted here"
    return look.at_value(path, what if made is None else f"{what}: write {_short(made)}", None if made is None else look.written.with_value(path, made))


def _number(look: Look, path: Path, text: str) -> Hint:
    if re.fullmatch(r"[-+]?\d+", text):
        return look.at_value(path, "a number is wanted here: write it without quotes", look.written.with_raw(path, text))
    if match := SECONDS.fullmatch(text):
        return look.at_value(path, f"the field counts in seconds: write {match[1]}", look.written.with_raw(path, match[1]))
    return look.at_value(path, f'a number is wanted here, "{text}" is a text')


def _list(look: Look, path: Path, value: Any) -> list[Any] | None:
    """The list that a single value, or a map, stands for."""
    field = look.field(path)
    item = field.type if field else ""
    if item == "string":
        return _words(value) if isinstance(value, str) else [str(value)] if not isinstance(value, (dict, list)) else None
    if not isinstance(value, dict):
        made = SHORTHANDS[item](str(value), look.port(path, 80)) if item in SHORTHANDS else None
        return None if made is None else [made]
    if item in PAIRS and not set(value) & set(schema.types()[item]):
        key, inner = PAIRS[item]
        return [{key: name, inner: _text(one)} for name, one in value.items()]
    return [value]


def _words(text: str) -> list[str]:
    """The words of a command line; a script that is longer than anybody's is one word."""
    try:
        return shlex.split(text) if len(text) < LONGEST else [text]
    except ValueError:
        return [text]


def _map(look: Look, path: Path, value: Any) -> dict[str, Any] | None:
    """The map that a list or a text stands for."""
    field = look.field(path)
    if field is None:
        return None
    if field.type in SHORTHANDS and not isinstance(value, (dict, list)):
        return SHORTHANDS[field.type](str(value), look.port(path, 80))
    items = value if isinstance(value, list) else str(value).split(",")
    if field.container == "map":
        return _pairs(items)
    merged = {key: inner for one in items if isinstance(one, dict) for key, inner in one.items()}
    return merged if merged and all(isinstance(one, dict) for one in items) else None


def _pairs(items: Iterable[Any]) -> dict[str, Any] | None:
    """The map that `a=b`, `a: b` and small maps stand for."""
    groups = [list(one.items()) if isinstance(one, dict) else [re.split(r"\s*[=:]\s*", str(one), maxsplit=1)] for one in items]
    flat = [pair for group in groups for pair in group]
    return {str(key): _text(text) for key, text in flat} if all(len(pair) == 2 for pair in flat) else None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quantities(look: Look) -> Iterator[Hint]:
    for path, value in look.walk():
        field = look.field(path)
        if field is None or field.type != "quantity" or isinstance(value, (dict, list)) or value is None:
            continue
        text = str(value)
        try:
            Quantity(text)
        except ValueError:
            meant = _quantity(text)
            message = f'"{text}" is no quantity: write ' + (meant or "a number with a suffix such as m, Ki, Mi, Gi, k, M or G")
            yield look.at_value(path, message, None if meant is None else look.written.with_text(path, meant))


def _quantity(text: str) -> str | None:
    match = SIZE.fullmatch(text.strip())
    if match is None or match[2].lower() not in SUFFIXES:
        return None
    number = match[1].replace("_", "")
    number = number.replace(",", ".") if re.fullmatch(r"[+-]?\d+,\d{1,2}", number) else number.replace(",", "")
    try:
        Quantity(number + SUFFIXES[match[2].lower()])
    except ValueError:
        return None
    return number + SUFFIXES[match[2].lower()]


def _short(value: Any) -> str:
    text = flow(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
