"""Explorers: a manifest, a scenario and controls, declared in YAML and evaluated to JSON."""

from __future__ import annotations

from typing import Any

from podsim.explorers.declarations import catalog
from podsim.explorers.evaluation import evaluate
from podsim.timeline import table

__all__ = ["catalog", "evaluate", "explore"]


def explore(explorer_id: str, language: str = "en") -> Any:
    """In a notebook the explorer as a widget, elsewhere its text table, printed."""
    if _in_notebook():
        from podsim.explorers.widget import ExplorerWidget

        return ExplorerWidget(explorer_id, language)
    print(text_table(explorer_id, language), end="")
    return None


def text_table(explorer_id: str, language: str = "en") -> str:
    """The explorer's own run as a text table."""
    return table.text(evaluate(explorer_id, {}, language)["timeline"], language=language)


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None
