"""What the simulation left out of a history, as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from podsim.cluster.unmodelled import Note
from podsim.timeline import messages


def said(notes: Mapping[str, Note], language: str) -> dict[str, str]:
    """Path of what was asked for -> why it had no effect, or not the one that it has on a real cluster."""
    words = messages.load(language)
    return {path: words.say("unmodelled", note.key, **note.details) for path, note in notes.items()}
