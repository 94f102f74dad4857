"""How much room a label needs, and the longest form of it that fits."""

from __future__ import annotations

from functools import lru_cache

from podsim.timeline.style import STYLE

WIDTHS: list[int] = STYLE["glyphs"]["widths"]  # thousandths of the font size, from the blank on
OTHER: int = STYLE["glyphs"]["other"]
FEWEST: int = STYLE["text"]["fewest"]  # letters that stand before an ellipsis
ELLIPSIS = "…"
GLYPHS = frozenset(tone["glyph"] for tone in STYLE["tones"].values() if tone["glyph"])


@lru_cache(maxsize=4096)
def text_width(text: str, size: float) -> float:
    """About how many px wide `text` is, in a font as wide as Helvetica."""
    last = 32 + len(WIDTHS)
    return sum(WIDTHS[ord(c) - 32] if 32 <= ord(c) < last else OTHER for c in text) * size / 1000


def fit(label: str, short: str, room: float, size: float, cut: bool = True) -> str:
    """The longest form for `room` px: the label, the short one, the glyph, the label cut with an ellipsis, nothing.

    Without `cut` neither a glyph alone nor an ellipsis will do.
    """
    glyph = label[0] if label[:1] in GLYPHS else ""
    for form in (label, short, glyph):
        if form and text_width(form, size) <= room and (cut or len(form) > 1):
            return form
    for length in range(len(label) - 1, FEWEST - 1, -1) if cut else ():
        if text_width(form := label[:length] + ELLIPSIS, size) <= room:
            return form
    return ""
