"""YAML text to nodes as go-yaml v2 reads it: PyYAML's parser with the scanner's rules of libyaml, whose port go-yaml is.

Where the two differ (tabs inside texts, escapes, tags, when a missing colon is noticed) the methods of the scanner are replaced.
Errors carry go-yaml's words and its count of lines.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events, tokens
from yaml.error import Mark, MarkedYAMLError
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner, ScannerError, SimpleKey

BLANK, BREAKS, END = " \t", "\r\n\x85\u2028\u2029", "\0"
BLANK_OR_END = BLANK + BREAKS + END
MAX_DEPTH = 10_000
KEY_LENGTH = 1024  # characters before the colon of a key
HEX = frozenset("0123456789abcdefABCDEF")
SURROGATES, LAST_CHARACTER = range(0xD800, 0xE000), 0x10FFFF

ESCAPES = {char: meant for char, meant in {**Scanner.ESCAPE_REPLACEMENTS, "'": "'"}.items() if char != "/"}

_IN_BLOCK = re.compile(rf"(?:[^:{BLANK_OR_END}]|:(?![{BLANK_OR_END}]))+")
_IN_FLOW = re.compile(rf"(?:[^:,?\[\]{{}}{BLANK_OR_END}]|:(?![{BLANK_OR_END}]))+")
_SPACES, _BLANKS = re.compile(" +"), re.compile("[ \t]+")
_WORD, _URI = re.compile(r"[-\w]+", re.ASCII), re.compile(r"[-\w;/?:@&=+$,.!~*'()\[\]]+", re.ASCII)
_COMMENT = re.compile(rf"#[^{BREAKS + END}]*")

# PyYAML's words -> go-yaml's; the first that begins so counts
_TEXTS: tuple[tuple[str, str], ...] = (
    ("mapping values are not allowed", "mapping values are not allowed in this context"),
    ("sequence entries are not allowed", "block sequence entries are not allowed in this context"),
    ("mapping keys are not allowed", "mapping keys are not allowed in this context"),
    ("found character", "found character that cannot start any token"),
    ("found unknown escape character", "found unknown escape character"),
    ("found unexpected document separator", "found unexpected document indicator"),
    ("found undefined tag handle", "found undefined tag handle"),
    ("found duplicate YAML directive", "found duplicate %YAML directive"),
    ("duplicate tag handle", "found duplicate %TAG directive"),
    ("found incompatible YAML document", "found incompatible YAML document"),
    ("expected <block end>, but found", "did not find expected key"),
    ("expected ',' or ']'", "did not find expected ',' or ']'"),
    ("expected ',' or '}'", "did not find expected ',' or '}'"),
    ("expected the node content", "did not find expected node content"),
    ("expected alphabetic or numeric character", "did not find expected alphabetic or numeric character"),
    ("expected '<document start>'", "did not find expected <document start>"),
    ("expected a comment or a line break", "did not find expected comment or line break"),
    ("expected chomping or indentation indicators", "did not find expected comment or line break"),
    ("expected indentation indicator in the range", "found an indentation indicator equal to 0"),
    ("expected a digit or '.'", "did not find expected digit or '.' character"),
    ("expected a digit or ' '", "did not find expected comment or line break"),
    ("expected a digit", "did not find expected version number"),
    ("expected '!'", "did not find expected '!'"),
    ("expected URI", "did not find expected tag URI"),
)


class GoYAMLError(Exception):
    """What go-yaml says of a text; line and column (from 1) where it stands, if known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(slots=True, eq=False)
class Node:
    """A scalar (`text`), a mapping (`children` in pairs), a sequence, or an alias of `target`. Line and column from 0."""

    kind: str
    line: int
    column: int
    text: str = ""
    tag: str = ""
    plain: bool = False
    children: list[Node] = field(default_factory=list)
    target: Node | None = None


def parse(text: str) -> Node | None:
    """The first document of `text`, None for an empty one; what stands behind it is not read. Raises GoYAMLError."""
    try:
        loader = _Loader(text)
        loader.get_event()  # the start of the stream
        return None if loader.check_event(events.StreamEndEvent) else _document(loader)
    except ReaderError:
        raise GoYAMLError("control characters are not allowed") from None
    except MarkedYAMLError as error:
        raise _translated(error) from None


def _document(loader: _Loader) -> Node:
    loader.get_event()
    anchors: dict[str, Node] = {}
    root = Node("document", 0, 0)
    open_nodes = [root]
    while len(open_nodes) > 1 or not root.children:
        event = loader.get_event()
        if isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            open_nodes.pop()
            continue
        node = _node(event, anchors)
        open_nodes[-1].children.append(node)
        if node.kind in ("mapping", "sequence"):
            open_nodes.append(node)
    loader.get_event()
    return root.children[0]


def _node(event: Any, anchors: dict[str, Node]) -> Node:
    mark = event.start_mark
    if isinstance(event, events.AliasEvent):
        if event.anchor not in anchors:
            raise GoYAMLError(f"unknown anchor '{event.anchor}' referenced", mark.line + 1, mark.column + 1)
        return Node("alias", mark.line, mark.column, text=event.anchor, target=anchors[event.anchor])
    if isinstance(event, events.ScalarEvent):
        node = Node("scalar", mark.line, mark.column, event.value, event.tag or "", event.implicit[0])
    else:
        node = Node("mapping" if isinstance(event, events.MappingStartEvent) else "sequence", mark.line, mark.column, tag=event.tag or "")
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _translated(error: MarkedYAMLError) -> GoYAMLError:
    """The error in go-yaml's words; it counts lines from 0, except where the scanner complains.       parser.fail"""
    mark: Mark | None = error.problem_mark or error.context_mark
    problem = error.problem or ""
    text = next((words for start, words in _TEXTS if problem.startswith(start)), problem)
    if text == "did not find expected key" and "while parsing a block collection" in (error.context or ""):
        text = "did not find expected '-' indicator"
    if error.problem_mark is not None and error.problem_mark.line:
        line = error.problem_mark.line + isinstance(error, ScannerError)
    else:
        line = error.context_mark.line if error.context_mark is not None else 0
    place = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
    return GoYAMLError(f"line {line}: {text}" if line else text, *place)


class _Loader(Reader, Scanner, Parser):
    """Reader, scanner and parser of PyYAML with libyaml's rules."""

    def __init__(self, text: str) -> None:
        vars(self)["ESCAPE_REPLACEMENTS"] = ESCAPES
        self._levels_of_keys: dict[int, int] = {}  # by the number of the token that begins the key
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def need_more_tokens(self) -> bool:
        """libyaml looks further only for a key that may stand at the head of the queue."""
        if not self.tokens:
            return not self.done
        level = self._levels_of_keys.get(self.tokens_taken)
        key = None if level is None else self.possible_simple_keys.get(level)
        if level is None or key is None or key.token_number != self.tokens_taken:
            return False
        return self._is_still_possible(level, key) and not self.done

    def save_possible_simple_key(self) -> None:
        super().save_possible_simple_key()
        if (key := self.possible_simple_keys.get(self.flow_level)) is not None:
            self._levels_of_keys[key.token_number] = self.flow_level

    def stale_possible_simple_keys(self) -> None:
        """Nothing: keys are looked at when they are needed."""

    def _is_still_possible(self, level: int, key: SimpleKey) -> bool:
        if key.line == self.line and self.index - key.index <= KEY_LENGTH:
            return True
        if key.required:
            raise ScannerError("while scanning a simple key", key.mark, "could not find expected ':'", self.get_mark())
        del self.possible_simple_keys[level]
        return False

    def fetch_value(self) -> None:
        if (key := self.possible_simple_keys.get(self.flow_level)) is not None:
            self._is_still_possible(self.flow_level, key)
        super().fetch_value()

    def fetch_stream_end(self) -> None:
        if self.column:
            self.line, self.column = self.line + 1, 0
        kept = dict(self.possible_simple_keys)
        super().fetch_stream_end()
        self.possible_simple_keys = {level: key for level, key in kept.items() if level < self.flow_level}

    def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
        super().fetch_flow_collection_start(token)
        self._limit(self.flow_level)

    def add_indent(self, column: int) -> bool:
        added: bool = super().add_indent(column)
        self._limit(len(self.indents))
        return added

    def _limit(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ScannerError(None, None, f"exceeded max depth of {MAX_DEPTH}", self.get_mark())

    def scan_to_next_token(self) -> None:
        """Tabs separate tokens where no key may begin."""
        while True:
            self._take(_BLANKS if self.flow_level or not self.allow_simple_key else _SPACES)
            self._take(_COMMENT)
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> yaml.ScalarToken:
        """yaml_parser_scan_plain_scalar"""
        chunks: list[str] = []
        start = end = self.get_mark()
        indent = self.indent + 1
        joint, broken = "", False  # what stands between the last chunk and the next
        while not self._at_document_indicator() and self.peek() != "#":
            if chunk := self._take(_IN_FLOW if self.flow_level else _IN_BLOCK):
                chunks += [joint, chunk]
                end, joint, broken = self.get_mark(), "", False
            if self.peek() not in BLANK + BREAKS:
                break
            joint, broken = self._between(indent, start)
            if not self.flow_level and self.column < indent:
                break
        if broken:
            self.allow_simple_key = True
        return yaml.ScalarToken("".join(chunks), True, start, end)

    def _take(self, pattern: re.Pattern[str]) -> str:
        """What of a line follows `pattern` here; empty if nothing does."""
        found = pattern.match(self.buffer, self.pointer)
        chunk = found[0] if found else ""
        self.pointer += len(chunk)
        self.index += len(chunk)
        self.column += len(chunk) - chunk.count("\ufeff")
        return chunk

    def _between(self, indent: int, start: Mark) -> tuple[str, bool]:
        """Blanks and line breaks inside a plain text as they are kept, and whether there was a break."""
        blanks, breaks = "", []
        while self.peek() in BLANK + BREAKS:
            if (char := self.peek()) in BREAKS:
                breaks.append(self.scan_line_break())
                continue
            if breaks and self.column < indent and char == "\t":
                raise ScannerError("while scanning a plain scalar", start, "found a tab character that violates indentation", self.get_mark())
            blanks += "" if breaks else char
            self.forward()
        return (_folded(breaks), True) if breaks else (blanks, False)

    def _at_document_indicator(self) -> bool:
        return not self.column and self.prefix(3) in ("---", "...") and self.peek(3) in BLANK_OR_END

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Mark) -> list[str]:
        """The escapes with a code are checked as libyaml does."""
        if double:
            self._check_codes(start_mark)
        found: list[str] = super().scan_flow_scalar_non_spaces(double, start_mark)
        return found

    def _check_codes(self, start: Mark) -> None:
        ahead = 0
        while (char := self.peek(ahead)) not in '"' + BLANK_OR_END:
            code = self.ESCAPE_CODES.get(self.peek(ahead + 1)) if char == "\\" else None
            if code:
                digits = self.prefix(ahead + 2 + code)[ahead + 2 :]
                if len(digits) < code or not HEX.issuperset(digits):
                    raise ScannerError("while parsing a quoted scalar", start, "did not find expected hexdecimal number", self.get_mark())
                if int(digits, 16) in SURROGATES or int(digits, 16) > LAST_CHARACTER:
                    raise ScannerError("while parsing a quoted scalar", start, "found invalid Unicode character escape code", self.get_mark())
            ahead += 2 if char == "\\" else 1

    def scan_block_scalar_indicators(self, start_mark: Mark) -> tuple[bool | None, int | None]:
        """What follows is looked at with the rest of the line."""
        header = re.match(r"(?:([-+])([0-9])?|([0-9])([-+])?)?", self.prefix(2))
        sign, digit = (header[1] or header[4], header[2] or header[3]) if header else (None, None)
        if digit == "0":
            raise ScannerError("while scanning a block scalar", start_mark, "found an indentation indicator equal to 0", self.get_mark())
        self.forward(len(header[0]) if header else 0)
        return (None if sign is None else sign == "+"), (int(digit) if digit else None)

    def scan_block_scalar_ignored_line(self, start_mark: Mark) -> None:
        while self.peek() == "\t" or self.peek() == " ":
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)

    def scan_block_scalar_indentation(self) -> tuple[list[str], int, Mark]:
        found: tuple[list[str], int, Mark] = super().scan_block_scalar_indentation()
        self._refuse_tab(self.column)
        return found

    def scan_block_scalar_breaks(self, indent: int) -> tuple[list[str], Mark]:
        found: tuple[list[str], Mark] = super().scan_block_scalar_breaks(indent)
        self._refuse_tab(indent - 1)
        return found

    def _refuse_tab(self, last: int) -> None:
        """No tab stands up to column `last` of a block scalar."""
        if self.peek() == "\t" and self.column <= last:
            problem = "found a tab character where an indentation space is expected"
            raise ScannerError("while scanning a block scalar", None, problem, self.get_mark())

    def scan_tag(self) -> yaml.TagToken:
        """yaml_parser_scan_tag"""
        start = self.get_mark()
        if self.peek(1) == "<":
            self.forward(2)
            handle, suffix = "", self._uri("", start)
            if self.peek() != ">":
                raise ScannerError("while scanning a tag", start, "did not find the expected '>'", self.get_mark())
            self.forward()
        else:
            self.forward()
            handle = "!" + self._take(_WORD)
            if self.peek() == "!":
                self.forward()
                handle += "!"
                suffix = self._uri("", start)
            else:
                handle, suffix = "!", self._uri(handle, start)
                handle, suffix = (handle, suffix) if suffix else ("", "!")
        if self.peek() not in BLANK_OR_END:
            raise ScannerError("while scanning a tag", start, "did not find expected whitespace or line break", self.get_mark())
        return yaml.TagToken((handle or None, suffix), start, self.get_mark())

    def _uri(self, head: str, start: Mark) -> str:
        found = head[1:]
        while part := self._take(_URI) or (self.scan_uri_escapes("tag", start) if self.peek() == "%" else ""):
            found += part
        if not found and not head:
            raise ScannerError("while parsing a tag", start, "did not find expected tag URI", self.get_mark())
        return found

    def scan_directive(self) -> yaml.DirectiveToken:
        """Directives other than %YAML and %TAG are refused."""
        name = re.match(r"%([-\w]*)(.?)", self.prefix(64), re.ASCII)
        if name is None or not name[1]:
            problem = "could not find expected directive name"
        elif name[2] and name[2] not in BLANK_OR_END:
            problem = "found unexpected non-alphabetical character"
        elif name[1] not in ("YAML", "TAG"):
            problem = "found unknown directive name"
        else:
            return super().scan_directive()
        raise ScannerError("while scanning a directive", self.get_mark(), problem, self.get_mark())

    def process_directives(self) -> tuple[object, object]:
        """Only version 1.1 is known."""
        token = self.peek_token()
        if isinstance(token, tokens.DirectiveToken) and token.name == "YAML" and token.value != (1, 1):
            raise yaml.parser.ParserError(None, None, "found incompatible YAML document", token.start_mark)
        found: tuple[object, object] = super().process_directives()
        return found


def _folded(breaks: list[str]) -> str:
    """The first line break becomes a blank, unless more follow."""
    first, *others = breaks
    if first != "\n":
        return "".join(breaks)
    return "".join(others) if others else " "
