"""A session played: the manifest's objects made at t = 0, commands at their instants, everything that is to be seen of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml as pyyaml

from podsim.api.manifest import Document
from podsim.cluster import scenario as scenarios
from podsim.cluster.budget import SHOWN, SpentError
from podsim.cluster.history import History
from podsim.cluster.scenario import Scenario, ScenarioError
from podsim.cluster.store import Object
from podsim.explorers import origins, printed
from podsim.explorers.declared import DeclarationError
from podsim.facade import Cluster
from podsim.kubectl import yaml
from podsim.playground import messages, objects, panel, problems, prompt, sessions
from podsim.playground.adjusting import adjusted
from podsim.playground.objects import Lives
from podsim.playground.sessions import Session
from podsim.timeline import spent, story, timeline, unmodelled
from podsim.timeline.messages import Messages
from podsim.timeline.story import Story

Json = dict[str, Any]


@dataclass(slots=True)
class Played:
    """A cluster on which a session has been played; `made`: the manifest's objects, as written and as stored first;
    `own`: how many revisions there were before them.
    """

    cluster: Cluster
    own: int
    made: list[tuple[Document, Object]] = field(default_factory=list)
    problems: list[Json] = field(default_factory=list)
    transcript: list[Json] = field(default_factory=list)
    stopped: Json | None = None

    @property
    def history(self) -> History:
        """What has been recorded."""
        return self.cluster.simulation.history


def play(session: Mapping[str, Any], language: str = "en", adjust: Iterable[Mapping[str, Any]] = ()) -> Json:
    """{"problems", "pods", "objects", "run", "transcript", "panel", "scenario", "end", "stopped", "notModelled"}; times in seconds.

    `adjust` ([{"path", "value"}]) changes the scenario first. A manifest that is refused in part is played with the rest of
    it; a scenario that cannot be read is a problem, and nothing is played. Raises DeclarationError for what is no session.
    """
    given, words = sessions.read(session), messages.load(language)
    try:
        data = adjusted(sessions.scenario(given), adjust)
        world = scenarios.read(data)
    except (DeclarationError, ScenarioError) as error:
        return _unplayed(problems.of_scenario(str(error)))
    except pyyaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return _unplayed(problems.of_scenario(str(error.problem), *((mark.line + 1, mark.column + 1) if mark else ())))
    played = played_on(Cluster(scenario=world), given, words)
    known = objects.lives(played.cluster.simulation.store.revisions[played.own :])
    told = _watched(played.history, given.pod)
    return {
        "problems": played.problems,
        "pods": objects.pods(known),
        "objects": objects.listed(known, played.made),
        "run": None if told is None else _run(played, told, known, world, given, language),
        "transcript": played.transcript,
        "panel": panel.of([created for _, created in played.made], data, words),
        "scenario": {"data": data, "text": yaml.dump(data) if data else ""},
        "end": played.cluster.now,
        "stopped": played.stopped,
        "notModelled": list(dict.fromkeys(unmodelled.said(played.history.not_modelled, language).values())),
    }


def played_on(cluster: Cluster, session: Session, words: Messages) -> Played:
    """Lets everything of the session happen, until its end or until the budget is spent."""
    cluster.simulation.env.budget = SHOWN
    played = Played(cluster, len(cluster.simulation.store.revisions))
    try:
        for document, created in problems.create(cluster, session.manifest, words, played.problems):
            played.made.append((document, created))
        for entry in prompt.run(cluster, session, words):
            played.transcript.append(entry)
        cluster.run(session.until)
    except SpentError:
        played.stopped = spent.said(cluster.now, words.language)
    return played


def _unplayed(problem: Json) -> Json:
    return {
        "problems": [problem], "pods": [], "objects": [], "run": None, "transcript": [], "panel": [], "scenario": None,
        "end": 0.0, "stopped": None, "notModelled": [],
    }  # fmt: skip


def _watched(history: History, pod: str | None) -> Story | None:
    """The story of the pod asked for, of the first one if it is not there; None without pods."""
    known = history.pods()
    if not known:
        return None
    return story.read(history, next((one for one in known if pod in (one, one.partition("/")[2])), known[0]))


def _run(played: Played, told: Story, known: Lives, world: Scenario, session: Session, language: str) -> Json:
    pod = dict(told.looks[0].pod)
    birth = _birth(played, pod, known, language)
    lines = origins.lines(birth, pod) if birth else [origins.Line(line, (), None) for line in yaml.lines(pod)]
    return {
        "pod": next(one["pod"] for one in objects.pods(known) if one["pod"] in (told.pod, told.name)),
        "timeline": timeline.tell(told, language, world),
        "kubectl": printed.of(told, world.kubelet.offset),
        "manifest": {
            "written": session.manifest,
            "stored": "".join(f"{line.text}\n" for line in lines),
            "origins": [None if (o := line.origin) is None else {"by": o.by, "why": o.why, "line": o.line} for line in lines],
        },
    }


def _birth(played: Played, pod: Object, known: Lives, language: str) -> origins.Birth | None:
    """How a pod came to be; None for one that is not of the manifest: a command made it."""
    owners = {obj["metadata"]["uid"]: obj for _, _, obj in known.values()}
    top = objects.owner(pod, owners) or pod
    document = next((d for d, created in played.made if created["metadata"]["uid"] == top["metadata"]["uid"]), None)
    if document is None:
        return None
    return origins.of_manifest(document, pod, language) if top["kind"] == "Pod" else origins.of_pod(document, top, pod, language)
