"""Leaves in the theme's icon font what the book shows: some thirty of 1,400 icons.

An icon is shown where a page's element has its class, and where a style sheet writes its character for other elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

FONT = "_static/vendor/fontawesome/webfonts/fa-solid-900"
CLASS = re.compile(r"\bfa-([a-z0-9-]+)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
ESCAPED = re.compile(r"\\([0-9a-f]{2,6})\s?")
TEXT = re.compile(r'content:"([^"]+)"|--[\w-]+:"([\ue000-\uf8ff])"')


def shown(styles: str, used: set[str]) -> Iterator[str]:
    """The characters that `styles` write, but for those of icon classes that are not `used`."""
    for selectors, body in RULE.findall(ESCAPED.sub(lambda m: chr(int(m[1], 16)), styles)):
        names = set(CLASS.findall(selectors))
        if not names or names & used:
            yield from (text for pair in TEXT.findall(body) for text in pair)


def finish(app: Sphinx, failure: Exception | None) -> None:
    """Rewrites the font of a book that is built."""
    if failure is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    used = {name for page in out.rglob("*.html") for name in CLASS.findall(page.read_text(encoding="utf-8"))}
    styles = "\n".join(sheet.read_text(encoding="utf-8") for sheet in (out / "_static").rglob("*.css"))
    options = Options()
    options.layout_features = []
    for flavor, suffix in (("woff2", ".woff2"), (None, ".ttf")):
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(shown(styles, used)))
        with TTFont(out / (FONT + suffix)) as font:
            subsetter.subset(font)
            font.flavor = flavor
            font.save(out / (FONT + suffix))


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
