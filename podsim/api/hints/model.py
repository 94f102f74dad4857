"""What a rule gets and gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from podsim.api import schema
from podsim.api.hints.written import Written
from podsim.api.manifest import Document, parse_path
from podsim.api.schema import Field
from podsim.api.yamltypes import Path


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of advice; line and column from 1. `fixed_text`: the whole text repaired, where that can be done.

    `changes` are the lines that the repair changes, with - and + before them; `source` is the file, where a command read several.
    """

    line: int | None
    column: int | None
    message: str
    fixed_text: str | None = None
    changes: str = ""
    source: str = ""

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.source, self.line, self.column) if part) + f": {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error of the server: the path of a field ("" where it names none) and the words behind it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """One object of a manifest and what the server says of it."""

    written: Written
    document: Document
    complaints: tuple[Complaint, ...]

    @property
    def object(self) -> dict[str, Any]:
        """The object as written."""
        return dict(self.document.object)

    def value(self, path: Path) -> Any:
        """What is written at `path`; None if nothing is."""
        return self.written.document_value(path)

    def items(self, path: Path) -> list[dict[str, Any]]:
        """The objects of a list; none where no list is written."""
        value = self.value(path)
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

    def port(self, path: Path, otherwise: int = 0) -> int:
        """The first port of the container around `path`."""
        container = next((path[:n] for n in range(len(path), 0, -1) if isinstance(path[n - 1], int)), ())
        ports = (port.get("containerPort") for port in self.items((*container, "ports")))
        return next((port for port in ports if isinstance(port, int)), otherwise)

    def steps(self, path: str) -> Path:
        """A path of the server as steps."""
        return parse_path(path)

    def at_key(self, path: Path, message: str, fixed: str | None = None) -> Hint:
        """A hint at a key."""
        return Hint(*self.written.key_position(path), message, fixed)

    def at_value(self, path: Path, message: str, fixed: str | None = None) -> Hint:
        """A hint at a value."""
        return Hint(*self.written.value_position(path), message, fixed)

    def walk(self) -> Iterator[tuple[Path, Any]]:
        """(path, value) of everything that is written."""
        for path in self.written.positions:
            yield path, self.value(path)

    def field(self, path: Path) -> Field | None:
        """The schema's field at `path`; for an item of a list or a map that of the whole."""
        names = [step for step in path if isinstance(step, str)]
        found: Field | None = None
        current = str(self.object.get("kind", ""))
        for name in names:
            if found is not None and found.container == "map":
                return found
            found = schema.types().get(current, {}).get(name)
            if found is None:
                return None
            current = found.type
        return found

    def type_at(self, path: Path) -> str:
        """The schema's type of the object at `path`; "" beyond what the schema knows."""
        if not path:
            return str(self.object.get("kind", ""))
        found = self.field(path)
        return found.type if found else ""


def shown(steps: Path) -> str:
    """Steps as `spec.containers[0]`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
