"""The pages that help people to make something of their own, done as they say."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
import yaml

from podsim import cli, explorers
from podsim.explorers import declarations

PAGES = {page.stem: page.read_text(encoding="utf-8") for page in (Path(__file__).resolve().parents[1] / "book" / "own").glob("*.md")}
SAVED = re.compile(r"[Ss]ave .*?as `(?P<name>[\w.-]+)`.*?^```yaml\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)


def saved(page: str, folder: Path) -> None:
    """Saves the files that the page asks for."""
    for found in SAVED.finditer(PAGES[page]):
        (folder / found["name"]).write_text(found["text"], encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], re.DOTALL | re.MULTILINE)


def said(code: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, {})  # noqa: S102 - it is ours
    return out.getvalue()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_explorer_in_20_lines(here: Path) -> None:
    saved("explorer", here)
    file = here / "slow-start.yaml"
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 20
    shown = said(blocks("explorer", "python")[0])
    assert "CrashLoopBackOff" in shown
    patient = explorers.evaluate(file.name, {"failure-threshold": 20})
    assert {label for lane in patient["timeline"]["lanes"] if lane["id"] == "status" for *_, label, _ in lane["segs"]} == {"Pending", "ContainerCreating", "Running"}


def test_its_question_is_answered_by_the_run(here: Path) -> None:
    saved("explorer", here)
    asked = blocks("explorer", "yaml")[1]
    file = here / "slow-start.yaml"
    file.write_text(file.read_text(encoding="utf-8") + asked, encoding="utf-8")
    revealed = said(blocks("explorer", "python")[1])
    assert revealed.startswith("at least twice\n")
    assert yaml.safe_load(asked)["predictions"][0]["answer"] == "again"


def test_every_key_of_an_explorer_is_explained() -> None:
    known = set(declarations.load("life").__dataclass_fields__)
    said_of = {re.sub(r"([A-Z])", r"_\1", key).lower() for key in re.findall(r"^\| `(\w+)`", PAGES["explorer"], re.MULTILINE)}
    assert known - said_of - {"id", "title", "pod", "panel"} == set()
    assert said_of <= known


def test_an_incident_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved("incident", here)
    for line in blocks("incident", "sh")[0].splitlines():
        assert cli.main(shlex.split(line)[1:]) == 0
    shown = capsys.readouterr().out
    assert "OOMKilled" in shown
    assert "BackOff" in shown
    assert (here / "incident.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_teams_manifests_are_checked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "deploy").mkdir()
    (here / "deploy" / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, imagee: a}]}\n")
    command = shlex.split(blocks("ci", "sh")[0])[1:]
    assert cli.main(command) == 1
    assert "deploy/pod.yaml:4:" in capsys.readouterr().out
    (hook,) = yaml.safe_load(blocks("ci", "yaml")[0])["repos"][0]["hooks"]
    assert re.search(hook["files"], "deploy/pod.yaml")


def test_a_teams_test_of_behaviour_runs() -> None:
    assert said(blocks("ci", "python")[0]) == ""
