"""Label and field selectors: read, matched, and written as Kubernetes does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Labels = Mapping[str, str]
NONE = "<none>"
WORD = re.compile(r"\s*([^\s,()!=<>]+|==|!=|[,()!=<>])")
OPERATORS = {"=": "=", "==": "=", "!=": "!=", "in": "in", "notin": "notin"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One part of a selector; `values` is empty for `exists` and `!`."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def matches(self, labels: Labels) -> bool:
        """apimachinery/pkg/labels Requirement.Matches"""
        if self.operator == "exists":
            return self.key in labels
        if self.operator == "!":
            return self.key not in labels
        if self.operator in ("=", "in"):
            return self.key in labels and labels[self.key] in self.values
        return labels.get(self.key) not in self.values

    def __str__(self) -> str:
        match self.operator:
            case "exists":
                return self.key
            case "!":
                return f"!{self.key}"
            case "=" | "!=":
                return f"{self.key}{self.operator}{','.join(self.values)}"
        return f"{self.key} {self.operator} ({','.join(sorted(self.values))})"


class SelectorError(ValueError):
    """Text of the parser of selectors."""


class _Parser:
    def __init__(self, text: str) -> None:
        self.words = WORD.findall(text)
        self.position = 0

    def peek(self) -> str:
        return self.words[self.position] if self.position < len(self.words) else ""

    def take(self) -> str:
        word = self.peek()
        self.position += 1
        return word

    def values(self) -> frozenset[str]:
        if self.take() != "(":
            raise SelectorError(f"found '{self.words[self.position - 1] if self.position <= len(self.words) else ''}', expected: '('")
        found = {""} if self.peek() in (",", ")") else set()
        while self.peek() != ")":
            word = self.take()
            if not word:
                raise SelectorError("found '', expected: ',' or ')'")
            if word != ",":
                found.add(word)
        self.take()
        return frozenset(found)

    def requirement(self) -> Requirement:
        absent = self.peek() == "!"
        if absent:
            self.take()
        key = self.take()
        if not key or key in "(),=!<>" or key in ("==", "!="):
            raise SelectorError(f"found '{key}', expected: !, identifier, or 'end of string'")
        if absent:
            return Requirement(key, "!")
        if self.peek() in ("", ","):
            return Requirement(key, "exists")
        operator = OPERATORS.get(self.take())
        if operator is None:
            raise SelectorError(f"found '{self.words[self.position - 1]}', expected: in, notin, =, ==, !=, gt, lt")
        if operator in ("in", "notin"):
            return Requirement(key, operator, self.values())
        value = "" if self.peek() in ("", ",") else self.take()
        return Requirement(key, operator, frozenset({value}))


def parse(text: str) -> tuple[Requirement, ...]:
    """`app=web,tier in (a,b),!old`.                    apimachinery/pkg/labels Parse; SelectorError with its text"""
    parser = _Parser(text)
    found: list[Requirement] = []
    while parser.peek():
        found.append(parser.requirement())
        if not parser.peek():
            break
        if (word := parser.take()) != ",":
            raise SelectorError(f"found '{word}', expected: ',' or 'end of string'")
        if not parser.peek():
            raise SelectorError("found '', expected: identifier after ','")
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
