"""Predictions played: what is true in the run, and the question as text."""

from __future__ import annotations

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

    "answer" is {"choice", "t", "at", "because", "source"}: the id of the true choice, or the marker's true seconds, and
    where the playhead stands. DeclarationError if not exactly one choice is true, or the marker's instant never comes.
    """
    explorer, prediction = asked(prediction_id)
    run = _run(explorer, prediction, language)(None)
    choice, t = truth(explorer, prediction)
    at = next(t for t in (prediction.at, t, explorer.start) if t is not None)
    return {
        "prediction": question(explorer, prediction, language),
        "explorer": explorer.id,
        "result": run,
        "answer": {"choice": choice, "t": t, "at": at, "because": said(prediction.because, language), "source": prediction.source},
    }


def truth(explorer: Explorer, prediction: Prediction) -> tuple[str | None, float | None]:
    """(the id of the true choice, None), or (None, the seconds at which the marker is right); raises as `play` does."""
    run = _run(explorer, prediction)
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
    explorer, prediction = asked(prediction_id)
    asks = question(explorer, prediction, language)
    words = messages.load(language)
    start, end = reading(prediction.from_), reading(asks["view"][1])
    lines = [f"- {choice['text']}" for choice in asks["choices"] or ()]
    lines = lines or [words.say("predict", "marker", label=asks["marker"]["label"], start=start, end=end)]
    return "\n".join([asks["question"], *lines, "", words.say("predict", "how", id=prediction_id), ""])


def revealed(prediction_id: str, language: str = "en") -> str:
    """The answer, the rule behind it, and the run as a table."""
    played = play(prediction_id, language)
    asks, answer = played["prediction"], played["answer"]
    words = messages.load(language)
    truths = [choice["text"] for choice in asks["choices"] or () if choice["id"] == answer["choice"]]
    truths = truths or [words.say("predict", "instant", label=asks["marker"]["label"], t=reading(answer["t"]))]
    run: Timeline = played["result"]["timeline"]
    seen: Timeline = {**run, "steps": [step for step in run["steps"] if step["t"] >= asks["view"][0]]}
    because = [*wrap(answer["because"], WIDTH), words.say("predict", "source", source=answer["source"])]
    return "\n".join([*truths, "", *because, "", table.text(seen, asks["lanes"], language)])


def _run(explorer: Explorer, prediction: Prediction, language: str = "en") -> Run:
    @cache
    def played(pod: str | None) -> Json:
        answer = evaluate(explorer.id, prediction.set or {}, language, until=prediction.until, pod=pod)
        if answer["error"]:
            raise DeclarationError(f"{prediction.id}: {answer['error']['message']}")
        return answer

    return played
