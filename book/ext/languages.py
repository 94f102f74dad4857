"""The book's editions in other languages: their catalogues, their pages, and the links between them.

A language is a folder of `book/locale` with `edition.yml` and gettext catalogues. A page stands in its edition, at `/ko/` and so on, as soon as its
catalogue translates anything; what is not translated in it stays English and says so to screen readers. Links to pages that the edition has not lead to
the English ones and are marked.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import yaml
from babel.messages.pofile import read_po
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config

ENGLISH = "en"
LOCALE = Path("book/locale")
ELSEWHERE = "en://"  # stands for the English book in an edition's table of contents, which takes whole addresses only
OWN_STATIC = ("documentation_options.js", "language_data.js", "translations.js")  # the theme's files that differ between languages
STATIC = re.compile(rf'((?:src|href)="(?:\.\./)*)(_static/(?!(?:{"|".join(map(re.escape, OWN_STATIC))})\b))')


def editions(root: Path) -> list[str]:
    """Languages other than English."""
    return sorted(folder.parent.name for folder in (root / LOCALE).glob("*/edition.yml") if folder.parent.name != ENGLISH)


def edition(root: Path, language: str) -> dict[str, Any]:
    """What the book says of a language."""
    return dict(yaml.safe_load((root / LOCALE / language / "edition.yml").read_text(encoding="utf-8")))


def translated(root: Path, language: str) -> set[str]:
    """Pages whose catalogues translate anything."""
    catalogues = root / LOCALE / language / "LC_MESSAGES"
    return {file.relative_to(catalogues).with_suffix("").as_posix() for file in catalogues.rglob("*.po") if begun(file)}


def begun(file: Path) -> bool:
    """Whether a catalogue translates a message."""
    with file.open("rb") as text:
        return any(message.id and message.string for message in read_po(text))


def up(page: str, language: str) -> str:
    """The way from a page to the root of the site."""
    return "../" * (page.count("/") + (language != ENGLISH))


def site(config: Config) -> str:
    """Where the book stands, of which an edition is a folder; empty if nobody said it."""
    return config.html_baseurl if config.language == ENGLISH else config.html_baseurl.removesuffix(f"{config.language}/")


def drop_old_editions(app: Sphinx) -> None:
    """An English build is followed by those of the editions, into folders of its own."""
    if app.builder.name == "html" and app.config.language == ENGLISH:
        for language in editions(Path(app.srcdir)):
            shutil.rmtree(Path(app.outdir) / language, ignore_errors=True)


def lead_to_english(app: Sphinx, doctree: nodes.document) -> None:
    """Links to pages that an edition has not."""
    if app.config.language == ENGLISH or app.builder.name != "html":
        return
    page = app.env.docname
    for link in list(doctree.findall(addnodes.pending_xref)):
        target = link["reftarget"]
        if link.get("refdomain") == "doc" and target not in app.env.found_docs:
            fragment = f"#{link['reftargetid']}" if link.get("reftargetid") else ""
            there = nodes.reference("", "", *link.children, refuri=f"{up(page, app.config.language)}{target}.html{fragment}", internal=False)
            there += nodes.inline("", f" {edition(Path(app.srcdir), app.config.language)['elsewhere']}", classes=["elsewhere"])
            link.replace_self(there)


def mark_untranslated(_app: Sphinx, doctree: nodes.document) -> None:
    """Paragraphs still in English say so: a class that docutils writes as the attribute `lang`."""
    for node in doctree.findall(nodes.Element):
        if "untranslated" in node.get("classes", ()):
            node["classes"] = [f"language-{ENGLISH}" if name == "untranslated" else name for name in node["classes"]]


def offer(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """The other languages of a page: links for the reader, alternates for search engines."""
    root, language = Path(app.srcdir), app.config.language
    if doctree is None:
        return
    there = [code for code in (ENGLISH, *editions(root)) if code == ENGLISH or page in translated(root, code)]
    if len(there) == 1:
        return
    path = {code: f"{'' if code == ENGLISH else f'{code}/'}{page}.html" for code in there}
    context["switch"] = edition(root, language)["switch"]
    context["languages"] = [{"code": code, "name": edition(root, code)["name"], "url": up(page, language) + path[code]} for code in there if code != language]
    base = site(app.config) or up(page, language)
    context["metatags"] = context.get("metatags", "") + "".join(f'<link rel="alternate" hreflang="{code}" href="{base}{path[code]}">\n' for code in there)


def share(app: Sphinx, failure: Exception | None) -> None:
    """Pages of an edition use the files of the English book; only those that speak stay its own."""
    if failure is not None or app.builder.name != "html" or app.config.language == ENGLISH:
        return
    out = Path(app.outdir)
    for page in out.rglob("*.html"):
        if "_static" not in page.relative_to(out).parts:
            html = page.read_text(encoding="utf-8").replace(f'href="{ELSEWHERE}', f'href="{up(page.relative_to(out).as_posix(), app.config.language)}')
            page.write_text(STATIC.sub(r"\1../\2", html), encoding="utf-8")
    static = out / "_static"
    kept = {name: (static / name).read_bytes() for name in OWN_STATIC if (static / name).is_file()}
    shutil.rmtree(static)
    static.mkdir()
    for name, text in kept.items():
        (static / name).write_bytes(text)
    said = static / "translations.js"
    if said.is_file():
        said.write_text(without_eval(said.read_text(encoding="utf-8")), encoding="utf-8")


def without_eval(script: str) -> str:
    """The theme's sentences, set without evaluating their plural rule from a string, which no page of the book may do."""
    said = json.loads(script.removeprefix("Documentation.addTranslations(").removesuffix(");"))
    sentences = json.dumps(said["messages"], ensure_ascii=False)
    return f"Object.assign(Documentation.TRANSLATIONS, {sentences});\nDocumentation.PLURAL_EXPR = (n) => Number({said['plural_expr']});\n"


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.connect("builder-inited", drop_old_editions)
    app.connect("doctree-read", lead_to_english)
    app.connect("doctree-read", mark_untranslated)
    app.connect("html-page-context", offer)
    app.connect("build-finished", share, priority=900)  # after the pages are finished
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
