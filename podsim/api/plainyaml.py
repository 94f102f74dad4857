"""The YAML that people write for Kubernetes, line by line: what goyaml and `manifest` make of it, in a tenth of the time.

Block maps and lists of plain and quoted texts, which may have anchors, of literal blocks, and of flow values on one line.
For a text with anything else in it there is no answer, and goyaml reads it from the beginning: so there is no error here
either.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from podsim.api import gojson
from podsim.api.validation.goformat import quote
from podsim.api.yamltypes import NUMERIC, WORDS, Path, Position, as_key, resolve

DEEPEST = 100  # collections in one another
FEW_ALIASES, MANY_PLACES = 100, 150_000  # half as many aliases as places is far from what goyaml calls excessive
_FOREIGN = re.compile(r"[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_DOUBLE, _SINGLE = r'"(?:[^"\\\n]|\\["\\nt])*"', r"'(?:[^'\n]|'')*'"
_FIRST = r"[^ \n\-?:,\[\]{}#&*!|>'\"%@`]"
_PLAIN = rf"(?:{_FIRST}|-(?=[^ \n]))(?:[^ :\n]|:(?=[^ \n])| +(?=[^ #:\n]))*"
_PLAIN_IN_FLOW = rf"{_FIRST}(?:[^ :,?\[\]{{}}\n]|:(?=[^ ,?\[\]{{}}\n])| +(?=[^ #:,?\[\]{{}}\n]))*"
_LINE = re.compile(
    r"(?P<indent> *)(?P<dashes>(?:- +)*)(?:(?P<key>[A-Za-z0-9_/][A-Za-z0-9_./-]{0,999}):(?=[ \n]))? *"
    rf"(?:(?P<flow>[\[{{])|(?P<text>(?P<plain>{_PLAIN})|{_DOUBLE}|{_SINGLE}|(?P<literal>\|[-+]?)))?(?P<end> *\n)?"
)
_SHARED = re.compile(rf"\*(?P<alias>[A-Za-z0-9_-]+)|&(?P<anchor>[A-Za-z0-9_-]+) +(?:(?P<plain>{_PLAIN})|(?P<quoted>{_DOUBLE}|{_SINGLE}))")
_END = re.compile(r" *(?:(?<![^ \n])#[^\n]*)?\n")
_FLOW = re.compile(rf" *(?:(?P<mark>[\[\]{{}},])|(?P<text>(?P<plain>{_PLAIN_IN_FLOW})|{_DOUBLE}|{_SINGLE})(?P<colon>:(?= )|(?<=[\"']):)?)")
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t"}


class _Else(Exception):  # noqa: N818 - no error: the text is for goyaml
    """Something that is not read here."""


class Read(NamedTuple):
    """The JSON value, where each path of it is written (line and column from 1), and what is said of keys written twice."""

    value: Any
    positions: dict[Path, Position]
    duplicates: tuple[str, ...]


@dataclass(slots=True, eq=False)
class _Open:
    """A block collection that may go on at its column; `place` of a value that is still to come, in a map under `key`."""

    column: int
    value: Any
    path: Path
    place: Position | None = None
    key: str = ""
    at: Path = ()  # of that value


def read(text: str, first_line: int = 0) -> Read | None:
    """A document that holds nothing unusual, else None; its lines are counted from `first_line`."""
    if not text.endswith("\n") or _FOREIGN.search(text):
        return None
    try:
        return _Reader(text, first_line).whole()
    except _Else:
        return None


class _Reader:
    """The lines of one document, and the collections that are open. Lines and columns count from 1."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._start = 0  # of the line that is read
        self._first_line = first_line
        self._line = first_line + 1
        self._positions: dict[Path, Position] = {}
        self._duplicates: list[str] = []
        self._anchors: dict[str, Any] = {}
        self._aliases = 0
        self._open = [_Open(0, {}, (), place=(self._line, 1))]  # the whole document is the value of ""

    def whole(self) -> Read:
        length = len(self._text)
        if self._text.startswith("---\n"):
            self._line, self._start = self._line + 1, 4
        while self._start < length:
            self._read_line()
        self._close(0)
        root = self._open[0]
        if root.place:
            raise _Else
        return Read(root.value[""], self._positions, tuple(self._duplicates))

    def _read_line(self) -> None:
        start, line = self._start, self._line
        found = _LINE.match(self._text, start)
        if found is None:
            raise _Else
        indent, dashes, key, flow, written, plain, literal, end = found.groups()
        column, place = len(indent) + 1, found.end()
        shared = None if end is not None or written is not None or flow else _SHARED.match(self._text, place)
        is_empty = written is None and flow is None and shared is None
        if dashes:
            if key is None and is_empty:
                raise _Else
            column = self._items(dashes, column)
        elif key is None and not is_empty:
            raise _Else
        if key is not None:
            self._enter(self._collection(dict, column), key, column)
        if literal:
            self._literal(literal, found.end("text"))
            return
        if flow:
            made: Any = [] if flow == "[" else {}
            place = self._flow(made, found.end("flow"), self._put(made, line, found.start("flow") - start + 1))
            end = None
        elif written is not None:
            self._put(_text(written, plain), line, found.start("text") - start + 1)
        elif shared:
            self._put(self._meant_by(shared), line, place - start + 1)
            place = shared.end()
        if end is None:
            ended = _END.match(self._text, place)
            if ended is None:
                raise _Else
            place = ended.end()
        self._line, self._start = line + 1, place

    def _items(self, dashes: str, column: int) -> int:
        """Opens an item for every dash; gives the column behind them."""
        for place, mark in enumerate(dashes, column):
            if mark == "-":
                self._collection(list, place).place = (self._line, place + 1)
        return column + len(dashes)

    def _enter(self, top: _Open, written: str, column: int) -> None:
        """Awaits the value of a key."""
        top.key = key = _as_key(written)
        top.place = (self._line, column + len(written) + 1)
        top.at = (*top.path, key)
        self._positions[top.at] = (self._line, column)

    def _collection(self, kind: type, column: int) -> _Open:
        """The collection that has an entry at this column; a new one is the value that was to come."""
        self._close(column)
        top = self._open[-1]
        if top.column == column and kind is dict and type(top.value) is list and self._open[-2].column == column:
            self._open.pop()
            top = self._open[-1]
        if top.column == column and type(top.value) is kind:
            self._settle(top)
            return top
        if top.place is None or (top.column == column and kind is dict) or len(self._open) > DEEPEST:
            raise _Else
        if len(self._open) == 1:
            self._positions[()] = (self._line, column)
        value = kind()
        made = _Open(column, value, self._put(value, self._line, column))
        self._open.append(made)
        return made

    def _put(self, value: Any, line: int, column: int) -> Path:
        """A value has come; gives its path."""
        top = self._open[-1]
        top.place = None
        if type(top.value) is list:
            path: Path = (*top.path, len(top.value))
            self._positions[path] = (line, column)
            top.value.append(value)
            return path
        if top.key in top.value:
            self._note_twice(top.key, line)
        top.value[top.key] = value
        return top.at

    def _note_twice(self, key: str, line: int) -> None:
        self._duplicates.append(f"line {line - self._first_line}: key {quote(key)} already set in map")

    def _meant_by(self, shared: re.Match[str]) -> Any:
        """A text with an anchor, or the one that an alias stands for; only so many that goyaml would take them too."""
        alias, anchor, plain, quoted = shared.groups()
        if anchor:
            self._anchors[anchor] = _text(quoted, plain)
            return self._anchors[anchor]
        self._aliases += 1
        if alias not in self._anchors or self._aliases > max(FEW_ALIASES, min(len(self._positions), MANY_PLACES) // 2):
            raise _Else
        return self._anchors[alias]

    def _close(self, column: int) -> None:
        """Ends what stands deeper."""
        while self._open[-1].column > column:
            self._settle(self._open[-1])
            self._open.pop()

    def _settle(self, top: _Open) -> None:
        """A value that did not come is empty."""
        if top.place:
            self._put(None, *top.place)

    def _literal(self, header: str, place: int) -> None:
        """A block behind | as deep as its first line."""
        text, line = self._text, self._line
        if text[place : place + 1] != "\n":
            raise _Else
        first = re.compile(r" *").match(text, place + 1)
        depth = len(first[0]) if first else 0
        if depth < self._open[-1].column or text[place + 1 + depth : place + 2 + depth] in ("", "\n"):
            raise _Else
        body = re.compile(rf"(?: {{{depth}}}[^\n]*\n| {{0,{depth}}}\n)*").match(text, place + 1)
        lines = body[0].split("\n") if body else []
        content = "\n".join(one[depth:] for one in lines)
        if header != "|+":
            content = content.rstrip("\n") + ("\n" if header == "|" else "")
        self._put(content, line, place - len(header) - self._start + 1)
        self._line, self._start = line + len(lines), body.end() if body else 0

    def _flow(self, made: Any, place: int, path: Path, depth: int = 1) -> int:
        """Fills a flow collection that is written on one line; gives where it ends."""
        closer, key = ("]" if type(made) is list else "}"), None
        if depth > DEEPEST:
            raise _Else
        wanted, at = "first", path
        while found := _FLOW.match(self._text, place):
            mark, written, plain, colon = found.groups()
            place = found.end()
            if mark == closer and wanted in ("first", "comma"):
                return place
            if mark == ",":
                if wanted != "comma":
                    raise _Else
                wanted = "entry"
                continue
            if wanted == "comma" or (mark and mark not in "[{") or (closer == "]" or wanted == "value") == bool(colon):
                raise _Else
            column = found.start("mark" if mark else "text") - self._start + 1
            if colon:
                key, wanted = _unquoted(written) if plain is None else _as_key(plain), "value"
                at = (*path, key)
                self._positions[at] = (self._line, column)
                continue
            value: Any = [] if mark == "[" else {} if mark else _text(written, plain)
            if key is None:
                at = (*path, len(made))
                self._positions[at] = (self._line, column)
                made.append(value)
            else:
                if key in made:
                    self._note_twice(key, self._line)
                made[key], key = value, None
            if mark:
                place = self._flow(value, place, at, depth + 1)
            wanted = "comma"
        raise _Else


def _text(written: str, plain: str | None) -> Any:
    """The value of a text; quoted ones mean what they say."""
    return _unquoted(written) if plain is None else _meant(plain)


def _unquoted(written: str) -> str:
    if written[0] == "'":
        return written[1:-1].replace("''", "'")
    return _ESCAPE.sub(lambda found: _MEANT.get(found[1], found[1]), written[1:-1])


def _meant(text: str) -> Any:
    """The value of a plain text; what JSON has no word for is for goyaml to refuse."""
    if text not in WORDS and text[0] not in NUMERIC:
        return text
    _, value = resolve(text)
    if isinstance(value, float) and not math.isfinite(value):
        raise _Else
    return gojson.number(value) if type(value) in (int, float) else value


def _as_key(text: str) -> str:
    """A plain text as a key."""
    if text == "<<":
        raise _Else  # merges another map
    if text not in WORDS and text[0] not in NUMERIC:
        return text
    _, value = resolve(text)
    if value is None:
        raise _Else  # is no key
    return as_key(value)
