"""What a page or a notebook may ask of Python: named calls, JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from podsim.explorers.declared import wrong
from podsim.explorers.evaluation import evaluate


def _evaluate(id: str, parameters: Mapping[str, Any], language: str = "en") -> Any:  # noqa: A002 - the argument's name in JSON
    return evaluate(id, parameters, language)


CALLS: Mapping[str, Callable[..., Any]] = {"evaluate": _evaluate}


def answer(call: str, arguments_json: str) -> str:
    """The result of `call` as JSON; the arguments are a JSON object of its parameters.

    Raises DeclarationError for a call that there is not, and what the call raises for values it cannot have.
    """
    if call not in CALLS:
        raise wrong("call", call, f"one of {', '.join(CALLS)}")
    return json.dumps(CALLS[call](**json.loads(arguments_json)), separators=(",", ":"), ensure_ascii=False)
