"""What a prediction is: a question about one run of an explorer, answered before the figure shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from podsim.explorers import claims
from podsim.explorers.claims import Claim, Occasion
from podsim.explorers.declared import DeclarationError, Text, wrong

MISCONCEPTIONS = 25  # how many the book's table has


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen; it is the true one if all its claims hold."""

    id: str
    text: Text
    when: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Marker:
    """An instant that the reader places on the time axis. `label` names it: `Ready turns False`.

    True is where the occasion begins (`edge: ends`: where it ends); `tolerance` (s) is how far off still counts as right.
    """

    label: Text
    when: Occasion
    tolerance: float
    edge: Literal["begins", "ends"] = "begins"


@dataclass(frozen=True, slots=True)
class Prediction:
    """One question. Its answer is computed from the run; `answer`, an option's id or seconds, is what a test expects.

    `set` are values of the explorer's controls. The run goes on until `until` (s), by default as long as the explorer's,
    and the figure shows it from `since` (s) on. `from` (s) is where the curtain begins, before the cause; `at` (s) is
    where the playhead stands once the curtain is open, by default at the marker.
    `lanes` are the lanes drawn (ids or groups), by default the explorer's; `hide` those that the curtain covers, by
    default all but the world. `because` says the rule, and the belief that it corrects; `source` is the upstream
    function or the page that says so. `misconception` is the belief's number in the book's table.
    """

    id: str
    misconception: int
    question: Text
    answer: Any
    because: Text
    source: str
    choices: tuple[Option, ...] = ()
    marker: Marker | None = None
    set: Mapping[str, Any] | None = None
    until: float | None = None
    from_: float = 0.0
    since: float = 0.0
    at: float | None = None
    lanes: tuple[str, ...] | None = None
    hide: tuple[str, ...] | None = None

    def check(self, path: str, until: float) -> None:
        """Raises DeclarationError for what cannot be asked of a run of `until` seconds."""
        end = until if self.until is None else self.until
        if not 1 <= self.misconception <= MISCONCEPTIONS:
            raise wrong(f"{path}.misconception", self.misconception, f"a number from 1 to {MISCONCEPTIONS}")
        if bool(self.choices) == bool(self.marker):
            raise DeclarationError(f"{path}: give `choices` or a `marker`")
        if not 0 <= self.since <= self.from_ < end:
            raise wrong(f"{path}.from", self.from_, f"seconds from `since` ({self.since:g}) to the end of the run ({end:g})")
        if self.marker:
            claims.check(self.marker.when, f"{path}.marker.when")
            if not isinstance(self.answer, int | float):
                raise wrong(f"{path}.answer", self.answer, "seconds")
        elif len(self.choices) < 2 or self.answer not in [option.id for option in self.choices]:
            raise wrong(f"{path}.answer", self.answer, "the id of one of two or more choices")
        for n, option in enumerate(self.choices):
            for m, claim in enumerate(option.when):
                claims.check(claim, f"{path}.choices[{n}].when[{m}]")
