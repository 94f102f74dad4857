"""A timeline laid out in px: bars, marks and texts, the same for every picture drawn in Python.

Geometry, tones and label rules are those of `style.json`; a drawing holds no colours, only the names of roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from podsim.timeline import messages
from podsim.timeline.labels import fit, text_width
from podsim.timeline.messages import Messages
from podsim.timeline.model import Event, Folded, Lane, Segment, Timeline
from podsim.timeline.scale import Scale, reading, scale_of
from podsim.timeline.style import STYLE

GROUPS: dict[str, dict[str, Any]] = {group["id"]: group for group in STYLE["groups"]}
G: dict[str, float] = STYLE["geometry"]
T: dict[str, Any] = STYLE["text"]
MARKS: dict[str, dict[str, Any]] = STYLE["marks"]
SAME = 1e-6  # s
COUNT_ROOM = 20  # px from one failing mark to the next that its number needs
COUNT_INSET = 11  # px beside a failure's number, up to the mark of an answer


@dataclass(frozen=True, slots=True)
class Row:
    """One lane's place; `y` is its top."""

    id: str
    group: str
    label: str
    note: str
    y: float
    h: float
    segments: Sequence[Segment] = ()

    @property
    def middle(self) -> float:
        """Where its bars and marks are centred."""
        return self.y + self.h / 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment; `x` and `y` are its left top corner, `hover` says what it is."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    hover: str


@dataclass(frozen=True, slots=True)
class Text:
    """`role` is a colour of the style or TONE-text; `anchor` start, middle or end; `y` is the middle of the line."""

    x: float
    y: float
    text: str
    size: float
    role: str
    anchor: str = "start"
    bold: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A mark; `kind` is a key of the style's marks."""

    x: float
    y: float
    kind: str
    hover: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything in px from the picture's left top corner; the plot begins at `left`."""

    width: float
    height: float
    left: float
    scale: Scale
    title: str
    rows: list[Row] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    labels: list[Text] = field(default_factory=list)
    names: list[Text] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    flags: list[tuple[float, float]] = field(default_factory=list)


def draw(
    timeline: Timeline,
    width: float,
    *,
    view: tuple[float, float] | None = None,
    short_waits: bool | None = None,
    lanes: Sequence[str] | None = None,
    language: str = "en",
) -> Drawing:
    """The drawing `width` px wide; narrower than the style's `narrow`, lane names stand above their bars.

    `lanes` keeps only those groups or lane ids; `view` is the stretch of seconds shown.
    """
    words = messages.load(language)
    narrow = width < G["narrow"]
    left = G["pad"] if narrow else G["gutter"]
    scale = scale_of(timeline, width - left - G["pad"], view, short_waits)
    rows, names = _rows(_chosen(timeline, lanes, words), narrow, left)
    if timeline["folded"] and rows and rows[-1].y + rows[-1].h > G["limit"] + (G["narrowLabel"] * len(rows) if narrow else 0):
        rows, names = _rows(_chosen(_folded(timeline, timeline["folded"]), lanes, words), narrow, left)
    height = rows[-1].y + rows[-1].h + 2 if rows else G["ruler"]
    title = words.say("picture", "title", pod=timeline["pod"], horizon=reading(timeline["horizon"]))
    drawing = Drawing(width, round(height), left, scale, title, [r for r in rows if r.id], names=names)
    for row in drawing.rows:
        if row.group == "world":
            _flags(drawing, row, timeline)
        elif row.group == "probes":
            _probes(drawing, row, timeline, words)
        elif row.group == "events":
            _events(drawing, row, timeline)
        else:
            _bars(drawing, row, timeline, words)
    _signals(drawing, timeline)
    return drawing


def _chosen(timeline: Timeline, lanes: Sequence[str] | None, words: Messages) -> dict[str, list[Lane]]:
    """Lanes by group, in the order of the groups; a lane without content is not among them."""
    every = list(timeline["lanes"])
    for group, full in (("world", timeline["world"]), ("events", timeline["events"])):
        if full:
            every.append({"id": group, "group": group, "label": words.say("lanes", group), "kind": "", "segs": []})
    for key, ticks in timeline["ticks"].items():
        every.append({"id": key, "group": "probes", "label": ticks["label"], "kind": ticks["container"], "segs": []})
    by_group: dict[str, list[Lane]] = {group: [] for group in GROUPS}
    for lane in every:
        if lanes is None or lane["group"] in lanes or lane["id"] in lanes:
            by_group[lane["group"]].append(lane)
    for group in STYLE["headed"]:
        if len(by_group[group]) > 1:
            by_group[group].insert(
                0, {"id": "", "group": group, "label": words.say("lanes", group), "kind": "", "segs": []}
            )
    return {group: found for group, found in by_group.items() if found}


def _folded(timeline: Timeline, folded: Folded) -> Timeline:
    """With the folded lane in the place of the first of those it stands for."""
    first, *rest = folded["of"]
    lanes = [folded["lane"] if lane["id"] == first else lane for lane in timeline["lanes"] if lane["id"] not in rest]
    return {**timeline, "lanes": lanes}


def _rows(groups: dict[str, list[Lane]], narrow: bool, left: float) -> tuple[list[Row], list[Text]]:
    rows: list[Row] = []
    names: list[Text] = []
    y = G["ruler"] + (G["narrowTop"] if narrow else 0)
    for group, lanes in groups.items():
        height, gap = GROUPS[group]["height"], GROUPS[group]["gap"]
        for lane in lanes:
            if not lane["id"] and narrow:
                continue
            y += G["narrowLabel"] if narrow else 0
            row = Row(
                lane["id"], group, lane["label"], lane["kind"], y, height if lane["id"] else G["heading"], lane["segs"]
            )
            rows.append(row)
            names.append(_name(row, narrow, left))
            y += row.h + (gap if lane["id"] else 0)
        y += G["narrowGap"] if narrow else G["groupGap"]
    return rows, names


def _name(row: Row, narrow: bool, left: float) -> Text:
    key = GROUPS[row.group]["key"]
    if not row.id:
        return Text(left - 9, row.y + row.h - 7, row.label.upper(), T["heading"], "muted", "end")
    size = T["keyLane"] if key else T["condition"] if row.h < T["smallBelow"] else T["lane"]
    if narrow:
        return Text(left, row.y - G["narrowLabel"] / 2, row.label, min(size, T["bar"]), "text", "start", key, row.note)
    return Text(left - 9, row.middle, row.label, size, "text", "end", key, row.note)


def _bars(drawing: Drawing, row: Row, timeline: Timeline, words: Messages) -> None:
    scale, left = drawing.scale, drawing.left
    name = f"{row.label} {row.note}".strip()
    height = row.h - G["barInset"]
    for segment in row.segments:
        a, b, tone, label, _ = segment
        if b <= scale.start or a >= scale.end:
            continue
        x, wide = left + scale.px(a), max(scale.px(b) - scale.px(a) - 1, 0.75)
        span = {"start": reading(a), "end": reading(b), "length": reading(b - a)}
        hover = words.say("picture", "span", lane=name, label=label, **span)
        drawing.bars.append(Bar(x, row.middle - height / 2, wide, height, tone, hover))
        signals = [t for t, _, lane in timeline["marks"] if lane == row.id]
        drawing.labels.extend(_bar_labels(drawing, row, segment, signals))


def _bar_labels(drawing: Drawing, row: Row, segment: Segment, signals: Sequence[float]) -> Iterator[Text]:
    """The label in the bar, or beside it: right of a last bar too narrow for it, left of a first one of the ending."""
    a, b, tone, label, short = segment
    scale, ending = drawing.scale, row.group == "ending"
    x0, x1 = scale.px(a), scale.px(b)
    size = T["small"] if row.h < T["smallBelow"] or ending else T["bar"]
    before, behind = (G["signal"] if any(abs(t - end) < SAME for t in signals) else G["inset"] for end in (a, b))
    inside = fit(
        label, short, x1 - x0 - before - (behind if ending else 1 if row.group == "backoff" else 4), size, not ending
    )
    if inside != label and ending and a == row.segments[0][0]:
        yield Text(drawing.left + x0 - before - 2, row.middle, label, T["small"], "text", "end")
        return
    if inside != label and b == row.segments[-1][1] and not any(t >= b for t in signals):
        outside = fit(label, short, scale.width - x1 - 2, T["small"], cut=False)
        if len(outside) > len(inside):
            yield Text(drawing.left + x1 + 4, row.middle, outside, T["small"], "text")
            return
    if inside:
        yield Text(drawing.left + x0 + before, row.middle, inside, size, f"{tone}-text")


def _flags(drawing: Drawing, row: Row, timeline: Timeline) -> None:
    shown = [w for w in timeline["world"] if drawing.scale.start <= w[0] <= drawing.scale.end]
    ends = [drawing.scale.px(w[0]) for w in shown[1:]] + [drawing.scale.width]
    for (t, _, text, _), end in zip(shown, ends, strict=True):
        x = drawing.scale.px(t)
        drawing.flags.append((drawing.left + x, row.y))
        if label := fit(text, "", end - x - 9, T["bar"]):
            drawing.labels.append(Text(drawing.left + x + 7, row.middle, label, T["bar"], "world"))
        elif end == drawing.scale.width and (label := fit(text, "", x - 9, T["bar"])):
            drawing.labels.append(Text(drawing.left + x - 6, row.middle, label, T["bar"], "world", "end"))


def _probes(drawing: Drawing, row: Row, timeline: Timeline, words: Messages) -> None:
    scale = drawing.scale
    marks = [m for m in timeline["ticks"][row.id]["marks"] if scale.start <= m[0] <= scale.end]
    for (t, result, count, message), after in zip(marks, [*marks[1:], None], strict=True):
        x = scale.px(t)
        said = words.say(
            "picture",
            "probe",
            time=reading(t),
            probe=row.label,
            container=row.note,
            result=words.say("results", result),
        )
        drawing.points.append(Point(drawing.left + x, row.middle, result, f"{said}: {message}" if message else said))
        room = COUNT_ROOM if after and after[2] else text_width(str(count), T["small"]) + COUNT_INSET
        if count and (after is None or scale.px(after[0]) - x > room):
            drawing.labels.append(
                Text(drawing.left + x + 6, row.middle, str(count), T["small"], MARKS[result]["color"])
            )


def _events(drawing: Drawing, row: Row, timeline: Timeline) -> None:
    scale = drawing.scale
    groups = list(clusters([e for e in timeline["events"] if scale.start <= e[0] <= scale.end], scale))
    for number, group in enumerate(groups):
        kind = "Warning" if any(e[1] == "Warning" for e in group) else "Normal"
        x = scale.px(group[0][0])
        hover = "\n".join(f"{reading(e[0])} {e[2]}: {e[4]}" for e in group)
        drawing.points.append(Point(drawing.left + x, row.middle, kind, hover))
        end = scale.px(groups[number + 1][0][0]) if number + 1 < len(groups) else scale.width
        room = end - x - 14
        for text in event_labels(groups, number):
            if text_width(text, T["small"]) < room:
                role = MARKS[kind]["color"] if kind == "Warning" else "text"
                drawing.labels.append(Text(drawing.left + x + 7, row.middle, text, T["small"], role))
                break


def clusters(events: Sequence[Event], scale: Scale) -> Iterator[list[Event]]:
    """Events nearer to each other than the style's `cluster` px share one mark."""
    group: list[Event] = []
    for event in events:
        if group and scale.px(event[0]) - scale.px(group[-1][0]) >= G["cluster"]:
            yield group
            group = []
        group.append(event)
    if group:
        yield group


def event_labels(groups: Sequence[Sequence[Event]], number: int) -> list[str]:
    """What may stand beside a mark, longest first: a run of one reason is labelled once, at its end."""
    reasons = list(dict.fromkeys(e[2] for e in groups[number]))
    if len(reasons) > 1:
        more = len(groups[number]) - 1
        return [f"{reasons[0]} +{more}", f"+{more}"]

    def same(other: int) -> bool:
        return 0 <= other < len(groups) and all(e[2] == reasons[0] for e in groups[other])

    if same(number + 1):
        return []
    first = number
    while same(first - 1):
        first -= 1
    count = sum(len(group) for group in groups[first : number + 1])
    return [f"{reasons[0]} ×{count}" if count > 1 else reasons[0]]


def _signals(drawing: Drawing, timeline: Timeline) -> None:
    for row in drawing.rows:
        for t, text, lane in timeline["marks"]:
            if lane == row.id and drawing.scale.start <= t <= drawing.scale.end:
                x = drawing.left + drawing.scale.px(t)
                drawing.points.append(Point(x, row.middle, "signal", f"{reading(t)} {text}"))
                if text == "KILL":
                    drawing.labels.append(Text(x + 11, row.middle, text, T["small"], "text", bold=True))
