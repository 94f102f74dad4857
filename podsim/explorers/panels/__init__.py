"""Diagrams beside the timeline: each a pure function of a run, drawn in one way. An explorer's `panel` names one."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from podsim.explorers.panels import fit, grace, namespaces, network, picture, policy, qos, quantity
from podsim.explorers.panels.picture import Picture
from podsim.explorers.panels.scene import Say, Scene
from podsim.timeline import messages

PANELS: dict[str, Callable[[Scene, Say], Picture]] = {
    "fit": fit.picture, "grace": grace.picture, "namespaces": namespaces.picture, "network": network.picture,
    "policy": policy.picture, "qos": qos.picture, "quantity": quantity.picture,
}  # fmt: skip
Panel = dict[str, Any]


def of(name: str, scene: Scene, language: str) -> Panel:
    """{"title", "svg": {"wide", "narrow"}, "table"}: the drawing at two widths, and (name, what is there) of each row."""
    drawn = PANELS[name](scene, messages.load(language, __package__).say)
    wide, narrow = (picture.draw(drawn, width) for width in (picture.WIDE, picture.NARROW))
    return {"title": drawn.title, "svg": {"wide": wide, "narrow": narrow}, "table": picture.table(drawn)}


def text(panel: Panel) -> str:
    """The table as text, its title above it."""
    width = max(len(name) for name, _ in panel["table"])
    return "\n".join([panel["title"], "", *(f"{name:<{width}}   {there}".rstrip() for name, there in panel["table"])]) + "\n"


def html(panel: Panel) -> str:
    """The table as HTML."""
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(there)}</td></tr>\n' for name, there in panel["table"])
    return f'<table class="podsim-panel-table"><caption>{escape(panel["title"])}</caption>\n<tbody>\n{rows}</tbody></table>\n'
