"""YAML byte for byte as `kubectl -o yaml` prints it.

The rules are those of sigs.k8s.io/yaml, which is go-yaml v2: keys in natural order, lists not indented below their key,
text folded at the first blank after column 80. Written for speed: it runs once per revision in the browser.
"""

from __future__ import annotations

import re
from functools import cmp_to_key, lru_cache
from typing import Any

from podsim.api.validation.goformat import general
from podsim.api.yamltypes import resolve

BEST_WIDTH = 80  # emitterc.go best_width
SIMPLE_KEY = 128  # bytes; longer keys are written `? key`
STEP = "  "

_BASE60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_INDICATOR = re.compile(r"""[#,\[\]{}&*!|>'"%@`]|[?:](?:[ \t]|$)|-(?:[ \t]|$)|---|\.\.\.""")
_INNER_INDICATOR = re.compile(r":(?:[ \t]|$)|[ \t]#")
_ESCAPED = re.compile('[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|["\\\\\n\u2028\u2029]')
_NAMED_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"',
    "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def dump(value: Any) -> str:
    """A JSON value as YAML text."""
    return "\n".join(lines(value)) + "\n"


def lines(value: Any) -> list[str]:
    """The same, line by line."""
    out: list[str] = []
    if isinstance(value, dict) and value:
        _mapping(value, "", "", out)
    elif isinstance(value, list) and value:
        _sequence(value, "", "", out)
    else:
        _scalar(value, "", STEP, out)
    return out


def _mapping(value: dict[str, Any], lead: str, indent: str, out: list[str]) -> None:
    """Appends a mapping; its first line begins with `lead`, the others with `indent`."""
    for name, key, simple in _keys(tuple(value)):
        item = value[name]
        if not simple:
            out.append(f"{lead}? {key}")
            lead = f"{indent}: "
            _block(item, lead, indent, out)
        elif isinstance(item, dict) and item:
            out.append(f"{lead}{key}:")
            _mapping(item, indent + STEP, indent + STEP, out)
        elif isinstance(item, list) and item:
            out.append(f"{lead}{key}:")
            _sequence(item, indent, indent, out)
        else:
            _scalar(item, f"{lead}{key}: ", indent + STEP, out)
        lead = indent


def _sequence(value: list[Any], lead: str, indent: str, out: list[str]) -> None:
    for item in value:
        _block(item, f"{lead}- ", indent, out)
        lead = indent


def _block(item: Any, lead: str, indent: str, out: list[str]) -> None:
    """Appends what stands behind a `- ` or `: `."""
    if isinstance(item, dict) and item:
        _mapping(item, lead, indent + STEP, out)
    elif isinstance(item, list) and item:
        _sequence(item, lead, indent + STEP, out)
    else:
        _scalar(item, lead, indent + STEP, out)


def _scalar(value: Any, lead: str, indent: str, out: list[str]) -> None:
    if isinstance(value, str):
        text = _inline(value)
        if text is None:
            _literal(value, lead, indent, out)
        elif len(lead) + len(text) <= BEST_WIDTH or " " not in value:
            out.append(lead + text)
        else:
            _fold(lead, text, indent, out)
    else:
        out.append(lead + _plain_value(value))


def _plain_value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return general(value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return str(value)


@lru_cache(maxsize=8192)
def _inline(text: str) -> str | None:
    """The text on one line, quoted where it must be; None for a block scalar.     yaml_emitter_select_scalar_style"""
    special = _UNPRINTABLE.search(text) is not None or " \n" in text or "\u2028" in text or "\u2029" in text
    if "\n" in text:
        return _double_quoted(text) if special or text[-1] == " " else None
    if special or _resolves(text):
        return _double_quoted(text)
    if text[0] == " " or text[-1] == " " or _INDICATOR.match(text) or _INNER_INDICATOR.search(text, 1):
        return "'" + text.replace("'", "''") + "'"
    return text


@lru_cache(maxsize=4096)
def _keys(names: tuple[str, ...]) -> tuple[tuple[str, str, bool], ...]:
    """(key, as it is written: never a block scalar, whether it is short enough for `key:`) in go-yaml's order."""
    return tuple((name, _inline(name) or _double_quoted(name), len(name.encode()) <= SIMPLE_KEY) for name in _order(names))


def _double_quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _NAMED_ESCAPES:
        return "\\" + _NAMED_ESCAPES[char]
    code = ord(char)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _literal(text: str, lead: str, indent: str, out: list[str]) -> None:
    """A block scalar `|`.                                                       yaml_emitter_write_literal_scalar"""
    body = text.split("\n")
    chomp = "-" if body[-1] else "+" if text == "\n" or text.endswith("\n\n") else ""
    hint = "2" if text[0] in " \n" else ""
    out.append(f"{lead}|{hint}{chomp}")
    out += [indent + line if line else "" for line in (body if body[-1] else body[:-1])]


def _fold(lead: str, text: str, indent: str, out: list[str]) -> None:
    """Breaks at the first single blank behind column 80.                          yaml_emitter_write_plain_scalar"""
    quote = text[0] if text[0] in "'\"" else ""
    inner = text[1:-1] if quote else text
    line, spaces = lead + quote, False
    for position, char in enumerate(inner):
        if char != " ":
            line += char
            spaces = False
            continue
        inside = not quote or 0 < position < len(inner) - 1
        followed = inner[position + 1 : position + 2] == " "
        if not spaces and len(line) > BEST_WIDTH and inside and (quote == '"' or not followed):
            out.append(line)
            line = indent + ("\\" if followed else "")
        else:
            line += char
        spaces = True
    out.append(line + quote)


def _resolves(text: str) -> bool:
    """Whether unquoted text would be read as something else than text."""
    return resolve(text)[0] != "str" or (text[0] in "+-0123456789" and _BASE60.fullmatch(text) is not None)


def _order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Keys in go-yaml's natural order.                                                       sorter.go keyList.Less"""
    if all(name.isascii() and name.isalpha() for name in names):
        return tuple(sorted(names))
    return tuple(sorted(names, key=cmp_to_key(_compare)))


def _compare(a: str, b: str) -> int:
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x == y:
            continue
        if x.isalpha() or y.isalpha():
            return -1 if (x < y if x.isalpha() and y.isalpha() else y.isalpha()) else 1
        lead = _run_of_digits_before(a, i) if "0" in (x, y) else ""
        (an, ai), (bn, bi) = _number(lead, a, i), _number(lead, b, i)
        return -1 if (an, ai, x) < (bn, bi, y) else 1
    return len(a) - len(b)


def _run_of_digits_before(text: str, end: int) -> str:
    """`1` if a digit other than 0 stands in the run of digits before `end`."""
    start = end
    while start and text[start - 1].isdigit():
        start -= 1
    return "1" if text[start:end].strip("0") else ""


def _number(lead: str, text: str, start: int) -> tuple[int, int]:
    end = start
    while end < len(text) and text[end].isdecimal():
        end += 1
    return int(lead + text[start:end] or "0"), end
