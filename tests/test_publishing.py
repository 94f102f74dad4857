"""A small book built for an address, and for none: what search engines, social cards and readers find."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = """\
import sys
sys.path.insert(0, {extensions!r})
extensions = ["myst_nb", "publishing"]
html_theme = "sphinx_book_theme"
html_title = "The Book"
nb_execution_mode = "off"
root_doc = "index"
"""
PAGE = """\
---
myst:
  html_meta:
    description: Said by "the page" itself.
---
# Start

```{toctree}
chapter
```
"""
LONG = "A Pod is placed on one node. " * 20
ADDRESS = {"BOOK_URL": "https://example.org/pods", "BINDER_URL": "https://binder.example.org/v2/gh/o/r/main?urlpath=lab/tree/{path}"}
Built = dict[str, str]


def build(folder: Path, address: dict[str, str], *, lite: bool) -> Built:
    """File -> its text, of a book with a page and a chapter."""
    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text(CONFIGURATION.format(extensions=str(ROOT / "book" / "ext")))
    (source / "index.md").write_text(PAGE)
    cells = [nbformat.v4.new_markdown_cell(f"# Chapter\n\n{LONG}")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), source / "chapter.ipynb")
    if lite:
        (source / "build" / "lite").mkdir(parents=True)
        (source / "build" / "lite" / "open.html").write_text("JupyterLite")
    without = {name: value for name, value in os.environ.items() if name not in ADDRESS}
    words = ["-b", "html", "-q", "-D", "exclude_patterns=build", str(source), str(folder / "site")]
    done = subprocess.run([sys.executable, "-m", "sphinx", *words], env=without | address, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {str(path.relative_to(folder / "site")): path.read_text("utf-8") for path in (folder / "site").rglob("*") if path.suffix in (".html", ".xml", ".txt", ".js")}


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("addressed"), ADDRESS, lite=True)


@pytest.fixture(scope="module")
def anywhere(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("anywhere"), {}, lite=False)


def test_a_page_says_what_it_is_about_in_its_own_words_or_its_first_ones(anywhere: Built) -> None:
    assert anywhere["index.html"].count('name="description"') == 1
    assert '<meta property="og:description" content="Said by &quot;the page&quot; itself.">' in anywhere["index.html"]
    _, _, rest = anywhere["chapter.html"].partition('<meta name="description" content="')
    said = rest.partition('"')[0]
    assert said.startswith("A Pod is placed on one node. A Pod")
    assert said.endswith("…")
    assert len(said) <= 200


def test_a_book_with_an_address_names_it(addressed: Built) -> None:
    assert '<link rel="canonical" href="https://example.org/pods/chapter.html"' in addressed["chapter.html"]
    assert '<meta property="og:image" content="https://example.org/pods/_static/card.png">' in addressed["chapter.html"]
    assert "<loc>https://example.org/pods/chapter.html</loc>" in addressed["sitemap.xml"]
    assert "Sitemap: https://example.org/pods/sitemap.xml" in addressed["robots.txt"]


def test_a_book_without_an_address_makes_none_up(anywhere: Built) -> None:
    assert "canonical" not in anywhere["chapter.html"]
    assert "og:image" not in anywhere["chapter.html"]
    assert "sitemap.xml" not in anywhere
    assert "Sitemap" not in anywhere["robots.txt"]


def test_a_chapter_opens_where_it_can(addressed: Built, anywhere: Built) -> None:
    assert 'href="lite/open.html?path=chapter.ipynb"' in addressed["chapter.html"]
    assert 'href="https://binder.example.org/v2/gh/o/r/main?urlpath=lab/tree/chapter.ipynb"' in addressed["chapter.html"]
    assert addressed["lite/open.html"] == "JupyterLite"
    assert "launch-buttons" not in addressed["index.html"]
    assert "launch-buttons" not in anywhere["chapter.html"]


def test_a_figure_is_not_what_the_search_shows_of_a_page(anywhere: Built) -> None:
    assert '"pod-explorer", "pod-prediction"' in anywhere["_static/searchtools.js"]
