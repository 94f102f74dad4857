"""Places the playground: the directive `{playground}`; only pages with it load it."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from explorers import ALONE, FOLDER, assets_of, data, pictures
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from podsim.playground.opening import first
from podsim.playground.playing import play
from podsim.timeline import messages, table


class playground(nodes.General, nodes.Element):  # noqa: N801 - docutils' way
    """The place of the playground."""


class PlaygroundDirective(SphinxDirective):
    """`{playground}`: the playground with the session that it begins with."""

    def run(self) -> list[nodes.Node]:
        return [playground()]


def visit_playground(translator: Any, _node: playground) -> None:
    translator.body.append(markup(translator.builder.config.language))
    raise nodes.SkipNode


def skip_playground(_translator: Any, _node: playground) -> None:
    raise nodes.SkipNode


def markup(language: str) -> str:
    """The element, useful as it stands: picture, table, and the answer that brings it to life."""
    kept = first()
    answer = play(kept["session"], language)
    timeline = answer["run"]["timeline"]
    return (
        '<pod-playground class="full-width" data-state="static">\n'
        f'<script type="application/json" data-part="session">{data(kept)}</script>\n'
        f'<script type="application/json" data-part="play">{data(answer)}</script>\n'
        f'<figure data-part="picture">{pictures(timeline, ALONE, language=language)}</figure>\n'
        f'<details data-part="table"><summary>{messages.load(language).say("predict", "table")}</summary>\n{table.html(timeline, language=language)}</details>\n'
        "</pod-playground>\n"
    )


def add_scripts(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """The loader and the playground's styles, on its page."""
    if doctree is None or not any(True for _ in doctree.findall(playground)):
        return
    folder = f"{'../' * page.count('/')}{FOLDER}/{assets_of(app).name}"
    loader = f'<script async src="{folder}/explorer.js"></script>\n'
    already = context.get("metatags", "")
    context["metatags"] = f'{already}<link rel="stylesheet" href="{folder}/playground.css">\n' + ("" if loader in already else loader)


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.add_node(
        playground,
        html=(visit_playground, None),
        **dict.fromkeys(("latex", "text", "man", "texinfo"), (skip_playground, None)),  # type: ignore[arg-type]
    )
    app.add_directive("playground", PlaygroundDirective)
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
