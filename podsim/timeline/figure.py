"""The timeline as a plotly figure, a plain dict: `go.Figure(figure.draw(timeline))`. Nothing of plotly is imported.

Both axes are px of the drawing, so that the picture is the one of `svg`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from podsim.timeline.drawing import Drawing, Point
from podsim.timeline.drawing import draw as lay_out
from podsim.timeline.model import Timeline
from podsim.timeline.style import STYLE
from podsim.timeline.svg import property_of, words_of

WIDTH = 960  # px
FAMILY: str = STYLE["text"]["family"]
TONES: dict[str, dict[str, Any]] = STYLE["tones"]
MARKS: dict[str, dict[str, Any]] = STYLE["marks"]
ANCHORS = {"start": "middle right", "middle": "middle center", "end": "middle left"}
Trace = dict[str, Any]


def draw(
    timeline: Timeline,
    width: float = WIDTH,
    *,
    theme: str = "light",
    short_waits: bool | None = None,
    view: tuple[float, float] | None = None,
    lanes: Sequence[str] | None = None,
    language: str = "en",
) -> dict[str, Any]:
    """{"data", "layout"}: a bar trace per tone, a scatter trace per kind of mark, one of texts; theme light or dark."""
    drawing = lay_out(timeline, width, view=view, short_waits=short_waits, lanes=lanes, language=language)
    data = [
        *(_bars(drawing, tone, theme) for tone in TONES),
        *(_points(drawing, kind, theme) for kind in MARKS),
        _texts(drawing, theme),
    ]
    return {"data": data, "layout": _layout(drawing, theme)}


def color_of(role: str, theme: str) -> str:
    """The colour of a role in the theme `light` or `dark`."""
    _, light, dark = property_of(role)
    return light if theme == "light" else dark


def _bars(drawing: Drawing, tone: str, theme: str) -> Trace:
    bars = [bar for bar in drawing.bars if bar.tone == tone]
    rules, fill = STYLE["pattern"], color_of(tone, theme)
    shape = TONES[tone]["pattern"]
    return {
        "type": "bar", "orientation": "h", "name": tone, "cliponaxis": True,
        "base": [bar.x for bar in bars], "x": [bar.width for bar in bars],
        "y": [bar.y + bar.height / 2 for bar in bars], "width": [bar.height for bar in bars],
        "customdata": [bar.hover for bar in bars], "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "color": fill,
            "line": {"width": int(TONES[tone]["outline"]), "color": color_of(f"{tone}-line", theme)},
            "pattern": {
                "shape": shape, "bgcolor": fill, "fgcolor": color_of(f"{tone}-mesh", theme),
                "fgopacity": rules["opacity"], "solidity": rules["solidity"],
                "size": rules["barSize"] if shape == "|" else rules["size"],
            },
        },
    }  # fmt: skip


def _points(drawing: Drawing, kind: str, theme: str) -> Trace:
    points: list[Point] = [point for point in drawing.points if point.kind == kind]
    mark, color = MARKS[kind], color_of(MARKS[kind]["color"], theme)
    return {
        "type": "scatter", "mode": "markers", "name": kind, "cliponaxis": False,
        "x": [point.x for point in points], "y": [point.y for point in points],
        "customdata": [point.hover.replace("\n", "<br>") for point in points],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"symbol": mark["symbol"], "size": mark["size"], "color": color,
                   "line": {"width": 1.5 if mark["symbol"].endswith("open") else 0, "color": color}},
    }  # fmt: skip


def _texts(drawing: Drawing, theme: str) -> Trace:
    texts = words_of(drawing)
    muted = color_of("muted", theme)
    notes = [
        f' <span style="font-size:{STYLE["text"]["note"]}px;color:{muted}">{t.note}</span>' if t.note else ""
        for t in texts
    ]
    return {
        "type": "scatter", "mode": "text", "name": "labels", "cliponaxis": False, "hoverinfo": "skip",
        "x": [t.x for t in texts], "y": [t.y for t in texts],
        "text": [f"<b>{t.text}</b>{note}" if t.bold else t.text + note for t, note in zip(texts, notes, strict=True)],
        "textposition": [ANCHORS[t.anchor] for t in texts],
        "textfont": {
            "family": FAMILY, "size": [t.size for t in texts], "color": [color_of(t.role, theme) for t in texts],
        },
    }  # fmt: skip


def _layout(drawing: Drawing, theme: str) -> dict[str, Any]:
    scale, left, top = drawing.scale, drawing.left, STYLE["geometry"]["ruler"]
    band, grid, muted, world = (color_of(role, theme) for role in ("band", "grid", "muted", "world"))
    shapes = [
        {
            "type": "rect", "layer": "below", "fillcolor": band, "line": {"width": 0},
            "x0": left + scale.px(a), "x1": left + scale.px(b), "y0": top - 6, "y1": drawing.height,
        }
        for a, b in scale.bands()
    ]  # fmt: skip
    shapes += [_line(left + scale.px(t), top - 6, left + scale.px(t), drawing.height, grid) for t in scale.ticks()]
    shapes += [
        _line(left, row.middle, left + scale.width, row.middle, grid) for row in drawing.rows if row.group == "probes"
    ]
    shapes += [_line(left + scale.px(t), top - 6, left + scale.px(t), top, muted) for t in scale.knots[1:-1]]
    for a, b in scale.bands():
        x = left + (scale.px(a) + scale.px(b)) / 2
        shapes += [_line(x + d - 2.5, top + 1, x + d + 2.5, top - 7, muted) for d in (-3, 3)]
    shapes += [_line(x, y + 1, x, y + 21, world, width=2) for x, y in drawing.flags]
    axis = {"visible": False, "fixedrange": True}
    page = color_of("page", theme)
    return {
        "width": drawing.width, "height": drawing.height, "template": "none",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "barmode": "overlay", "bargap": 0, "showlegend": False, "dragmode": False, "hovermode": "closest",
        "paper_bgcolor": page, "plot_bgcolor": page,
        "hoverlabel": {"align": "left", "font": {"family": FAMILY, "size": 12}},
        "font": {"family": FAMILY, "size": STYLE["text"]["bar"], "color": color_of("text", theme)},
        "xaxis": {"range": [0, drawing.width], **axis}, "yaxis": {"range": [drawing.height, 0], **axis},
        "shapes": shapes,
    }  # fmt: skip


def _line(x0: float, y0: float, x1: float, y1: float, color: str, *, width: float = 1) -> dict[str, Any]:
    return {
        "type": "line",
        "layer": "below",
        "x0": x0,
        "y0": y0,
        "x1": x1,
        "y1": y1,
        "line": {"color": color, "width": width},
    }
