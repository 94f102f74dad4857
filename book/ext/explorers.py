"""Places explorers in the book and keeps its pages to what they need.

- the directive `{explorer} crash-loop`, and code cells with `explorer: crash-loop` in their metadata, become
  `<pod-explorer>` elements with their declaration, their own run, a picture and a table;
- in the same way `{prediction} exit-zero` and `prediction: exit-zero` become `<pod-prediction>` elements, which
  without scripts are the question, its choices and a closed answer;
- only pages with explorers load the front end, from a folder named after its content;
- no page loads anything from elsewhere, and each page's Content-Security-Policy allows exactly its own inline scripts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from languages import ENGLISH
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from podsim import explorers
from podsim.explorers import panels, predictions
from podsim.explorers.declarations import asked
from podsim.explorers.declared import DeclarationError
from podsim.timeline import messages, svg, table

FOLDER = "_static/podsim"
OTHERS = ("_static", "lite")  # folders of the built book whose pages are not its own
LATER = "playground."  # kept when its own page is visited
SERVICE_WORKER = "service-worker.js"  # at the book's root, since it may speak for nothing above its own folder
# px that the figure has in an explorer: beside inputs, without them, and on a phone
BESIDE, ALONE, PHONE = svg.WIDTH, 944, 306
# What a page may do: scripts of its own origin and the theme's inline ones by hash; WebAssembly for Python; one worker;
# inline styles, which plotly and the theme write; pictures the theme embeds. Nothing from anywhere else.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
ELSEWHERE = re.compile(r"""<(?:script|link)\b(?![^>]*rel=["'](?:canonical|alternate))[^>]*(?:src|href)=["'](?:https?:)?//[^>]*>(?:</script>)?""")
THEBE = re.compile(r"<script[^>]*>[^<]*(?:thebe|THEBE|sphinx_thebe)[^<]*</script>|<script[^>]*thebe[^>]*></script>")
ICONS = re.compile(r"<script[^>]*/fontawesome\.js[^>]*></script>")  # half a megabyte that draws again what the theme's font shows
HANDLER = re.compile(r'\son[a-z]+="[^"]*"')
# What the theme leaves to wish for: the reader's own colours before the first paint, scripts that wait for the text (inline ones need the first),
# names of buttons that hold the text they show, and a first page that is named once.
BETTER = (
    (re.compile(r'(dataset\.mode = localStorage\.getItem\("mode"\) \|\|) ""'), r'\1 "auto"'),
    (re.compile(r'(dataset\.theme = localStorage\.getItem\("theme"\) \|\|) ""'), r'\1 (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'),
    (re.compile(r'<script((?: data-[\w-]+="[^"]*")*) (?=src="(?!\S*/documentation_options\.js))'), r"<script\1 defer "),
    (re.compile(r'data-default-mode=""'), 'data-default-mode="auto"'),
    (re.compile(r'(<button class="btn search-button-field[^>]*?) title="[^"]*" aria-label="[^"]*"'), r"\1"),
    (re.compile(r'(<i class="theme-switch [^>]*?)\s+title="[^"]*"'), r"\1"),
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    (re.compile(r"<title>(.+) &#8212; \1</title>"), r"<title>\1</title>"),
)


class explorer(nodes.General, nodes.Element):  # noqa: N801 - docutils' way
    """A place for an explorer; `id` names it, `inputs` says whether a reader may change its values."""


class ExplorerDirective(SphinxDirective):
    """`{explorer} ID`; with `:without-inputs:` it shows the page's run and nothing else."""

    required_arguments = 1
    option_spec: ClassVar = {"without-inputs": directives.flag}

    def run(self) -> list[nodes.Node]:
        known = [entry["id"] for entry in explorers.catalog()]
        if self.arguments[0] not in known:
            raise self.error(f"there is no explorer {self.arguments[0]!r}; there are {', '.join(known)}")
        return [explorer(id=self.arguments[0], inputs="without-inputs" not in self.options)]


class prediction(nodes.General, nodes.Element):  # noqa: N801 - docutils' way
    """A place for a prediction; `id` names it."""


class PredictionDirective(SphinxDirective):
    """`{prediction} ID`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            asked(self.arguments[0])
        except DeclarationError as wrong:
            raise self.error(str(wrong)) from wrong
        return [prediction(id=self.arguments[0])]


def place_in_notebooks(_app: Sphinx, doctree: nodes.document) -> None:
    """Replaces cells whose metadata name an explorer or a prediction."""
    for cell in list(doctree.findall(nodes.container)):
        named = cell.get("cell_metadata", {}) if "cell" in cell.get("classes", ()) else {}
        if "explorer" in named:
            cell.replace_self(explorer(id=named["explorer"], inputs=True))
        elif "prediction" in named:
            cell.replace_self(prediction(id=named["prediction"]))


def visit_explorer(translator: Any, node: explorer) -> None:
    translator.body.append(markup(node["id"], translator.builder.config.language, inputs=node["inputs"]))
    raise nodes.SkipNode


def visit_prediction(translator: Any, node: prediction) -> None:
    translator.body.append(question(node["id"], translator.builder.config.language))
    raise nodes.SkipNode


def skip_explorer(_translator: Any, _node: explorer) -> None:
    raise nodes.SkipNode


def markup(explorer_id: str, language: str, *, inputs: bool) -> str:
    """The element, useful as it stands: picture, table, and the data that bring it to life."""
    declared = next(entry for entry in explorers.catalog(language) if entry["id"] == explorer_id)
    result = explorers.evaluate(explorer_id, {}, language)
    if not inputs:
        declared |= {"controls": [], "presets": [preset for preset in declared["presets"] if not preset["set"]]}
        result |= {"parameters": {}}
    timeline, panel = result["timeline"], result["panel"]
    drawn = pictures(timeline, BESIDE if inputs else ALONE, lanes=declared.get("lanes"), language=language)
    return (
        f'<pod-explorer class="full-width{"" if inputs else " alone"}" explorer="{escape(explorer_id)}" data-state="static">\n'
        f'<script type="application/json" data-part="declaration">{data(declared)}</script>\n'
        f'<script type="application/json" data-part="result">{data(result)}</script>\n'
        f'<figure data-part="picture"><figcaption>{escape(declared["title"])} <span>(Kubernetes {escape(timeline["kubernetes"])})</span></figcaption>'
        f"{diagram(panel)}{drawn}</figure>\n"
        f'<details data-part="table"><summary>{messages.load(language).say("predict", "table")}</summary>\n{panels.html(panel) if panel else ""}{table.html(timeline, language=language)}</details>\n'
        "</pod-explorer>\n"
    )


def pictures(timeline: Any, wide: int, **options: Any) -> str:
    """The timeline drawn for a desk, `wide` px, and for a phone; the page's styles show one of them. `options`: those of `svg.draw`."""
    return "".join(svg.draw(timeline, width, **options).replace('class="', f'class="{kind} ', 1) for kind, width in (("wide", wide), ("phone", PHONE)))


def diagram(panel: panels.Panel | None) -> str:
    """The panel's two drawings, of which the page's styles show one."""
    if panel is None:
        return ""
    drawings = (panel["svg"][size].replace('class="', f'class="{kind} ', 1) for size, kind in (("wide", "wide"), ("narrow", "phone")))
    return f'<div class="panel">{"".join(drawings)}</div>'


def question(prediction_id: str, language: str) -> str:
    """The element, useful as it stands: the question with its choices, and its answer, closed."""
    played = explorers.play(prediction_id, language)
    asks, answer, run = played["prediction"], played["answer"], predictions.seen(played)
    say = messages.load(language).say
    drawn = pictures(run, BESIDE, lanes=asks["lanes"], view=asks["view"], language=language)
    choices = "".join(f"<li>{rich(text)}</li>" for text in predictions.options(asks, language))
    source = answer["source"]
    link = f'<a href="{escape(source)}">{escape(source)}</a>' if source.startswith("https://") else escape(source)
    return (
        f'<pod-prediction prediction="{escape(prediction_id)}" data-state="static">\n'
        f'<script type="application/json" data-part="prediction">{data(played)}</script>\n'
        f'<div data-part="question"><p><b>{rich(asks["question"])}</b></p><ul>{choices}</ul>\n'
        f'<details><summary>{say("predict", "answer")}</summary>\n'
        f"<p><b>{rich(answer['text'])}</b></p><p>{rich(answer['because'])}</p><p>{say('predict', 'source', source='')} {link}</p>\n"
        f'<figure data-part="picture">{drawn}</figure>\n{table.html(run, asks["lanes"], language)}</details></div>\n'
        "</pod-prediction>\n"
    )


def rich(text: str) -> str:
    """HTML of a text that sets words of Kubernetes between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def data(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def add_scripts(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """The loader and its styles, on pages with explorers or predictions."""
    if doctree is None or not any(isinstance(node, explorer | prediction) for node in doctree.findall()):
        return
    context["metatags"] = context.get("metatags", "") + scripts(app, page)


def scripts(app: Sphinx, page: str) -> str:
    """What the head of a page needs for its explorers."""
    folder = f"{'../' * page.count('/')}{FOLDER}/{assets_of(app).name}"
    return f'<link rel="stylesheet" href="{folder}/explorer.css">\n<script async src="{folder}/explorer.js"></script>\n'


def assets_of(app: Sphinx) -> Path:
    """The folder with the bundled front end."""
    found = [p for p in (Path(app.confdir) / app.config.podsim_assets).iterdir() if p.is_dir() and p.name != "made"]
    if len(found) != 1:
        raise FileNotFoundError(f"one folder is wanted in {app.config.podsim_assets}, there are {len(found)}: run `make assets`")
    return found[0]


def finish(app: Sphinx, failure: Exception | None) -> None:
    """Copies the front end, takes out what comes from elsewhere, and gives each page its policy."""
    if failure is not None or app.builder.name != "html":
        return
    source, out = assets_of(app), Path(app.outdir)
    if app.config.language == ENGLISH:  # whose files the other languages share
        shutil.rmtree(out / FOLDER, ignore_errors=True)
        shutil.copytree(source, out / FOLDER / source.name, ignore=shutil.ignore_patterns(SERVICE_WORKER))
        (out / SERVICE_WORKER).write_text(service_worker(source), encoding="utf-8")
    for page in out.rglob("*.html"):
        if page.relative_to(out).parts[0] not in OTHERS:
            up = "../" * (len(page.relative_to(out).parts) - 1)
            page.write_text(guarded(page.read_text(encoding="utf-8"), f"{up}_static/favicon.svg"), encoding="utf-8")


def service_worker(source: Path) -> str:
    """The script at the book's root that keeps the book for a time without a network; it knows what to keep."""
    names = sorted(file.name for file in source.iterdir() if file.name != SERVICE_WORKER and not file.name.startswith(LATER))
    script = (source / SERVICE_WORKER).read_text(encoding="utf-8")
    return f"const FOLDER = {json.dumps(f'{FOLDER}/{source.name}/')}, FILES = {json.dumps(names)};\n{script}"


def guarded(html: str, icon: str) -> str:
    """A page without foreign or unused scripts, with its policy as the first thing in its head, and an icon."""
    for unwanted in (THEBE, ELSEWHERE, ICONS, HANDLER):
        html = unwanted.sub("", html)
    for wrong, right in BETTER:
        html = wrong.sub(right, html)
    inline = [m["body"] for m in SCRIPT.finditer(html) if "src=" not in m["attributes"] and "application/json" not in m["attributes"] and m["body"]]
    hashes = sorted({f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in inline})
    policy = {**POLICY, "script-src": " ".join([POLICY["script-src"], *hashes])}
    text = "; ".join(f"{name} {value}" for name, value in policy.items())
    head = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{text}">'
    if 'rel="icon"' not in html:
        head += f'\n<link rel="icon" href="{icon}">'
    return html.replace("<head>", head, 1) if "<head>" in html else head.removeprefix("<head>\n") + html


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.add_config_value("podsim_assets", "build/assets", "html")
    app.add_node(
        explorer,
        html=(visit_explorer, None),
        **dict.fromkeys(("latex", "text", "man", "texinfo"), (skip_explorer, None)),  # type: ignore[arg-type]
    )
    app.add_node(
        prediction,
        html=(visit_prediction, None),
        **dict.fromkeys(("latex", "text", "man", "texinfo"), (skip_explorer, None)),  # type: ignore[arg-type]
    )
    app.add_directive("explorer", ExplorerDirective)
    app.add_directive("prediction", PredictionDirective)
    app.connect("doctree-read", place_in_notebooks)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
