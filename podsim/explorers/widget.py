"""Explorers and predictions in Jupyter: the page's own component, answered by the kernel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from podsim.explorers.calls import answer
from podsim.explorers.declarations import declaration, load
from podsim.explorers.evaluation import evaluate, tables
from podsim.explorers.predictions import play, text

ASSETS = Path(__file__).parent / "static"


class KernelWidget(anywidget.AnyWidget):
    """Answers `{"request", "call", "arguments"}` by `{"request", "result"}` (JSON) or `{"request", "failure"}`.

    As plain text it is its `repr`, the same in every run.
    """

    _esm = ASSETS / "widget.js"
    language = traitlets.Unicode("en").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        reply: dict[str, Any] = {"request": content["request"]}
        try:
            reply["result"] = answer(content["call"], json.dumps(content["arguments"]))
        except ValueError as error:
            reply["failure"] = str(error)
        self.send(reply)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = repr(self)
        return bundle


class PredictionWidget(KernelWidget):
    """One prediction, played; `prediction` is what `play` gives. As plain text it is the question without its answer."""

    prediction = traitlets.Dict().tag(sync=True)

    def __init__(self, prediction_id: str, language: str = "en") -> None:
        super().__init__(prediction=play(prediction_id, language), language=language)
        self._asked = prediction_id

    def __repr__(self) -> str:
        return text(self._asked, self.language)


class ExplorerWidget(KernelWidget):
    """One explorer. As plain text it is its table."""

    declaration = traitlets.Dict().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)

    def __init__(self, explorer_id: str, language: str = "en", **parameters: Any) -> None:
        result = evaluate(explorer_id, parameters, language)
        super().__init__(declaration=declaration(load(explorer_id), language), result=result, language=language)

    def __repr__(self) -> str:
        """The explorer's own run as a text table, and its panel as another."""
        return tables(self.result, self.language)
