"""What the pages and the README say exists, and what exists is said."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import podsim
from podsim import cli, explorers
from podsim.cluster import scenario

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "book" / "reference"
COMMANDS = (REFERENCE / "command-line.md").read_text(encoding="utf-8")
SCENARIO = (REFERENCE / "scenario.md").read_text(encoding="utf-8")
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: busybox:1.36
"""


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def verbs() -> dict[str, argparse.ArgumentParser]:
    parser = cli._parser()
    found = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)


def test_every_command_and_option_is_in_the_reference() -> None:
    for name, verb in verbs().items():
        assert f"podsim {name}" in COMMANDS
        if name == "run":
            for action in verb._actions:
                words = [word for word in action.option_strings if word not in ("-h", "--help")]
                assert not words or any(f"{word} " in COMMANDS for word in words), words


def test_every_public_name_is_in_the_reference() -> None:
    assert [name for name in podsim.__all__ if name not in COMMANDS] == []


@pytest.mark.parametrize("form", re.findall(r"`(\w+)`", next(line for line in COMMANDS.splitlines() if line.startswith("`-o` takes"))))
def test_every_form_of_output_works(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pod.yaml"
    file.write_text(POD)
    assert cli.main(["run", str(file), "-o", form]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize("code", blocks(COMMANDS, "python"))
def test_the_python_of_the_reference_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(code.replace('open("pod.yaml").read()', "POD"), {"POD": POD})  # noqa: S102 - it is ours
    assert "Running" in said.getvalue() or "CrashLoopBackOff" in said.getvalue()


@pytest.mark.parametrize("code", blocks(SCENARIO, "yaml"))
def test_the_scenarios_of_the_reference_are_valid(code: str) -> None:
    world = yaml.safe_load(code)
    scenario.read(world)
    jsonschema.validate(json.loads(json.dumps(world)), scenario.json_schema())


@pytest.mark.parametrize("entry", explorers.catalog(), ids=lambda entry: entry["id"])
def test_every_explorer_has_its_place_in_the_book(entry: dict[str, Any]) -> None:
    pages = [*(ROOT / "book").rglob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]
    asked = (f'"prediction": "{prediction["id"]}"' for prediction in entry["predictions"])
    places = (f"{{explorer}} {entry['id']}\n", f'"explorer": "{entry["id"]}"', *asked)
    assert [page.name for page in pages if any(place in page.read_text(encoding="utf-8") for place in places)]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_and_paths_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    paths = [path for path in re.findall(r"`([\w./-]+/[\w./-]*)`", text) if "NAME" not in path and not path.startswith(".venv")]
    assert [place for place in [*links, *paths] if not (ROOT / place).exists()] == []


def test_the_targets_of_the_documentation_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    said = {word for page in ("README.md", "CONTRIBUTING.md") for word in re.findall(r"make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"))}
    assert said <= targets
