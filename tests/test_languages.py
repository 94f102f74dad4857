"""The book's other languages: what is translated is translated whole, and says the same things."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "bundle"))
import editions  # noqa: E402

LOCALE = ROOT / "book" / "locale"
# What a translation leaves as it is: code, targets of links, HTML, emphasis and places of values.
KEPT = (r"`[^`]+`", r"\]\(([^)]+)\)", r"<[^>]+>", r"\*\*", r"\{\w+\}")
SPELLED = re.compile(r"\b(?:Kubernetes|kubectl|kubelet|podsim|STATUS|TERM|KILL|Running|Ready|Jupyter|plotly|v?\d[\d.]*)\b", re.ASCII)


def messages(file: Path) -> list[Message]:
    with file.open("rb") as text:
        return [message for message in read_po(text) if message.id]


BEGUN = [file for file in sorted(LOCALE.rglob("*.po")) if any(message.string for message in messages(file))]
TRANSLATED = [(file, message) for file in BEGUN for message in messages(file) if message.string]


KOREAN = [*(file for file in LOCALE.glob("ko/**/*.*") if file.suffix != ".mo"), *ROOT.glob("book/web/src/messages/*ko.json"), *ROOT.glob("podsim/**/ko.json"), *ROOT.glob("podsim/*/catalog/*.yaml"), *ROOT.glob("podsim/*/incidents/*.yaml")]  # fmt: skip
WORDS = yaml.safe_load((ROOT / "tests" / "prose.yaml").read_text(encoding="utf-8"))["korean"]


@pytest.mark.parametrize("file", sorted(KOREAN), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_korean_has_one_word_for_one_thing(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert {wrong: right for wrong, right in WORDS.items() if wrong in text} == {}


def asked(catalogue: Iterable[Message]) -> set[str]:
    return {str(message.id) for message in catalogue if message.id}


@pytest.mark.filterwarnings("default")  # Sphinx's extensions have deprecated calls of their own
def test_the_catalogues_of_an_edition_are_those_of_its_pages(tmp_path: Path) -> None:
    """A sentence that changed in English would stand in English among Korean ones: `make messages`, then translate it."""
    own = {file.relative_to(LOCALE / "ko" / "LC_MESSAGES").with_suffix("").as_posix(): asked(messages(file)) for file in BEGUN}
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    other = {"url": "https://example.org", "title": "not in the edition"}
    for part in contents["parts"]:
        part["chapters"] = [chapter if chapter["file"] in own else other for chapter in part["chapters"]]
    toc = tmp_path / "toc.yml"
    toc.write_text(yaml.safe_dump(contents), encoding="utf-8")
    pages = editions.templates(toc, tmp_path / "gettext")
    assert {page: asked(template) - {other["title"]} for page, template in pages.items()} == own


def kept(text: str) -> list[Counter[str]]:
    return [Counter(re.findall(pattern, text)) for pattern in KEPT]


def test_the_first_page_and_a_chapter_are_in_korean() -> None:
    assert {"book/index.po", "notebooks/02-create-to-running.po"} <= {file.relative_to(LOCALE / "ko" / "LC_MESSAGES").as_posix() for file in BEGUN}


@pytest.mark.parametrize("file", BEGUN, ids=lambda file: file.relative_to(LOCALE).as_posix())
def test_a_page_is_translated_whole(file: Path) -> None:
    assert [message.id for message in messages(file) if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("file", sorted(path.relative_to(LOCALE).as_posix() for path in LOCALE.rglob("*.po")))
def test_the_page_of_a_catalogue_exists(file: str) -> None:
    page = ROOT / Path(*Path(file).parts[2:]).with_suffix("")
    assert page.with_suffix(".md").is_file() or page.with_suffix(".ipynb").is_file()


@pytest.mark.parametrize(("file", "message"), TRANSLATED, ids=lambda value: value.stem if isinstance(value, Path) else value.id[:40])
def test_a_translation_keeps_code_links_and_numbers(file: Path, message: Message) -> None:
    assert kept(message.string) == kept(message.id)
    left = Counter(SPELLED.findall(re.sub(r"`[^`]+`|\]\([^)]+\)|<[^>]+>", "", message.id)))
    right = Counter(SPELLED.findall(re.sub(r"`[^`]+`|\]\([^)]+\)|<[^>]+>", "", message.string)))
    assert {word for word in left if word not in right} == set()
