"""Predictions played: what is true in the run, and the question as text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from textwrap import wrap
from typing import Any

from podsim.explorers import claims
from podsim.explorers.claims import Json, Run
from podsim.explorers.declarations import asked, question, said
from podsim.explorers.declared import DeclarationError
from podsim.explorers.evaluation import evaluate
from podsim.explorers.model import Explorer
from podsim.explorers.prediction import Prediction
from podsim.timeline import messages, table
from podsim.timeline.model import Timeline
from podsim.timeline.scale import reading

WIDTH = 100  # characters of a line of prose in a terminal


def play(prediction_id: str, language: str = "en") -> dict[str, Any]:
    """{"prediction", "explorer", "result", "answer"}: the question, the run as `evaluate` gives it, and what is true of it.

    "answer" is {"choice", "t", "at", "text", "because", "source"}: the id of the true choice, or the marker's true seconds,
    where the playhead stands, and what is true in words. DeclarationError if not exactly one choice is true, or the marker's instant never comes.
    """
    explorer, prediction = asked(prediction_id)
    run = run_of(explorer, prediction)
    asks = question(explorer, prediction, language)
    choice, t = truth(prediction, run)
    answer = {
        "choice": choice,
        "t": t,
        "at": next(t for t in (prediction.at, t, prediction.from_) if t is not None),
        "text": _answer_text(asks, choice, t, language),
        "because": said(prediction.because, language),
        "source": prediction.source,
    }
    return {
        "prediction": asks,
        "explorer": explorer.id,
        "result": {**(run if language == "en" else run_of(explorer, prediction, language))(None), "panel": None},  # a panel would tell the answer
        "answer": answer,
    }


def truth(prediction: Prediction, run: Run) -> tuple[str | None, float | None]:
    """(the id of the true choice, None), or (None, the seconds at which the marker is right); raises as `play` does."""
    if prediction.marker:
        found = claims.chosen(prediction.marker.when, run)
        if found is None:
            raise DeclarationError(f"{prediction.id}: the marker's instant never comes")
        return None, found[prediction.marker.edge == "ends"]
    true = [option.id for option in prediction.choices if all(claims.holds(claim, run) for claim in option.when)]
    if len(true) != 1:
        raise DeclarationError(f"{prediction.id}: one choice has to be true, not {' and '.join(true) or 'none'}")
    return true[0], None


def text(prediction_id: str, language: str = "en") -> str:
    """The question and its choices, and nothing that tells the answer."""
    asks = question(*asked(prediction_id), language)
    lines = [f"- {line}" for line in options(asks, language)]
    return "\n".join([asks["question"], *lines, "", messages.load(language).say("predict", "how", id=prediction_id), ""])


def options(asks: Mapping[str, Any], language: str = "en") -> list[str]:
    """The choices in words, or what the marker is to show."""
    if asks["choices"]:
        return [choice["text"] for choice in asks["choices"]]
    start, end = reading(asks["from"]), reading(asks["view"][1])
    return [messages.load(language).say("predict", "marker", label=asks["marker"]["label"], start=start, end=end)]


def revealed(prediction_id: str, language: str = "en") -> str:
    """The answer, the rule behind it, and the run as a table."""
    played = play(prediction_id, language)
    asks, answer = played["prediction"], played["answer"]
    words = messages.load(language)
    because = [*wrap(answer["because"], WIDTH), words.say("predict", "source", source=answer["source"])]
    return "\n".join([answer["text"], "", *because, "", table.text(seen(played), asks["lanes"], language)])


def seen(played: dict[str, Any]) -> Timeline:
    """The run with the steps of the stretch that is drawn."""
    run: Timeline = played["result"]["timeline"]
    return {**run, "steps": [step for step in run["steps"] if step["t"] >= played["prediction"]["view"][0]]}


def _answer_text(asks: Mapping[str, Any], choice: str | None, t: float | None, language: str) -> str:
    if t is not None:
        return messages.load(language).say("predict", "instant", label=asks["marker"]["label"], t=reading(t))
    return next(str(option["text"]) for option in asks["choices"] if option["id"] == choice)


def run_of(explorer: Explorer, prediction: Prediction, language: str = "en") -> Run:
    """The run that the question is about, seen from each pod that is asked for; DeclarationError if it is refused."""

    @cache
    def played(pod: str | None) -> Json:
        answer = evaluate(explorer.id, prediction.set or {}, language, until=prediction.until, pod=pod)
        if answer["error"]:
            raise DeclarationError(f"{prediction.id}: {answer['error']['message']}")
        return answer

    return played
