"""What a controller decides to do: data that `loop` carries out in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from podsim.cluster.store import Object

Related = Mapping[str, Sequence[Object]]  # kind -> the objects that matter to the owner, oldest first


@dataclass(frozen=True, slots=True)
class Event:
    """An event about the owner; `{name}` in `message` is the name of the object created."""

    reason: str
    message: str
    type: Literal["Normal", "Warning"] = "Normal"


@dataclass(frozen=True, slots=True)
class Create:
    """Creates an object."""

    object: Object
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Deletes an object, a pod with its own grace period."""

    object: Object
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Stores a new version of an object."""

    object: Object


@dataclass(frozen=True, slots=True)
class WriteStatus:
    """Writes the owner's status."""

    status: Object


Action = Create | Delete | Update | WriteStatus | Event


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now, in order, and after how many ms to look again even if nothing changes."""

    actions: tuple[Action, ...] = ()
    again: float | None = None
