"""The book's English: its words, its numbers and its sentences. The lists are in prose.yaml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

ROOT = Path(__file__).resolve().parents[1]
STYLE = yaml.safe_load((ROOT / "tests" / "prose.yaml").read_text(encoding="utf-8"))
PAGES = sorted([*(ROOT / "book").rglob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")])
PAGES = [page for page in PAGES if not {"node_modules", "lite"} & set(page.parts)]
MARKDOWN = create_md_parser(MdParserConfig(enable_extensions={"colon_fence", "deflist", "attrs_inline"}), RendererHTML)
DIRECTIVES = re.compile(r"\{(dropdown|div|note|tip|warning|admonition|figure)\}\s*(.*)")
CODE = "\u2591"  # stands for words in code font

UNIT = r"(?:ns|µs|ms|s|min|h|m|kB|MB|GB|KiB|MiB|GiB|Mi|Gi|px)"
GLUED = re.compile(rf"\b\d+(?:\.\d+)?{UNIT}\b")
NUMBER = re.compile(r"(?<!^)(?<![\w.#v-])\d[\d,.]*(?<![.,])(?![\w])")
NAMED = re.compile(r"(\w+)(?: is| from)?\W*(?:\d+ (?:to|and|or) )?$")
COUNTED = re.compile(r"(?: ?%|[ -][A-Za-zµ" + CODE + r"(“‘×°]|\)? ×|(?:,| and| or| to|–|, then| ×| in| out of) ?\d)")
COMPOUND = re.compile(r"\b[A-Za-z]*[a-z][A-Z][A-Za-z]*\b")


def source(page: Path) -> list[str]:
    """The Markdown of a page, cell by cell."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return [text]
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]


def blocks(markdown: str) -> Iterator[str]:
    """Paragraphs, headings, items and cells as they are read, words in code font as one sign each."""
    for token in MARKDOWN.parse(markdown):
        if token.type == "inline":
            yield plain(token.children or [])
        elif token.type in ("fence", "colon_fence") and (directive := DIRECTIVES.match(token.info.strip())):
            if directive[1] in ("dropdown", "admonition") and directive[2]:
                yield directive[2]
            yield from blocks(token.content)


def plain(tokens: list[Token]) -> str:
    """The text of a block; code and links that are addresses are one sign, and so are labels of buttons, which stand in italics."""
    said: list[str] = []
    quoted = verbatim = False
    for token in tokens:
        quoted = token.type == "em_open" or (quoted and token.type != "em_close")
        verbatim = token.content == "<code>" or (verbatim and token.content != "</code>")
        if token.type == "text":
            said.append(CODE if quoted or verbatim else token.content)
        elif token.type in ("code_inline", "softbreak"):
            said.append(CODE if token.type == "code_inline" else " ")
    return "".join(said)


def complaints(text: str) -> Iterator[str]:
    """What is wrong with a block."""
    for word in STYLE["avoid"]:
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            yield f"{word!r} in {text!r}"
    for wrong, right in STYLE["spelling"].items():
        for found in re.findall(wrong, text):
            yield f"{found!r} is written {right!r}: {text!r}"
    for word in COMPOUND.findall(text):
        if word not in STYLE["plain"]:
            yield f"{word!r} stands in code font: {text!r}"
    for glued in GLUED.findall(text):
        yield f"{glued!r} wants a space before its unit: {text!r}"
    for number in NUMBER.finditer(text):
        before = NAMED.search(text[: number.start()])
        if not COUNTED.match(text, number.end()) and not (before and before[1] in STYLE["named"]):
            yield f"{number[0]!r} has no unit: {text!r}"
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        if len(sentence.split()) > STYLE["sentence"]:
            yield f"{len(sentence.split())} words in one sentence: {sentence!r}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_is_written_as_the_book_is(page: Path) -> None:
    texts = [text for cell in source(page) for text in blocks(cell)]
    assert [complaint for text in texts for complaint in complaints(text)] == []
    assert sum(len(text.split()) for text in texts) <= STYLE["words"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("You simply apply it.", "'simply'"),
        ("Wait 30s for it.", "'30s' wants a space"),
        ("It waits 10, 20 and 40 s.", None),
        ("It waits 10, then 20.", "'20' has no unit"),
        ("It ends with exit code 137.", None),
        ("CrashLoopBackOff is a wait.", "code font"),
        ("The backoff doubles.", "'back-off'"),
        ("On K8s the pod runs.", "'Kubernetes'"),
        (" ".join(["word"] * 41) + ".", "41 words"),
        ("The Pod of the ReplicaSet runs 3 containers for 300 s.", None),
    ],
)
def test_the_rules_of_writing(text: str, wrong: str | None) -> None:
    found = list(complaints(text))
    assert found == [] if wrong is None else any(wrong in complaint for complaint in found)
