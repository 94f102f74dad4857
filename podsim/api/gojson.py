"""Where JSON text stops being JSON, in the words of Go's encoding/json.                                scanner.go"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from podsim.api.validation.goformat import quote

SPACE = " \t\r\n"
MAX_DEPTH = 10_000
DEEPEST = 100  # what is read here: every reader of an object goes down with it, and no object of the API is as deep
INT64_DIGITS = 20
BEGIN = "looking for beginning of value"
_SURROGATE = re.compile("[\ud800-\udfff]")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_NUMBER_SO_FAR = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:(?<=[0-9])[eE][-+]?[0-9]*)?)?")
_INT64 = range(-(2**63), 2**63)


class GoJSONError(ValueError):
    """A syntax error; `offset` is that of the bad byte in the text, from 1; None at its end."""

    def __init__(self, message: str, offset: int | None) -> None:
        super().__init__(message)
        self.offset = offset


class UnfitNumberError(GoJSONError):
    """A number beyond what a float64 holds."""


def decode(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at `start` and where it ends. Raises GoJSONError."""
    end, depth = _end(text, start)
    if depth > DEEPEST:
        raise GoJSONError("exceeded max depth", end)
    value = json.loads(text[start:end], parse_int=_number_of, parse_float=_number_of)
    return (_without_surrogates(value) if "\\ud" in text[start:end].lower() else value), end


def loads(text: str) -> Any:
    """The value of the whole text. Raises GoJSONError.                                            json.Unmarshal"""
    try:
        value, end = decode(text, 0)
    except GoJSONError as error:
        if error.offset is None:
            raise GoJSONError("unexpected end of JSON input", None) from None
        raise
    if rest := text[end:].lstrip(SPACE):
        raise _bad(text, len(text) - len(rest), "after top-level value")
    return value


def number(value: float) -> int | float:
    """A number as the client holds it: 64 bits if it is whole and fits, else a float."""
    whole = isinstance(value, int) or value.is_integer()
    return int(value) if whole and int(value) in _INT64 else float(value)


def _number_of(digits: str) -> int | float:
    value = int(digits) if len(digits) <= INT64_DIGITS and digits.lstrip("-").isdecimal() else float(digits)
    if not math.isfinite(value):
        raise UnfitNumberError(f"json: cannot unmarshal number {digits} into Go value of type float64", 0)
    return number(value)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    return [_without_surrogates(v) for v in value] if isinstance(value, list) else value


def _end(text: str, place: int) -> tuple[int, int]:
    """Where the value that begins at `place` ends, and how deep it is."""
    closers: list[str] = []
    deepest = 0
    state = BEGIN
    while True:
        while place < len(text) and text[place] in SPACE:
            place += 1
        if place >= len(text):
            raise GoJSONError("unexpected EOF", None)
        char = text[place]
        if state == BEGIN or (state == "first element" and char != "]"):
            if char in "{[":
                closers.append("}" if char == "{" else "]")
                deepest = max(deepest, len(closers))
                if deepest > MAX_DEPTH:
                    raise GoJSONError("exceeded max depth", place + 1)
                state, place = ("first key" if char == "{" else "first element"), place + 1
                continue
            place = _scalar(text, place)
        elif state in ("first key", "next key") and char == '"':
            place, state = _string(text, place), "after object key"
            continue
        elif state == "after object key" and char == ":":
            place, state = place + 1, BEGIN
            continue
        elif state in ("first key", "first element", "after object key:value pair", "after array element") and char == closers[-1]:
            closers.pop()
            place += 1
        elif state in ("after object key:value pair", "after array element") and char == ",":
            place, state = place + 1, "next key" if closers[-1] == "}" else BEGIN
            continue
        else:
            raise _bad(text, place, "looking for beginning of object key string" if state in ("first key", "next key") else state)
        if not closers:
            return place, deepest
        state = "after object key:value pair" if closers[-1] == "}" else "after array element"


def _bad(text: str, place: int, where: str) -> GoJSONError:
    if place >= len(text):
        return GoJSONError("unexpected EOF", None)
    first = chr(text[place].encode()[0])  # Go looks at bytes
    shown = {"'": r"'\''", '"': "'\"'"}.get(first) or f"'{quote(first)[1:-1]}'"
    return GoJSONError(f"invalid character {shown} {where}", len(text[:place].encode()) + 1)


def _scalar(text: str, place: int) -> int:
    char = text[place]
    if char == '"':
        return _string(text, place)
    for word in ("true", "false", "null"):
        if char == word[0]:
            return _literal(text, place, word)
    if match := _NUMBER.match(text, place):
        end = match.end()
        if text[end : end + 1] in (".", "e", "E") and text[end : end + 1]:
            return _number(text, place)
        return end
    return _number(text, place) if char == "-" else _refused(text, place, BEGIN)


def _refused(text: str, place: int, where: str) -> int:
    raise _bad(text, place, where)


def _literal(text: str, place: int, word: str) -> int:
    for ahead, expected in enumerate(word):
        if text[place + ahead : place + ahead + 1] != expected:
            raise _bad(text, place + ahead, f"in literal {word} (expecting '{expected}')")
    return place + len(word)


def _number(text: str, place: int) -> int:
    """A number that breaks off."""
    match = _NUMBER_SO_FAR.match(text, place)
    end = match.end() if match else place
    read = text[place:end]
    if read.endswith("."):
        where = "after decimal point in numeric literal"
    elif "e" in read.lower():
        where = "in exponent of numeric literal"
    else:
        where = "in numeric literal"
    raise _bad(text, end, where)


def _string(text: str, place: int) -> int:
    match = _STRING.match(text, place)
    end = match.end() if match else place
    if text[end : end + 1] == '"':
        return end + 1
    if text[end : end + 1] != "\\":
        raise _bad(text, end, "in string literal")
    if text[end + 1 : end + 2] != "u":
        raise _bad(text, end + 1, "in string escape code")
    ahead = end + 2
    while ahead < len(text) and text[ahead] in "0123456789abcdefABCDEF":
        ahead += 1
    raise _bad(text, ahead, "in \\u hexadecimal character escape")
