"""The explorer in Jupyter: the page's own component, answered by the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from podsim.explorers.declarations import declaration, load
from podsim.explorers.declared import DeclarationError
from podsim.explorers.evaluation import evaluate
from podsim.timeline import table

ASSETS = Path(__file__).parent / "static"


class ExplorerWidget(anywidget.AnyWidget):
    """One explorer, which answers `{"kind": "evaluate", "request", "id", "parameters"}`.

    The answer is `{"kind": "result", "request"}` with `result`, or with `failure` where a value is not allowed.
    As plain text an explorer is its table, the same in every run.
    """

    _esm = ASSETS / "widget.js"
    declaration = traitlets.Dict().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode("en").tag(sync=True)

    def __init__(self, explorer_id: str, language: str = "en", **parameters: Any) -> None:
        result = evaluate(explorer_id, parameters, language)
        super().__init__(declaration=declaration(load(explorer_id), language), result=result, language=language)
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        if content.get("kind") != "evaluate":
            return
        reply: dict[str, Any] = {"kind": "result", "request": content.get("request")}
        try:
            reply["result"] = evaluate(
                content.get("id", self.declaration["id"]), content.get("parameters", {}), self.language
            )
        except DeclarationError as error:
            reply["failure"] = str(error)
        self.send(reply)

    def __repr__(self) -> str:
        """The explorer's own run as a text table."""
        return table.text(self.result["timeline"], language=self.language)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = repr(self)
        return bundle
