"""The examples of the playground, one YAML file each: a manifest and a world in which something goes wrong, and how it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from podsim.explorers import declared
from podsim.explorers.declarations import said
from podsim.explorers.declared import DeclarationError, Text
from podsim.playground import messages
from podsim.playground.sessions import Command

Group = Literal["restarts", "start", "images", "probes", "scheduling", "ending", "workloads", "node"]
GROUPS: tuple[Group, ...] = ("restarts", "start", "images", "probes", "scheduling", "ending", "workloads", "node")
FOLDER = resources.files(__package__)
SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class Incident:
    """`symptom` is one sentence, `look` says what gives it away; `at` (s) is where the playhead begins.

    `status` is what kubectl get shows of the watched pod then, "" if there is no pod.
    """

    group: Group
    title: Text
    symptom: Text
    look: Text
    at: float
    until: float
    status: str
    manifest: str
    scenario: Mapping[str, Any] | None = None
    commands: tuple[Command, ...] = ()
    pod: str | None = None

    @property
    def session(self) -> dict[str, Any]:
        """The session in its JSON form."""
        commands = [{"at": command.at, "line": command.line} for command in self.commands]
        return {"manifest": self.manifest, "scenario": dict(self.scenario or {}), "commands": commands, "until": self.until, "pod": self.pod}


@cache
def load() -> Mapping[str, Incident]:
    """Every incident by its id, in the order of the menu. DeclarationError naming file, path, value and what is allowed."""
    found = {}
    for file in sorted(FOLDER.iterdir(), key=lambda one: one.name):
        if file.name.endswith(SUFFIX):
            try:
                found[file.name.removesuffix(SUFFIX)] = declared.read(Incident, yaml.safe_load(file.read_text("utf-8")))
            except DeclarationError as error:
                raise DeclarationError(f"{file.name}: {error}") from error
    return dict(sorted(found.items(), key=lambda item: GROUPS.index(item[1].group)))


def listed(language: str = "en") -> list[dict[str, Any]]:
    """[{"id", "group", "groupTitle", "title", "symptom", "status", "look", "at", "session"}], texts in `language`."""
    words = messages.load(language)
    return [
        {
            "id": incident_id,
            "group": one.group,
            "groupTitle": words.say("incidents", one.group),
            "title": said(one.title, language),
            "symptom": said(one.symptom, language),
            "status": one.status,
            "look": said(one.look, language),
            "at": one.at,
            "session": one.session,
        }
        for incident_id, one in load().items()
    ]
