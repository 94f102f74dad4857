"""Explorers: a manifest, a scenario and controls, declared in YAML and evaluated to JSON."""

from __future__ import annotations

from typing import Any

from podsim.explorers.declarations import catalog
from podsim.explorers.evaluation import evaluate, tables
from podsim.explorers.predictions import play, revealed
from podsim.explorers.predictions import text as question

__all__ = ["catalog", "evaluate", "explore", "in_notebook", "play", "predict"]


def explore(explorer_id: str, language: str = "en") -> Any:
    """In a notebook the explorer as a widget, elsewhere its text table, printed."""
    if in_notebook():
        from podsim.explorers.widget import ExplorerWidget

        return ExplorerWidget(explorer_id, language)
    print(text_table(explorer_id, language), end="")
    return None


def predict(prediction_id: str, language: str = "en", *, reveal: bool = False) -> Any:
    """In a notebook the prediction as a widget, elsewhere its question and choices; `reveal` prints answer, rule and table."""
    if in_notebook() and not reveal:
        from podsim.explorers.widget import PredictionWidget

        return PredictionWidget(prediction_id, language)
    print(revealed(prediction_id, language) if reveal else question(prediction_id, language), end="")
    return None


def text_table(explorer_id: str, language: str = "en") -> str:
    """The explorer's own run as a text table, and its panel as another."""
    return tables(evaluate(explorer_id, {}, language), language)


def in_notebook() -> bool:
    """Whether this Python is a notebook's kernel."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None
