"""The playground's sentences: the same ones, with the same places, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from podsim.playground import messages

PLACE = re.compile(r"\{\w+\}")


def places(value: Any, path: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(value, str):
        yield path, frozenset(PLACE.findall(value))
    else:
        for key, inner in value.items():
            yield from places(inner, f"{path}/{key}")


def test_korean_says_what_english_says():
    english, korean = (messages.load(language).sections for language in ("en", "ko"))
    assert dict(places(korean)) == dict(places(english))


def test_korean_is_korean():
    hangul = re.compile("[가-힣]")
    plain = [path for path, text in _texts(messages.load("ko").sections) if not hangul.search(text)]
    assert len(plain) < 12, plain


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    else:
        for key, inner in value.items():
            yield from _texts(inner, f"{path}/{key}")
