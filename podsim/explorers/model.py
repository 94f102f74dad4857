"""What an explorer is: a manifest and a scenario, and controls that write values into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import yaml

from podsim.cluster import scenario as scenarios
from podsim.explorers import declared, paths
from podsim.explorers.declared import DeclarationError, Text
from podsim.explorers.panels import PANELS
from podsim.explorers.paths import Path
from podsim.explorers.prediction import Prediction
from podsim.explorers.written import find


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that may be chosen, and how it reads."""

    value: Any
    label: Text | None = None


MOST_RUNS, LONGEST_RUN, HIGHEST_EXIT = 12, 3600, 255  # book/web/src/runs.ts has the same


@dataclass(frozen=True, slots=True)
class Run:
    """One entry of a control that is a list of runs: seconds (None: until it is stopped), and how it ends."""

    for_: float | None = None
    exit: int = 0
    oom: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One input, bound to one place of the manifest or the scenario; `also`: further places in the scenario.

    `id` and `label` are by default the last key of the path, `value` is what stands there.
    """

    bind: Literal["manifest", "scenario"]
    path: str
    as_: Literal["number", "choice", "text", "bool", "runs"]
    also: tuple[str, ...] = ()
    id: str = ""
    label: Text | None = None
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str | None = None
    choices: tuple[Any, ...] = ()
    value: Any = None

    @property
    def places(self) -> list[Path]:
        """Its paths in parts, the main one first."""
        return [paths.parse(path) for path in (self.path, *self.also)]

    def check(self, value: Any, path: str) -> None:
        """Raises DeclarationError if the control cannot have that value."""
        if self.as_ == "choice":
            allowed = [choice.value for choice in self.choices]
            if not any(value == a and type(value) is type(a) for a in allowed):
                raise declared.wrong(path, value, f"one of {', '.join(map(str, allowed))}")
        elif self.as_ == "number":
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not (self.min or 0) <= value <= (self.max if self.max is not None else float("inf")):
                raise declared.wrong(
                    path, value, f"a number from {self.min or 0:g} to {'any' if self.max is None else f'{self.max:g}'}"
                )
        elif self.as_ == "runs":
            _check_runs(value, path)
        elif not isinstance(value, bool if self.as_ == "bool" else str):
            raise declared.wrong(path, value, "true or false" if self.as_ == "bool" else "a text")


def _check_runs(value: Any, path: str) -> None:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_RUNS:
        raise declared.wrong(path, value, f"a list of 1 to {MOST_RUNS} runs")
    for n, entry in enumerate(value):
        run = declared.read(Run, entry, f"{path}[{n}]")
        if not 0 <= (run.for_ or 0) <= LONGEST_RUN or not 0 <= run.exit <= HIGHEST_EXIT:
            raise declared.wrong(f"{path}[{n}]", entry, f"for up to {LONGEST_RUN} s and an exit code up to {HIGHEST_EXIT}")


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of control values, and where it puts the playhead (s)."""

    id: str
    title: Text
    set: Mapping[str, Any] | None = None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Explorer:
    """One declaration. `until` and `start` (of the playhead) are seconds; `lanes` None: all; `panel` is a diagram above it."""

    id: str
    title: Text
    manifest: str
    until: float
    scenario: Mapping[str, Any] | None = None
    controls: tuple[Control, ...] = ()
    presets: tuple[Preset, ...] = ()
    lanes: tuple[str, ...] | None = None
    panel: str | None = None
    pod: str | None = None
    start: float = 0.0
    not_modelled: tuple[Text, ...] = ()
    predictions: tuple[Prediction, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """The explorer's own value of every control."""
        return {control.id: control.value for control in self.controls}

    def bound_to(self, what: str) -> list[Control]:
        """The controls bound to the manifest or to the scenario."""
        return [control for control in self.controls if control.bind == what]

    def fill(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Every control's value, the explorer's own where `parameters` gives none. Raises DeclarationError."""
        own = self.values
        for name in parameters:
            if name not in own:
                raise declared.wrong(
                    f"{self.id}: {name}", parameters[name], f"values for {', '.join(own) or 'no control'} only"
                )
        filled = {**own, **parameters}
        for control in self.controls:
            control.check(filled[control.id], f"{self.id}: {control.id}")
        return filled


def parse(text: str, file: str) -> Explorer:
    """An explorer from its YAML text; DeclarationError naming `file`, path, value and what is allowed."""
    try:
        return _completed(declared.read(Explorer, yaml.safe_load(text)))
    except yaml.YAMLError as error:
        raise DeclarationError(f"{file}: {error}") from error
    except (DeclarationError, scenarios.ScenarioError) as error:
        raise DeclarationError(f"{file}: {error}") from error


def json_schema() -> dict[str, Any]:
    """The JSON Schema of an explorer's declaration."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "podsim explorer",
        **declared.schema(Explorer),
    }


def _completed(explorer: Explorer) -> Explorer:
    """With ids, labels and values of controls filled in, and everything that refers to something checked."""
    manifest = next(yaml.safe_load_all(explorer.manifest))
    scenarios.read(explorer.scenario)
    if explorer.panel not in (None, *PANELS):
        raise declared.wrong("panel", explorer.panel, f"one of {', '.join(PANELS)}")
    controls = tuple(
        _control(c, f"controls[{n}]", manifest, explorer.scenario) for n, c in enumerate(explorer.controls)
    )
    done = replace(explorer, controls=controls)
    for n, control in enumerate(controls):
        if [c.id for c in controls].count(control.id) > 1:
            raise declared.wrong(f"controls[{n}].id", control.id, "an id of its own")
        try:
            find(explorer.manifest, {control.id: control.places[0]} if control.bind == "manifest" else {})
        except ValueError as error:
            raise DeclarationError(f"controls[{n}].path: {error}") from error
    for n, preset in enumerate(explorer.presets):
        _check_values(done, preset.set, f"presets[{n}]")
    for n, prediction in enumerate(explorer.predictions):
        prediction.check(f"predictions[{n}]", explorer.until)
        _check_values(done, prediction.set, f"predictions[{n}]")
    return done


def _check_values(explorer: Explorer, given: Mapping[str, Any] | None, path: str) -> None:
    for name, value in (given or {}).items():
        if name not in explorer.values:
            raise declared.wrong(f"{path}.set.{name}", value, f"values for {', '.join(explorer.values)} only")
        next(c for c in explorer.controls if c.id == name).check(value, f"{path}.set.{name}")


def _control(control: Control, path: str, manifest: Any, scenario: Any) -> Control:
    try:
        place = control.places[0]
    except ValueError as error:
        raise DeclarationError(f"{path}.path: {error}") from error
    last = next(str(p) for p in reversed(place) if isinstance(p, str))
    own = paths.get(manifest if control.bind == "manifest" else scenario, place)
    done = replace(
        control,
        id=control.id or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", last).lower(),
        label=control.label or Text({"en": last}),
        choices=tuple(_choice(c, f"{path}.choices[{n}]") for n, c in enumerate(control.choices)),
        value=own if control.value is None else control.value,
    )
    done.check(done.value, f"{path}.value")
    return done


def _choice(given: Any, path: str) -> Choice:
    choice: Choice = declared.read(Choice, given, path) if isinstance(given, Mapping) else Choice(given)
    return choice if choice.label else replace(choice, label=Text({"en": str(choice.value)}))
