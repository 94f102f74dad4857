"""What the world outside sees of the book: descriptions, social cards, addresses, and the ways to open a chapter as a notebook.

The book does not know where it will stand. `BOOK_URL` (or `html_baseurl`) says it: then there are canonical links, a sitemap and
pictures for social cards. `BINDER_URL` (or `podsim_binder`) is the address of a chapter on a Binder with `{path}` in it.
"""

from __future__ import annotations

import os
import re
import shutil
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from languages import ENGLISH, editions, site, translated, up
from sphinx.application import Sphinx
from sphinx.config import Config

LITE = "lite"  # folder of the notebooks that run in the browser, beside the book
CARD = "_static/card.png"
LONGEST = 200  # characters that search engines show of a description
DESCRIBED = re.compile(r'<meta content="([^"]*)" name="description"')
# What the search shows of a page: its article, without the labels of figures and the answers of predictions, around the word that was typed, not its stem.
SEARCH = (
    ('[".headerlink", "script", "style"]', '[".headerlink", "script", "style", "pod-explorer", "pod-prediction", "pod-playground"]'),
    ("querySelector('[role=\"main\"]')", "querySelector('.bd-article')"),
    ("return docContent.textContent;", 'return docContent.textContent.replace(/\\s+/g, " ");'),
    ("makeSearchSummary(data, searchTerms, anchor)", "makeSearchSummary(data, highlightTerms, anchor)"),
)


def place(_app: Sphinx, config: Config) -> None:
    """Where the book will stand, as the environment says."""
    config.html_baseurl = os.environ.get("BOOK_URL") or config.html_baseurl
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/" + ("" if config.language == ENGLISH else f"{config.language}/")
    config.podsim_binder = os.environ.get("BINDER_URL") or config.podsim_binder


def describe(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """The page's description (its own or its first paragraph) and its social card."""
    if doctree is None:
        return
    own = DESCRIBED.search(context.get("metatags", ""))
    text = own[1] if own else escape(shortened(opening(doctree)))
    tags = [] if own else [f'<meta name="description" content="{text}">']
    facts = {"og:type": "article", "og:site_name": escape(app.config.html_title), "og:title": escape(str(app.env.titles[page].astext())), "og:description": text}
    if base := app.config.html_baseurl:
        facts |= {"og:url": escape(base + app.builder.get_target_uri(page)), "og:image": escape(site(app.config) + CARD)}
    tags += [f'<meta property="{name}" content="{value}">' for name, value in facts.items()]
    tags.append('<meta name="twitter:card" content="summary_large_image">')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags) + "\n"


def opening(doctree: nodes.document) -> str:
    """The first paragraph below the title."""
    return next((paragraph.astext() for paragraph in doctree.findall(nodes.paragraph) if isinstance(paragraph.parent, nodes.section)), "")


def shortened(text: str) -> str:
    """Whole words of the text on one line, as many as are shown."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def offer(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """On a chapter, the places that can open it as a notebook; none of them is asked before the click."""
    source = Path(app.env.doc2path(page)) if page in app.env.found_docs else Path()
    if source.suffix != ".ipynb":
        return
    places = []
    if lite(app):
        places.append(("Open as full notebook", f"{up(page, app.config.language)}{LITE}/open.html?path={source.name}", "fas fa-book-open"))
    if app.config.podsim_binder:
        places.append(("Open in Binder", app.config.podsim_binder.format(path=f"{page}.ipynb"), "fas fa-cloud"))
    if places:
        buttons = [{"type": "link", "text": text, "url": url, "icon": icon} for text, url, icon in places]
        context["header_buttons"].insert(0, {"type": "group", "tooltip": "Run this chapter yourself", "icon": "fas fa-rocket", "buttons": buttons, "label": "launch-buttons"})


def lite(app: Sphinx) -> Path | None:
    """The built notebooks, where they have been built."""
    folder = Path(app.confdir) / app.config.podsim_lite
    return folder if (folder / "open.html").is_file() else None


def finish(app: Sphinx, failure: Exception | None) -> None:
    """The notebooks, the search's notion of text, and what search engines ask for."""
    if failure is not None or app.builder.name != "html" or app.config.language != ENGLISH:
        return
    out, root = Path(app.outdir), Path(app.srcdir)
    shutil.rmtree(out / LITE, ignore_errors=True)
    if source := lite(app):
        shutil.copytree(source, out / LITE)
    search = out / "_static" / "searchtools.js"
    script = search.read_text(encoding="utf-8")
    for theirs, ours in SEARCH:
        if theirs not in script and ours not in script:
            raise ValueError(f"{search.name} has no {theirs}")
        script = script.replace(theirs, ours)
    search.write_text(script, encoding="utf-8")
    (out / "sitemap.xml").unlink(missing_ok=True)
    robots = "User-agent: *\nAllow: /\n"
    if base := app.config.html_baseurl:
        own = [app.builder.get_target_uri(page) for page in app.env.found_docs]
        pages = sorted(own + [f"{code}/{page}.html" for code in editions(root) for page in translated(root, code)])
        entries = "".join(f"<url><loc>{escape(base + page)}</loc></url>\n" for page in pages)
        sitemap = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
        (out / "sitemap.xml").write_text(sitemap, encoding="utf-8")
        robots += f"Sitemap: {base}sitemap.xml\n"
    (out / "robots.txt").write_text(robots, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.add_config_value("podsim_lite", "build/lite", "html")
    app.add_config_value("podsim_binder", "", "html")
    app.connect("config-inited", place)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", offer, priority=600)  # after the theme's own buttons
    app.connect("build-finished", finish, priority=600)  # after the pages have their policy
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
