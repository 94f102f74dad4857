"""Every sentence in every language: one template per kind of fact and per lane of a transition.

A template is a text with `{detail}` places, or a table from conditions to texts of which the first that holds is used:
`exit=0` (the detail has that value), `message` (the detail is there and not empty), several joined by commas, or "".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from podsim.timeline.scale import reading

Template = str | Mapping[str, str]
LANGUAGES = ("en", "ko")
SPANS = frozenset({"at", "seconds", "wait", "remaining", "grace"})  # details that are seconds


@dataclass(frozen=True, slots=True)
class Messages:
    """The texts of one language, by section and key."""

    language: str
    sections: Mapping[str, Mapping[str, Template]]

    def say(self, section: str, key: str, **details: Any) -> str:
        """The sentence for those details; KeyError if there is no such template."""
        return _filled(self.sections[section][key], details)

    def has(self, section: str, key: str) -> bool:
        """Whether there is such a template."""
        return key in self.sections[section]


@cache
def load(language: str, package: str = __package__) -> Messages:
    """The messages of a language that a package holds; ValueError if it is not one of LANGUAGES."""
    if language not in LANGUAGES:
        raise ValueError(f"language: {language!r} is not allowed; give one of {', '.join(LANGUAGES)}")
    text = resources.files(package).joinpath(f"{language}.json").read_text("utf-8")
    return Messages(language, json.loads(text))


def _filled(template: Template, details: Mapping[str, Any]) -> str:
    chosen = template if isinstance(template, str) else next(t for c, t in template.items() if _holds(c, details))
    return chosen.format_map(
        {k: reading(v) if k in SPANS and isinstance(v, int | float) else v for k, v in details.items()}
    )


def _holds(conditions: str, details: Mapping[str, Any]) -> bool:
    for name, wanted, value in _parts(conditions):
        given = details.get(name)
        if (str(given) != value) if wanted else given in (None, "", False):
            return False
    return True


@cache
def _parts(conditions: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(condition.partition("=") for condition in conditions.split(",") if condition)
