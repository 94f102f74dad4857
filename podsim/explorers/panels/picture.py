"""What a panel is made of, and its one drawing: rows of labelled parts, boxes around them, wires between boxes.

The same items give the SVG, at any width as high, and the table of the same facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from podsim.timeline import svg
from podsim.timeline.drawing import Bar, Text
from podsim.timeline.labels import fit
from podsim.timeline.style import STYLE

GLYPHS: dict[str, str] = {name: tone["glyph"] for name, tone in STYLE["tones"].items()}
WIDE, NARROW = 718, 306  # px, as the figure below has them
NARROW_BELOW: int = STYLE["geometry"]["narrow"]
LABEL, ROW, GAP, PAD, TITLE, OVER, WIRE = 132, 26, 4, 10, 22, 16, 34  # px
SIZE, SMALL = 12, 11  # px of letters
INSET = 6  # px from a bar's edge to its text
APART = 2  # px between the parts of a row


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a row, as wide as its weight; `told` says it in full where there is room for more than `text`."""

    weight: float
    text: str = ""
    tone: str = "no"
    told: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A name and its parts side by side; `mark` is the weight at which a line crosses it, such as a node's capacity."""

    label: str
    parts: Sequence[Part]
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """What lies inside something; an empty one takes, with its gap, the room of the frame alone."""

    title: str
    inside: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection from what stands above to what stands below."""

    text: str
    tone: str = "up"


Item = Row | Box | Wire


@dataclass(frozen=True, slots=True)
class Picture:
    """A panel: `title` is what it says in one line, also to those who do not see it."""

    title: str
    items: Sequence[Item]


def table(picture: Picture) -> list[tuple[str, str]]:
    """The same facts: (name, what is there), the names with the boxes around them."""
    return list(_told(picture.items, ()))


def draw(picture: Picture, width: float) -> str:
    """The panel as SVG text of that width."""
    sheet = _Sheet(narrow=width < NARROW_BELOW)
    height = sheet.lay(picture.items, 1, width - 2, 1)
    body = "".join([*sheet.frames, *svg.bars(sheet.bars), *sheet.lines, *svg.texts(sheet.texts)])
    return svg.sheet("podsim-panel", picture.title, width, height + 1, body)


def _told(items: Sequence[Item], around: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for item in items:
        if isinstance(item, Box):
            yield from _told(item.inside, (*around, item.title))
        elif isinstance(item, Wire):
            yield "", _said(item.text, item.tone)
        else:
            said = (_said(part.told or part.text, part.tone) for part in item.parts if part.told or part.text)
            yield ": ".join(filter(None, (*around, item.label))), ", ".join(said)


def _said(text: str, tone: str) -> str:
    return f"{GLYPHS[tone]} {text}".strip() if text else ""


@dataclass(slots=True)
class _Sheet:
    narrow: bool
    bars: list[Bar] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def lay(self, items: Sequence[Item], x: float, width: float, y: float) -> float:
        """Places the items below each other from `y` on; gives where they end."""
        for number, item in enumerate(items):
            joined = isinstance(item, Wire) or isinstance(items[number - 1], Wire)
            y += GAP if number and not joined else 0
            if isinstance(item, Box):
                y = self._box(item, x, width, y)
            elif isinstance(item, Wire):
                y = self._wire(item, x, width, y)
            else:
                y = self._row(item, x, width, y)
        return y

    def _box(self, box: Box, x: float, width: float, y: float) -> float:
        inset = PAD // 2 if self.narrow else PAD
        title = fit(box.title, "", width - 2 * inset, SIZE)
        self.texts.append(Text(x + inset, y + TITLE / 2 + 1, title, SIZE, "text", bold=True))
        end = self.lay(box.inside, x + inset, width - 2 * inset, y + TITLE) + (inset if box.inside else inset - GAP)
        self.frames.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{end - y:g}" rx="6" fill="none" {svg.paint(stroke="muted")}/>'
        )
        return end

    def _wire(self, wire: Wire, x: float, width: float, y: float) -> float:
        at, end, line = x + 24, y + WIRE, f"{wire.tone}-line"
        tips = f"M{at - 4:g} {y + 5:g}l4-5l4 5M{at - 4:g} {end - 5:g}l4 5l4-5"
        broken = ' stroke-dasharray="3 4"' if wire.tone == "fail" else ""
        self.lines.append(f'<path d="M{at:g} {y:g}V{end:g}" fill="none" {svg.paint(stroke=line)} stroke-width="2"{broken}/>')
        self.lines.append(f'<path d="{tips}" fill="none" {svg.paint(stroke=line)} stroke-width="2"/>')
        text = fit(_said(wire.text, wire.tone), "", width - 40, SIZE)
        self.texts.append(Text(at + 12, y + WIRE / 2, text, SIZE, "text"))
        return end

    def _row(self, row: Row, x: float, width: float, y: float) -> float:
        if self.narrow and not row.label:
            return self._parts(row, x, width, y)
        if self.narrow:
            self.texts.append(Text(x, y + OVER / 2 - 1, fit(row.label, "", width, SMALL), SMALL, "muted"))
            return self._parts(row, x, width, y + OVER)
        self.texts.append(Text(x, y + ROW / 2, fit(row.label, "", LABEL - 8, SIZE), SIZE, "text"))
        return self._parts(row, x + LABEL, width - LABEL, y)

    def _parts(self, row: Row, x: float, width: float, y: float) -> float:
        scale = width / (sum(part.weight for part in row.parts) or 1)
        left = x
        for part in row.parts:
            wide = part.weight * scale
            told = _said(part.told or part.text, part.tone)
            self.bars.append(Bar(left, y, max(wide - APART, 1), ROW, part.tone, f"{row.label}: {told}" if row.label else told))
            text = fit(_said(part.text, part.tone), "", wide - 2 * INSET, SIZE)
            if text:
                self.texts.append(Text(left + INSET, y + ROW / 2, text, SIZE, f"{part.tone}-text"))
            left += wide
        if row.mark is not None:
            at = x + row.mark * scale
            self.lines.append(f'<path d="M{at:.1f} {y - 2:g}v{ROW + 4:g}" {svg.paint(stroke="play")} stroke-width="2.5"/>')
        return y + ROW


