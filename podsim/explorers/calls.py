"""What a page or a notebook may ask of Python: named calls, JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from podsim.explorers.declared import wrong
from podsim.explorers.evaluation import evaluate


def _evaluate(id: str, parameters: Mapping[str, Any], language: str = "en", draft: bool = False) -> Any:  # noqa: A002 - the argument's name in JSON
    return evaluate(id, parameters, language, draft=draft)


def _later(place: str) -> Callable[..., Any]:
    """A function that is loaded when it is first called: few pages hold a playground."""
    module, _, name = place.partition(":")

    def call(**arguments: Any) -> Any:
        return getattr(import_module(module), name)(**arguments)

    return call


CALLS: Mapping[str, Callable[..., Any]] = {
    "evaluate": _evaluate,
    "play": _later("podsim.playground.playing:play"),
    "complete": _later("podsim.playground.completion:complete"),
    "suggest": _later("podsim.playground.suggestion:suggest"),
    "diagnose": _later("podsim.playground.diagnosis:diagnose"),
    "incidents": _later("podsim.playground.incidents:listed"),
    "export_scenario": _later("podsim.playground.exports:export_scenario"),
    "export_notebook": _later("podsim.playground.exports:export_notebook"),
}


def answer(call: str, arguments_json: str) -> str:
    """The result of `call` as JSON; the arguments are a JSON object of its parameters.

    Raises DeclarationError for a call that there is not, and what the call raises for values it cannot have.
    """
    if call not in CALLS:
        raise wrong("call", call, f"one of {', '.join(CALLS)}")
    return json.dumps(CALLS[call](**json.loads(arguments_json)), separators=(",", ":"), ensure_ascii=False)
