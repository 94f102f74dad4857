"""Catalogues of the book's texts, and its editions made from them.

python book/bundle/editions.py catalogues              # brings book/locale/*/LC_MESSAGES up to date
python book/bundle/editions.py build build/_build/html # builds each language into its folder of the site
"""

from __future__ import annotations

import json
import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jupyter_book.sphinx import build_sphinx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "ext"))

from languages import ELSEWHERE, ENGLISH, LOCALE, edition, editions, translated  # noqa: E402

WORK = ROOT / "build"
WIDTH = 120
HEADER = "# The Life of a Pod"


def sphinx(builder: str, out: Path, toc: Path, language: str = ENGLISH) -> None:
    """Runs Jupyter Book's Sphinx in a language; where pages are made, warnings are errors."""
    config = WORK / f"config-{language}.yml"
    own = {"sphinx": {"config": {"language": language}}}
    text = merged(yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8")), merged(edition(ROOT, language).get("config", {}), own))
    config.parent.mkdir(exist_ok=True)
    config.write_text(yaml.safe_dump(text, allow_unicode=True, sort_keys=False), encoding="utf-8")
    done = build_sphinx(
        ROOT, out, noconfig=True, path_config=config, confoverrides={"external_toc_path": str(toc), "latex_individualpages": False},
        doctreedir=WORK / "doctrees" / f"{builder}-{language}", builder=builder, freshenv=True, warningiserror=builder == "html", keep_going=True, quiet=True,
    )  # fmt: skip
    if done != 0:
        raise SystemExit(f"{builder} in {language}: {done}")


def merged(settings: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Settings with others put over them, map by map."""
    both = {key: merged(settings[key], value) if isinstance(value, dict) and isinstance(settings.get(key), dict) else value for key, value in others.items()}
    return {**settings, **both}


def templates(toc: Path = ROOT / "_toc.yml", out: Path = WORK / "gettext") -> dict[str, Catalog]:
    """For each page of a table of contents the messages that it has."""
    shutil.rmtree(out, ignore_errors=True)
    sphinx("gettext", out, toc)
    return {file.relative_to(out).with_suffix("").as_posix(): read(file) for file in out.rglob("*.pot")}


def read(file: Path, language: str | None = None) -> Catalog:
    with file.open("rb") as text:
        return read_po(text, locale=language)


def written(page: str, language: str, template: Catalog, old: Catalog | None) -> bytes:
    """A page's catalogue: what the template asks, answered as far as the old one does; a sentence that changed keeps its answer, marked fuzzy.

    An answer whose sentence has gone stays below, for the translator to use again.
    """
    new = old or Catalog(locale=language)
    new.update(template, no_fuzzy_matching=old is None, update_header_comment=False)
    new.obsolete = {key: message for key, message in new.obsolete.items() if message.string}
    new.header_comment, new.fuzzy = f"{HEADER}: {page}", False
    text = BytesIO()
    write_po(text, new, width=WIDTH, omit_header=False, no_location=True)
    keep = [line for line in text.getvalue().decode().splitlines() if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team', '"Report-Msgid', '"Project-Id', '"Generated-By'))]
    return ("\n".join(keep).strip() + "\n").encode()


def catalogues() -> None:
    """Brings every language's catalogues up to date with the pages, and drops those of pages that have gone."""
    asked = templates()
    for language in editions(ROOT):
        folder = ROOT / LOCALE / language / "LC_MESSAGES"
        for page, template in sorted(asked.items()):
            file = folder / f"{page}.po"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(written(page, language, template, read(file, language) if file.is_file() else None))
        for file in folder.rglob("*.po"):
            if file.relative_to(folder).with_suffix("").as_posix() not in asked:
                file.unlink()


def contents(language: str, titles: dict[str, str]) -> dict[str, Any]:
    """The table of contents of an edition: its own pages, and the English ones by their address."""
    toc, own = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")), translated(ROOT, language)
    if toc["root"] not in own:
        raise SystemExit(f"{language}: the first page, {toc['root']}, is translated before others")

    def entry(chapter: dict[str, str]) -> dict[str, str]:
        page = chapter["file"]
        return chapter if page in own else {"url": f"{ELSEWHERE}{page}.html", "title": f"{titles[page]} {edition(ROOT, language)['elsewhere']}"}

    first = read(ROOT / LOCALE / language / "LC_MESSAGES" / f"{toc['root']}.po", language)

    def caption(text: str) -> str:
        message = first.get(text)
        return str(message.string) if message and message.string else text

    return {**toc, "parts": [{"caption": caption(part["caption"]), "chapters": [entry(chapter) for chapter in part["chapters"]]} for part in toc["parts"]]}


def english_titles(site: Path) -> dict[str, str]:
    """Title of each page, as the search of the English book knows it."""
    index = json.loads((site / "searchindex.js").read_text(encoding="utf-8").removeprefix("Search.setIndex(").removesuffix(")"))
    return dict(zip(index["docnames"], index["titles"], strict=True))


def build(site: Path) -> None:
    """Builds each edition into the English site."""
    titles = english_titles(site)
    for language in editions(ROOT):
        toc = WORK / f"toc-{language}.yml"
        toc.write_text(yaml.safe_dump(contents(language, titles), allow_unicode=True, sort_keys=False), encoding="utf-8")
        sphinx("html", site / language, toc, language)


if __name__ == "__main__":
    catalogues() if sys.argv[1] == "catalogues" else build(Path(sys.argv[2]))
