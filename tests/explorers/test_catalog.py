"""What every explorer of the catalog keeps to, whichever preset a reader tries."""

from __future__ import annotations

from typing import Any

import pytest

from podsim import explorers
from podsim.timeline import table

CATALOG = explorers.catalog()
PRESETS = [(entry["id"], preset) for entry in CATALOG for preset in entry["presets"]]
LONGEST_TITLE = 34  # letters; with more, the head wraps at 1280 px once its buttons come, and the page moves


@pytest.mark.parametrize("language", ["en", "ko"])
def test_titles_stand_beside_the_buttons(language: str) -> None:
    assert [entry["title"] for entry in explorers.catalog(language) if len(entry["title"]) > LONGEST_TITLE] == []


@pytest.mark.parametrize(("explorer_id", "preset"), PRESETS, ids=[f"{name}-{preset['id']}" for name, preset in PRESETS])
def test_every_change_has_a_reason(explorer_id: str, preset: dict[str, Any]) -> None:
    result = explorers.evaluate(explorer_id, preset["set"])
    assert result["error"] or [row for row in table.rows(result["timeline"]) if not row.because] == []
