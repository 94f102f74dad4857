"""The explorers there are: one YAML file each in `catalog/`."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from podsim.explorers.declared import DeclarationError, Text, wrong
from podsim.explorers.model import Choice, Control, Explorer, Preset, parse
from podsim.explorers.prediction import Prediction

SUFFIX = ".yaml"


@cache
def ids() -> tuple[str, ...]:
    """The ids of all explorers, in order of the alphabet."""
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in _folder().iterdir() if file.name.endswith(SUFFIX)))


def load(explorer_id: str) -> Explorer:
    """An explorer of the catalog, or the one in a file `NAME.yaml` of your own; DeclarationError if there is none, or if its file is wrong."""
    return _own(explorer_id) if explorer_id.endswith(SUFFIX) else _of_catalog(explorer_id)


def _own(path: str) -> Explorer:
    """Read anew each time, and called by its path."""
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise DeclarationError(f"{path}: {error.strerror or error}") from error
    return replace(parse(text, path), id=path)


@cache
def _of_catalog(explorer_id: str) -> Explorer:
    if explorer_id not in ids():
        raise wrong("explorer", explorer_id, f"one of {', '.join(ids())}, or a file {SUFFIX}")
    file = explorer_id + SUFFIX
    explorer = parse(_folder().joinpath(file).read_text("utf-8"), file)
    if explorer.id != explorer_id:
        raise wrong(f"{file}: id", explorer.id, f"{explorer_id}, as the file is called")
    return explorer


def _folder() -> Traversable:
    """The catalog, opened anew each time: Python's kept memory outlives its open files."""
    return resources.files(__package__).joinpath("catalog")


def catalog(language: str = "en") -> list[dict[str, Any]]:
    """Every declaration as JSON, its texts in `language` (English where there is none)."""
    return [declaration(load(explorer_id), language) for explorer_id in ids()]


def declaration(explorer: Explorer, language: str = "en") -> dict[str, Any]:
    """One declaration as JSON."""
    return {
        "id": explorer.id,
        "title": said(explorer.title, language),
        "manifest": explorer.manifest,
        "until": explorer.until,
        "controls": [_control(control, language) for control in explorer.controls],
        "presets": [_preset(preset, language) for preset in explorer.presets],
        "lanes": None if explorer.lanes is None else list(explorer.lanes),
        "start": explorer.start,
        "notModelled": [said(text, language) for text in explorer.not_modelled],
        "predictions": [question(explorer, prediction, language) for prediction in explorer.predictions],
    }


def asked(prediction_id: str) -> tuple[Explorer, Prediction]:
    """A prediction of the catalog, or `FILE.yaml#ID` of your own, and its explorer; DeclarationError if there is none."""
    file, _, name = prediction_id.rpartition("#")
    every = {p.id: (explorer, p) for explorer in ([load(file)] if file else map(load, ids())) for p in explorer.predictions}
    if name not in every:
        raise wrong("prediction", prediction_id, f"one of {', '.join(sorted(every))}")
    return every[name]


def question(explorer: Explorer, prediction: Prediction, language: str = "en") -> dict[str, Any]:
    """One prediction as JSON, with everything but its answer; what it leaves open is filled in."""
    until = explorer.until if prediction.until is None else prediction.until
    lanes = explorer.lanes if prediction.lanes is None else prediction.lanes
    marker = prediction.marker
    return {
        "id": prediction.id,
        "misconception": prediction.misconception,
        "question": said(prediction.question, language),
        "set": dict(prediction.set or {}),
        "from": prediction.from_,
        "view": [prediction.since, until],
        "lanes": None if lanes is None else list(lanes),
        "hide": None if prediction.hide is None else list(prediction.hide),
        "choices": [{"id": option.id, "text": said(option.text, language)} for option in prediction.choices] or None,
        "marker": marker and {"label": said(marker.label, language), "tolerance": marker.tolerance},
    }


def said(text: Text | None, language: str) -> str:
    """A text in `language`, or in English."""
    return "" if text is None else str(text.get(language, text["en"]))


def _control(control: Control, language: str) -> dict[str, Any]:
    choices: tuple[Choice, ...] = control.choices
    return {
        "id": control.id,
        "bind": control.bind,
        "path": control.path,
        "as": control.as_,
        "label": said(control.label, language),
        "min": control.min,
        "max": control.max,
        "step": control.step,
        "unit": control.unit,
        "choices": [{"value": c.value, "label": said(c.label, language)} for c in choices] or None,
        "value": control.value,
    }


def _preset(preset: Preset, language: str) -> dict[str, Any]:
    return {"id": preset.id, "title": said(preset.title, language), "set": dict(preset.set or {}), "at": preset.at}
