"""The reference of the fields of a Pod, which works without scripts: types fold, fields have anchors, radio buttons filter."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from fieldfacts import Fact, facts, places
from reference import marked
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from podsim.api import schema
from podsim.kubectl import explaining

# title -> types that begin it; those below them follow, unless they begin another part or stand in an earlier one
PARTS = {
    "The Pod": ("Pod", "ObjectMeta"),
    "The spec": ("PodSpec",),
    "Containers": ("Container", "EphemeralContainer"),
    "Probes and hooks": ("Probe", "Lifecycle"),
    "Environment": ("EnvVar", "EnvFromSource"),
    "Security": ("SecurityContext", "PodSecurityContext"),
    "Scheduling": ("Affinity", "Toleration", "TopologySpreadConstraint"),
    "Volumes": ("Volume",),
    "The status": ("PodStatus",),
}
OPEN = frozenset({"PodSpec", "Container"})
EFFECTS = {"simulated": "changes the story", "inert": "no effect", "noted": "left out"}
FILTERS = {
    "all": "all", "defaulted": "with a default", "refused": "with rules", "simulated": "that change the story",
    "inert": "without effect", "noted": "left out",
}  # fmt: skip
MOST_DEFAULTS = 2  # beyond them the value follows from what else is written


class PodFields(SphinxDirective):
    """`{pod-fields}`: every field, type by type."""

    def run(self) -> list[nodes.Node]:
        made: list[nodes.Node] = [nodes.raw("", choice(), format="html")]
        for title, types in parts().items():
            section = nodes.section(ids=[nodes.make_id(title)], names=[nodes.fully_normalize_name(title)])
            self.state.document.note_implicit_target(section)
            section += [nodes.title(text=title), nodes.raw("", "".join(map(type_html, types)), format="html")]
            made.append(section)
        return made


def parts() -> dict[str, list[str]]:
    """Title -> its types."""
    begin = {type_ for types in PARTS.values() for type_ in types}
    placed: set[str] = set()
    found: dict[str, list[str]] = {}
    for title, types in PARTS.items():
        queue = list(types)
        for type_ in queue:
            below = dict.fromkeys(one.type for one in schema.types()[type_].values() if one.type in schema.types())
            queue += [one for one in below if one not in begin and one not in placed and one not in queue]
        placed.update(queue)
        found[title] = queue
    return found


def choice() -> str:
    """The radio buttons."""
    buttons = "".join(
        f'<label><input type="radio" name="fields" id="fields-{key}" value="{key}"{" checked" if key == "all" else ""}> {word}</label>' for key, word in FILTERS.items()
    )
    return f'<fieldset class="field-filter"><legend>Show the fields</legend>{buttons}</fieldset>'


def type_html(type_: str) -> str:
    """One type, folded."""
    fields = schema.types()[type_]
    path = ".".join(step for step in places()[type_] if isinstance(step, str)) or "Pod"
    sentence = explaining.sentence(type_, "")
    return (
        f'<details class="field-type" id="{type_}"{" open" if type_ in OPEN else ""}><summary><code>{type_}</code> '
        f'<span class="where">{path}</span></summary>'
        + (f"<p>{escape(sentence)}</p>" if sentence else "")
        + "<dl>" + "".join(field_html(type_, facts()[type_, name]) for name in fields) + "</dl></details>\n"
    )  # fmt: skip


def field_html(type_: str, fact: Fact) -> str:
    """One field and what is known of it."""
    one, place = fact.field, f"{type_}.{fact.field.name}"
    kind, why = fact.effect
    classes = [kind, *(["defaulted"] if fact.defaults or fact.writers else []), *(["refused"] if fact.refused or one.required else [])]
    sentence = explaining.sentence(type_, one.name)
    rows = [
        ("Decoded", "dropped: its feature gate is off" if fact.dropped else ""),
        ("Default", defaulted(fact)),
        ("Written by", "; ".join(f"{escape(by)}: {escape(reason)}" for by, reason in fact.writers.items())),
        ("Refused", "<br>".join(code(words) for words in fact.refused)),
        ("Here", f"<span>{EFFECTS[kind]}</span>" + (f": {code(why)}" if why else "")),
    ]
    return (
        f'<div class="field {" ".join(classes)}" id="{place}"><dt><a href="#{place}"><code>{one.name}</code></a> '
        f'<span class="type">{typed(fact)}</span>{" <strong>required</strong>" if one.required else ""}</dt><dd>'
        + (f"<p>{escape(sentence)}</p>" if sentence else "")
        + "".join(f'<p class="fact"><b>{title}</b> {text}</p>' for title, text in rows if text)
        + "</dd></div>"
    )


def typed(fact: Fact) -> str:
    """The type in kubectl's words, with a link to the fields of a struct."""
    words = escape(explaining.type_of(fact.field))
    return words.replace(fact.field.type, f'<a href="#{fact.field.type}">{fact.field.type}</a>') if fact.field.type in schema.types() else words


def defaulted(fact: Fact) -> str:
    """The value that appears unwritten."""
    if len(fact.defaults) > MOST_DEFAULTS:
        return "from other fields"
    return " or ".join(f"<code>{escape(value)}</code>" for value in fact.defaults)


def code(text: str) -> str:
    """Text whose parts in backticks are code."""
    return "".join(f"<code>{escape(part.astext())}</code>" if isinstance(part, nodes.literal) else escape(part.astext()) for part in marked(text))


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the directive."""
    app.add_directive("pod-fields", PodFields)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
