"""Reference tables that are made from the code they describe."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from podsim.cluster import fields, scenario
from podsim.timeline import messages

PARTS: tuple[tuple[str, type], ...] = (
    ("scenario", scenario.Scenario),
    ("nodes[]", scenario.Node),
    ("nodes[].silent[]", scenario.Silence),
    ("images.REF", scenario.Image),
    ("containers.NAME", scenario.Script),
    ("containers.NAME.runs[]", scenario.Run),
    ("containers.NAME.on_term", scenario.OnTerm),
    ("containers.NAME.probes.TYPE[]", scenario.Window),
    ("containers.NAME.hooks.HOOK", scenario.Hook),
    ("actions[]", scenario.Action),
    ("actions[].pressure", scenario.Pressure),
    ("kubelet", scenario.KubeletClocks),
)


class ScenarioKeys(SphinxDirective):
    """`{scenario-keys}`: every key with its default."""

    def run(self) -> list[nodes.Node]:
        rows = [
            (part, ", ".join(key if default is None else f"{key} = {default}" for key, default in keys(model)), (model.__doc__ or "").strip())
            for part, model in PARTS
        ]
        return [grid(("part", "keys", "meaning"), rows, code=(0, 1), widths=(3, 4, 5))]


class NotModelled(SphinxDirective):
    """`{not-modelled}`: what a manifest may ask for in vain."""

    def run(self) -> list[nodes.Node]:
        places: dict[str, list[str]] = {}
        for place, key in (*fields.NOTED.items(), *((kind, kind) for kind in sorted(fields.KINDS))):
            places.setdefault(key, []).append(place)
        words = messages.load("en")
        rows = [(", ".join(found), words.say("unmodelled", key)) for key, found in places.items()]
        return [grid(("field or kind", "what does not happen"), rows, code=(0,), widths=(1, 1))]


def keys(model: type) -> list[tuple[str, Any]]:
    """(key, default) of a part of the scenario; None where there is no simple default."""
    found = []
    for key, (name, _) in scenario.keys_of(model).items():
        default = next(f.default for f in dataclasses.fields(model) if f.name == name)
        plain = isinstance(default, (str, int, float, bool)) and default not in ("", False)
        found.append((key, default if plain else None))
    return found


def grid(heads: tuple[str, ...], rows: list[tuple[str, ...]], code: tuple[int, ...], widths: tuple[int, ...]) -> nodes.table:
    """A table; the columns in `code` are set as code."""
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=width) for width in widths]
    head, body = nodes.thead(), nodes.tbody()
    head += row(heads, ())
    body += [row(cells, code) for cells in rows]
    group += [head, body]
    made = nodes.table(classes=["reference-table"])
    made += group
    return made


def row(cells: tuple[str, ...], code: tuple[int, ...]) -> nodes.row:
    made = nodes.row()
    for number, cell in enumerate(cells):
        paragraph = nodes.paragraph()
        paragraph += [nodes.literal(text=cell)] if number in code else marked(cell)
        entry = nodes.entry()
        entry += paragraph
        made += entry
    return made


def marked(text: str) -> list[nodes.Node]:
    """Text whose parts in backticks are code."""
    return [nodes.literal(text=part) if number % 2 else nodes.Text(part) for number, part in enumerate(text.split("`"))]


def publish_schema(app: Sphinx, failure: Exception | None) -> None:
    """Writes the JSON Schema of a scenario beside the page that explains it."""
    if failure is None and app.builder.name == "html" and "book/reference/scenario" in app.env.found_docs:
        target = Path(app.outdir) / "book" / "reference" / "scenario.schema.json"
        target.write_text(json.dumps(scenario.json_schema(), indent=2) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the directives."""
    app.add_directive("scenario-keys", ScenarioKeys)
    app.add_directive("not-modelled", NotModelled)
    app.connect("build-finished", publish_schema)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
