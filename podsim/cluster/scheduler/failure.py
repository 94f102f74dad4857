"""Why one node cannot take a pod."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """The texts of the plug-in that objects, and whether evicting pods could help."""

    reasons: tuple[str, ...]
    preemptible: bool


def hopeless(*reasons: str) -> Failure:
    """A failure that no eviction cures.                                      framework UnschedulableAndUnresolvable"""
    return Failure(reasons, preemptible=False)


def soft(*reasons: str) -> Failure:
    """A failure that other pods cause.                                                    framework Unschedulable"""
    return Failure(reasons, preemptible=True)
