"""The tutorial's statements beside what is so today, each with the chapter that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "book" / "reference" / "facts.yaml"


class Facts(SphinxDirective):
    """`{facts}`: a list of the chapters, in each its statements."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(FACTS))
        chapters: dict[int, list[dict[str, Any]]] = {}
        for fact in yaml.safe_load(FACTS.read_text(encoding="utf-8")):
            chapters.setdefault(fact["chapter"], []).append(fact)
        self.content.data = [line for number in sorted(chapters) for line in section(number, chapters[number])]
        return self.parse_content_to_nodes(allow_section_headings=True)


def section(number: int, facts: list[dict[str, Any]]) -> list[str]:
    """One chapter's statements as a list in Markdown."""
    notebook = next((ROOT / "notebooks").glob(f"{number:02}-*.ipynb"))
    lines = [f"- *{fact['says']}*: **{fact['verdict']}**" + (f"; {fact['today']}" if "today" in fact else "") for fact in facts]
    return ["", f"## [](/notebooks/{notebook.name})", "", *lines, ""]


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.add_directive("facts", Facts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
