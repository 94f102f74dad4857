"""Every link of the built book leads to a page, a file or a place in a page that there is. No browser is needed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urldefrag, urljoin, urlsplit

import pytest

from tests.browser.conftest import PAGES, SITE

WHERE = "https://book.example/"  # the book's own address, whatever it will be
LINKS = {"a": ("href",), "link": ("href",), "script": ("src",), "img": ("src",), "use": ("href",), "form": ("action",)}


@dataclass
class Page(HTMLParser):
    """The links that a page holds, and the places that a link can name."""

    links: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=lambda: {"", "top"})

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places |= {given[name] or "" for name in ("id", "name") if name in given}
        self.links += [given[name] or "" for name in LINKS.get(tag, ()) if name in given]


@cache
def read(path: str) -> Page:
    page = Page()
    page.feed((SITE / path).read_text(encoding="utf-8"))
    return page


def missing(link: str, page: str) -> bool:
    """Whether a link on the page leads nowhere in the book; one that leaves it is not followed."""
    address, place = urldefrag(urljoin(f"{WHERE}{page}", link))
    if not address.startswith(WHERE):
        return urlsplit(address).scheme not in ("https", "data", "mailto")
    path = unquote(urlsplit(address).path).lstrip("/")
    target = SITE / path / "index.html" if (SITE / path).is_dir() else SITE / path
    if not target.is_file():
        return True
    opened = parse_qs(urlsplit(address).query).get("path", [])
    if any(not (SITE / "lite" / "files" / name).is_file() for name in opened):
        return True
    return target.suffix == ".html" and place not in read(str(target.relative_to(SITE))).places


@pytest.mark.parametrize("path", [*PAGES, "genindex.html", "search.html"])
def test_every_link_leads_somewhere(path: str) -> None:
    assert sorted({link for link in read(path).links if missing(link, path)}) == []


def test_a_dead_link_is_found() -> None:
    dead = ["nowhere.html", "#nowhere", "../book/index.html#nowhere", "http://plain.example", "../lite/open.html?path=nothing.ipynb"]
    assert [missing(link, "notebooks/06-restarts.html") for link in dead] == [True] * len(dead)


def test_the_search_knows_pages_that_there_are() -> None:
    index = (SITE / "searchindex.js").read_text(encoding="utf-8")
    names = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["docnames"]
    assert [name for name in names if not Path(SITE / f"{name}.html").is_file()] == []
