"""A simulation may be given a budget, so that no manifest can keep its reader waiting for good. The unit is one step of the clock."""

from __future__ import annotations

import math

import simpy

SHOWN = 50_000  # of a run that somebody waits for: half a second of CPython, two in a browser; one probe a second takes 7,500 in an hour
WRITE = 30  # steps that take about as long as storing a revision and telling everybody


class SpentError(Exception):
    """The budget is spent; the clock stands where it was. What has been recorded until then stays good."""


class Environment(simpy.Environment):
    """SimPy's, with a budget: the same simulation stops at the same step everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.budget = math.inf

    def spend(self, steps: int) -> None:
        """Takes `steps` off the budget. Raises SpentError if it does not hold them."""
        self.budget -= steps
        if self.budget < 0:
            raise SpentError

    def step(self) -> None:
        """One event of the clock. Raises SpentError."""
        self.spend(1)
        super().step()
