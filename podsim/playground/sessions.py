"""What a reader of the playground has made: a manifest, a scenario, commands with their instants, and how long to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from podsim.cluster.scenario import MAX_SECONDS
from podsim.explorers import declared


@dataclass(frozen=True, slots=True)
class Command:
    """A line typed at the prompt `at` seconds."""

    at: float
    line: str


@dataclass(frozen=True, slots=True)
class Session:
    """`scenario` is YAML text or its object; `until` seconds; `pod` is the one to watch, None: the first."""

    manifest: str
    scenario: Any = ""
    commands: tuple[Command, ...] = ()
    until: float = 120.0
    pod: str | None = None


def read(data: Mapping[str, Any]) -> Session:
    """A session from its JSON form; DeclarationError naming path, value and what is allowed."""
    session: Session = declared.read(Session, data)
    for path, seconds in [("until", session.until), *((f"commands[{n}].at", c.at) for n, c in enumerate(session.commands))]:
        if not 0 <= seconds <= MAX_SECONDS:
            raise declared.wrong(path, seconds, f"seconds from 0 to {MAX_SECONDS}")
    return session


def scenario(session: Session) -> Mapping[str, Any]:
    """The scenario's object. Raises DeclarationError, or yaml.YAMLError for a text that is none."""
    found = yaml.safe_load(session.scenario) if isinstance(session.scenario, str) else session.scenario
    if not isinstance(found or {}, Mapping):
        raise declared.wrong("scenario", found, "a map")
    return found or {}
