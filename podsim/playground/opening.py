"""The playground opened: the session it begins with, in a notebook as a widget."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

from podsim.explorers import in_notebook
from podsim.playground.playing import play as played
from podsim.timeline import table


def first() -> dict[str, Any]:
    """{"session", "t"}: what the playground begins with, and the second at which its playhead stands."""
    kept: dict[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("first.yaml").read_text("utf-8"))
    return {**kept, "session": {"commands": [], **kept["session"]}}


def play(manifest: str | None = None, scenario: Any = "", until: float = 120, language: str = "en") -> Any:
    """In a notebook the playground with this manifest (YAML), elsewhere the run of its first pod as a text table, printed.

    `scenario` is YAML text or a mapping, `until` seconds. Without a manifest: the one that the book's playground begins
    with. Raises DeclarationError for an `until` that no run can have.
    """
    kept: dict[str, Any] = first() if manifest is None else {"session": {"manifest": manifest, "scenario": scenario, "commands": [], "until": float(until)}, "t": 0.0}
    if in_notebook():
        from podsim.playground.widget import PlaygroundWidget

        return PlaygroundWidget(kept, language)
    print(text(played(kept["session"], language), language), end="")
    return None


def text(play: dict[str, Any], language: str) -> str:
    """The run watched as a text table, or what is wrong."""
    if play["run"] is None:
        return "".join(f"line {problem['from']['line']}: {problem['message']}\n" for problem in play["problems"]) or "no pod\n"
    return table.text(play["run"]["timeline"], language=language)
