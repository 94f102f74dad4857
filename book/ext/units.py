"""Keeps a number and its unit on one line."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

UNIT = re.compile(r"(?<=\d) (?=(?:s|ms|min|MB)\b)")


def hold(_app: Sphinx, doctree: nodes.document) -> None:
    """Puts a no-break space between them, in prose only."""
    for text in list(doctree.findall(nodes.Text)):
        if not isinstance(text.parent, nodes.literal | nodes.FixedTextElement | nodes.raw):
            text.parent.replace(text, nodes.Text(UNIT.sub("\N{NO-BREAK SPACE}", text)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.connect("doctree-read", hold)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
