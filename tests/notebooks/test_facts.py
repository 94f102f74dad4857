"""Every statement of the tutorial has a cell that shows it: the cell's metadata name it and a text that the cell prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FACTS = yaml.safe_load((ROOT / "book" / "reference" / "facts.yaml").read_text(encoding="utf-8"))
CHAPTERS = {int(path.name[:2]): path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))}
WRITTEN = [fact for fact in FACTS if fact["chapter"] in CHAPTERS]


def shown(chapter: int) -> dict[str, list[tuple[str, str]]]:
    """Statement's id -> (text that shows it, what the cell prints)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for cell in nbformat.read(CHAPTERS[chapter], as_version=4).cells:
        for fact, text in cell.metadata.get("facts", {}).items():
            found.setdefault(fact, []).append((text, "\n".join(map(printed, cell.outputs))))
    return found


def printed(output: Any) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))


@pytest.mark.parametrize("fact", WRITTEN, ids=lambda fact: fact["id"])
def test_a_cell_shows_the_statement_by_running_it(fact: dict[str, Any]) -> None:
    claims = shown(fact["chapter"]).get(fact["id"], [])
    assert claims, f"no cell of chapter {fact['chapter']} shows {fact['id']}: {fact['says']}"
    assert [text for text, output in claims if not text.strip() or text not in output] == []


def test_cells_show_statements_that_there_are() -> None:
    known = {(fact["chapter"], fact["id"]) for fact in FACTS}
    assert {(chapter, fact) for chapter in CHAPTERS for fact in shown(chapter)} <= known
