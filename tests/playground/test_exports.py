"""What leaves the page plays the same story elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from podsim import cli, simulate
from podsim.playground import incidents
from podsim.playground.exports import export_notebook, export_scenario
from podsim.playground.playing import play
from tests.playground.test_playing import POD, session

ODD = POD + '  # """ and \\ and \'\'\'\n'
CRASH = {"containers": {"app": {"runs": [{"for": 5, "exit": 1}]}}}
STORY = session(ODD, (30, "kubectl get pods"), (40, "k delete pod web"), (41, "ls"), (60, "kubectl apply -f manifest.yaml"), scenario=CRASH)


def cells(story: dict[str, Any], kind: str) -> list[str]:
    book = json.loads(export_notebook(story)["text"])
    return [cell["source"] for cell in book["cells"] if cell["cell_type"] == kind]


def test_the_notebook_runs_and_prints_what_the_prompt_printed(capsys: pytest.CaptureFixture[str]):
    nbformat.validate(nbformat.reads(export_notebook(STORY)["text"], as_version=4))
    names: dict[str, Any] = {}
    for code in cells(STORY, "code"):
        exec(code, names)  # noqa: S102 - the notebook is the project's own
    assert names["manifest"] == ODD
    assert names["cluster"].now == 120
    printed = capsys.readouterr().out
    for entry in play(STORY)["transcript"]:
        if entry["line"] != "ls":
            assert entry["stdout"] in printed


@pytest.mark.parametrize("incident_id", ["rollout-stuck", "finalizer", "node-silent"])
def test_notebooks_of_incidents_run(incident_id: str):
    names: dict[str, Any] = {}
    story = incidents.load()[incident_id].session
    for code in cells(story, "code"):
        exec(code, names)  # noqa: S102
    assert names["cluster"].now == story["until"]


def test_the_scenario_file_is_read_and_leads_to_the_same_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    story = session(POD, (30, "kubectl delete pod web"), scenario=CRASH)
    text = export_scenario(story)["text"]
    history = simulate(POD, yaml.safe_load(text), until=120)
    gone = next(r.t for r in history.revisions if r.type == "DELETED" and r.object["kind"] == "Pod")
    assert gone / 1000 == play(story)["pods"][0]["gone"]
    (tmp_path / "manifest.yaml").write_text(POD)
    (tmp_path / "scenario.yaml").write_text(text)
    assert cli.main(["run", str(tmp_path / "manifest.yaml"), "--scenario", str(tmp_path / "scenario.yaml"), "--until", "20s"]) == 0
    assert "web" in capsys.readouterr().out


def test_a_command_that_reads_a_file_is_told_beside_the_actions():
    text = export_scenario(STORY)["text"]
    assert yaml.safe_load(text)["actions"] == [{"at": 30, "kubectl": "get pods"}, {"at": 40, "kubectl": "delete pod web"}]
    assert "#   kubectl apply -f manifest.yaml\n" in text
