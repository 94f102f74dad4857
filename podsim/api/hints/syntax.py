"""Hints about text that is no YAML, and about indentation that was lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from podsim.api import manifest, schema
from podsim.api.hints.indentation import reindented
from podsim.api.hints.model import Hint, Look
from podsim.api.manifest import ParseError

ENTRY = re.compile(r"^(\s*(?:- +)*)([\w./-]+):\s+(.*?)\s*$")
ITEM = re.compile(r"^(\s*(?:- +)+)(.*?)\s*$")
GLUED = re.compile(r"^(\s*(?:- +)*)([A-Za-z][\w-]*):([^\s:/].*)$")
LOST = "the fields below metadata and spec have lost their indentation; this is the manifest that was meant"
MOST_TRIED = 100  # lines far from the error that may be the cause
OPENING, CLOSING = "[{", "]}"


def lost(look: Look) -> list[Hint]:
    """metadata or spec are empty while fields of theirs stand beside them."""
    obj = look.object
    own = schema.types().get(str(obj.get("kind")), {})
    empty = [key for key in ("metadata", "spec") if key in obj and obj[key] is None]
    stray = any(key not in own for key in obj if key not in ("apiVersion", "kind"))
    fixed = reindented(look.written.text) if empty and stray else None
    return [Hint(look.document.line, 1, LOST, fixed)] if fixed else []


def of(text: str, problem: ParseError) -> list[Hint]:
    """What is wrong with the text, and the text repaired: the first repair after which it can be read."""
    lines = text.splitlines()
    if "\t" in text and _is_read(text.expandtabs(2)):
        number = next(i for i, line in enumerate(lines, 1) if "\t" in line)
        return [Hint(number, lines[number - 1].index("\t") + 1, "YAML is indented with blanks, not with tabs", text.expandtabs(2))]
    around = [number for number in dict.fromkeys((problem.line or 1, (problem.line or 1) - 1)) if 0 < number <= len(lines)]
    for message, repair in REPAIRS:
        for number in (*around, *range(1, min(len(lines), MOST_TRIED) + 1)):
            column, new = repair(lines[number - 1]) or (0, "")
            fixed = "\n".join([*lines[: number - 1], new, *lines[number:]]) + "\n"
            if column and _is_read(fixed):
                return [Hint(number, column, message, fixed)]
    if shifted := _shifted(lines, around):
        return [shifted]
    repaired = reindented(text)
    advice = "the indentation does not fit together; this is the manifest that it seems to mean" if repaired else str(problem).rpartition("yaml: ")[2]
    return [Hint(problem.line, problem.column, advice, repaired)]


def _shifted(lines: list[str], around: Sequence[int]) -> Hint | None:
    """A line that is indented like no line beside it."""
    for number in around:
        line = lines[number - 1]
        have = _indent(line)
        beside = [_indent(lines[other]) for other in (number, number - 2) if 0 <= other < len(lines)]
        for wanted in dict.fromkeys(width for width in beside if width != have):
            fixed = "\n".join([*lines[: number - 1], " " * wanted + line.lstrip(), *lines[number:]]) + "\n"
            if line.strip() and _is_read(fixed):
                return Hint(number, have + 1, f"indented by {have} blanks: the lines beside it by {wanted}", fixed)
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_read(text: str) -> bool:
    try:
        return bool(manifest.parse(text))
    except ParseError:
        return False


def _close_quote(line: str) -> tuple[int, str] | None:
    for quote in "\"'":
        if line.count(quote) % 2:
            return line.index(quote) + 1, line.rstrip() + quote
    return None


def _close_bracket(line: str) -> tuple[int, str] | None:
    for opening, closing in zip(OPENING, CLOSING, strict=True):
        if line.count(opening) == line.count(closing) + 1:
            return line.index(opening) + 1, line.rstrip() + closing
    return None


def _blank_after_colon(line: str) -> tuple[int, str] | None:
    match = GLUED.match(line)
    return (len(match[1]) + len(match[2]) + 2, f"{match[1]}{match[2]}: {match[3]}") if match else None


def _no_blank_in_image(line: str) -> tuple[int, str] | None:
    match = ENTRY.match(line)
    if not match or match[2] != "image" or not re.search(r"\S: +\S", match[3]):
        return None
    return line.index(match[3]) + 1, f"{match[1]}image: " + re.sub(r": +", ":", match[3])


def _quote(line: str) -> tuple[int, str] | None:
    """The value of the line in quotes."""
    match = ENTRY.match(line)
    start = (match.start(3), match[3]) if match else None
    if start is None and (item := ITEM.match(line)):
        start = (item.start(2), item[2])
    if start is None or not start[1] or start[1][0] in "\"'|>":
        return None
    return start[0] + 1, line[: start[0]] + json.dumps(start[1], ensure_ascii=False)


# tried in this order; each gives the column (from 1) of the mistake and the line without it
REPAIRS: tuple[tuple[str, Callable[[str], tuple[int, str] | None]], ...] = (
    ("a quote is opened and not closed", _close_quote),
    ("a bracket is opened and not closed", _close_bracket),
    ("a blank in the middle of the name of an image", _no_blank_in_image),
    ("a blank is missing behind the colon", _blank_after_colon),
    ("YAML gives these characters a meaning of their own: put the value into quotes", _quote),
)
