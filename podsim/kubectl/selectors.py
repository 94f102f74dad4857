"""Label and field selectors: read, matched, and written as Kubernetes does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podsim.api.validation.names import check

Labels = Mapping[str, str]
NONE = "<none>"
OPERATORS = {"=": "=", "==": "=", "!=": "!=", "in": "in", "notin": "notin", ">": ">", "<": "<"}
_TOKEN = re.compile(r"==|!=|[=!(),<>]|[^\s=!(),<>]+")
_SYMBOLS = frozenset("=!(),<>") | {"==", "!="}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One part of a selector; `values` is empty for `exists` and `!`."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def matches(self, labels: Labels) -> bool:
        """apimachinery/pkg/labels Requirement.Matches"""
        have = labels.get(self.key)
        match self.operator:
            case "exists":
                return have is not None
            case "!":
                return have is None
            case "=" | "in":
                return have in self.values
            case ">" | "<":
                numbers = [text for text in (have, *self.values) if text is not None and re.fullmatch(r"-?\d+", text)]
                return len(numbers) == 2 and (int(numbers[0]) > int(numbers[1]) if self.operator == ">" else int(numbers[0]) < int(numbers[1]))
        return have not in self.values

    def __str__(self) -> str:
        match self.operator:
            case "exists":
                return self.key
            case "!":
                return f"!{self.key}"
            case "in" | "notin":
                return f"{self.key} {self.operator} ({','.join(sorted(self.values))})"
        return f"{self.key}{self.operator}{','.join(self.values)}"


class SelectorError(ValueError):
    """Text of the parser of selectors."""


class _Parser:
    """apimachinery/pkg/labels Parser"""

    def __init__(self, text: str) -> None:
        self.words = _TOKEN.findall(text)

    def peek(self) -> str:
        return self.words[0] if self.words else ""

    def take(self) -> str:
        return self.words.pop(0) if self.words else ""

    def word(self, expected: str) -> str:
        """A key or value."""
        word = self.take()
        if not word or word in _SYMBOLS:
            raise SelectorError(f"found '{word}', expected: {expected}")
        return word

    def requirement(self) -> Requirement:
        absent = self.peek() == "!" and bool(self.take())
        key = self.word("identifier")
        if problems := check("qualifiedname", key):
            raise SelectorError(f"<nil>: Invalid value: {json.dumps(key)}: {'; '.join(problems)}")
        if self.peek() in ("", ","):
            return Requirement(key, "!" if absent else "exists")
        operator = OPERATORS.get(word := self.take())
        if operator is None:
            raise SelectorError(f"found '{word}', expected: in, notin, =, ==, !=, gt, lt")
        values = self.values() if operator in ("in", "notin") else {""} if self.peek() in ("", ",") else {self.word("identifier")}
        for i, value in enumerate(sorted(values)):
            if problems := check("labelvalue", value):
                raise SelectorError(f"values[{i}][{key}]: Invalid value: {json.dumps(value)}: {'; '.join(problems)}")
        return Requirement(key, operator, frozenset(values))

    def values(self) -> set[str]:
        """`(a,b)`; nothing between two commas is the empty text."""
        if (word := self.take()) != "(":
            raise SelectorError(f"found '{word}' expected: '('")
        found = set()
        while True:
            found.add("" if self.peek() in (",", ")") else self.word("',', ')' or identifier"))
            if (word := self.take()) == ")":
                return found
            if word != ",":
                raise SelectorError(f"found '{word}', expected: ',' or ')'")


def parse(text: str) -> tuple[Requirement, ...]:
    """`app=web,tier in (a,b),!old`.                    apimachinery/pkg/labels Parse; SelectorError with its text"""
    parser = _Parser(text)
    found: list[Requirement] = []
    while word := parser.peek():
        if word in _SYMBOLS - {"!"}:
            raise SelectorError(f"found '{word}', expected: !, identifier, or 'end of string'")
        try:
            found.append(parser.requirement())
        except SelectorError as error:
            raise SelectorError(f"unable to parse requirement: {error}") from None
        if (comma := parser.take()) not in ("", ","):
            raise SelectorError(f"found '{comma}', expected: ',' or 'end of string'")
        if comma and (not parser.peek() or parser.peek() in _SYMBOLS - {"!"}):
            raise SelectorError(f"found '{parser.peek()}', expected: identifier after ','")
    return tuple(sorted(found, key=lambda requirement: requirement.key))


def of(selector: Mapping[str, Any] | None) -> tuple[Requirement, ...]:
    """The requirements of a `LabelSelector` object.                                          LabelSelectorAsSelector"""
    names = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}
    selector = selector or {}
    found = [Requirement(key, "=", frozenset({value})) for key, value in (selector.get("matchLabels") or {}).items()]
    found += [Requirement(e["key"], names.get(e.get("operator", ""), ""), frozenset(e.get("values") or ())) for e in selector.get("matchExpressions") or ()]
    return tuple(sorted(found, key=lambda requirement: requirement.key))


def matches(requirements: tuple[Requirement, ...], labels: Labels | None) -> bool:
    """Whether labels meet every requirement."""
    return all(requirement.matches(labels or {}) for requirement in requirements)


def text_of(selector: Mapping[str, Any] | None) -> str:
    """A `LabelSelector` object as one line.                                                    FormatLabelSelector"""
    return ",".join(map(str, of(selector))) or NONE


def labels_text(labels: Labels | None) -> str:
    """`a=1,b=2`, sorted; `<none>`.                                                                    FormatLabels"""
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or NONE
