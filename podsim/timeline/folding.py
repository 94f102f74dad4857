"""Init containers that have finished as one lane, for figures that would have too many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podsim.timeline.messages import Messages
from podsim.timeline.model import Folded, Lane, Segment


def fold(lanes: Sequence[Lane], kinds: Mapping[str, str], words: Messages) -> Folded | None:
    """Those that have run to completion, each shown from its own beginning until the next one's; None for fewer than two."""
    done = [lane for lane in lanes if kinds.get(lane["id"].removeprefix("container/")) == "init" and lane["segs"][-1][2] == "done"]
    if len(done) < 2:
        return None
    begins = [lane["segs"][0 if n == 0 or lane["segs"][0][2] != "wait" else 1][0] for n, lane in enumerate(done)]
    ends = [*begins[1:], done[-1]["segs"][-1][1]]
    segs = [_named(lane["label"], cut) for lane, a, b in zip(done, begins, ends, strict=True) for cut in _between(lane["segs"], a, b)]
    first = done[0]
    lane: Lane = {**first, "id": "container/*", "label": words.say("lanes", "inits", count=len(done)), "kind": "", "segs": segs}
    return {"lane": lane, "of": [one["id"] for one in done]}


def _between(segs: Sequence[Segment], start: float, end: float) -> list[Segment]:
    return [(max(a, start), min(b, end), *rest) for a, b, *rest in segs if a < end and b > start]  # type: ignore[misc]


def _named(name: str, segment: Segment) -> Segment:
    a, b, tone, label, short = segment
    return a, b, tone, label if tone == "done" else f"{name} {label}", short if tone == "done" else name
