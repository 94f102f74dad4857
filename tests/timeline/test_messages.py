"""Both languages say everything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import podsim.cluster
from podsim.cluster import causes
from podsim.timeline.messages import LANGUAGES, load

PLACE = re.compile(r"{(\w+)}")
FACT = re.compile(r'(?:\.|_)fact\(\s*"([a-z-]+)"')


def leaves(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, str):
        return {path: value}
    return {k: v for key, inner in value.items() for k, v in leaves(inner, f"{path}/{key}").items()}


def texts(language: str) -> dict[tuple[str, str], set[str]]:
    """(section, key) -> the places of all its variants."""
    sections = load(language).sections
    return {
        (name, key): set(PLACE.findall(" ".join(leaves(t).values())))
        for name, section in sections.items()
        for key, t in section.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_places(language: str) -> None:
    english, other = texts("en"), texts(language)
    assert other.keys() == english.keys()
    for key, places in other.items():
        assert places <= english[key], key


def test_every_fact_has_a_sentence() -> None:
    sources = Path(podsim.cluster.__path__[0]).rglob("*.py")
    recorded = {kind for file in sources for kind in FACT.findall(file.read_text())}
    tabled = {kind for kinds in causes.FACT_CAUSES.values() for kind in kinds} | set(causes.FACT_CAUSES)
    assert (recorded | tabled) - set(load("en").sections["facts"]) == set()


def test_sentences_are_short_and_have_no_full_stop() -> None:
    for key, text in leaves({name: load("en").sections[name] for name in ("facts", "transitions", "notes")}).items():
        assert len(text.split()) <= 14, key
        assert not text.endswith("."), key


def test_the_first_condition_that_holds_chooses() -> None:
    say = load("en").say
    assert (
        say("facts", "container-exited", container="app", seconds=5.0, exit=0, reason="Completed")
        == "app ran for 5s and exited with code 0"
    )
    assert (
        say("facts", "container-exited", container="app", seconds=75, exit=3, reason="Error")
        == "app ran for 75s and exited with code 3"
    )
    assert say("facts", "delete-requested", grace=30, force=False) == "someone deleted the pod (grace period 30s)"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="one of en, ko"):
        load("fr")
