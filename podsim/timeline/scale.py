"""Seconds to pixels and back, piecewise linear: at true scale, or with long waits drawn short.

A stretch without any transition of L seconds is drawn L wide up to a knee, then knee * (1 + ln(L / knee)): order is
kept and a doubling adds a constant width.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from podsim.timeline.model import Timeline
from podsim.timeline.style import STYLE

KNEE = float(STYLE["waits"]["knee"])  # s
BAND_FROM = float(STYLE["waits"]["bandFrom"])  # s
SHORT_FROM = float(STYLE["waits"]["shortFrom"])  # s
TENTHS_BELOW = STYLE["waits"]["tenthsBelow"]  # s
TICK_ROOM = STYLE["geometry"]["tickRoom"]  # px between two ruler labels
TICK_END = STYLE["geometry"]["tickEnd"]  # px kept free at the right end


@dataclass(frozen=True, slots=True)
class Scale:
    """Knots in seconds and in px; between two of them the scale is linear."""

    knots: tuple[float, ...]
    pixels: tuple[float, ...]
    short_waits: bool

    @property
    def start(self) -> float:
        """The first second shown."""
        return self.knots[0]

    @property
    def end(self) -> float:
        """The last second shown."""
        return self.knots[-1]

    @property
    def width(self) -> float:
        """Width of the plot in px."""
        return self.pixels[-1]

    def px(self, t: float) -> float:
        """Where second `t` lies; outside of the view it is cut to its edge."""
        return _between(self.knots, self.pixels, min(max(t, self.start), self.end))

    def time(self, x: float) -> float:
        """Which second lies at `x` px."""
        return _between(self.pixels, self.knots, min(max(x, 0.0), self.width))

    def bands(self) -> list[tuple[float, float]]:
        """The stretches drawn so much shorter than they are that the figure says so."""
        pairs = pairwise(self.knots)
        return [(a, b) for a, b in pairs if b - a > BAND_FROM] if self.short_waits else []

    def ticks(self) -> list[float]:
        """The seconds with a label on the ruler: round ones, or with short waits those of real transitions."""
        return self._ticks_at_knots() if self.short_waits else self._round_ticks()

    def _round_ticks(self) -> list[float]:
        span = self.end - self.start
        step = next((s for s in STYLE["steps"] if s / span * self.width >= TICK_ROOM), STYLE["steps"][-1])
        first = math.ceil(self.start / step)
        return [float(n * step) for n in range(first, math.floor(self.end / step) + 1)]

    def _ticks_at_knots(self) -> list[float]:
        shown: list[float] = []
        for t in self.knots:
            apart = not shown or self.px(t) - self.px(shown[-1]) >= TICK_ROOM
            if apart and self.width - self.px(t) > TICK_END:
                shown.append(t)
        return shown


def scale_of(
    timeline: Timeline, width: float, view: tuple[float, float] | None = None, short_waits: bool | None = None
) -> Scale:
    """The scale of a figure `width` px wide; short waits are the rule for runs of more than two minutes."""
    start, end = view or (0.0, timeline["horizon"])
    short = end - start > SHORT_FROM if short_waits is None else short_waits
    return make(change_times(timeline), start, end, width, short)


def change_times(timeline: Timeline) -> set[float]:
    """The seconds at which something changes in some lane."""
    return {t for lane in timeline["lanes"] for seg in lane["segs"] for t in seg[:2]}


def make(times: Iterable[float], start: float, end: float, width: float, short_waits: bool) -> Scale:
    """A scale from `start` to `end` over `width` px; `times` are the transitions that part one wait from the next."""
    inner = sorted(t for t in set(times) if start < t < end) if short_waits else []
    knots = (start, *inner, end)
    sizes = [0.0]
    for a, b in pairwise(knots):
        sizes.append(sizes[-1] + (shortened(b - a) if short_waits else b - a))
    factor = width / sizes[-1]
    return Scale(knots, tuple(size * factor for size in sizes), short_waits)


def shortened(length: float) -> float:
    """How many seconds' width a stretch of `length` seconds gets."""
    return length if length <= KNEE else KNEE * (1 + math.log(length / KNEE))


def reading(t: float) -> str:
    """A time or a span as kubectl writes one, with tenths below two minutes: `40.3s`, `5m52s`."""
    tenths = math.floor(t * 10 + 0.5) / 10
    if tenths < TENTHS_BELOW:
        return f"{tenths:.10g}s"
    minutes, seconds = divmod(int(tenths), 60)
    hours, minutes = divmod(minutes, 60) if minutes >= 180 else (0, minutes)
    parts = [(hours, "h"), (minutes, "m"), (0 if hours else seconds, "s")]
    return "".join(f"{n}{unit}" for n, unit in parts if n) or "0s"


def _between(xs: tuple[float, ...], ys: tuple[float, ...], x: float) -> float:
    i = min(max(bisect_left(xs, x), 1), len(xs) - 1)
    span = xs[i] - xs[i - 1]
    return ys[i - 1] + (ys[i] - ys[i - 1]) * ((x - xs[i - 1]) / span if span else 0.0)
