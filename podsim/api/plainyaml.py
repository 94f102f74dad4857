"""The YAML that people write for Kubernetes, line by line: what `goyaml.parse` makes of it, in a tenth of the time.

Block maps and lists of plain and quoted texts, literal blocks, and flow values on one line. For a text with anything
else in it there is no answer, and goyaml reads it from the beginning: so there is no error here either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from podsim.api.goyaml import Node

DEEPEST = 100  # collections in one another
_FOREIGN = re.compile(r"[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_DOUBLE, _SINGLE = r'"(?:[^"\\\n]|\\["\\nt])*"', r"'(?:[^'\n]|'')*'"
_FIRST = r"[^ \n\-?:,\[\]{}#&*!|>'\"%@`]"
_PLAIN = rf"(?:{_FIRST}|-(?=[^ \n]))(?:[^ :\n]|:(?=[^ \n])| +(?=[^ #:\n]))*"
_PLAIN_IN_FLOW = rf"{_FIRST}(?:[^ :,?\[\]{{}}\n]|:(?=[^ ,?\[\]{{}}\n])| +(?=[^ #:,?\[\]{{}}\n]))*"
_LINE = re.compile(
    r"(?P<indent> *)(?P<dashes>(?:- +)*)(?:(?P<key>[A-Za-z0-9_/][A-Za-z0-9_./-]{0,999}):(?=[ \n]))? *"
    rf"(?:(?P<flow>[\[{{])|(?P<text>(?P<plain>{_PLAIN})|{_DOUBLE}|{_SINGLE}|(?P<literal>\|[-+]?)))?"
)
_END = re.compile(r" *(?:(?<![^ \n])#[^\n]*)?\n")
_FLOW = re.compile(rf" *(?:(?P<mark>[\[\]{{}},])|(?P<text>(?P<plain>{_PLAIN_IN_FLOW})|{_DOUBLE}|{_SINGLE})(?P<colon>:(?= )|(?<=[\"']):)?)")
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t"}


class _Else(Exception):  # noqa: N818 - no error: the text is for goyaml
    """Something that is not read here."""


@dataclass(slots=True, eq=False)
class _Open:
    """A block collection that may go on at its column; `place` of a value that is still to come."""

    column: int
    node: Node
    place: tuple[int, int] | None = None


def parse(text: str) -> Node | None:
    """The root of a document that holds nothing unusual, else None."""
    if not text.endswith("\n") or _FOREIGN.search(text):
        return None
    try:
        return _Reader(text).root()
    except _Else:
        return None


class _Reader:
    """The lines of one document, and the collections that are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = self._start = 0  # of the line that is read
        self._root = Node("document", 0, 0)
        self._open = [_Open(-1, self._root, (0, 0))]

    def root(self) -> Node:
        text, length = self._text, len(self._text)
        if text.startswith("---\n"):
            self._line, self._start = 1, 4
        while self._start < length:
            self._read_line()
        self._close(-1)
        if self._open[0].place:
            raise _Else
        return self._root.children[0]

    def _read_line(self) -> None:
        start = self._start
        found = _LINE.match(self._text, start)
        if found is None:
            raise _Else
        indent, dashes, key, flow, written, plain, literal = found.groups()
        place, column = found.end(), len(indent)
        if dashes:
            column = self._items(dashes, column)
            if key is None and written is None and flow is None:
                raise _Else
        if key is not None:
            top = self._collection("mapping", column)
            top.node.children.append(Node("scalar", self._line, column, key, plain=True))
            top.place = (self._line, column + len(key) + 1)
        elif not dashes and (written is not None or flow is not None):
            raise _Else
        top = self._open[-1]
        if literal:
            self._literal(top, literal, place)
            return
        if flow:
            node, place = self._flow(found.start("flow"), 0)
            self._put(node)
        elif written is not None:
            self._put(Node("scalar", self._line, found.start("text") - start, plain or _unquoted(written), plain=plain is not None))
        end = _END.match(self._text, place)
        if end is None:
            raise _Else
        self._line, self._start = self._line + 1, end.end()

    def _items(self, dashes: str, column: int) -> int:
        """Opens an item for every dash; gives the column behind them."""
        for place, mark in enumerate(dashes, column):
            if mark == "-":
                self._collection("sequence", place).place = (self._line, place + 1)
        return column + len(dashes)

    def _collection(self, kind: str, column: int) -> _Open:
        """The collection that has an entry at this column; a new one is the value that was to come."""
        self._close(column)
        top = self._open[-1]
        if top.column == column and kind == "mapping" and top.node.kind == "sequence" and self._open[-2].column == column:
            self._open.pop()
            top = self._open[-1]
        if top.column == column and top.node.kind == kind:
            self._settle(top)
            return top
        if top.place is None or (top.column == column and kind == "mapping") or len(self._open) > DEEPEST:
            raise _Else
        made = _Open(column, Node(kind, self._line, column))
        self._put(made.node)
        self._open.append(made)
        return made

    def _put(self, node: Node) -> None:
        top = self._open[-1]
        top.node.children.append(node)
        top.place = None

    def _close(self, column: int) -> None:
        """Ends what stands deeper."""
        while self._open[-1].column > column:
            self._settle(self._open.pop())

    def _settle(self, top: _Open) -> None:
        """A value that did not come is empty."""
        if top.place:
            top.node.children.append(Node("scalar", *top.place, plain=True))
            top.place = None

    def _literal(self, top: _Open, header: str, place: int) -> None:
        """A block behind | as deep as its first line."""
        text, line = self._text, self._line
        if text[place : place + 1] != "\n":
            raise _Else
        first = re.compile(r" *").match(text, place + 1)
        depth = len(first[0]) if first else 0
        if depth <= top.column or text[place + 1 + depth : place + 2 + depth] in ("", "\n"):
            raise _Else
        body = re.compile(rf"(?: {{{depth}}}[^\n]*\n| {{0,{depth}}}\n)*").match(text, place + 1)
        lines = body[0].split("\n") if body else []
        content = "\n".join(one[depth:] for one in lines)
        if header != "|+":
            content = content.rstrip("\n") + ("\n" if header == "|" else "")
        self._put(Node("scalar", line, place - len(header) - self._start, content))
        self._line, self._start = line + len(lines), body.end() if body else 0

    def _flow(self, place: int, depth: int) -> tuple[Node, int]:
        """A flow collection on one line, and where it ends."""
        opened = self._text[place]
        kind, closer = ("sequence", "]") if opened == "[" else ("mapping", "}")
        node, place = Node(kind, self._line, place - self._start), place + 1
        if depth > DEEPEST:
            raise _Else
        wanted = "first"
        while found := _FLOW.match(self._text, place):
            mark, written, plain, colon = found.groups()
            place = found.end()
            if mark == closer and wanted in ("first", "comma"):
                return node, place
            if mark == ",":
                if wanted != "comma":
                    raise _Else
                wanted = "entry"
                continue
            if wanted == "comma" or (mark and mark not in "[{") or (kind == "sequence" or wanted == "value") == bool(colon):
                raise _Else
            if mark:
                if kind == "mapping" and wanted != "value":
                    raise _Else
                child, place = self._flow(place - 1, depth + 1)
            else:
                child = Node("scalar", self._line, found.start("text") - self._start, plain or _unquoted(written), plain=plain is not None)
            node.children.append(child)
            wanted = "value" if colon else "comma"
        raise _Else


def _unquoted(written: str) -> str:
    if written[0] == "'":
        return written[1:-1].replace("''", "'")
    return _ESCAPE.sub(lambda found: _MEANT.get(found[1], found[1]), written[1:-1])
