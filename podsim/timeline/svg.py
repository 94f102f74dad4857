"""The static picture: an SVG with the colours of the page's CSS, and of the light theme where there is none."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import Any

from podsim.timeline.drawing import Bar, Drawing, Point, Text
from podsim.timeline.drawing import draw as lay_out
from podsim.timeline.model import Timeline
from podsim.timeline.scale import reading
from podsim.timeline.style import STYLE

WIDTH = 718  # px: the figure's share of a 960 px explorer
G: dict[str, float] = STYLE["geometry"]
TONES: dict[str, dict[str, Any]] = STYLE["tones"]
MARKS: dict[str, dict[str, Any]] = STYLE["marks"]
SHAPES = {
    "circle": "M{r} 0a{r} {r} 0 1 1-{d} 0a{r} {r} 0 1 1 {d} 0z",
    "circle-open": "M{r} 0a{r} {r} 0 1 1-{d} 0a{r} {r} 0 1 1 {d} 0z",
    "x": "M-{r}-{h}l{h}-{h}l{h} {h}l{h}-{h}l{h} {h}l-{h} {h}l{h} {h}l-{h} {h}l-{h}-{h}l-{h} {h}l-{h}-{h}l{h}-{h}z",
    "hourglass": "M-{r}-{r}H{r}L-{r} {r}H{r}z",
    "triangle-up": "M0-{r}L{r} {h}H-{r}z",
    "diamond": "M0-{r}L{r} 0L0 {r}L-{r} 0z",
}


def draw(
    timeline: Timeline,
    width: float = WIDTH,
    *,
    standalone: bool = False,
    short_waits: bool | None = None,
    view: tuple[float, float] | None = None,
    lanes: Sequence[str] | None = None,
    language: str = "en",
) -> str:
    """The picture as SVG text.

    Colours are custom properties (`--xp-up`, `--pst-color-background`, …) with the light theme as fallback.
    `standalone` makes it a file of its own: it brings both themes and its background.
    """
    drawing = lay_out(timeline, width, view=view, short_waits=short_waits, lanes=lanes, language=language)
    body = "".join([*_ruler(drawing), *bars(drawing.bars), *_flags(drawing), *_points(drawing), *texts(words_of(drawing))])
    return sheet("podsim-timeline", drawing.title, drawing.width, drawing.height, body, standalone=standalone)


def sheet(name: str, title: str, width: float, height: float, body: str, *, standalone: bool = False) -> str:
    """The picture of that class around its body; `title` is what it says to those who do not see it."""
    ident = f"pt{zlib.crc32(body.encode()):08x}"
    body = body.replace("url(#", f"url(#{ident}-")
    wide, high = _number(width), _number(height)
    title = escape(title)
    page = f'<rect width="{wide}" height="{high}" {paint("page")}/>' if standalone else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" role="img" aria-label="{title}" '
        f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" style="max-width:100%;height:auto" '
        f'font-family="{STYLE["text"]["family"]}"><title>{title}</title>{_themes() if standalone else ""}'
        f"<defs>{_patterns(ident)}</defs>{page}{body}</svg>\n"
    )


def _ruler(drawing: Drawing) -> Iterable[str]:
    scale, left, top = drawing.scale, drawing.left, G["ruler"]
    bottom = drawing.height
    for a, b in scale.bands():
        x, wide = left + scale.px(a), scale.px(b) - scale.px(a)
        yield f"<rect {_place(x, top - 6, wide, bottom - top + 6)} {paint('band')}/>"
    grid = "".join(f"M{_number(left + scale.px(t))} {top - 6:g}V{bottom:g}" for t in scale.ticks())
    middles = "".join(
        f"M{left:g} {row.middle:g}h{_number(scale.width)}" for row in drawing.rows if row.group == "probes"
    )
    yield f'<path d="{grid}{middles}" {paint(stroke="grid")}/>'
    zigzags = "".join(
        f"M{_number(left + (scale.px(a) + scale.px(b)) / 2 + d - 2.5)} {top + 1:g}l5-8"
        for a, b in scale.bands()
        for d in (-3, 3)
    )
    steps = "".join(f"M{_number(left + scale.px(t))} {top - 6:g}v6" for t in scale.knots[1:-1])
    yield f'<path d="{zigzags}{steps}" {paint(stroke="muted")}/>'


def words_of(drawing: Drawing) -> list[Text]:
    """Every text of a drawing, those of its ruler first."""
    scale, left = drawing.scale, drawing.left
    ruler = []
    for t in scale.ticks():
        x = left + scale.px(t)
        at, anchor = (x - 4, "start") if x < left + 8 else (x, "end") if x > left + scale.width - 8 else (x, "middle")
        ruler.append(
            Text(at, 14, reading(float(round(t)) if scale.short_waits else t), STYLE["text"]["ruler"], "muted", anchor)
        )
    return [*ruler, *drawing.names, *drawing.labels]


def bars(every: Sequence[Bar]) -> Iterable[str]:
    """Bars in the colour and pattern of their tones."""
    for tone in TONES:
        same = [bar for bar in every if bar.tone == tone]
        if same:
            outline = f"{tone}-line" if TONES[tone]["outline"] else ""
            look = f'fill="url(#{tone})" {paint(stroke=outline)}' if TONES[tone]["pattern"] else paint(tone, outline)
            yield f"<g {look}>" + "".join(_bar(bar, TONES[tone]["outline"]) for bar in same) + "</g>"


def _bar(bar: Bar, outline: bool) -> str:
    inset = 0.5 if outline and bar.width > 1 else 0.0
    place = _place(bar.x + inset, bar.y + inset, max(bar.width - 2 * inset, 0.5), bar.height - 2 * inset)
    return f"<rect {place}><title>{escape(bar.hover)}</title></rect>"


def _place(x: float, y: float, width: float, height: float) -> str:
    return f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'


def _flags(drawing: Drawing) -> Iterable[str]:
    if drawing.flags:
        lines = "".join(f"M{_number(x)} {y + 1:g}v20" for x, y in drawing.flags)
        yield f'<path d="{lines}" {paint(stroke="world")} stroke-width="2"/>'


def _points(drawing: Drawing) -> Iterable[str]:
    for kind, points in groupby(sorted(drawing.points, key=lambda p: list(MARKS).index(p.kind)), key=lambda p: p.kind):
        mark = MARKS[kind]
        look = (
            f'fill="none" {paint(stroke=mark["color"])} stroke-width="1.5"'
            if mark["symbol"].endswith("open")
            else paint(mark["color"])
        )
        yield f"<g {look}>" + "".join(_point(point, mark) for point in points) + "</g>"


def _point(point: Point, mark: dict[str, Any]) -> str:
    r = mark["size"] / 2
    shape = SHAPES[mark["symbol"]].format(r=f"{r:g}", d=f"{2 * r:g}", h=f"{r / 2:g}")
    place = f"translate({_number(point.x)} {_number(point.y)})"
    return f'<path transform="{place}" d="{shape}"><title>{escape(point.hover)}</title></path>'


def texts(every: Iterable[Text]) -> Iterable[str]:
    """Texts in the colours of their roles."""
    for role, same in groupby(sorted(every, key=lambda t: t.role), key=lambda t: t.role):
        yield f"<g {paint(role)}>" + "".join(_text(text) for text in same) + "</g>"


def _text(text: Text) -> str:
    bold = ' font-weight="700"' if text.bold else ""
    anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
    note = (
        f' <tspan font-size="{STYLE["text"]["note"]}" font-weight="400" {paint("muted")}>{escape(text.note)}</tspan>'
        if text.note
        else ""
    )
    y = _number(text.y + text.size * 0.355)
    return (
        f'<text x="{_number(text.x)}" y="{y}" font-size="{text.size:g}"{anchor}{bold}>{escape(text.text)}{note}</text>'
    )


def _patterns(ident: str) -> str:
    return "".join(
        _pattern(f"{ident}-{tone}", tone, style["pattern"]) for tone, style in TONES.items() if style["pattern"]
    )


def _pattern(ident: str, tone: str, shape: str) -> str:
    rules = STYLE["pattern"]
    s = rules["barSize"] if shape == "|" else rules["size"]
    slash = (
        f"M{-s / 4:g} {s / 4:g}l{s / 2:g}-{s / 2:g}M0 {s:g}l{s:g}-{s:g}M{s * 0.75:g} {s * 1.25:g}l{s / 2:g}-{s / 2:g}"
    )
    back = f"M{-s / 4:g} {s * 0.75:g}l{s / 2:g} {s / 2:g}M0 0l{s:g} {s:g}M{s * 0.75:g}-{s / 4:g}l{s / 2:g} {s / 2:g}"
    path = {"/": slash, "\\": back, "x": slash + back, "|": f"M{s / 2:g} 0v{s:g}"}[shape]
    size, wide = f'width="{s:g}" height="{s:g}"', f"{s * rules['solidity']:g}"
    lines = f'<path d="{path}" {paint(stroke=f"{tone}-mesh")} stroke-width="{wide}" opacity="{rules["opacity"]}"/>'
    tile = f"<rect {size} {paint(tone)}/>{lines}"
    return f'<pattern id="{ident}" {size} patternUnits="userSpaceOnUse">{tile}</pattern>'


def property_of(role: str) -> tuple[str, str, str]:
    """(custom property, light, dark colour) of a role: a colour of the style, TONE, TONE-line, -text or -mesh."""
    if role in STYLE["colors"]:
        color = STYLE["colors"][role]
        return color["property"], color["light"], color["dark"]
    tone, _, part = role.partition("-")
    light, dark = (TONES[tone][theme] for theme in ("light", "dark"))
    if part == "mesh":
        return f"--xp-{tone}-pat", light.get("mesh", light["line"]), dark.get("mesh", dark["line"])
    return f"--xp-{role}", light[part or "fill"], dark[part or "fill"]


def paint(fill: str = "", stroke: str = "") -> str:
    """Roles as CSS that follows the page, and as plain attributes for programs that know no custom properties."""
    roles = [(attribute, property_of(role)) for attribute, role in (("fill", fill), ("stroke", stroke)) if role]
    if not roles:
        return ""
    plain = " ".join(f'{attribute}="{light}"' for attribute, (_, light, _) in roles)
    return f'{plain} style="{";".join(f"{attribute}:var({name},{light})" for attribute, (name, light, _) in roles)}"'


def _themes() -> str:
    parts = ("", "-line", "-text", "-mesh")
    roles = [*STYLE["colors"], *(tone + part for tone in TONES for part in parts)]
    dark = ";".join(f"{name}:{color}" for name, _, color in map(property_of, roles))
    return f"<style>@media (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
