"""The playground's sentences in every language, in the form of `podsim.timeline.messages`."""

from __future__ import annotations

from podsim.timeline import messages
from podsim.timeline.messages import Messages


def load(language: str) -> Messages:
    """The messages of a language; ValueError if there is none."""
    return messages.load(language, __package__)
