"""Ages as kubectl words them: two or three significant figures, cut, never rounded."""

from __future__ import annotations

from datetime import datetime

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY  # Kubernetes' year has no leap day


def human_duration(seconds: float) -> str:
    """`97s`, `2m5s`, `179m`, `3h2m`, `2d1h`, `500d`, `2y10d`; `<invalid>` from two seconds below zero on.

    apimachinery/pkg/util/duration HumanDuration
    """
    whole = int(seconds)
    if whole < 0:
        return "<invalid>" if whole < -1 else "0s"
    for limit, unit, name, rest_unit, rest_name in _HUMAN_STEPS:
        if whole < limit:
            rest = whole % unit // rest_unit if rest_unit else 0
            return f"{whole // unit}{name}{rest}{rest_name}" if rest else f"{whole // unit}{name}"
    return f"{whole // YEAR}y"


def short_human_duration(seconds: float) -> str:
    """One figure and one unit: `59s`, `59m`, `23h`, `364d`, `1y`.                          ShortHumanDuration"""
    whole = int(seconds)
    if whole < 0:
        return "<invalid>" if whole < -1 else "0s"
    for limit, unit, name in ((MINUTE, 1, "s"), (HOUR, MINUTE, "m"), (DAY, HOUR, "h"), (YEAR, DAY, "d")):
        if whole < limit:
            return f"{whole // unit}{name}"
    return f"{whole // YEAR}y"


# below this many seconds: unit and its letter, then the unit of the rest and its letter
_HUMAN_STEPS = (
    (2 * MINUTE, 1, "s", 0, ""),
    (10 * MINUTE, MINUTE, "m", 1, "s"),
    (3 * HOUR, MINUTE, "m", 0, ""),
    (8 * HOUR, HOUR, "h", MINUTE, "m"),
    (2 * DAY, HOUR, "h", 0, ""),
    (8 * DAY, DAY, "d", HOUR, "h"),
    (2 * YEAR, DAY, "d", 0, ""),
    (8 * YEAR, YEAR, "y", DAY, "d"),
)


def instant(time: str | datetime) -> datetime:
    """The instant that an RFC 3339 text names."""
    return time if isinstance(time, datetime) else datetime.fromisoformat(time)


def age(stamp: str | None, now: datetime) -> str:
    """The age of a timestamp; `<unknown>` where there is none.              internalversion translateTimestampSince"""
    return human_duration((now - instant(stamp)).total_seconds()) if stamp else "<unknown>"
