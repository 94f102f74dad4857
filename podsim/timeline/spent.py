"""What is said of a run that was stopped because its budget was spent."""

from __future__ import annotations

from typing import Any

from podsim.timeline import messages
from podsim.timeline.model import WorldMark


def said(at: float, language: str) -> dict[str, Any]:
    """{"at", "why"}: the second at which the clock stands, and a sentence."""
    return {"at": at, "why": messages.load(language).say("budget", "spent", at=at)}


def mark(at: float, language: str) -> WorldMark:
    """Where the figure ends."""
    return (at, "stopped", messages.load(language).say("budget", "mark"), None)
