"""Every notebook still prints what is stored in it, and a change of the simulator's answer is noticed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_WORDS = 900


def nbval(notebook: Path) -> subprocess.CompletedProcess[str]:
    """Runs the notebook and compares each output with the stored one."""
    rules = ["--nbval", "--nbval-sanitize-with", str(Path(__file__).with_name("nbval.cfg")), "-p", "no:cacheprovider", "-c", "/dev/null"]
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *rules, str(notebook)], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_what_podsim_says(notebook: Path) -> None:
    done = nbval(notebook)
    assert done.returncode == 0, done.stdout[-6000:]


def test_another_answer_of_the_simulator_is_noticed(tmp_path: Path) -> None:
    original = ROOT / "notebooks" / "06-restarts.ipynb"
    copy = tmp_path / original.name
    shutil.copy(original, copy)
    stored = copy.read_text(encoding="utf-8")
    changed = stored.replace("not named: Always", "not named: Never")
    assert changed != stored
    copy.write_text(changed, encoding="utf-8")
    done = nbval(copy)
    assert done.returncode == 1
    assert "ot named: Always" in done.stdout


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_is_short_and_stores_every_output(notebook: Path) -> None:
    cells = nbformat.read(notebook, as_version=4).cells
    prose = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert len(prose.split()) <= MOST_WORDS
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert [cell.source for cell in code if cell.execution_count is None] == []
    assert code[0].source.endswith(")"), "the explorer comes first"
    assert code[0].outputs[0]["data"]["text/plain"].startswith("Time "), "an explorer's text is its table"
