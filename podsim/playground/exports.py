"""A session as files that go on without the page: a scenario for `podsim run`, and a notebook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from podsim.kubectl import yaml
from podsim.kubectl.command import Result
from podsim.playground import messages, prompt, sessions
from podsim.playground.problems import FILE
from podsim.playground.sessions import Session

Json = dict[str, Any]
SETUP = f'''import plotly.graph_objects as go
import yaml

from podsim import Cluster

cluster = Cluster(scenario=yaml.safe_load(scenario))


def kubectl(line, timeout=None):
    """Runs a command at the cluster's present instant."""
    result = cluster.kubectl(line, files={{"{FILE}": manifest}}, timeout=timeout)
    print(result.stdout + result.stderr, end="")


kubectl("create -f {FILE}")'''


def export_scenario(session: Mapping[str, Any]) -> Json:
    """{"name", "type", "text"}: the scenario as YAML, with what was typed as its actions."""
    given = sessions.read(session)
    words = messages.load("en")
    data = dict(sessions.scenario(given))
    typed = list(_typed(given))
    actions = [{"at": at, "kubectl": line} for at, line in typed if FILE not in line]
    if actions:
        data["actions"] = [*(data.get("actions") or ()), *actions]
    head = [words.say("scenario-file", "head"), f"  podsim run {FILE} --scenario scenario.yaml --until {given.until:g}s"]
    head += [part for at, line in typed if FILE in line for part in (words.say("scenario-file", "typed", when=f"{at:g}s"), f"  kubectl {line}")]
    return {"name": "scenario.yaml", "type": "application/yaml", "text": "".join(f"# {line}\n" for line in head) + yaml.dump(data)}


def export_notebook(session: Mapping[str, Any], language: str = "en") -> Json:
    """{"name", "type", "text"}: a notebook that plays the session with `podsim.Cluster` and draws it; its words in `language`."""
    given = sessions.read(session)
    words = messages.load(language)
    text = given.scenario if isinstance(given.scenario, str) else yaml.dump(given.scenario) if given.scenario else ""
    cells = [_prose(f"# {words.say('notebook', 'title')}\n\n{words.say('notebook', 'intro')}")]
    for title, code in (
        ("manifest", _assigned("manifest", given.manifest)),
        ("scenario", _assigned("scenario", text)),
        ("commands", "\n".join([SETUP, *_played(given), f"cluster.run(until={given.until:g})"])),
        ("figure", f"go.Figure(cluster.history.figure({f'pod={given.pod!r}' if given.pod else ''}))"),
    ):
        cells += [_prose(f"## {words.say('notebook', title)}"), {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": code}]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    numbered = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)]
    book = {"cells": numbered, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    return {"name": "playground.ipynb", "type": "application/x-ipynb+json", "text": json.dumps(book, ensure_ascii=False, indent=1) + "\n"}


def _typed(session: Session) -> Iterator[tuple[float, str]]:
    """(at, words behind kubectl) of every line that is a kubectl command, in the order in which they run."""
    for command in sorted((c for c in session.commands if c.at <= session.until), key=lambda c: c.at):
        said = prompt.argv(command.line, messages.load("en"))
        if said and not isinstance(said, Result):
            yield command.at, command.line.strip().partition(" ")[2] if command.line.split()[0] in prompt.PROGRAMS else command.line.strip()


def _played(session: Session) -> Iterator[str]:
    typed = list(_typed(session))
    for at, line in typed:
        following = next((later for later, _ in typed if later > at), session.until)
        yield f"\ncluster.run(until={at:g})\nkubectl({line!r}, timeout={following:g} - cluster.now)"


def _assigned(name: str, text: str) -> str:
    """A text as a literal that reads as the text does."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'{name} = """\\\n{escaped}"""'


def _prose(text: str) -> Json:
    return {"cell_type": "markdown", "metadata": {}, "source": text}
