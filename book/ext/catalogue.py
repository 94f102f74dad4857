"""The reference of explorers: each with its controls, its cases and the pages that show it; and the schema of their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from podsim import explorers
from podsim.explorers.declared import wrong
from podsim.explorers.model import json_schema

ROOT = Path(__file__).resolve().parents[2]
PLACES = [*sorted((ROOT / "notebooks").glob("*.ipynb")), ROOT / "book" / "index.md", ROOT / "book" / "reference" / "scenario.md"]


class Explorers(SphinxDirective):
    """`{explorers}`: a section for each explorer of the catalog."""

    def run(self) -> list[nodes.Node]:
        for place in PLACES:
            self.env.note_dependency(str(place))
        self.content.data = [line for entry in explorers.catalog(self.config.language) for line in section(entry)]
        return self.parse_content_to_nodes(allow_section_headings=True)


def section(entry: dict[str, Any]) -> list[str]:
    """One explorer in Markdown."""
    controls = [f"| {c['label']} | `{c['path']}` | {allowed(c)} | {value(c, c['value'])} |" for c in entry["controls"]]
    table = ["", "| input | writes | may be | at first |", "|---|---|---|---|", *controls, ""] if controls else [""]
    presets = ", ".join(f"*{preset['title']}*" for preset in entry["presets"])
    return [
        f"## {entry['title']}",
        "",
        f"`{entry['id']}`, {entry['until']:g} s of one run, in {place(entry)}." + (f" Cases: {presets}." if presets else ""),
        *table,
    ]


def allowed(control: dict[str, Any]) -> str:
    """What a control may be, in words."""
    if control["as"] == "number":
        return f"{control['min'] or 0:g} to {control['max']:g} {control['unit'] or ''}".strip()
    if control["as"] == "choice":
        return ", ".join(value(control, choice["value"]) for choice in control["choices"])
    return {"bool": "yes or no", "text": "a text", "runs": "a list of runs"}[control["as"]]


def value(control: dict[str, Any], given: Any) -> str:
    """A value as the control shows it."""
    if control["as"] == "bool":
        return "yes" if given else "no"
    if control["as"] == "runs":
        return f"{len(given)} runs"
    if given is None:
        return next((choice["label"] for choice in control["choices"] or () if choice["value"] is None), "")
    return f"`{given}`" if control["as"] != "number" else f"{given:g} {control['unit'] or ''}".strip()


def place(entry: dict[str, Any]) -> str:
    """A link to the first page that shows the explorer, or asks one of its questions."""
    name, asked = entry["id"], [prediction["id"] for prediction in entry["predictions"]]
    marks = (f"{{explorer}} {name}\n", f'"explorer": "{name}"', *(f'"prediction": "{prediction}"' for prediction in asked))
    for mark in marks:
        for page in PLACES:
            if mark in page.read_text(encoding="utf-8"):
                return f"[](/{page.relative_to(ROOT).as_posix()})"
    raise wrong("explorer", name, "an explorer that a page shows")


def publish_schema(app: Sphinx, failure: Exception | None) -> None:
    """Writes the JSON Schema of an explorer's file beside the page."""
    if failure is None and app.builder.name == "html" and "book/reference/explorers" in app.env.found_docs:
        target = Path(app.outdir) / "book" / "reference" / "explorer.schema.json"
        target.write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the directive."""
    app.add_directive("explorers", Explorers)
    app.connect("build-finished", publish_schema)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
